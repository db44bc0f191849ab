"""Booking a time at the window, and keeping it. One seat is never given twice (SVC-20)."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.models import Unit
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.notifications.models import Message
from yiwang.notifications.rules.kinds import Kind
from yiwang.queues.models import Appointment, BookingPlan, HallDay, Line, Ticket
from yiwang.queues.reads.booking import free_seat, missed_lately, slots_of
from yiwang.queues.rules.hall import Claim, claim_by_age, number_text
from yiwang.queues.rules.lines import lines_on_offer
from yiwang.queues.rules.slots import (
    BOOKED_LETTER,
    BY_ONESELF,
    Booking,
    Door,
    goes_at_its_time,
    is_missed,
)
from yiwang.residents.models import Resident
from yiwang.residents.reads import living

from .hall import _line, _must_be_open


@dataclass(frozen=True)
class Plan:
    """What is said of a hall's booking."""

    is_open: bool
    letters: Sequence[str]
    slot_minutes: int
    capacity: int
    days_ahead: int


@act("queues.open")
def set_booking(unit: Unit, *, plan: Plan, by: Any) -> BookingPlan:
    """Say what people may book at a hall. What is booked already stays as it is.

    Raises Refused: lines, slot_minutes, capacity, days_ahead.
    """
    chosen = sorted(set(plan.letters))
    if not chosen or set(chosen) - set(lines_on_offer()):
        text = _("请至少选一项业务。")
        raise Refused("lines", text, {"letters": text})
    for name, low, high in (
        ("slot_minutes", 5, 240), ("capacity", 1, 50), ("days_ahead", 1, 60),
    ):  # fmt: skip
        if not low <= getattr(plan, name) <= high:
            text = _("应为 %(low)s 至 %(high)s。") % {"low": low, "high": high}
            raise Refused(name, text, {name: text})
    made, _new = BookingPlan.objects.update_or_create(
        unit=unit,
        defaults={
            "division_id": unit.division_id, "is_open": plan.is_open, "letters": chosen,
            "slot_minutes": plan.slot_minutes, "capacity": plan.capacity,
            "days_ahead": plan.days_ahead,
        },
    )  # fmt: skip
    note(open=plan.is_open, lines=chosen, slot=plan.slot_minutes, capacity=plan.capacity)
    return made


@dataclass(frozen=True)
class Wish:
    """When and for what somebody wants to come; `about` a matter's number, `claim` why first."""

    letter: str
    starts_at: datetime
    door: str = Door.WINDOW
    claim: str = Claim.NONE
    about: str = ""


@act("queues.book")
def book_appointment(plan: BookingPlan, *, resident: Resident, wish: Wish, by: Any) -> Appointment:
    """Give a person a seat at a time, and tell her. The plan is locked while a seat is looked for.

    Raises Refused: closed, not_live, claim, has_one, missed_often, no_slot, full.
    """
    lock(plan)
    _must_be_welcome(plan, resident, wish)
    ends_at, seat = _seat(plan, wish.letter, wish.starts_at)
    known = _claim_of(plan, resident, wish.starts_at)
    made = Appointment.objects.create(
        number=_number(), division_id=plan.division_id, unit_id=plan.unit_id, letter=wish.letter,
        starts_at=wish.starts_at, ends_at=ends_at, seat=seat, resident=resident,
        claim=known or Claim(wish.claim), checked=bool(known), door=Door(wish.door),
        about=wish.about[:15],
    )  # fmt: skip
    _tell(made, Kind.BOOKED)
    note(number=made.number, at=made.when, door=made.door)
    return made


def _must_be_welcome(plan: BookingPlan, resident: Resident, wish: Wish) -> None:
    if not plan.is_open or wish.letter not in plan.letters:
        raise Refused("closed", _("这个大厅现在不开放这项业务的预约。"))
    if resident.pk not in living([resident.pk]):
        text = _("这位居民%(state)s，不能预约。") % {"state": resident.get_state_display()}
        raise Refused("not_live", text, {"resident": text})
    if wish.claim not in Claim.values:
        text = _("没有这种优先理由。")
        raise Refused("claim", text, {"claim": text})
    now = moment()
    ahead = Appointment.objects.ahead().filter(resident=resident, ends_at__gt=now)
    held = ahead.filter(unit_id=plan.unit_id, letter=wish.letter).first()
    held = held or ahead.filter(starts_at=wish.starts_at).first()
    if held:
        words = {"when": held.when, "number": held.number}
        raise Refused(
            "has_one", _("已经预约了 %(when)s（%(number)s），可以改期，不用再约一次。") % words
        )
    most = int(parameter("queues.missed_most", division=plan.division_id))
    if wish.door in BY_ONESELF and missed_lately(resident.pk, now) >= most:
        raise Refused("missed_often", _("近期多次预约没有到，请打电话或到窗口预约。"))


def _seat(plan: BookingPlan, letter: str, starts_at: datetime) -> tuple[datetime, int]:
    """The end of the slot and the seat in it."""
    on = timezone.localdate(starts_at)
    slots = {one.starts_at: one for one in slots_of(plan, letter, on, moment())}
    if starts_at not in slots:
        text = _("这个时间不能预约，请从列出的时间里选。")
        raise Refused("no_slot", text, {"starts_at": text})
    seat = free_seat(plan, letter, starts_at)
    if seat is None:
        text = _("这个时间刚刚约满，请换一个。")
        raise Refused("full", text, {"starts_at": text})
    return slots[starts_at].ends_at, seat


def _claim_of(plan: BookingPlan, resident: Resident, at: datetime) -> Claim:
    age = int(parameter("queues.priority_age", division=plan.division_id))
    return claim_by_age(resident.age(timezone.localdate(at)), age)


def _number() -> str:
    """Y and eight digits that nobody can guess from another number."""
    return f"{BOOKED_LETTER}{secrets.randbelow(10**8):08d}"


def _tell(appointment: Appointment, kind: Kind) -> None:
    """A row in the outbox, committed with the act."""
    line = appointment.line
    Message.objects.create(
        division_id=appointment.division_id, resident_id=appointment.resident_id,
        unit_id=appointment.unit_id, kind=kind, reference=f"appointment:{appointment.number}",
        facts={
            "item": line.name, "item_en": line.name_en, "unit": appointment.unit.name,
            "when": appointment.when, "code": appointment.number,
        },
    )  # fmt: skip


@act("queues.book")
def move_appointment(appointment: Appointment, *, starts_at: datetime, by: Any) -> Appointment:
    """Another time under the same number. Raises Refused: not_ahead, closed, no_slot, full."""
    plan = BookingPlan.objects.select_related("unit").filter(unit=appointment.unit_id).first()
    if plan is None:
        raise Refused("closed", _("这个大厅现在不开放这项业务的预约。"))
    lock(plan)
    lock(appointment)
    _must_be_ahead(appointment)
    before = appointment.when
    if starts_at == appointment.starts_at:
        return appointment
    clash = Appointment.objects.ahead().filter(
        resident_id=appointment.resident_id, starts_at=starts_at
    )
    if clash.exists():
        raise Refused("has_one", _("这个时间您在别处已有预约。"))
    ends_at, seat = _seat(plan, appointment.letter, starts_at)
    appointment.starts_at, appointment.ends_at, appointment.seat = starts_at, ends_at, seat
    appointment.reminded_at = None
    appointment.save()
    _tell(appointment, Kind.BOOKED)
    note(number=appointment.number, before=before, after=appointment.when)
    return appointment


@act("queues.book")
def cancel_appointment(appointment: Appointment, *, by: Any, reason: str = "") -> Appointment:
    """Give the seat back; the person is told. Raises Refused not_ahead."""
    lock(appointment)
    _must_be_ahead(appointment)
    appointment.state = Booking.CANCELLED
    appointment.cancelled_why = clean_text(reason)[:200]
    appointment.save()
    _tell(appointment, Kind.UNBOOKED)
    note(number=appointment.number)
    return appointment


def _must_be_ahead(appointment: Appointment) -> None:
    if appointment.state != Booking.BOOKED:
        state = appointment.get_state_display()
        raise Refused("not_ahead", _("这个预约现在是“%(state)s”。") % {"state": state})


@act("queues.take")
def check_in(appointment: Appointment, *, by: Any) -> Ticket:
    """The person is here: a number that is called at its time, or, too late, in its turn.

    Raises Refused: not_ahead, not_today, no_hall, closed, no_line.
    """
    now = moment()
    rows = HallDay.objects.filter(unit_id=appointment.unit_id, on=timezone.localdate(now))
    day = rows.select_related("unit").first()
    if timezone.localdate(appointment.starts_at) != timezone.localdate(now):
        raise Refused("not_today", _("预约的是 %(when)s。") % {"when": appointment.when})
    if day is None:
        raise Refused("no_hall", _("大厅今天还没有开厅，请先开厅。"))
    lock(day)
    lock(appointment)
    _must_be_ahead(appointment)
    _must_be_open(day)
    ticket = _booked_ticket(day, _line(day, appointment.letter), appointment, now)
    appointment.ticket, appointment.arrived_at = ticket, now
    appointment.state = Booking.ARRIVED
    appointment.save()
    note(number=ticket.number, appointment=appointment.number)
    return ticket


def _booked_ticket(day: HallDay, line: Line, appointment: Appointment, now: datetime) -> Ticket:
    day.drawn += 1
    day.booked_drawn += 1
    day.save(update_fields=["drawn", "booked_drawn", "updated_at"])
    late = int(parameter("queues.late_minutes", division=day.division_id))
    kept = goes_at_its_time(appointment.starts_at, now, late)
    return Ticket.objects.create(
        division_id=day.division_id, day=day, line=line,
        number=number_text(BOOKED_LETTER, day.booked_drawn), priority=bool(appointment.claim),
        claim=appointment.claim, checked=appointment.checked, resident=appointment.resident,
        place=Ticket.place_of(day.drawn), due_at=appointment.starts_at if kept else None,
        taken_at=now,
    )  # fmt: skip


@act("queues.keep")
def miss_appointment(appointment: Appointment, *, by: Any) -> Appointment:
    """Nobody came. Raises Refused: not_ahead, too_soon."""
    lock(appointment)
    _must_be_ahead(appointment)
    late = int(parameter("queues.late_minutes", division=appointment.division_id))
    if not is_missed(appointment.ends_at, moment(), late):
        raise Refused("too_soon", _("预约的时间还没有过。"))
    appointment.state = Booking.MISSED
    appointment.save()
    return appointment


@act("queues.keep")
def remind_of_appointment(appointment: Appointment, *, by: Any) -> Appointment:
    """Say once that the time is near. Raises Refused: not_ahead, reminded."""
    lock(appointment)
    _must_be_ahead(appointment)
    if appointment.reminded_at:
        raise Refused("reminded", _("已经提醒过一次。"))
    appointment.reminded_at = moment()
    appointment.save()
    _tell(appointment, Kind.REMIND_VISIT)
    return appointment


@act("queues.find")
def note_wrong_digits(appointment: Appointment, *, by: Any) -> Appointment:
    """Count wrong last digits; at the limit the number is locked for a while, as a matter is."""
    lock(appointment)
    appointment.failures += 1
    if appointment.failures >= int(parameter("matters.tracking_tries")):
        minutes = int(parameter("matters.tracking_lock"))
        appointment.locked_until = moment() + timedelta(minutes=minutes)
        appointment.failures = 0
    appointment.save(update_fields=["failures", "locked_until", "updated_at"])
    return appointment


@act("queues.find")
def forget_wrong_digits(appointment: Appointment, *, by: Any) -> Appointment:
    """A right answer makes earlier slips of the finger forgotten."""
    appointment.failures = 0
    appointment.save(update_fields=["failures", "updated_at"])
    return appointment
