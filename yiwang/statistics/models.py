"""What is kept of figures: one row a place and day, and what communities declare of themselves."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from yiwang.core.models import Record
from yiwang.divisions.models import Division
from yiwang.divisions.models.division import Scoped


def plain(number: Decimal) -> Decimal:
    """A number as people write it: 1.25 instead of 1.250, 3612 instead of 3612.000."""
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


class SummaryQuerySet(models.QuerySet["Summary"]):
    def visible_to(self, actor: Scoped) -> Self:
        area = actor.see
        return self.filter(division_id__gte=area.lo, division_id__lte=area.hi)

    def on(self, day: date) -> Self:
        return self.filter(on=day)


class Summary(Record):
    """The cells of one place on one day, added up from its communities; zero cells are left out.

    A frozen row (the year's last day, or by hand) is never counted again (EXP-36).
    """

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="summaries", verbose_name=_("区划"), db_index=False
    )
    on = models.DateField(_("日期"))
    cells = models.JSONField(_("分项数"), default=dict)
    cuts = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("年龄分段"))
    frozen = models.BooleanField(_("已冻结"), default=False)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("每日统计")
        ordering = ["-on", "division_id"]
        indexes = [models.Index(fields=["on"], name="summary_day")]
        constraints = [
            models.UniqueConstraint(fields=["division", "on"], name="one_summary_a_place_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.on}"


class Indicator(models.TextChoices):
    """The denominators that standards need of a community (DIV-04)."""

    HOUSEHOLDS = "households", _("家庭数（户）")
    RESIDENTS = "residents", _("常住人口（人）")
    REGISTERED = "registered", _("户籍人口（人）")
    ELDERS = "elders", _("老年人（人）")
    SENIORS = "seniors", _("高龄老人（人）")
    GROUPS = "groups", _("村（居）民小组（个）")
    AREA = "area", _("区域面积（平方公里）")


class ProfileQuerySet(models.QuerySet["ProfileValue"]):
    def visible_to(self, actor: Scoped) -> Self:
        """What a community declares of itself is open: it is published with its centre."""
        return self.all()

    def on(self, day: date) -> Self:
        return self.filter(as_of__lte=day)

    def newest(self) -> Self:
        """The last value of each indicator of each community."""
        return self.order_by("division_id", "indicator", "-as_of", "-pk").distinct(
            "division_id", "indicator"
        )


class ProfileValue(Record):
    """A denominator as somebody declared it for a day; earlier ones stay as history."""

    append_only = True

    division = models.ForeignKey(
        Division, models.PROTECT, related_name="profile", verbose_name=_("社区"), db_index=False
    )
    indicator = models.CharField(_("指标"), max_length=12, choices=Indicator.choices)
    value = models.DecimalField(_("数值"), max_digits=12, decimal_places=3)
    as_of = models.DateField(_("统计日期"))
    source = models.CharField(_("来源"), max_length=200)
    author = models.CharField(_("填报人"), max_length=160)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("社区基本情况")
        ordering = ["-as_of", "-pk"]
        indexes = [
            models.Index(fields=["division", "indicator", "-as_of", "-id"], name="profile_newest")
        ]
        constraints = [
            models.CheckConstraint(
                name="a_denominator_is_not_negative", condition=models.Q(value__gte=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_indicator_display()} {self.value} {self.as_of}"

    @property
    def plain(self) -> Decimal:
        """The value without zeros behind its decimal point."""
        return plain(self.value)

    def is_old(self, on: date, months: int) -> bool:
        """Whether the yearly refresh is overdue (DIV-04: warned after 13 months)."""
        return self.as_of + timedelta(days=round(months * 365.25 / 12)) < on
