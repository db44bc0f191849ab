"""What is counted of matters, over which period, and against which period it is held (SVC-23)."""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

COLUMNS: Final = (
    "accepted", "closed", "answered", "on_time", "responded", "prompt", "escalated", "rated",
    "satisfied", "steps", "steps_on_time",
)  # fmt: skip
"""What a summary adds up; every one is the length of a list."""


class PeriodKind(models.TextChoices):
    """How long a period is."""

    DAY = "day", _("日")
    WEEK = "week", _("周")
    MONTH = "month", _("月")
    QUARTER = "quarter", _("季度")
    YEAR = "year", _("年")
    FREE = "free", _("自选日期")


@dataclass(frozen=True)
class Period:
    """From a first to a last day, both counted."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def until(self, today: date) -> "Period":
        """The part of it that has passed."""
        return Period(self.first, max(self.first, min(self.last, today)))


def period_of(kind: str, on: date) -> Period:
    """The calendar period of a kind that holds a day; weeks begin on Monday."""
    if kind == PeriodKind.WEEK:
        monday = on - timedelta(days=on.weekday())
        return Period(monday, monday + timedelta(days=6))
    if kind == PeriodKind.MONTH:
        return Period(on.replace(day=1), _month_end(on))
    if kind == PeriodKind.QUARTER:
        first = on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
        return Period(first, _month_end(first.replace(month=first.month + 2)))
    if kind == PeriodKind.YEAR:
        return Period(on.replace(month=1, day=1), on.replace(month=12, day=31))
    return Period(on, on)


def _month_end(on: date) -> date:
    return on.replace(day=calendar.monthrange(on.year, on.month)[1])


def before(kind: str, period: Period, today: date) -> Period:
    """The period to compare with: the one before, and of a running one as many days of it."""
    eve = period.first - timedelta(days=1)
    if kind == PeriodKind.FREE:
        return Period(period.first - timedelta(days=period.days), eve)
    earlier = period_of(kind, eve)
    if period.last <= today:
        return earlier
    passed = period.until(today).days
    return Period(earlier.first, min(earlier.last, earlier.first + timedelta(days=passed - 1)))


@dataclass(frozen=True)
class Figure:
    """One number: in words for everybody, from which kind of event, and which of them count."""

    code: str
    label: Any
    explanation: Any
    icon: str
    source: str
    holds: str = "TRUE"
    part_of: str = ""


FIGURES: Final = (
    Figure("accepted", pgettext_lazy("event", "受理"), _("本期受理的事项，不论由哪个渠道进来。"), "file-text", "accepted"),
    Figure("open", _("期末在办"), _("期末那天结束时还没有办完的事项。"), "files", "open"),
    Figure("answered", pgettext_lazy("event", "办结"), _("本期作出结果的事项，含不予办理，不含居民撤回。"), "circle-check", "closed", "answered = 1"),
    Figure("on_time", _("按时办结"), _("办结时没有超过承诺期限；暂停计时的时间不算。"), "clock", "closed", "on_time = 1", "answered"),
    Figure("late", _("超期办结"), _("办结时已超过承诺期限。"), "alarm", "closed", "answered = 1 AND on_time = 0", "answered"),
    Figure("responded", _("首次响应"), _("本期第一次有单位接收或办理的事项。"), "send", "responded"),
    Figure("prompt", _("及时响应"), _("首次响应没有超过规定的工作时间。"), "hourglass", "responded", "prompt = 1", "responded"),
    Figure("escalated", _("逐级上报"), _("因超时上报上级的次数，一件事可能上报几级。"), "urgent", "escalated"),
    Figure("rated", _("评价"), _("居民本期作出的评价。"), "star", "rated"),
    Figure("satisfied", _("满意"), _("基本满意及以上的评价。"), "mood-smile", "rated", "satisfied = 1", "rated"),
    Figure("steps", _("办理环节"), _("本期完成的办理环节，按承办单位计。"), "list-check", "steps"),
    Figure("steps_on_time", _("按时环节"), _("没有超过环节期限完成的环节。"), "check", "steps", "steps_on_time = 1", "steps"),
    Figure("steps_late", _("超期环节"), _("超过环节期限才完成的环节。"), "alert-circle", "steps", "steps_on_time = 0", "steps"),
)  # fmt: skip
FIGURE_OF: Final = {one.code: one for one in FIGURES}

Counts = dict[str, int]


def value_of(code: str, counts: Mapping[str, int]) -> int:
    """A figure from the columns of a summary."""
    if code == "late":
        return counts.get("answered", 0) - counts.get("on_time", 0)
    if code == "steps_late":
        return counts.get("steps", 0) - counts.get("steps_on_time", 0)
    return counts.get(code, 0)


def share(part: int | None, whole: int | None) -> float | None:
    """Percent with one decimal, rounded down so that 100 stands only where nothing is missing."""
    return None if part is None or not whole else part * 1000 // whole / 10


def buckets(period: Period) -> Iterator[Period]:
    """The bars of a chart: days of a month, weeks of a quarter, months of what is longer."""
    kind = PeriodKind.DAY
    if period.days > 31:
        kind = PeriodKind.WEEK if period.days <= 124 else PeriodKind.MONTH
    first = period.first
    while first <= period.last:
        last = min(period_of(kind, first).last, period.last)
        yield Period(first, last)
        first = last + timedelta(days=1)
