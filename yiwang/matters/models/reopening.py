"""After the result: what the resident said when called back, and the second time at the next level."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.matters.rules import Stage
from yiwang.matters.rules.rating import CallBackOutcome

from .matter import Matter
from .outcome import FollowUp, Rating, Result
from .step import Event


class CallBackQuerySet(models.QuerySet["CallBack"]):
    def visible_to(self, actor: Actor) -> Self:
        """Calls about the matters the actor sees."""
        return self.filter(matter__in=Matter.objects.visible_to(actor))


class CallBack(models.Model):
    """Somebody rang or visited the resident about a result (HOT-07). Nobody can change it."""

    append_only = True

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="call_backs")
    outcome = models.CharField(_("回访情况"), max_length=9, choices=CallBackOutcome.choices)
    grade = models.PositiveSmallIntegerField(_("满意程度"), choices=Rating.Grade.choices, null=True)
    opinion = models.CharField(_("居民意见"), max_length=500, blank=True)
    by = models.CharField(_("回访人"), max_length=160)
    at = models.DateTimeField(_("时间"), db_default=Now())

    objects = CallBackQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("回访")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["matter", "-at"], name="call_back_story")]
        constraints = [
            models.CheckConstraint(
                name="who_was_reached_gave_a_grade",
                condition=Q(outcome="reached", grade__isnull=False)
                | (~Q(outcome="reached") & Q(grade__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter} {self.get_outcome_display()}"


class ReopeningQuerySet(models.QuerySet["Reopening"]):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the own unit, and of the matters the actor sees."""
        ours = Q(unit_id=actor.unit_id) if actor.unit_id else Q(pk__in=[])
        return self.filter(Q(matter__in=Matter.objects.visible_to(actor)) | ours)


class Reopening(Record):
    """The one second time (重办): a unit of the next level takes the matter up, the first result
    attached, with a clock of its own."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="reopening")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="reopenings", verbose_name=_("重办单位")
    )
    first_result = models.ForeignKey(
        Result, models.PROTECT, related_name="+", verbose_name=_("首次结果")
    )
    reason = models.CharField(_("重办原因"), max_length=500)
    opened_at = models.DateTimeField(_("重办时间"))
    due_at = models.DateTimeField(_("期限"))
    text = models.TextField(_("重办结果"), max_length=4000, blank=True)
    done_at = models.DateTimeField(_("办结时间"), null=True)
    done_by = models.CharField(_("办理人"), max_length=160, blank=True)
    against = models.CharField(_("居民不满意仍办结的理由"), max_length=500, blank=True)

    objects = ReopeningQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("重办")
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(
                fields=["unit", "due_at"], condition=Q(done_at__isnull=True), name="reopening_queue"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="what_is_done_again_has_a_result",
                condition=Q(done_at__isnull=True) | ~Q(text=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.matter} · {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("matters:reopening", args=[self.pk])

    @property
    def division_id(self) -> int:
        return self.matter.division_id

    def entrusted_units(self) -> set[int]:
        return {self.unit_id, *self.matter.entrusted_units()}

    @classmethod
    def hand_over_unit(cls, old: Unit, new: Unit) -> None:
        """The successor takes up what was not done."""
        cls.objects.filter(done_at__isnull=True, unit=old).update(unit=new)


class RatingEscalation(Record):
    """One level told once that a follow-up or a reopening is late."""

    follow_up = models.ForeignKey(
        FollowUp, models.PROTECT, null=True, related_name="told", verbose_name=_("差评整改")
    )
    reopening = models.ForeignKey(
        Reopening, models.PROTECT, null=True, related_name="told", verbose_name=_("重办")
    )
    stage = models.CharField(_("上报到"), max_length=9, choices=Stage.choices)
    place = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("上报到的区划")
    )
    # Nobody may hold such a post there: the lists of the place show it all the same.
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("接收岗位")
    )
    fell_due_at = models.DateTimeField(_("应上报时间"))
    noticed_at = models.DateTimeField(_("上报时间"))
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("整改超时上报")
        ordering = ["fell_due_at", "pk"]
        indexes = [models.Index(fields=["post", "-noticed_at"], name="rating_told")]
        constraints = [
            models.UniqueConstraint(
                fields=["follow_up", "stage"], name="a_late_follow_up_is_told_once_a_stage"
            ),
            models.UniqueConstraint(
                fields=["reopening", "stage"], name="a_late_reopening_is_told_once_a_stage"
            ),
            models.CheckConstraint(
                name="told_of_a_follow_up_or_a_reopening",
                condition=Q(follow_up__isnull=False, reopening__isnull=True)
                | Q(follow_up__isnull=True, reopening__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_stage_display())
