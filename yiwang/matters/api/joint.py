"""Joint handling, contacts and merging for other systems."""

from datetime import datetime
from typing import Annotated

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.matters import actions
from yiwang.matters.models import Event, Matter, Opinion, ServiceItem, Step
from yiwang.matters.reads import open_same
from yiwang.matters.rules import EventKind
from yiwang.residents.models import Resident

from .register import visible_matter
from .schemas import MatterOut, ReasonIn, StepOut
from .steps import _step

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class OpinionOut(Schema):
    """What a unit was asked on a step, and what it said."""

    id: int
    matter: str
    step: int = Field(alias="step_id")
    unit: int = Field(alias="unit_id")
    question: str
    asked_at: datetime
    due_at: datetime
    agreed: bool | None
    text: str
    given_at: datetime | None
    waived_at: datetime | None
    waived_reason: str

    @staticmethod
    def resolve_matter(opinion: Opinion) -> str:
        return opinion.matter.number


class ConsultIn(Schema):
    """Which unit is asked what, and in how many working days it answers."""

    unit: int
    question: str = Field(max_length=1000)
    days: int | None = Field(None, ge=1, le=30)


class OpinionIn(Schema):
    agreed: bool
    text: str = Field(max_length=1000)


class MatterContactIn(Schema):
    """How the applicant got in touch, and what was said."""

    channel: str = Field(pattern="^(window|web|phone|visit|kiosk|api)$")
    text: str = Field(max_length=1000)


class MatterContactOut(Schema):
    at: datetime
    channel: str
    text: str
    by: str
    unit_name: str

    @staticmethod
    def resolve_channel(event: Event) -> str:
        return str(event.facts.get("channel", ""))


class MergeIn(ReasonIn):
    """The number of the matter that ends in this one, and why."""

    other: str = Field(max_length=20)


@router.get("/opinions/", response=list[OpinionOut], summary="会办清单 Opinions asked of my unit")
@allowed("matters.view")
def opinion_list(
    request: StaffRequest, waiting: bool = True, limit: Limit = 25, start: Start = 0
) -> list[Opinion]:
    """The nearest limit first."""
    rows = Opinion.objects.visible_to(request.actor).filter(unit_id=request.actor.unit_id or 0)
    rows = rows.waiting() if waiting else rows
    return list(rows.select_related("matter")[start : start + limit])


@router.post("/opinions/{pk}", response=OpinionOut, summary="会办意见 Give an opinion")
@allowed("matters.handle")
def answer_opinion(request: StaffRequest, pk: int, body: OpinionIn) -> Opinion:
    rows = Opinion.objects.visible_to(request.actor).select_related("matter", "step")
    found = get_object_or_404(rows, pk=pk)
    return actions.give_opinion(found, agreed=body.agreed, text=body.text, by=request.actor)


@router.post(
    "/{number}/steps/{step}/consult", response={201: OpinionOut}, summary="请会办 Ask an opinion"
)
@allowed("matters.handle")
def consult(request: StaffRequest, number: str, step: int, body: ConsultIn) -> Status[Opinion]:
    unit = get_object_or_404(Unit.objects.visible_to(request.actor), pk=body.unit)
    found = _step(request, number, step)
    return Status(
        201,
        actions.ask_opinion(
            found, unit=unit, question=body.question, days=body.days, by=request.actor
        ),
    )


@router.post("/{number}/steps/{step}/waive", response=StepOut, summary="不再等会办 Go on without")
@allowed("matters.handle")
def waive(request: StaffRequest, number: str, step: int, body: ReasonIn) -> Step:
    found = _step(request, number, step)
    return actions.waive_opinions(found, reason=body.reason, by=request.actor)


@router.get("/{number}/opinions", response=list[OpinionOut], summary="会办意见 Opinions")
@allowed("matters.view")
def opinions_of(request: StaffRequest, number: str) -> list[Opinion]:
    return list(visible_matter(request, number).opinions.select_related("matter"))


@router.get("/{number}/contacts", response=list[MatterContactOut], summary="联系记录 Contacts")
@allowed("matters.view")
def contacts(request: StaffRequest, number: str) -> list[Event]:
    """The door it came in by and each contact since, the latest first."""
    kinds = [EventKind.ACCEPTED, EventKind.CONTACTED]
    return list(visible_matter(request, number).events.filter(kind__in=kinds))


@router.post("/{number}/contacts", response={201: MatterOut}, summary="记联系 Record a contact")
@allowed("matters.note")
def contact(request: StaffRequest, number: str, body: MatterContactIn) -> Status[Matter]:
    found = visible_matter(request, number)
    return Status(201, actions.record_contact(found, **body.dict(), by=request.actor))


@router.post("/{number}/merge", response=MatterOut, summary="合并 Merge")
@allowed("matters.merge")
def merge(request: StaffRequest, number: str, body: MergeIn) -> Matter:
    found, other = visible_matter(request, number), visible_matter(request, body.other)
    return actions.merge_matters(found, other=other, reason=body.reason, by=request.actor)


@router.post("/{number}/split", response=MatterOut, summary="撤销合并 Undo a merge")
@allowed("matters.merge")
def split(request: StaffRequest, number: str, body: ReasonIn) -> Matter:
    """The matter that was merged away stands again, within `matters.split_days`."""
    return actions.split_matters(
        visible_matter(request, number), reason=body.reason, by=request.actor
    )


@router.get("/open/", response=list[MatterOut], summary="还在办的同一件 Still open")
@allowed("matters.accept")
def still_open(request: StaffRequest, resident: int, item: str) -> list[Matter]:
    """Open matters of one person about one item that the caller sees: continue that one."""
    person = get_object_or_404(Resident.objects.searchable_by(request.actor), pk=resident)
    wanted = get_object_or_404(ServiceItem, code=item)
    seen = Matter.objects.visible_to(request.actor).values("pk")
    return list(open_same(person, [wanted]).filter(pk__in=seen).select_related("resident"))
