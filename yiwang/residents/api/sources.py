"""What every source said, what is due, what is in dispute; deciding and taking back."""

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Schema

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.residents import actions
from yiwang.residents.models import Resident
from yiwang.residents.reads import Arrival, dictionary, dossier, due_people, trusted_order

from .routing import Limit, ResidentOut, router, visible_resident


class ToldOut(Schema):
    """One value as a source told it, masked; `effect` is empty for what was taken back."""

    code: str
    masked: str
    effect: str
    stands: bool
    rival: bool


class ArrivalOut(Schema):
    """One source record: who told what, when and why."""

    id: int
    nature: str
    source_kind: str
    source_label: str
    owner: str
    collected_on: date
    collected_by: str
    verified_on: date | None
    purpose: str
    reference: str
    reason: str
    undone: bool
    told: list[ToldOut]

    @classmethod
    def of(cls, one: Arrival) -> "ArrivalOut":
        record = one.record
        plain = ("nature", "source_kind", "source_label", "collected_on", "collected_by",
                 "verified_on", "purpose", "reference", "reason")  # fmt: skip
        told = [
            ToldOut(
                code=said.field.code,
                masked=said.masked,
                effect=said.effect,
                stands=said.stands,
                rival=said.rival,
            )
            for said in one.told
        ]
        facts = {name: getattr(record, name) for name in plain}
        return cls(id=record.pk, owner=one.owner, undone=one.undone, told=told, **facts)


class DisputedOut(ResidentOut):
    """One resident of whom sources differ, and the fields they differ in."""

    disputed: list[str]


class DueOut(ResidentOut):
    """One resident whose record is past its time."""

    fresh_until: date


class TrustOut(Schema):
    """Whom to believe about a field, the most trusted first; equals share a place."""

    code: str
    owner: str | None
    order: list[str | list[str]]


class RecordDecideIn(Schema):
    """The source record whose word on a field is to stand, and why."""

    field: str
    record: int
    reason: str


class UndoIn(Schema):
    """The record to take back: the last one, and one's own."""

    record: int


@router.get("/sources/disputes", response=list[DisputedOut], summary="来源不一致 Disputes")
@allowed("residents.view")
def disputes(request: StaffRequest, after: int = 0, limit: Limit = 25) -> Any:
    """Residents of whom sources differ and no rule decides, by number."""
    people = Resident.objects.visible_to(request.actor).in_dispute()
    return people.filter(pk__gt=after).order_by("pk")[:limit]


@router.get("/sources/due", response=list[DueOut], summary="到期待确认 Due")
@allowed("residents.view")
def due(request: StaffRequest, division: int | None = None, limit: Limit = 25) -> Any:
    """Residents whose record is past its time, in the order one walks."""
    return due_people(request.actor, timezone.localdate(), division=division)[:limit]


@router.get("/sources/trusted", response=list[TrustOut], summary="可信来源 Trusted sources")
@allowed("residents.view")
def trusted_sources(request: StaffRequest, on: date | None = None) -> list[dict[str, Any]]:
    """Whom to believe about each field of the register on a day, where the caller works."""
    day, place = on or timezone.localdate(), request.actor.division_id
    return [
        {"code": code, "owner": field.owner, "order": trusted_order(code, day, place)}
        for code, field in dictionary().items()
        if field.register
    ]


@router.get("/{pk}/records", response=list[ArrivalOut], summary="来源记录 Source records")
@allowed("residents.view")
def records(request: StaffRequest, pk: int, field: str = "") -> list[ArrivalOut]:
    """Every arrival about the person (about one field), newest first, masked."""
    found = dossier(visible_resident(request, pk), timezone.localdate())
    return [ArrivalOut.of(one) for one in found.arrivals(field)]


@router.post("/{pk}/decide", response=ResidentOut, summary="核定 Decide")
@allowed("residents.decide")
def decide(request: StaffRequest, pk: int, body: RecordDecideIn) -> Resident:
    return actions.decide_field(visible_resident(request, pk), **body.dict(), by=request.actor)


@router.post("/{pk}/undo", response=ResidentOut, summary="撤回本人录入 Take back")
@allowed("residents.confirm")
def undo_record(request: StaffRequest, pk: int, body: UndoIn) -> Resident:
    return actions.undo_record(visible_resident(request, pk), record=body.record, by=request.actor)
