"""The entrustment register for other systems."""

from datetime import date
from typing import Annotated

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.matters import actions
from yiwang.matters.actions.entrustment import Terms
from yiwang.matters.models import Entrustment

from .schemas import ReasonIn

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class EntrustmentOut(Schema):
    """Who entrusts what to whom, and until when."""

    id: int
    authority: int = Field(alias="authority_id")
    agent: int = Field(alias="agent_id")
    agent_number: str
    items: list[str]
    categories: list[str]
    starts_on: date
    ends_on: date
    duties: str
    data_rights: str
    basis: str
    renews: int | None = Field(alias="renews_id")
    in_force: bool

    @staticmethod
    def resolve_agent_number(one: Entrustment) -> str:
        return one.agent.number

    @staticmethod
    def resolve_in_force(one: Entrustment) -> bool:
        return one.holds_on(timezone.localdate())


class EntrustmentIn(Schema):
    """Terms of an entrustment; categories include all their items."""

    authority: int
    agent: int
    starts_on: date
    ends_on: date
    duties: str = Field(max_length=1000)
    data_rights: str = Field(max_length=1000)
    items: list[str] = []
    categories: list[str] = []
    basis: str = Field("", max_length=120)


class RenewIn(Schema):
    ends_on: date
    basis: str = Field("", max_length=120)


class EndEntrustmentIn(ReasonIn):
    last: date | None = None


def _rows(request: StaffRequest) -> "QuerySet[Entrustment]":
    return Entrustment.objects.visible_to(request.actor).select_related("authority", "agent")


@router.get("/entrustments/", response=list[EntrustmentOut], summary="事项委托 Entrustments")
@allowed("matters.view")
def entrustment_list(
    request: StaffRequest, ending: bool = False, limit: Limit = 25, start: Start = 0
) -> list[Entrustment]:
    """What ends first on top; `ending`: only what ends soon and is not renewed."""
    rows = _rows(request)
    rows = rows.ending(timezone.localdate()) if ending else rows  # type: ignore[attr-defined]
    return list(rows[start : start + limit])


@router.post("/entrustments/", response={201: EntrustmentOut}, summary="登记委托 Entrust")
@allowed("matters.entrust")
def entrust(request: StaffRequest, body: EntrustmentIn) -> Status[Entrustment]:
    said = body.dict()
    units = Unit.objects.visible_to(request.actor)
    own = units.within(request.actor.see)
    authority = get_object_or_404(own, pk=said.pop("authority"))
    agent = get_object_or_404(units, pk=said.pop("agent"))
    return Status(
        201, actions.give_entrustment(authority, agent=agent, terms=Terms(**said), by=request.actor)
    )


@router.get("/entrustments/{pk}", response=EntrustmentOut, summary="一份委托 One entrustment")
@allowed("matters.view")
def entrustment(request: StaffRequest, pk: int) -> Entrustment:
    return get_object_or_404(_rows(request), pk=pk)


@router.post("/entrustments/{pk}/renew", response={201: EntrustmentOut}, summary="续期 Renew")
@allowed("matters.entrust")
def renew(request: StaffRequest, pk: int, body: RenewIn) -> Status[Entrustment]:
    found = get_object_or_404(_rows(request), pk=pk)
    return Status(201, actions.renew_entrustment(found, **body.dict(), by=request.actor))


@router.post("/entrustments/{pk}/end", response=EntrustmentOut, summary="提前终止 End")
@allowed("matters.entrust")
def end(request: StaffRequest, pk: int, body: EndEntrustmentIn) -> Entrustment:
    """At once, or after the day `last`."""
    found = get_object_or_404(_rows(request), pk=pk)
    return actions.end_entrustment(found, **body.dict(), by=request.actor)
