"""Appointments for other systems: telephone exchanges, city portals, displays."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.queues import actions
from yiwang.queues.actions.booking import Plan, Wish
from yiwang.queues.models import Appointment, BookingPlan, Ticket
from yiwang.queues.reads.booking import days_of, slots_of, waits_by
from yiwang.queues.reads.files import ICS, ics_of
from yiwang.queues.rules.hall import Claim
from yiwang.queues.rules.slots import Booking, Door
from yiwang.residents.models import Resident

router = Router()
Limit = Annotated[int, Field(ge=1, le=200)]


class BookingPlanIn(Schema):
    """What a hall lets people book."""

    is_open: bool = True
    letters: list[str]
    slot_minutes: int = 30
    capacity: int = 2
    days_ahead: int = 14


class BookingPlanOut(BookingPlanIn):
    unit: int = Field(alias="unit_id")
    division: int = Field(alias="division_id")


class SlotOut(Schema):
    """A time that may be booked, and how many may still do so."""

    starts_at: datetime
    ends_at: datetime
    free: int


class AppointmentOut(Schema):
    """One appointment, the person masked."""

    number: str
    unit: int = Field(alias="unit_id")
    letter: str
    starts_at: datetime
    ends_at: datetime
    resident: str
    claim: str
    door: str
    state: str
    ticket: str | None
    arrived_at: datetime | None

    @staticmethod
    def resolve_resident(one: Appointment) -> str:
        return one.resident.masked_name

    @staticmethod
    def resolve_ticket(one: Appointment) -> str | None:
        return one.ticket.number if one.ticket else None


class BookIn(Schema):
    """A person, a hall, a line and one of the free times."""

    unit: int
    resident: int
    letter: str
    starts_at: datetime
    claim: Claim = Claim.NONE


class AppointmentMoveIn(Schema):
    starts_at: datetime


class AppointmentCancelIn(Schema):
    reason: str = Field("", max_length=200)


class WaitRowOut(Schema):
    """Numbers and waits in seconds, without (walked) and with appointment (booked)."""

    unit: int | None = Field(None, alias="day__unit_id")
    day: date | None = Field(None, alias="day__on")
    hour: int | None = None
    walked: int
    walked_median: float | None
    walked_mean: float | None
    walked_longest: float | None
    booked: int
    booked_median: float | None
    booked_mean: float | None
    booked_longest: float | None


@router.get("/plans", response=list[BookingPlanOut], auth=None, summary="预约安排 Booking plans")
def booking_plans(request: StaffRequest, unit: int | None = None) -> Any:
    """Public: which halls may be booked, for what."""
    rows = BookingPlan.objects.public().filter(is_open=True)
    return rows.filter(unit_id=unit) if unit else rows[:1000]


@router.put("/plans/{unit}", response=BookingPlanOut, summary="设置预约 Set a booking plan")
@allowed("queues.open")
def set_plan(request: StaffRequest, unit: int, body: BookingPlanIn) -> BookingPlan:
    found = get_object_or_404(Unit.objects.visible_to(request.actor).open(), pk=unit)
    return actions.set_booking(found, plan=Plan(**body.dict()), by=request.actor)


def _plan(unit: int) -> BookingPlan:
    rows = BookingPlan.objects.public().filter(is_open=True).select_related("unit")
    return get_object_or_404(rows, unit_id=unit)


@router.get("/plans/{unit}/days", response=list[date], auth=None, summary="可约日期 Days")
def booking_days(request: StaffRequest, unit: int) -> list[date]:
    return days_of(_plan(unit), timezone.localdate())


@router.get("/plans/{unit}/slots", response=list[SlotOut], auth=None, summary="可约时间 Slots")
def booking_slots(request: StaffRequest, unit: int, letter: str, on: date) -> Any:
    return slots_of(_plan(unit), letter, on, timezone.now())


@router.get("/waits", response=list[WaitRowOut], summary="等候时间 Waits")
@allowed("queues.view")
def waits(
    request: StaffRequest,
    by: Literal["hour", "day", "unit", "unit-day", "unit-day-hour"] = "hour",
    since: date | None = None,
    until: date | None = None,
    limit: Limit = 200,
) -> Any:
    """Added up by hour of the day, by day, by hall, or by them together."""
    rows = Ticket.objects.visible_to(request.actor)
    rows = rows.filter(day__on__gte=since) if since else rows
    rows = rows.filter(day__on__lte=until) if until else rows
    return waits_by(rows, by.split("-"))[:limit]


@router.get("/appointments", response=list[AppointmentOut], summary="预约 Appointments")
@allowed("queues.view")
def appointments(
    request: StaffRequest,
    on: date | None = None,
    state: Booking | None = None,
    after: int = 0,
    limit: Limit = 100,
) -> Any:
    """In the order of their times; `after` how many to pass over."""
    rows = Appointment.objects.visible_to(request.actor).select_related("resident", "ticket")
    rows = rows.filter(starts_at__date=on) if on else rows
    rows = rows.filter(state=state) if state else rows
    return rows[after : after + limit]


@router.post("/appointments", response={201: AppointmentOut}, summary="预约 Book")
@allowed("queues.book")
def book(request: StaffRequest, body: BookIn) -> Status[Appointment]:
    """Send `Idempotency-Key`: the same key twice is the same appointment once."""
    plans = BookingPlan.objects.visible_to(request.actor).select_related("unit")
    plan = get_object_or_404(plans, unit_id=body.unit)
    people = Resident.objects.searchable_by(request.actor).live()
    person = get_object_or_404(people, pk=body.resident)
    wish = Wish(body.letter, body.starts_at, Door.API, body.claim)
    return Status(201, actions.book_appointment(plan, resident=person, wish=wish, by=request.actor))


def _found(request: StaffRequest, number: str) -> Appointment:
    rows = Appointment.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("unit", "resident", "ticket"), number=number)


@router.get("/appointments/{number}", response=AppointmentOut, summary="一个预约 One appointment")
@allowed("queues.view")
def one_appointment(request: StaffRequest, number: str) -> Appointment:
    return _found(request, number)


@router.get("/appointments/{number}/calendar", response=str, summary="日历文件 iCalendar")
@allowed("queues.view")
def appointment_calendar(request: StaffRequest, number: str) -> HttpResponse:
    return HttpResponse(ics_of(_found(request, number)), content_type=ICS)


@router.post("/appointments/{number}/move", response=AppointmentOut, summary="改期 Move")
@allowed("queues.book")
def move(request: StaffRequest, number: str, body: AppointmentMoveIn) -> Appointment:
    found = _found(request, number)
    return actions.move_appointment(found, starts_at=body.starts_at, by=request.actor)


@router.post("/appointments/{number}/cancel", response=AppointmentOut, summary="取消 Cancel")
@allowed("queues.book")
def cancel(request: StaffRequest, number: str, body: AppointmentCancelIn) -> Appointment:
    return actions.cancel_appointment(_found(request, number), reason=body.reason, by=request.actor)


@router.post("/appointments/{number}/arrive", response=AppointmentOut, summary="签到 Check in")
@allowed("queues.take")
def arrive(request: StaffRequest, number: str) -> Appointment:
    """Gives the appointment with its queue number."""
    found = _found(request, number)
    actions.check_in(found, by=request.actor)
    return found
