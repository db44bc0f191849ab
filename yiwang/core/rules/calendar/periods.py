"""Periods counted on the working calendar: deadlines, pauses, what is used and what is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from .days import SECONDS_AN_HOUR, Calendar, beijing

Pause: TypeAlias = tuple[datetime, datetime | None]
"""When the clock stopped and when it ran again; None while it still stands."""


class Unit(StrEnum):
    """What a period is counted in."""

    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_HOURS = "calendar_hours"


def deadline(
    start: datetime, amount: int, unit: Unit, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> datetime:
    """When a period of `amount` units from the event at `start` ends, pauses added.

    The day of the event is not counted; a period in days whose last day is a rest day ends on the
    first working day after it (Civil Code 201–203). Hours run from the event itself; working hours
    from the event or the next opening. A pause still open counts for nothing until it is closed.
    Raises CalendarEnds, and ValueError for a negative amount.
    """
    if amount < 0:
        raise ValueError("a period cannot be negative")
    start = beijing(start)
    if _in_days(unit):
        return _deadline_in_days(start, amount, unit, calendar, _closed(pauses))
    shift = sum(_ticks(low, high, unit, calendar) for low, high in _closed(pauses))
    seconds = amount * SECONDS_AN_HOUR + shift
    if unit is Unit.WORKING_HOURS:
        return calendar.add_working_seconds(start, seconds)
    return start + timedelta(seconds=seconds)


def resume_deadline(
    due: datetime, paused_at: datetime, resumed_at: datetime, unit: Unit, calendar: Calendar
) -> datetime:
    """Move `due` by the time the clock stood still.

    The day of the pause counts as used and the day of resumption is not counted, so that what was
    left when the clock stopped is left when it runs again. For calendar days prefer
    `deadline(…, pauses=…)`, which does not count a rest day at the end twice.
    """
    due, low, high = beijing(due), beijing(paused_at), beijing(resumed_at)
    shift = _ticks(low, high, unit, calendar)
    if unit is Unit.WORKING_HOURS:
        return calendar.add_working_seconds(due, shift)
    if unit is Unit.CALENDAR_HOURS:
        return due + timedelta(seconds=shift)
    moved = _last_day(due, shift, unit, calendar) if shift else due
    return _not_before(high, moved, calendar) if low <= due else moved


def elapsed(
    start: datetime, now: datetime, pauses: Sequence[Pause], unit: Unit, calendar: Calendar
) -> int:
    """Units used since `start`: the day in progress counts as used, an hour only when full."""
    used = _used(beijing(start), beijing(now), pauses, unit, calendar)
    return used if _in_days(unit) else used // SECONDS_AN_HOUR


def remaining(
    due: datetime, now: datetime, pauses: Sequence[Pause], unit: Unit, calendar: Calendar
) -> int:
    """Units left until `due`: 0 on the last day or in the last hour, negative when overdue.

    While the clock stands still nothing is used. Begun units of delay count whole.
    """
    due, now = beijing(due), _running_until(now, pauses)
    if now <= due:
        left = _ticks(now, due, unit, calendar)
        return left if _in_days(unit) else left // SECONDS_AN_HOUR
    late = _ticks(due, now, unit, calendar)
    return -max(1, late if _in_days(unit) else -(-late // SECONDS_AN_HOUR))


def used_share(
    start: datetime,
    due: datetime,
    now: datetime,
    pauses: Sequence[Pause],
    calendar: Calendar,
    unit: Unit = Unit.WORKING_DAYS,
) -> Fraction:
    """The part of the period that is used, for the dial and the amber mark; above 1 when overdue.

    Days count whole from their morning: the fourth day of five is 4/5.
    """
    start, due, now = beijing(start), beijing(due), _running_until(now, pauses)
    stood = sum(_ticks(low, high, unit, calendar) for low, high in _closed(pauses))
    whole = _ticks(start, due, unit, calendar) - stood
    used = _used(start, now, pauses, unit, calendar)
    if whole <= 0:  # the period ends on the day it begins: only the clock can tell
        whole = int((due - start).total_seconds())
        used = max(0, int((now - start).total_seconds()))
    share = Fraction(used, whole) if whole > 0 else Fraction(1)
    return max(share, Fraction(whole + 1, whole)) if now > due and whole > 0 else share


def _deadline_in_days(
    start: datetime,
    amount: int,
    unit: Unit,
    calendar: Calendar,
    pauses: Sequence[tuple[datetime, datetime]],
) -> datetime:
    due = _last_day(start, amount, unit, calendar)
    for low, high in pauses:
        in_time = low <= due
        amount += _ticks(low, high, unit, calendar)
        due = _last_day(start, amount, unit, calendar)
        if in_time and due < high:
            moved = _not_before(high, due, calendar)
            amount += _ticks(due, moved, unit, calendar)
            due = moved
    return due


def _not_before(resumed: datetime, due: datetime, calendar: Calendar) -> datetime:
    """`due`, or the next end of a working day when the clock runs again only after it.

    A clock stopped in time on the last day and started again that evening must not be overdue.
    """
    return due if due >= resumed else _last_day(resumed, 0, Unit.CALENDAR_DAYS, calendar)


def _last_day(start: datetime, amount: int, unit: Unit, calendar: Calendar) -> datetime:
    if unit is Unit.WORKING_DAYS and amount:
        return calendar.closing(calendar.add_working_days(start.date(), amount))
    last = calendar.working_day_from(start.date() + timedelta(days=amount))
    due = calendar.closing(last)
    return due if due >= start else calendar.closing(calendar.next_working_day(last))


def _ticks(start: datetime, end: datetime, unit: Unit, calendar: Calendar) -> int:
    """Days or seconds from `start` to `end`, as the unit counts them; never negative."""
    if unit is Unit.WORKING_DAYS:
        return calendar.working_days_between(start.date(), end.date())
    if unit is Unit.WORKING_HOURS:
        return calendar.working_seconds_between(start, end)
    if unit is Unit.CALENDAR_DAYS:
        return max(0, (end.date() - start.date()).days)
    return max(0, int((end - start).total_seconds()))


def _used(
    start: datetime, now: datetime, pauses: Sequence[Pause], unit: Unit, calendar: Calendar
) -> int:
    stood = 0
    for low, high in _ordered(pauses):
        low, high = max(low, start), min(high or now, now)
        stood += _ticks(low, high, unit, calendar) if low < high else 0
    return max(0, _ticks(start, now, unit, calendar) - stood)


def _ordered(pauses: Sequence[Pause]) -> list[Pause]:
    """Pauses by Beijing time, those that overlap or touch joined into one."""
    joined: list[Pause] = []
    moments = ((beijing(low), beijing(high) if high else None) for low, high in pauses)
    for low, high in sorted(moments, key=lambda pause: pause[0]):
        if high is not None and high < low:
            raise ValueError("a pause cannot end before it begins")
        if not joined or (joined[-1][1] is not None and joined[-1][1] < low):
            joined.append((low, high))
        elif joined[-1][1] is not None:
            end = None if high is None else max(high, joined[-1][1])
            joined[-1] = (joined[-1][0], end)
    return joined


def _running_until(now: datetime, pauses: Sequence[Pause]) -> datetime:
    """`now`, or the moment the clock stopped when it still stands."""
    return min([beijing(now), *(low for low, high in _ordered(pauses) if high is None)])


def _closed(pauses: Sequence[Pause]) -> list[tuple[datetime, datetime]]:
    return [(low, high) for low, high in _ordered(pauses) if high is not None]


def _in_days(unit: Unit) -> bool:
    return unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)
