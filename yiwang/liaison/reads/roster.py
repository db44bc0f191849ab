"""Who is on duty now, the days of a roster with their gaps, and a roster as a calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from yiwang.accounts.models import Unit
from yiwang.core.reads import calendar
from yiwang.liaison.models import Duty
from yiwang.liaison.rules.roster import Span, uncovered

from .logs import is_working_day

STAMP = "%Y%m%dT%H%M%SZ"


def on_duty_now(unit: Unit, now: datetime) -> Duty | None:
    """The shift that runs in a unit; None when nobody is on duty. Other apps ask this."""
    rows = Duty.objects.on(now).filter(unit=unit)
    return rows.select_related("post__user", "deputy__user").first()


@dataclass(frozen=True)
class RosterDay:
    """One day of a roster: its shifts, the hours nobody covers, and what holiday it is."""

    on: date
    working: bool
    holiday: str
    shifts: list[Duty]
    gaps: list[Span]


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def roster(unit: Unit, first: date, days: int) -> list[RosterDay]:
    """The days of a unit's roster from a day on; working hours are those of the calendar."""
    since, until = _at(first, time.min), _at(first + timedelta(days=days), time.min)
    rows = Duty.objects.between(since, until).filter(unit=unit)
    shifts = list(rows.select_related("post__user", "deputy__user", "absent__user"))
    return [_day(first + timedelta(days=at), shifts) for at in range(days)]


def _day(day: date, shifts: list[Duty]) -> RosterDay:
    working, law = is_working_day(day), calendar()
    here = [one for one in shifts if timezone.localdate(one.starts_at) == day]
    hours = law.hours if working else ()
    wanted = [(_at(day, low), _at(day, high)) for low, high in hours]
    gaps = uncovered(wanted, [(one.starts_at, one.ends_at) for one in shifts])
    holiday = law.name(day) if law.first <= day <= law.ends_on else ""
    return RosterDay(day, working, holiday, here, gaps)


def calendar_file(unit: Unit, shifts: Iterable[Duty]) -> str:
    """Shifts as iCalendar (RFC 5545)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Yiwang//Roster//ZH"]
    for one in shifts:
        lines += [
            "BEGIN:VEVENT", f"UID:duty-{one.pk}@yiwang", f"DTSTAMP:{_stamp(one.updated_at)}",
            f"DTSTART:{_stamp(one.starts_at)}", f"DTEND:{_stamp(one.ends_at)}",
            f"SUMMARY:{_text(f'{unit.name} {one.post.user}')}", "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


def _stamp(moment: datetime) -> str:
    return moment.astimezone(timezone.get_fixed_timezone(0)).strftime(STAMP)


def _text(words: str) -> str:
    for sign in ("\\", ";", ","):
        words = words.replace(sign, "\\" + sign)
    return words.replace("\n", " ")
