"""Why a clock stood still, what was asked for, and how more time was given."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.core.models import Record
from yiwang.core.reads import calendar
from yiwang.core.rules.calendar import Unit as TimeUnit
from yiwang.core.rules.calendar import resume_deadline
from yiwang.matters.rules import State
from yiwang.matters.rules.process import INTAKE

from .matter import Matter


class Pause(Record):
    """A time in which the clock stood still, with the reason the resident sees (SV-4)."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="pauses")
    started_at = models.DateTimeField(_("开始"))
    ended_at = models.DateTimeField(_("结束"), null=True)
    kind = models.CharField(_("类别"), max_length=20)
    reason = models.CharField(_("原因"), max_length=1000)

    class Meta:
        verbose_name = verbose_name_plural = _("暂停")
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(ended_at__isnull=True), name="one_open_pause"
            )
        ]

    def __str__(self) -> str:
        return self.reason

    @classmethod
    def begin(
        cls, matter: Matter, state: State, kind: str, reason: str, moment: datetime
    ) -> "Pause":
        """Stop the clock of a matter and set the state in which it stands."""
        matter.state = state
        matter.save(update_fields=["state", "updated_at"])
        return cls.objects.create(matter=matter, started_at=moment, kind=kind, reason=reason)

    def end(self, moment: datetime) -> None:
        """Let the clock run again: every running deadline moves by the time it stood."""
        self.ended_at = moment
        self.save(update_fields=["ended_at", "updated_at"])
        matter, unit = self.matter, TimeUnit(self.matter.limit_unit)
        matter.due_at = self._moved(matter.due_at, unit)
        matter.amber_at = min(self._moved(matter.amber_at, unit), matter.due_at)
        if matter.statutory_due_at:
            matter.statutory_due_at = self._moved(matter.statutory_due_at, unit)
        steps = list(matter.steps.filter(state="active"))
        checked = any(step.code == INTAKE for step in steps)
        matter.state = State.SUBMITTED if checked else State.WORKING
        matter.save()
        for step in steps:
            unit = TimeUnit(step.limit_unit)
            due, amber = step.due_at or matter.due_at, step.amber_at or matter.amber_at
            step.due_at = min(self._moved(due, unit), matter.due_at)
            step.amber_at = min(self._moved(amber, unit), step.due_at)
        matter.steps.model.objects.bulk_update(steps, ["due_at", "amber_at"])

    def _moved(self, due: datetime, unit: TimeUnit) -> datetime:
        until = self.ended_at or self.started_at
        return resume_deadline(due, self.started_at, until, unit, calendar())


class Correction(Record):
    """The one notice that names everything missing (一次性告知, SV-1)."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="correction")
    items = models.JSONField(_("缺少的内容"), default=list)
    reason = models.CharField(_("说明"), max_length=1000, blank=True)
    asked_at = models.DateTimeField(_("告知时间"))
    asked_by = models.CharField(_("告知人"), max_length=160)
    answered_at = models.DateTimeField(_("补正时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("补正告知")

    def __str__(self) -> str:
        return str(self.matter)


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, actor: Actor) -> Self:
        """The requests for more time of matters the actor sees."""
        return self.filter(matter__in=Matter.objects.visible_to(actor))


class Extension(Record):
    """More time, asked with a reason and approved by a leader (SV-2)."""

    class State(models.TextChoices):
        ASKED = "asked", _("待审批")
        GRANTED = "granted", _("已同意")
        DENIED = "denied", _("未同意")
        LAPSED = "lapsed", _("事项已办完，不再审批")

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="extensions")
    amount = models.PositiveSmallIntegerField(_("延长"))
    reason = models.CharField(_("原因"), max_length=1000)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices, default=State.ASKED)
    asked_by = models.CharField(_("申请人"), max_length=160)
    asked_post = models.BigIntegerField(null=True)
    decided_by = models.CharField(_("审批人"), max_length=160, blank=True)
    decided_at = models.DateTimeField(_("审批时间"), null=True)
    due_before = models.DateTimeField(_("原期限"))
    due_after = models.DateTimeField(_("新期限"), null=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("延期")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(state="asked"), name="one_open_extension"
            )
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def division_id(self) -> int:
        return self.matter.division_id

    def entrusted_units(self) -> set[int]:
        return self.matter.entrusted_units()
