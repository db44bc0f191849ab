"""The network log: one a place and day, with the figures of the day and every correction (HOT-10)."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.core.models import Record
from yiwang.divisions.models import Division


class Entry(models.TextChoices):
    """What a log speaks of."""

    ACCOUNTS = "accounts", _("账号维护")
    DEVICES = "devices", _("设备检查")
    INCIDENTS = "incidents", _("故障与处置")
    MAINTENANCE = "maintenance", _("数据与系统维护")
    SECURITY = "security", _("安全情况")
    HANDOVER = "handover", _("交接事项")


class DayLogQuerySet(models.QuerySet["DayLog"]):
    def visible_to(self, actor: Actor) -> Self:
        """Filed logs of the area, and drafts of the own place."""
        area = Q(division_id__range=(actor.see.lo, actor.see.hi), filed_at__isnull=False)
        return self.filter(area | Q(division_id=actor.division_id))

    def filed(self) -> Self:
        return self.filter(filed_at__isnull=False)

    def draft(self, division: int, on: date) -> "DayLog | None":
        """What is written and not filed yet."""
        return self.filter(division_id=division, on=on, filed_at__isnull=True).first()


class DayLog(Record):
    """The log (网络日志) of one place on one day; a draft until it is filed."""

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    on = models.DateField(_("日期"))
    post = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", verbose_name=_("填写岗位")
    )
    # {"devices": "打印机换墨盒", ...}: only what was written.
    entries: Any = models.JSONField(_("内容"), default=dict)
    # What the system counted of the day, frozen when the log is filed.
    figures: Any = models.JSONField(_("当日数字"), default=dict)
    saved_at = models.DateTimeField(_("保存时间"))
    filed_at = models.DateTimeField(_("提交时间"), null=True)
    filed_by = models.CharField(_("提交人"), max_length=160, blank=True)

    objects = DayLogQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("网络日志")
        ordering = ["-on", "division_id"]
        constraints = [
            models.UniqueConstraint(fields=["division", "on"], name="one_log_a_place_and_day"),
            models.CheckConstraint(
                name="a_filed_log_says_something",
                condition=Q(filed_at__isnull=True) | ~Q(entries={}),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.division} {self.on}"

    def get_absolute_url(self) -> str:
        return reverse("liaison:log", args=[self.pk])

    @property
    def written(self) -> list[tuple[str, str]]:
        """What was written, each under its name."""
        return told(self.entries)


def told(entries: dict[str, str]) -> list[tuple[str, str]]:
    """Entries under their names, in their order."""
    return [(str(one.label), entries[one.value]) for one in Entry if entries.get(one.value)]


class LogCorrection(models.Model):
    """What a filed log said before it was corrected, and why."""

    append_only: ClassVar[bool] = True

    log = models.ForeignKey(DayLog, models.PROTECT, related_name="corrections")
    at = models.DateTimeField(_("更正时间"))
    by = models.CharField(_("更正人"), max_length=160)
    reason = models.CharField(_("更正原因"), max_length=300)
    before: Any = models.JSONField(_("原来的内容"))

    class Meta:
        verbose_name = verbose_name_plural = _("日志更正")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.log} {self.at}"

    @property
    def written(self) -> list[tuple[str, str]]:
        return told(self.before)
