"""The law and the plan as data: dated parameters and the working calendar."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.core.memory import forget, remember
from yiwang.core.rules.terms import UNITS, shown

from .record import Record


class Confidence(models.TextChoices):
    CONFIRMED = "C", _("已核对条文")
    PARTLY = "P", _("见于摘录")
    ANALOGUE = "A", _("参照外省")
    MEMORY = "M", _("待核对")
    OURS = "ours", _("本系统建议")


class DateRange(models.Func):
    function = "daterange"
    output_field = DateRangeField()


class ParameterQuerySet(models.QuerySet["Parameter"]):
    def visible_to(self, actor: object) -> Self:
        """The law is public: everyone who works here may read it."""
        return self.all()

    def public(self) -> Self:
        return self.all()

    def in_force(self, on: date) -> "ParameterQuerySet":
        return self.filter(
            models.Q(effective_to__isnull=True) | models.Q(effective_to__gte=on),
            effective_from__lte=on,
        )


class Parameter(Record):
    """One number of a law, standard or plan, in force over some dates in some place."""

    rule_id = models.CharField(_("规则编号"), max_length=60)
    jurisdiction = models.CharField(_("适用范围"), max_length=12, blank=True)
    effective_from = models.DateField(_("施行日期"))
    effective_to = models.DateField(_("失效日期"), null=True, blank=True)
    value = models.JSONField(_("数值"))
    unit = models.CharField(_("单位"), max_length=30, blank=True)
    source = models.CharField(_("依据"), max_length=300)
    confidence = models.CharField(_("可信度"), max_length=4, choices=Confidence.choices)
    name = models.CharField(_("名称"), max_length=200)
    name_en = models.CharField(_("英文名称"), max_length=200, blank=True)
    note = models.CharField(_("备注"), max_length=500, blank=True)

    objects = ParameterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("参数")
        ordering = ["rule_id", "jurisdiction", "-effective_from"]
        constraints = [
            ExclusionConstraint(
                name="one_value_a_day",
                expressions=[
                    ("rule_id", RangeOperators.EQUAL),
                    ("jurisdiction", RangeOperators.EQUAL),
                    (
                        DateRange("effective_from", "effective_to", models.Value("[]")),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} = {self.value}"

    @property
    def division_id(self) -> int:
        """Where the right to change it is asked: its own place in the city, else the city."""
        inside = self.jurisdiction.isdigit() and int(self.jurisdiction) > settings.CITY
        return int(self.jurisdiction) if inside else settings.CITY

    @property
    def shown_value(self) -> str:
        """The value in the reader's language."""
        return shown(self.value, self.unit)

    @property
    def shown_unit(self) -> str:
        """The unit in the reader's language; nothing where the value says it all."""
        return str(UNITS.get(self.unit, self.unit))

    @property
    def label(self) -> str:
        """The parameter's name in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("法定节假日")
    MAKEUP = "makeup", _("调休上班")
    REST = "weekend", _("休息日")
    WORKDAY = "workday", _("工作日")


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    def visible_to(self, actor: object) -> Self:
        """The calendar hangs on every wall."""
        return self.all()

    def public(self) -> Self:
        return self.all()


class CalendarDay(Record):
    """A day that differs from its weekday: a holiday, or a weekend that is worked."""

    date = models.DateField(_("日期"), unique=True)
    kind = models.CharField(_("性质"), max_length=8, choices=DayKind.choices)
    name = models.CharField(_("名称"), max_length=40, blank=True)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    provisional = models.BooleanField(_("暂定"), default=False)
    source = models.CharField(_("依据"), max_length=300, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("日历")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.get_kind_display()}"

    @property
    def division_id(self) -> int:
        """The whole city keeps one calendar."""
        return int(settings.CITY)


def forget_law() -> None:
    """Drop the remembered parameters and calendar after one of them changed."""
    forget("core.law.")


def all_parameters() -> dict[str, list[dict[str, Any]]]:
    """Every parameter by rule, remembered for a minute (it changes once a year)."""
    return remember("core.law.parameters", 60, _read_parameters)


def _read_parameters() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    rows = Parameter.objects.values(
        "rule_id", "jurisdiction", "effective_from", "effective_to", "value", "unit"
    )
    for row in rows:
        found.setdefault(row["rule_id"], []).append(dict(row))
    return found
