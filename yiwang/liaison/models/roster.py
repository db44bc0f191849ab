"""Who is on duty when, and swaps that both sides agree to (HOT-08)."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import Record


class MomentRange(Func):
    """From a moment up to another, without it."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class DutyQuerySet(models.QuerySet["Duty"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(unit__division_id__range=(actor.see.lo, actor.see.hi))

    def between(self, since: datetime, until: datetime) -> Self:
        """Shifts that touch a period."""
        return self.filter(starts_at__lt=until, ends_at__gt=since)

    def on(self, now: datetime) -> Self:
        """Shifts that run at a moment: one a unit at most."""
        return self.filter(starts_at__lte=now, ends_at__gt=now)


class Duty(Record):
    """One shift (班次) of a unit's duty roster."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duties_on", verbose_name=_("单位"))
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="duties_on", verbose_name=_("值班人")
    )
    deputy = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("替班人")
    )
    # Whoever should have been there, when the deputy stands in.
    absent = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("缺勤人")
    )
    absent_why = models.CharField(_("缺勤原因"), max_length=200, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("班次")
        ordering = ["starts_at", "pk"]
        constraints = [
            ExclusionConstraint(
                name="one_on_duty_in_a_unit_at_a_time",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    (MomentRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="a_shift_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.CheckConstraint(
                name="a_deputy_is_somebody_else",
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("post")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def division_id(self) -> int:
        return self.unit.division_id

    @classmethod
    def hand_over_post(cls, old: Post, new: Post) -> int:
        """Shifts to come are the successor's."""
        coming = cls.objects.filter(starts_at__gte=timezone.now())
        coming.filter(deputy=old).exclude(post=new).update(deputy=new)
        return coming.filter(post=old).exclude(deputy=new).update(post=new)


class SwapQuerySet(models.QuerySet["Swap"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(duty__unit__division_id__range=(actor.see.lo, actor.see.hi))

    def waiting(self) -> Self:
        return self.filter(answered_at__isnull=True)


class Swap(Record):
    """A swap (换班) of two shifts of a unit: one proposes, the other agrees or not."""

    duty = models.ForeignKey(Duty, models.CASCADE, related_name="swaps", verbose_name=_("我的班次"))
    other = models.ForeignKey(
        Duty, models.CASCADE, related_name="offers", verbose_name=_("对方的班次")
    )
    asked_by = models.CharField(_("提出人"), max_length=160)
    answered_at = models.DateTimeField(_("答复时间"), null=True)
    agreed = models.BooleanField(_("同意"), default=False)

    objects = SwapQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("换班")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["duty"], condition=Q(answered_at__isnull=True), name="one_open_swap_a_shift"
            )
        ]

    def __str__(self) -> str:
        return f"{self.duty} ↔ {self.other}"

    @property
    def division_id(self) -> int:
        return self.duty.division_id
