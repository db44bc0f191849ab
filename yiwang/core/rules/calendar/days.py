"""The working calendar: which days are worked, and between which hours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

BEIJING = ZoneInfo("Asia/Shanghai")
SECONDS_AN_HOUR = 3600

Hours: TypeAlias = tuple[tuple[time, time], ...]


class DayKind(StrEnum):
    """What a day is: ordinary workday or weekend, holiday, or a day off that is worked."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP = "makeup"


class EndOfDay(StrEnum):
    """Where a day of a period ends: at the close of business or at 24:00 (Civil Code 203)."""

    CLOSE = "close"
    MIDNIGHT = "midnight"


class CalendarEnds(LookupError):
    """A date lies outside the years whose holidays are known."""

    code = "calendar_ends"

    def __init__(self, asked: date, first: date, last: date) -> None:
        self.asked, self.first, self.last = asked, first, last
        self.message = gettext(
            "工作日历只覆盖 %(first)s 至 %(last)s，不能推算 %(asked)s；请先导入该年度的放假安排。"
        ) % {"first": first.isoformat(), "last": last.isoformat(), "asked": asked.isoformat()}
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class Day(NamedTuple):
    """One exception to the plain week: a holiday or a make-up workday."""

    on: date
    kind: DayKind
    name: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class Calendar:
    """Which days are worked between `first` and `last`, and at what hours.

    Only exceptions are stored; every other day follows from its weekday.
    """

    first: date
    last: date
    hours: Hours
    days: Mapping[date, Day] = field(default_factory=dict)
    end_of_day: EndOfDay = EndOfDay.CLOSE

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError("a calendar cannot end before it begins")
        _check_hours(self.hours)
        _ = self._working  # counted now, so that copies out of a cache need not count again

    @classmethod
    def of(
        cls,
        rows: Iterable[tuple[date, str, str, bool]],
        first: date,
        last: date,
        hours: Hours,
        end_of_day: str = EndOfDay.CLOSE,
    ) -> Calendar:
        """Build from rows (date, kind, name, provisional); rows outside the range are left out."""
        days = {
            on: Day(on, DayKind(kind), name, bool(provisional))
            for on, kind, name, provisional in rows
            if first <= on <= last
        }
        return cls(first, last, hours, days, EndOfDay(end_of_day))

    @property
    def ends_on(self) -> date:
        """The last day whose kind is known."""
        return self.last

    @cached_property
    def _working(self) -> list[int]:
        """Ordinals of all working days, in order, so that counting is two bisections."""
        span = range(self.first.toordinal(), self.last.toordinal() + 1)
        return [n for n in span if _is_worked(self._kind(date.fromordinal(n)))]

    @cached_property
    def _provisional_years(self) -> frozenset[int]:
        return frozenset(day.on.year for day in self.days.values() if day.provisional)

    @cached_property
    def seconds_a_day(self) -> int:
        """Working seconds of one working day."""
        return self._span_ends[-1]

    @cached_property
    def _span_ends(self) -> list[int]:
        """Working seconds of a day that have passed at the end of each span of hours."""
        return list(accumulate(_second(close) - _second(low) for low, close in self.hours))

    def _kind(self, on: date) -> DayKind:
        if on in self.days:
            return self.days[on].kind
        return DayKind.WORKDAY if on.weekday() < 5 else DayKind.WEEKEND

    def _known(self, on: date) -> date:
        if not self.first <= on <= self.last:
            raise CalendarEnds(on, self.first, self.last)
        return on

    def kind(self, on: date) -> DayKind:
        """The kind of a day. Raises CalendarEnds outside the known years."""
        return self._kind(self._known(on))

    def name(self, on: date) -> str:
        """The name of the holiday, or an empty text."""
        return self.days[on].name if self._known(on) in self.days else ""

    def is_working_day(self, on: date) -> bool:
        """Whether offices are open, make-up days included."""
        return _is_worked(self.kind(on))

    def is_statutory_holiday(self, on: date) -> bool:
        """Whether the day belongs to a holiday as the State Council arranged it."""
        return self.kind(on) is DayKind.HOLIDAY

    def provisional(self, on: date) -> bool:
        """Whether the year's arrangement is not published yet, so that any day may still change."""
        return self._known(on).year in self._provisional_years

    def next_working_day(self, on: date) -> date:
        """The first working day after `on`."""
        return self.add_working_days(on, 1)

    def working_day_from(self, on: date) -> date:
        """`on` itself when it is worked, else the first working day after it."""
        return on if self.is_working_day(on) else self.next_working_day(on)

    def add_working_days(self, on: date, amount: int) -> date:
        """The `amount`-th working day after `on`, which itself is not counted."""
        index = bisect_right(self._working, self._known(on).toordinal()) + amount - 1
        if index >= len(self._working):
            raise CalendarEnds(self.last + timedelta(days=1), self.first, self.last)
        return date.fromordinal(self._working[index])

    def working_days_between(self, after: date, until: date) -> int:
        """Working days later than `after` and not later than `until`; never negative."""
        low = bisect_right(self._working, self._known(after).toordinal())
        high = bisect_right(self._working, self._known(until).toordinal())
        return max(0, high - low)

    def closing(self, on: date) -> datetime:
        """The moment a period ends on this day: close of business, or 23:59:59 for 24:00."""
        end = self.hours[-1][1] if self.end_of_day is EndOfDay.CLOSE else time(23, 59, 59)
        return datetime.combine(on, end, BEIJING)

    def _clock(self, moment: datetime) -> int:
        """Working seconds from the first opening of the calendar to `moment`."""
        on, second = self._known(moment.date()), _second(moment.time())
        whole_days = bisect_left(self._working, on.toordinal())
        today = 0
        if _is_worked(self._kind(on)):
            today = sum(
                min(max(second - _second(opening), 0), _second(close) - _second(opening))
                for opening, close in self.hours
            )
        return whole_days * self.seconds_a_day + today

    def working_seconds_between(self, start: datetime, end: datetime) -> int:
        """Working seconds from `start` to `end`; never negative."""
        return max(0, self._clock(beijing(end)) - self._clock(beijing(start)))

    def add_working_seconds(self, start: datetime, seconds: int) -> datetime:
        """The moment when `seconds` of working time have passed since `start`."""
        start = beijing(start)
        if seconds <= 0:
            return start
        target = self._clock(start) + seconds
        # A period that is used up exactly at closing time ends there, not at the next opening.
        index, rest = divmod(target - 1, self.seconds_a_day)
        if index >= len(self._working):
            raise CalendarEnds(self.last + timedelta(days=1), self.first, self.last)
        on = date.fromordinal(self._working[index])
        span = bisect_left(self._span_ends, rest + 1)
        before_close = timedelta(seconds=self._span_ends[span] - rest - 1)
        return datetime.combine(on, self.hours[span][1], BEIJING) - before_close


def beijing(moment: datetime) -> datetime:
    """The same moment by Beijing time, to the second. Raises ValueError without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(BEIJING).replace(microsecond=0)


def parse_hours(text: str) -> Hours:
    """Read '09:00-12:00,14:00-18:00'. Raises ValueError when spans are empty or out of order."""
    spans = (span.split("-") for span in text.replace(" ", "").split(","))
    hours = tuple((time.fromisoformat(low), time.fromisoformat(high)) for low, high in spans)
    _check_hours(hours)
    return hours


def _is_worked(kind: DayKind) -> bool:
    return kind in (DayKind.WORKDAY, DayKind.MAKEUP)


def _second(moment: time) -> int:
    return moment.hour * SECONDS_AN_HOUR + moment.minute * 60 + moment.second


def _check_hours(hours: Hours) -> None:
    points = [_second(point) for span in hours for point in span]
    if not points or any(low >= high for low, high in pairwise(points)):
        raise ValueError("working hours must be spans in order that do not touch")
