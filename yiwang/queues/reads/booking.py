"""Which times are free, what is booked, and how long people waited with and without (SVC-20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Avg, Count, F, FloatField, Max, Q, QuerySet
from django.db.models.functions import Coalesce, Extract, ExtractHour, Greatest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from yiwang.accounts.models import Unit
from yiwang.accounts.rules.hours import kind_of_day
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import CalendarEnds, DayKind
from yiwang.divisions.rules import ancestors
from yiwang.queues.models import Appointment, BookingPlan, Ticket
from yiwang.queues.rules.lines import LineOnOffer, lines_on_offer
from yiwang.queues.rules.slots import Booking, slots_of_day

from .hall import Median


@dataclass(frozen=True)
class Slot:
    """A time of a line that may be booked, and how many may still do so."""

    starts_at: datetime
    ends_at: datetime
    free: int

    @property
    def value(self) -> str:
        """As a form carries it."""
        return timezone.localtime(self.starts_at).isoformat()

    @property
    def label(self) -> str:
        begin, end = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        return f"{begin:%H:%M}–{end:%H:%M}"


def lines_of(plan: BookingPlan) -> list[LineOnOffer]:
    """The lines a hall lets people book."""
    offered = lines_on_offer()
    return [offered[one] for one in sorted(plan.letters) if one in offered]


def plans_near(division: int) -> list[BookingPlan]:
    """Halls that may be booked by somebody of a place: of the place and of those above it."""
    places = [division, *ancestors(division)]
    rows = BookingPlan.objects.public().filter(division_id__in=places, is_open=True)
    return list(rows.select_related("unit").order_by("-division_id", "unit_id"))


def _kind(on: date) -> DayKind | None:
    try:
        return calendar().kind(on)
    except CalendarEnds:
        return None


def times_of(plan: BookingPlan, on: date) -> list[tuple[datetime, datetime]]:
    """The slots of a day by the hours of the unit, whoever has booked them."""
    spans = plan.unit.hours.get(kind_of_day(on, _kind(on)), [])
    return slots_of_day(spans, plan.slot_minutes, on, timezone.get_current_timezone())


def days_of(plan: BookingPlan, today: date) -> list[date]:
    """The days that may be booked now: open by hours and calendar, as far ahead as planned."""
    ahead = (today + timedelta(days=number) for number in range(plan.days_ahead + 1))
    return [day for day in ahead if times_of(plan, day)]


def slots_of(plan: BookingPlan, letter: str, on: date, now: datetime) -> list[Slot]:
    """The slots of a line on a day that have not begun, with the room left in each."""
    times = [one for one in times_of(plan, on) if one[0] > now]
    if not plan.is_open or letter not in plan.letters or on > _last_day(plan, now) or not times:
        return []
    rows = Appointment.objects.filter(
        unit_id=plan.unit_id, letter=letter, starts_at__range=(times[0][0], times[-1][0])
    ).exclude(state=Booking.CANCELLED)
    counted = rows.order_by().values_list("starts_at").annotate(taken=Count("pk"))
    taken: dict[datetime, int] = dict(counted)
    return [Slot(begin, end, max(0, plan.capacity - taken.get(begin, 0))) for begin, end in times]


def _last_day(plan: BookingPlan, now: datetime) -> date:
    return timezone.localdate(now) + timedelta(days=plan.days_ahead)


def free_seat(plan: BookingPlan, letter: str, starts_at: datetime) -> int | None:
    """The lowest seat nobody has; None when the slot is full."""
    rows = Appointment.objects.filter(unit_id=plan.unit_id, letter=letter, starts_at=starts_at)
    taken = set(rows.exclude(state=Booking.CANCELLED).values_list("seat", flat=True))
    return next((one for one in range(1, plan.capacity + 1) if one not in taken), None)


def taken_time(text: str) -> datetime:
    """The time somebody chose, as a page carries it. Raises Refused no_slot."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or timezone.is_naive(found):
        sentence = _("请选一个时间。")
        raise Refused("no_slot", sentence, {"starts_at": sentence})
    return found


def by_number(text: str) -> Appointment | None:
    """The appointment of a number as somebody typed it: spaces and small letters allowed."""
    plain = "".join(one for one in text.upper() if one.isascii() and one.isalnum())[:9]
    rows = Appointment.objects.select_related("unit", "resident", "division", "ticket")
    return rows.filter(number=plain).first()


_WAITED: Final = Extract(
    F("first_called_at") - Greatest(F("taken_at"), Coalesce("appointment__starts_at", "taken_at")),
    "epoch",
    output_field=FloatField(),
)
"""Seconds from the number, or from the time booked when that is later, to the first call."""
KEYS: Final = {
    "unit": ("day__unit_id", "day__unit__name", "day__unit__short_name"),
    "day": ("day__on",),
    "hour": ("hour",),
}


def _amounts(booked: bool) -> dict[str, Any]:
    kind = Q(appointment__isnull=not booked)
    called = kind & Q(first_called_at__isnull=False)
    name = "booked" if booked else "walked"
    return {
        name: Count("pk", filter=kind),
        f"{name}_median": Median(_WAITED, filter=called),
        f"{name}_mean": Avg(_WAITED, filter=called),
        f"{name}_longest": Max(_WAITED, filter=called),
    }


def waits_by(rows: QuerySet[Ticket], by: Sequence[str]) -> Any:
    """Numbers and waits in seconds, with and without appointment, by any of unit, day and hour."""
    keys = [key for one in by for key in KEYS[one]]
    found = rows.order_by().annotate(hour=ExtractHour("taken_at")).values(*keys)
    return found.annotate(**_amounts(True), **_amounts(False)).order_by(*keys)


def missed_lately(resident: int, now: datetime) -> int:
    """How often somebody did not come lately."""
    since = now - timedelta(days=int(parameter("queues.missed_days")))
    rows = Appointment.objects.filter(resident_id=resident, state=Booking.MISSED)
    return rows.filter(starts_at__gte=since).count()


def plan_of(unit: Unit) -> BookingPlan | None:
    """What a hall lets people book."""
    return BookingPlan.objects.select_related("unit").filter(unit=unit).first()


@dataclass(frozen=True)
class Choosing:
    """A line and a day somebody looks at, with what else there is and the times of that day."""

    plan: BookingPlan
    lines: list[LineOnOffer]
    letter: str
    days: list[date]
    on: date | None
    slots: list[Slot]

    @property
    def line(self) -> LineOnOffer | None:
        return lines_on_offer().get(self.letter)

    @property
    def any_free(self) -> bool:
        return any(one.free for one in self.slots)


def choosing(plan: BookingPlan, letter: str, on: str, now: datetime) -> Choosing:
    """What the chooser shows; a line or day that is not offered gives the first that is."""
    lines, days = lines_of(plan), days_of(plan, timezone.localdate(now))
    letters = [one.letter for one in lines]
    taken = letter if letter in letters else next(iter(letters), "")
    by_text = {one.isoformat(): one for one in days}
    day = by_text.get(on) or next(iter(days), None)
    slots = slots_of(plan, taken, day, now) if day and taken else []
    return Choosing(plan, lines, taken, days, day, slots)
