"""What is kept of past days: the counts of places from the township up, by one dimension each."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped


class Dimension(models.TextChoices):
    """By what a count is split."""

    WHOLE = "all", _("合计")
    CATEGORY = "category", _("类别")
    CHANNEL = "channel", _("来源")
    UNIT = "unit", _("单位")


class DaySummaryQuerySet(models.QuerySet["DaySummary"]):
    def visible_to(self, actor: Scoped) -> Self:
        return self.filter(division_id__range=(actor.see.lo, actor.see.hi))

    def on(self, *days: object) -> Self:
        return self.filter(on__in=days)


class DaySummary(models.Model):
    """The counts of one place on one day under one key; rows of nothing are left out.

    Confidential matters are in no summary: whoever may see them counts them live.
    """

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="+", verbose_name=_("区划"), db_index=False
    )
    on = models.DateField(_("日期"))
    dimension = models.CharField(_("维度"), max_length=8, choices=Dimension.choices)
    key = models.CharField(_("键"), max_length=20, blank=True)
    accepted = models.IntegerField(pgettext_lazy("event", "受理"), default=0)
    closed = models.IntegerField(_("办完"), default=0)
    answered = models.IntegerField(pgettext_lazy("event", "办结"), default=0)
    on_time = models.IntegerField(_("按时办结"), default=0)
    responded = models.IntegerField(_("首次响应"), default=0)
    prompt = models.IntegerField(_("及时响应"), default=0)
    escalated = models.IntegerField(_("逐级上报"), default=0)
    rated = models.IntegerField(_("评价"), default=0)
    satisfied = models.IntegerField(_("满意"), default=0)
    steps = models.IntegerField(_("办理环节"), default=0)
    steps_on_time = models.IntegerField(_("按时环节"), default=0)

    objects = DaySummaryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("办件日统计")
        ordering = ["-on", "division_id"]
        indexes = [models.Index(fields=["on"], name="day_summary_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["division", "dimension", "on", "key"], name="one_day_summary_a_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.on} {self.dimension} {self.key}"


class KeptDay(Record):
    """A day whose summaries are kept, also when nothing happened on it."""

    on = models.DateField(_("日期"), unique=True)

    class Meta:
        verbose_name = verbose_name_plural = _("已统计的日期")
        ordering = ["-on"]

    def __str__(self) -> str:
        return str(self.on)
