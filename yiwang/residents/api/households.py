"""Households: listed, entered, changed; head, split, merger and their undoing."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Field, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.rules.chinese import clean_text
from yiwang.residents import actions
from yiwang.residents.models import Household, HouseholdChange, Relation, Resident

from .routing import Limit, place, router, visible_household, visible_resident


class HouseholdOut(Schema):
    """One household; the address masked."""

    id: int
    division: int = Field(alias="division_id")
    number: str
    kind: str
    head: int | None = Field(alias="head_id")
    dwelling: int | None = Field(alias="dwelling_id")
    ended_on: date | None


class MemberOut(Schema):
    """A member, masked."""

    id: int
    name: str = Field(alias="masked_name")
    relation: str


class HouseholdChangeOut(Schema):
    """Something that happened to a household."""

    id: int
    household: int = Field(alias="household_id")
    other: int | None = Field(alias="other_id")
    kind: str
    on: date
    undoes: int | None = Field(alias="undoes_id")


class HouseholdDetail(HouseholdOut):
    """One household with its members and history."""

    members: list[MemberOut]
    changes: list[HouseholdChangeOut]

    @staticmethod
    def resolve_members(home: Household) -> list[Resident]:
        return list(home.members.filter(state="live").order_by("birth_year", "pk"))

    @staticmethod
    def resolve_changes(home: Household) -> list[HouseholdChange]:
        return list(home.changes.all()[:100])


class Homes(Schema):
    """Some households, and the cursor of the next page."""

    households: list[HouseholdOut]
    next: str | None


class HouseholdSearchIn(Schema):
    """The number of a household book; `after` is the `next` of the page before."""

    number: str = Field(min_length=1, max_length=40)
    after: int | None = None
    limit: Limit = 25


class HouseholdIn(Schema):
    """A new household."""

    division: int
    number: str
    address: str = ""
    kind: Household.Kind = Household.Kind.FAMILY
    head: int | None = None


class HouseholdChangeIn(Schema):
    """What is given is changed, the rest stays."""

    number: str | None = None
    address: str | None = None
    kind: Household.Kind | None = None


class MemberIn(Schema):
    """Somebody into the household."""

    resident: int
    relation: Relation


class HeadIn(Schema):
    """The head from a day on."""

    resident: int
    on: date | None = None


class SplitIn(Schema):
    """Who begins a household of their own, led by whom."""

    residents: list[int]
    head: int
    number: str = ""
    address: str = ""
    on: date | None = None


class MergeHouseholdsIn(Schema):
    """Into which household."""

    into: int
    on: date | None = None


@router.get("/households", response=Homes, summary="家庭列表 Households")
@allowed("residents.view")
def households(
    request: StaffRequest, after: int | None = None, limit: Limit = 25
) -> dict[str, Any]:
    """Households of the caller's area that have not ended, by id."""
    return _page(_running(request), after, limit)


@router.post("/households/search", response=Homes, summary="查找家庭 Find a household")
@allowed("residents.view")
def households_search(request: StaffRequest, body: HouseholdSearchIn) -> dict[str, Any]:
    """By the number of the household book, which stands in no address."""
    return _page(_running(request).filter(number=clean_text(body.number)), body.after, body.limit)


def _running(request: StaffRequest) -> QuerySet[Household]:
    return Household.objects.visible_to(request.actor).filter(ended_on__isnull=True)


def _page(rows: QuerySet[Household], after: int | None, limit: int) -> dict[str, Any]:
    page = list(rows.filter(pk__gt=after or 0).order_by("pk")[: limit + 1])
    more = str(page[limit - 1].pk) if len(page) > limit else None
    return {"households": page[:limit], "next": more}


@router.post("/households", response={201: HouseholdOut}, summary="新建家庭 New household")
@allowed("residents.change")
def household_new(request: StaffRequest, body: HouseholdIn) -> Status[Household]:
    head = visible_resident(request, body.head) if body.head else None
    home = actions.create_household(
        place(request, body.division), number=body.number, address=body.address, kind=body.kind,
        head=head, by=request.actor,
    )  # fmt: skip
    return Status(201, home)


@router.get("/households/{pk}", response=HouseholdDetail, summary="一户 One household")
@allowed("residents.view")
def household(request: StaffRequest, pk: int) -> Household:
    return visible_household(request, pk)


@router.patch("/households/{pk}", response=HouseholdOut, summary="修改家庭 Change a household")
@allowed("residents.change")
def household_change(request: StaffRequest, pk: int, body: HouseholdChangeIn) -> Household:
    home = visible_household(request, pk)
    return actions.change_household(home, **body.dict(), by=request.actor)


@router.post("/households/{pk}/members", response=HouseholdDetail, summary="编入 Add a member")
@allowed("residents.change")
def member_add(request: StaffRequest, pk: int, body: MemberIn) -> Household:
    home = visible_household(request, pk)
    person = visible_resident(request, body.resident)
    actions.place_in_household(person, household=home, relation=body.relation, by=request.actor)
    return visible_household(request, pk)


@router.delete(
    "/households/{pk}/members/{resident}", response=HouseholdDetail, summary="移出 Remove a member"
)
@allowed("residents.change")
def member_remove(request: StaffRequest, pk: int, resident: int) -> Household:
    home = visible_household(request, pk)
    people = Resident.objects.visible_to(request.actor).filter(household=home)
    actions.place_in_household(
        get_object_or_404(people, pk=resident), household=None, by=request.actor
    )
    return visible_household(request, pk)


@router.post(
    "/households/{pk}/head", response=HouseholdChangeOut, summary="更换户主 Change the head"
)
@allowed("residents.change")
def head(request: StaffRequest, pk: int, body: HeadIn) -> HouseholdChange:
    home = visible_household(request, pk)
    person = visible_resident(request, body.resident)
    return actions.change_head(home, head=person, on=body.on, by=request.actor)


@router.post("/households/{pk}/split", response=HouseholdChangeOut, summary="分户 Split")
@allowed("residents.change")
def split(request: StaffRequest, pk: int, body: SplitIn) -> HouseholdChange:
    home = visible_household(request, pk)
    people = list(Resident.objects.visible_to(request.actor).filter(pk__in=body.residents))
    return actions.split_household(
        home, people=people, head=visible_resident(request, body.head), number=body.number,
        address=body.address, on=body.on, by=request.actor,
    )  # fmt: skip


@router.post("/households/{pk}/merge", response=HouseholdChangeOut, summary="并户 Merge")
@allowed("residents.change")
def merge(request: StaffRequest, pk: int, body: MergeHouseholdsIn) -> HouseholdChange:
    home, into = visible_household(request, pk), visible_household(request, body.into)
    return actions.merge_households(home, into=into, on=body.on, by=request.actor)


@router.post("/households/{pk}/undo/{change}", response=HouseholdDetail, summary="撤销变动 Undo")
@allowed("residents.change")
def undo(request: StaffRequest, pk: int, change: int) -> Household:
    home = visible_household(request, pk)
    changes = HouseholdChange.objects.visible_to(request.actor).filter(household=home)
    actions.undo_household_change(
        home, change=get_object_or_404(changes, pk=change), by=request.actor
    )
    return visible_household(request, pk)
