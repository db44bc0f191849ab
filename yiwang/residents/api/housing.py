"""Dwellings, buildings, groups, addresses to be looked at, and people registered elsewhere."""

from datetime import date
from typing import Any, Literal

from django.shortcuts import get_object_or_404
from ninja import Field, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.residents import actions
from yiwang.residents.models import AddressQuestion, Dwelling, Group, Resident
from yiwang.residents.reads import gazetteer
from yiwang.residents.reads.separation import (
    living_here_registered_elsewhere,
    registered_here_living_elsewhere,
)
from yiwang.residents.rules.gazetteer import read_address

from .routing import (
    Limit,
    ResidentOut,
    place,
    router,
    visible_dwelling,
    visible_group,
)


class DwellingOut(Schema):
    """A place to live; the address masked, its room left out."""

    id: int
    division: int = Field(alias="division_id")
    address: str = Field(alias="masked_address")
    estate: str
    building: str
    unit: str
    kind: str
    group: int | None = Field(alias="group_id")


class DwellingIn(Schema):
    """A new place to live."""

    division: int
    address: str
    kind: Dwelling.Kind | Literal[""] = ""
    group: int | None = None


class DwellingChangeIn(Schema):
    """How it is used, and to which group it belongs (0 for none)."""

    kind: Dwelling.Kind | Literal[""] | None = None
    group: int | None = None


class BuildingIn(Schema):
    """All rooms of a building at once."""

    division: int
    place: str
    building: str
    units: int = 1
    floors: int = 1
    rooms: int = 1
    group: int | None = None


class GroupOut(Schema):
    """A grid or group."""

    id: int
    division: int = Field(alias="division_id")
    parent: int | None = Field(alias="parent_id")
    name: str
    kind: str
    leader_name: str
    starts_on: date
    ended_on: date | None


class GroupIn(Schema):
    """A new grid or group."""

    division: int
    name: str
    kind: Group.Kind = Group.Kind.GRID
    parent: int | None = None
    leader_name: str = ""


class GroupChangeIn(Schema):
    """What is given is changed, the rest stays."""

    name: str | None = None
    kind: Group.Kind | None = None
    leader_name: str | None = None


class ParentIn(Schema):
    """The group above, or none."""

    parent: int | None = None


class MergeGroupIn(Schema):
    """Into which group, from which day."""

    into: int
    on: date


class GroupEndIn(Schema):
    """From which day."""

    on: date


class GroupAssignIn(Schema):
    """Dwellings into the group."""

    dwellings: list[int]


class Count(Schema):
    """How many were concerned."""

    count: int


class AddressIn(Schema):
    """A text to be read, and the community it belongs to if that is known."""

    text: str
    division: int | None = None


class AddressOut(Schema):
    """An address told apart; `doubt` says why a person has to look."""

    text: str
    places: list[int]
    parts: dict[str, str]
    rest: str
    doubt: str


class QuestionOut(Schema):
    """An address that needs a person's eye."""

    id: int
    division: int = Field(alias="division_id")
    dwelling: int = Field(alias="dwelling_id")
    topic: str
    suggestion: dict[str, Any]
    state: str


class PartsIn(Schema):
    """The parts of an address as a person reads them."""

    road: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""


# ---------- dwellings ----------


@router.get("/dwellings", response=list[DwellingOut], summary="住所 Dwellings")
@allowed("residents.view")
def dwellings(
    request: StaffRequest,
    group: int | None = None,
    kind: str | None = None,
    after: int = 0,
    limit: Limit = 25,
) -> Any:
    """Of the caller's area, by id; `after` the last id seen."""
    rows = Dwelling.objects.visible_to(request.actor).filter(pk__gt=after)
    if group is not None:
        rows = rows.filter(group__path__startswith=visible_group(request, group).path)
    return (rows if kind is None else rows.filter(kind=kind)).order_by("pk")[:limit]


@router.post("/dwellings", response={201: DwellingOut}, summary="登记住所 New dwelling")
@allowed("residents.change")
def dwelling_new(request: StaffRequest, body: DwellingIn) -> Status[Dwelling]:
    group = visible_group(request, body.group) if body.group else None
    where = place(request, body.division)
    made = actions.add_dwelling(
        where, address=body.address, kind=body.kind, group=group, by=request.actor
    )
    return Status(201, made)


@router.post("/buildings", response=Count, summary="整幢登记 A whole building")
@allowed("residents.change")
def building_new(request: StaffRequest, body: BuildingIn) -> dict[str, int]:
    said = body.dict(exclude={"division", "group"})
    group = visible_group(request, body.group) if body.group else None
    where = place(request, body.division)
    return {"count": actions.add_building(where, **said, group=group, by=request.actor)}


@router.get("/dwellings/{pk}", response=DwellingOut, summary="一处住所 One dwelling")
@allowed("residents.view")
def dwelling(request: StaffRequest, pk: int) -> Dwelling:
    return visible_dwelling(request, pk)


@router.patch("/dwellings/{pk}", response=DwellingOut, summary="房屋情况 Use and group")
@allowed("residents.change")
def dwelling_change(request: StaffRequest, pk: int, body: DwellingChangeIn) -> Dwelling:
    group = visible_group(request, body.group) if body.group else None
    return actions.describe_dwelling(
        visible_dwelling(request, pk), kind=body.kind, group=group, ungroup=body.group == 0,
        by=request.actor,
    )  # fmt: skip


@router.post("/dwellings/{pk}/merge/{into}", response=DwellingOut, summary="并为一处 Merge")
@allowed("residents.change")
def dwelling_merge(request: StaffRequest, pk: int, into: int) -> Dwelling:
    kept = visible_dwelling(request, into)
    return actions.merge_dwellings(visible_dwelling(request, pk), into=kept, by=request.actor)


# ---------- groups ----------


@router.get("/groups", response=list[GroupOut], summary="网格和小组 Groups")
@allowed("residents.view")
def groups(request: StaffRequest, division: int, ended: bool = False) -> Any:
    """The tree of a community in order."""
    rows = Group.objects.visible_to(request.actor).filter(division_id=division)
    return (rows if ended else rows.current()).order_by("path")


@router.post("/groups", response={201: GroupOut}, summary="新建 New group")
@allowed("residents.change")
def group_new(request: StaffRequest, body: GroupIn) -> Status[Group]:
    parent = visible_group(request, body.parent) if body.parent else None
    said = body.dict(exclude={"division", "parent"})
    where = place(request, body.division)
    return Status(201, actions.add_group(where, **said, parent=parent, by=request.actor))


@router.get("/groups/{pk}", response=GroupOut, summary="一个小组 One group")
@allowed("residents.view")
def group(request: StaffRequest, pk: int) -> Group:
    return visible_group(request, pk)


@router.patch("/groups/{pk}", response=GroupOut, summary="修改 Change a group")
@allowed("residents.change")
def group_change(request: StaffRequest, pk: int, body: GroupChangeIn) -> Group:
    return actions.change_group(visible_group(request, pk), **body.dict(), by=request.actor)


@router.post("/groups/{pk}/move", response=GroupOut, summary="移动 Move in the tree")
@allowed("residents.change")
def group_move(request: StaffRequest, pk: int, body: ParentIn) -> Group:
    parent = visible_group(request, body.parent) if body.parent else None
    return actions.move_group(visible_group(request, pk), parent=parent, by=request.actor)


@router.post("/groups/{pk}/merge", response=GroupOut, summary="合并 Merge")
@allowed("residents.change")
def group_merge(request: StaffRequest, pk: int, body: MergeGroupIn) -> Group:
    into = visible_group(request, body.into)
    return actions.merge_groups(visible_group(request, pk), into=into, on=body.on, by=request.actor)


@router.post("/groups/{pk}/end", response=GroupOut, summary="撤销 End")
@allowed("residents.change")
def group_end(request: StaffRequest, pk: int, body: GroupEndIn) -> Group:
    return actions.end_group(visible_group(request, pk), on=body.on, by=request.actor)


@router.post("/groups/{pk}/dwellings", response=Count, summary="编组 Assign dwellings")
@allowed("residents.change")
def group_assign(request: StaffRequest, pk: int, body: GroupAssignIn) -> dict[str, int]:
    found = visible_group(request, pk)
    rows = Dwelling.objects.visible_to(request.actor).filter(pk__in=body.dwellings)
    moved = actions.assign_group(found.division, group=found, dwellings=rows, by=request.actor)
    return {"count": moved}


# ---------- addresses ----------


@router.post("/addresses", response=AddressOut, summary="拆分地址 Read an address")
@allowed("residents.view")
def address_read(request: StaffRequest, body: AddressIn) -> dict[str, Any]:
    """Read against today's places and the names of former years; nothing is kept."""
    found = read_address(body.text[:500], gazetteer(), body.division)
    return {
        "text": found.text, "places": list(found.places), "parts": found.parts.columns(),
        "rest": found.parts.rest, "doubt": found.doubt or "",
    }  # fmt: skip


@router.get("/addresses", response=list[QuestionOut], summary="待核对地址 Addresses to look at")
@allowed("residents.view")
def questions(request: StaffRequest, after: int = 0, limit: Limit = 25) -> Any:
    rows = AddressQuestion.objects.visible_to(request.actor).filter(state="open", pk__gt=after)
    return rows.order_by("pk")[:limit]


@router.post("/addresses/{pk}", response=QuestionOut, summary="核对 Settle an address")
@allowed("residents.change")
def settle(request: StaffRequest, pk: int, body: PartsIn) -> AddressQuestion:
    rows = AddressQuestion.objects.visible_to(request.actor).select_related("dwelling")
    question = get_object_or_404(rows, pk=pk)
    return actions.settle_address(question, parts=body.dict(), by=request.actor)


# ---------- registered elsewhere ----------


@router.get("/separation", response=list[ResidentOut], summary="人户分离 Separation")
@allowed("residents.view")
def separation(
    request: StaffRequest, side: Literal["out", "in"] = "out", after: int = 0, limit: Limit = 25
) -> list[Resident]:
    """`out`: registered in the caller's area and living elsewhere; `in`: the other way round."""
    read = registered_here_living_elsewhere if side == "out" else living_here_registered_elsewhere
    return list(read(request.actor.see).filter(pk__gt=after).order_by("pk")[:limit])
