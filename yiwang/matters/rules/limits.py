"""The clock of a matter: when it is due, when it turns amber (SVC-23; rulebook SV-1 to SV-4)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import ngettext

from yiwang.core.rules.calendar import Calendar, Unit, deadline


@dataclass(frozen=True)
class Limit:
    """A period: an amount of working days, working hours or calendar days."""

    amount: int
    unit: Unit

    @classmethod
    def of(cls, raw: dict[str, object]) -> "Limit":
        return cls(int(str(raw["amount"])), Unit(str(raw["unit"])))


@dataclass(frozen=True)
class Clock:
    """The two moments a deadline needs in lists: when it turns amber and when it is over."""

    amber_at: datetime
    due_at: datetime


def clock(start: datetime, limit: Limit, amber_percent: int, calendar: Calendar) -> Clock:
    """Start the clock of a limit.

    A step of 5 days is amber on its day 4: the day on which the share (80 %) is reached counts
    from its beginning. Limits in hours turn amber at the share of the hours, rounded down.
    """
    due = deadline(start, limit.amount, limit.unit, calendar)
    reached = limit.amount * amber_percent
    in_days = limit.unit in {Unit.WORKING_DAYS, Unit.CALENDAR_DAYS}
    until_amber = -(-reached // 100) - 1 if in_days else reached // 100
    amber = deadline(start, until_amber, limit.unit, calendar) if until_amber > 0 else start
    return Clock(min(amber, due), due)


def limit_words(limit: Limit | None) -> str:
    """A period as people say it: 10 个工作日, 2 小时."""
    if limit is None:
        return ""
    amount = limit.amount
    return {
        Unit.WORKING_DAYS: ngettext("%(n)s 个工作日", "%(n)s 个工作日", amount),
        Unit.CALENDAR_DAYS: ngettext("%(n)s 天", "%(n)s 天", amount),
        Unit.WORKING_HOURS: ngettext("%(n)s 个工作小时", "%(n)s 个工作小时", amount),
    }.get(limit.unit, ngettext("%(n)s 小时", "%(n)s 小时", amount)) % {"n": amount}
