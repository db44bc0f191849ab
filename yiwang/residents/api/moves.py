"""Moves, births, deaths, absences, returns, registrations, and transfers between communities."""

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from ninja import Field, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.residents import actions
from yiwang.residents.models import Relation, Resident, Sex, Transfer

from .routing import (
    Limit,
    ResidentOut,
    place,
    router,
    visible_household,
    visible_resident,
    visible_transfer,
)


class MoveIn(Schema):
    """Where to (no division: out of the city) and when."""

    to: int | None = None
    on: date
    home_address: str = ""


class DeathIn(Schema):
    """The day of death, and who leads the household from then on."""

    on: date
    new_head: int | None = None


class BirthIn(Schema):
    """A newborn of a mother; without a name it is entered as 某某之子, 某某之女."""

    born_on: date
    sex: Sex
    name: str = ""
    identity_number: str = ""
    father: int | None = None


class ResidentReturnIn(Schema):
    """Who is back (`resident`), in which community."""

    resident: int
    division: int
    on: date
    home_address: str = ""


class AwayIn(Schema):
    """Gone for a time, or back."""

    away: bool
    on: date


class RegistrationIn(Schema):
    """Registered in a community of the city, or outside it in words."""

    division: int | None = None
    outside: str = ""
    book: str = ""
    relation: Relation | None = None
    since: date | None = None
    address: str = ""


class RegistrationOut(Schema):
    """Where somebody is registered."""

    resident_id: int
    division: int | None = Field(alias="division_id")
    outside: str
    book: str
    relation: str
    is_separate: bool


class TransferOut(Schema):
    """A transfer as both sides see it; people by number and masked name."""

    id: int
    origin: int = Field(alias="origin_id")
    destination: int = Field(alias="destination_id")
    asked: bool
    household: int | None = Field(alias="household_id")
    registration: bool
    state: str
    asked_on: date
    due_on: date
    moved_on: date | None
    reason: str
    answer: str
    people: list[dict[str, Any]]

    @staticmethod
    def resolve_people(transfer: Transfer) -> list[dict[str, Any]]:
        rows = transfer.people.select_related("resident")
        return [{"id": one.resident_id, "name": one.resident.masked_name} for one in rows]


class TransferAskIn(Schema):
    """Asked by the receiving community (`division`) for persons or a household."""

    division: int
    residents: list[int] = []
    household: int | None = None
    home_address: str = ""
    registration: bool = False
    reason: str = ""


class OfferIn(TransferAskIn):
    """Offered by the sending community (`division`) to another (`to`)."""

    to: int


class TransferAcceptIn(Schema):
    """The day the record moves."""

    on: date | None = None
    home_address: str = ""


class TransferReasonIn(Schema):
    """Why not."""

    reason: str


# ---------- transfers ----------


@router.get("/transfers", response=list[TransferOut], summary="迁移申请 Transfers")
@allowed("residents.view")
def transfers(
    request: StaffRequest, waiting: bool = False, before: int | None = None, limit: Limit = 25
) -> Any:
    """Newest first; `waiting` those the caller's area has to answer; `before` the last id seen."""
    rows = Transfer.objects.visible_to(request.actor)
    rows = rows.awaiting(request.actor) if waiting else rows
    return (rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:limit]


@router.post("/transfers/ask", response={201: TransferOut}, summary="申请迁入 Ask for a record")
@allowed("residents.change")
def ask(request: StaffRequest, body: TransferAskIn) -> Status[Transfer]:
    said = body.dict(exclude={"division", "residents", "household"})
    found = actions.ask_transfer(
        place(request, body.division), **_movers(request, body), **said, by=request.actor
    )
    return Status(201, found)


@router.post("/transfers/offer", response={201: TransferOut}, summary="提出迁出 Offer a record")
@allowed("residents.change")
def offer(request: StaffRequest, body: OfferIn) -> Status[Transfer]:
    said = body.dict(exclude={"division", "residents", "household", "to"})
    found = actions.offer_transfer(
        place(request, body.division), to=place(request, body.to), **_movers(request, body),
        **said, by=request.actor,
    )  # fmt: skip
    return Status(201, found)


def _movers(request: StaffRequest, body: TransferAskIn) -> dict[str, Any]:
    """Whom the caller may search: a receiving community does not see them yet."""
    people = Resident.objects.searchable_by(request.actor).live()
    if body.household is not None:
        member = people.filter(household=body.household).select_related("household").first()
        if member is None:
            return {"household": visible_household(request, body.household)}
        return {"household": member.household}
    return {"people": list(people.filter(pk__in=body.residents))}


@router.get("/transfers/{pk}", response=TransferOut, summary="一份申请 One transfer")
@allowed("residents.view")
def transfer(request: StaffRequest, pk: int) -> Transfer:
    return visible_transfer(request, pk)


@router.post("/transfers/{pk}/accept", response=TransferOut, summary="同意 Accept")
@allowed("residents.change")
def accept(request: StaffRequest, pk: int, body: TransferAcceptIn) -> Transfer:
    found = visible_transfer(request, pk)
    return actions.accept_transfer(found, **body.dict(), by=request.actor)


@router.post("/transfers/{pk}/refuse", response=TransferOut, summary="不同意 Refuse")
@allowed("residents.change")
def refuse(request: StaffRequest, pk: int, body: TransferReasonIn) -> Transfer:
    return actions.refuse_transfer(
        visible_transfer(request, pk), reason=body.reason, by=request.actor
    )


@router.post("/transfers/{pk}/withdraw", response=TransferOut, summary="撤回 Withdraw")
@allowed("residents.change")
def withdraw(request: StaffRequest, pk: int) -> Transfer:
    found = visible_transfer(request, pk)
    asking, other = found.destination, found.origin
    if not found.asked:
        asking, other = other, asking
    # Who sees it from the other side is told by the act that it is not theirs to take back.
    side = asking if request.actor.enter.holds(asking.pk) else other
    return actions.withdraw_transfer(side, transfer=found, by=request.actor)


# ---------- lives ----------


@router.post("/return", response=ResidentOut, summary="迁回 Return")
@allowed("residents.add")
def back(request: StaffRequest, body: ResidentReturnIn) -> Resident:
    found = Resident.objects.searchable_by(request.actor).not_withdrawn()
    person = get_object_or_404(found, pk=body.resident)
    return actions.return_resident(
        place(request, body.division), resident=person, on=body.on,
        home_address=body.home_address, by=request.actor,
    )  # fmt: skip


@router.post("/{pk}/move", response=ResidentOut, summary="迁移 Move")
@allowed("residents.change")
def move(request: StaffRequest, pk: int, body: MoveIn) -> Resident:
    """Out of the city, or between communities the caller keeps both; else offer a transfer."""
    to = place(request, body.to) if body.to else None
    person = visible_resident(request, pk)
    return actions.move_resident(
        person, to=to, on=body.on, home_address=body.home_address, by=request.actor
    )


@router.post("/{pk}/deceased", response=ResidentOut, summary="登记去世 Record a death")
@allowed("residents.change")
def deceased(request: StaffRequest, pk: int, body: DeathIn) -> Resident:
    heir = visible_resident(request, body.new_head) if body.new_head else None
    return actions.mark_deceased(
        visible_resident(request, pk), on=body.on, new_head=heir, by=request.actor
    )


@router.post("/{pk}/births", response={201: ResidentOut}, summary="登记出生 Register a birth")
@allowed("residents.add")
def birth(request: StaffRequest, pk: int, body: BirthIn) -> Status[Resident]:
    said = body.dict(exclude={"father"})
    father = visible_resident(request, body.father) if body.father else None
    mother = visible_resident(request, pk)
    return Status(201, actions.register_birth(mother, **said, father=father, by=request.actor))


@router.post("/{pk}/away", response=ResidentOut, summary="外出、返回 Away or back")
@allowed("residents.change")
def away(request: StaffRequest, pk: int, body: AwayIn) -> Resident:
    return actions.set_away(visible_resident(request, pk), **body.dict(), by=request.actor)


@router.put("/{pk}/registration", response=RegistrationOut, summary="户籍 Registration")
@allowed("residents.change")
def registration(request: StaffRequest, pk: int, body: RegistrationIn) -> Any:
    said = body.dict(exclude={"division", "relation"})
    division = place(request, body.division) if body.division else None
    return actions.record_registration(
        visible_resident(request, pk), division=division, relation=body.relation or "", **said,
        by=request.actor,
    )  # fmt: skip
