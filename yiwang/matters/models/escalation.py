"""What was reported upwards: each level once a clock, with when it was due and when noticed."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.matters.rules import ClockKind, Stage

from .matter import Matter
from .step import Event, Step


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, actor: Actor) -> Self:
        """What was reported about the matters the actor sees."""
        return self.filter(matter__in=Matter.objects.visible_to(actor))


class Escalation(Record):
    """One level told once about one clock: the first response of a matter, or a step of it."""

    matter = models.ForeignKey(
        Matter, models.PROTECT, related_name="escalations", verbose_name=_("事项")
    )
    step = models.ForeignKey(
        Step, models.PROTECT, related_name="escalations", verbose_name=_("环节")
    )
    clock = models.CharField(_("时限"), max_length=8, choices=ClockKind.choices)
    stage = models.CharField(_("上报到"), max_length=9, choices=Stage.choices)
    # Who let it run out, as it was then: a later hand-over does not move the figure.
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="escalations", verbose_name=_("承办单位")
    )
    place = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("上报到的区划")
    )
    # Nobody may hold such a post there: the list of the place shows it all the same.
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("接收岗位")
    )
    fell_due_at = models.DateTimeField(_("应上报时间"))
    noticed_at = models.DateTimeField(_("上报时间"))
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("逐级上报")
        ordering = ["fell_due_at", "pk"]
        indexes = [
            models.Index(fields=["post", "-noticed_at"], name="escalation_told"),
            models.Index(fields=["unit", "fell_due_at"], name="escalation_unit"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["step", "stage"],
                condition=Q(clock="limit"),
                name="a_late_step_is_told_once_a_stage",
            ),
            models.UniqueConstraint(
                fields=["matter", "stage"],
                condition=Q(clock="response"),
                name="a_missing_response_is_told_once_a_stage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter} · {self.get_stage_display()}"
