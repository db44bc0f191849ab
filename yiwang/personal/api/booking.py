"""The resident's own appointments, at /api/v1/personal/mine/appointments."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from yiwang.accounts.actor import Actor
from yiwang.personal.http import ResidentCookie, who
from yiwang.personal.models import Scope
from yiwang.queues.actions import book_appointment, cancel_appointment, move_appointment
from yiwang.queues.actions.booking import Wish
from yiwang.queues.models import Appointment
from yiwang.queues.reads.booking import plans_near
from yiwang.queues.rules.hall import Claim
from yiwang.queues.rules.slots import Door

router = Router(tags=["个人信息"], auth=ResidentCookie(csrf=True))
MOST = 200


class OwnAppointmentOut(Schema):
    """One appointment of mine."""

    number: str
    unit: str
    letter: str
    starts_at: datetime
    ends_at: datetime
    claim: str
    state: str

    @staticmethod
    def resolve_unit(one: Appointment) -> str:
        return one.unit.label


class OwnBookIn(Schema):
    """A hall near me, a line and one of its free times (queues/plans/{unit}/slots)."""

    unit: int
    letter: str
    starts_at: datetime
    claim: Claim = Claim.NONE


class OwnMoveIn(Schema):
    starts_at: datetime


def _by(label: str) -> Actor:
    return Actor.public("queues.book", label=label)


@router.get("/appointments", response=list[OwnAppointmentOut], summary="我的预约 My appointments")
def own_appointments(request: HttpRequest) -> Any:
    """The newest 200."""
    _holder, person, _actor = who(request, Scope.BOOK)
    rows = Appointment.objects.for_holder(person).select_related("unit")
    return rows.order_by("-starts_at")[:MOST]


@router.post("/appointments", response={201: OwnAppointmentOut}, summary="预约 Book")
def own_book(request: HttpRequest, body: OwnBookIn) -> Status[Appointment]:
    _holder, person, actor = who(request, Scope.BOOK)
    plan = next((one for one in plans_near(person.division_id) if one.unit_id == body.unit), None)
    if plan is None:
        raise Http404
    wish = Wish(body.letter, body.starts_at, Door.ACCOUNT, body.claim)
    made = book_appointment(plan, resident=person, wish=wish, by=_by(actor.label))
    return Status(201, made)


def _mine(request: HttpRequest, number: str) -> tuple[Appointment, Actor]:
    _holder, person, actor = who(request, Scope.BOOK)
    rows = Appointment.objects.for_holder(person).select_related("unit", "resident")
    return get_object_or_404(rows, number=number), _by(actor.label)


@router.post("/appointments/{number}/move", response=OwnAppointmentOut, summary="改期 Move")
def own_move(request: HttpRequest, number: str, body: OwnMoveIn) -> Appointment:
    found, by = _mine(request, number)
    return move_appointment(found, starts_at=body.starts_at, by=by)


@router.post("/appointments/{number}/cancel", response=OwnAppointmentOut, summary="取消 Cancel")
def own_cancel(request: HttpRequest, number: str) -> Appointment:
    found, by = _mine(request, number)
    return cancel_appointment(found, by=by)
