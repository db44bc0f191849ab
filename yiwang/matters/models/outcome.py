"""What comes out of a matter: a numbered result, the resident's rating, the follow-up of a bad one."""

import secrets
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.models import Record
from yiwang.matters.rules.rating import RatingChannel

from .matter import Matter


def verification_code() -> str:
    """Twelve readable signs without 0/O and 1/I, printed behind the QR code of a result.

    59 bits: nobody finds one by trying, even without a limit on tries.
    """
    return "".join(secrets.choice("23456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(12))


class UnitCounter(models.Model):
    """The last document number of a unit in a year (SVC-07: numbering per unit and year)."""

    unit = models.ForeignKey(Unit, models.PROTECT)
    year = models.PositiveSmallIntegerField(_("年度"))
    last = models.PositiveIntegerField(_("末号"), default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("文号")
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="one_counter_a_year")]

    def __str__(self) -> str:
        return f"{self.unit}〔{self.year}〕{self.last}"


class ResultQuerySet(models.QuerySet["Result"]):
    def visible_to(self, actor: Actor) -> Self:
        """The results of matters the actor sees."""
        return self.filter(matter__in=Matter.objects.visible_to(actor))

    def waiting(self) -> Self:
        """Ready to be collected: neither handed over nor revoked."""
        return self.filter(delivered_at__isnull=True, revoked_at__isnull=True)


class Result(Record):
    """The numbered answer to a matter, printable with official layout."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="result")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("签发单位"))
    number = models.CharField(_("文号"), max_length=120)
    title = models.CharField(_("标题"), max_length=160)
    granted = models.BooleanField(_("准予"))
    text = models.TextField(_("正文"), max_length=4000)
    issued_on = models.DateField(_("签发日期"))
    code = models.CharField(_("核验码"), max_length=16, unique=True, default=verification_code)
    delivered_at = models.DateTimeField(_("送达时间"), null=True)
    delivered_how = models.CharField(_("送达方式"), max_length=20, blank=True)
    receiver = models.CharField(_("领取人"), max_length=60, blank=True)
    pickup_failures = models.PositiveSmallIntegerField(_("取件码错误次数"), default=0)
    pickup_locked_until = models.DateTimeField(_("取件码锁定至"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    revoked_why = models.CharField(_("撤销理由"), max_length=200, blank=True)
    revoked_by = models.CharField(_("撤销人"), max_length=160, blank=True)

    objects = ResultQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("办理结果")
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_result_a_number"),
            models.CheckConstraint(
                name="a_result_is_revoked_for_a_reason",
                condition=models.Q(revoked_at__isnull=True) | ~models.Q(revoked_why=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def division_id(self) -> int:
        return self.matter.division_id

    def entrusted_units(self) -> set[int]:
        """The units of its matter; Actor asks this for the department line."""
        return self.matter.entrusted_units()


class RatingQuerySet(models.QuerySet["Rating"]):
    def visible_to(self, actor: Actor) -> Self:
        """The ratings of matters the actor sees."""
        return self.filter(matter__in=Matter.objects.visible_to(actor))


class Rating(models.Model):
    """One rating a matter, of five grades (好差评 EV-1 to EV-4). Nobody can change it."""

    append_only = True

    class Grade(models.IntegerChoices):
        VERY_GOOD = 5, _("非常满意")
        GOOD = 4, _("满意")
        FAIR = 3, _("基本满意")
        BAD = 2, _("不满意")
        VERY_BAD = 1, _("非常不满意")

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="rating")
    grade = models.PositiveSmallIntegerField(_("等级"), choices=Grade.choices)
    reasons = ArrayField(models.CharField(max_length=40), default=list, verbose_name=_("原因"))
    comment = models.CharField(_("意见"), max_length=500, blank=True)
    channel = models.CharField(_("渠道"), max_length=8, choices=RatingChannel.choices)
    # Who wrote down what the resident said on paper or by telephone; empty: the resident's own hand.
    entered_by = models.CharField(_("代为录入"), max_length=160, blank=True)
    at = models.DateTimeField(_("时间"), db_default=Now())

    objects = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("评价")
        indexes = [models.Index(fields=["-at"], name="rating_at")]

    def __str__(self) -> str:
        return str(self.get_grade_display())


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, actor: Actor) -> Self:
        """The follow-ups of matters the actor sees."""
        return self.filter(rating__matter__in=Matter.objects.visible_to(actor))


class FollowUp(Record):
    """What a bad rating asks of the acceptor's unit, with its own clock (SVC-24, EV-3)."""

    rating = models.OneToOneField(Rating, models.PROTECT, related_name="follow_up")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    due_at = models.DateTimeField(_("期限"))
    done_at = models.DateTimeField(_("完成"), null=True)
    answer = models.CharField(_("处理情况"), max_length=1000, blank=True)
    done_by = models.CharField(_("办理人"), max_length=160, blank=True)
    # Solved although the resident's word stands against it: only with the reason on record.
    against = models.CharField(_("居民不满意仍办结的理由"), max_length=500, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("差评整改")
        ordering = ["due_at"]

    def __str__(self) -> str:
        return str(self.rating)

    @property
    def division_id(self) -> int:
        return self.rating.matter.division_id

    def entrusted_units(self) -> set[int]:
        return self.rating.matter.entrusted_units()
