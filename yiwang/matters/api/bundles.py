"""Bundles (“一件事”) for other systems."""

from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.divisions.models import Division
from yiwang.matters import actions
from yiwang.matters.actions.acceptance import NOBODY, Agent
from yiwang.matters.actions.bundle import HandIn
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.forms.filled import Sent, filled
from yiwang.matters.models import Bundle, BundleCase
from yiwang.matters.reads.bundle import bundled, progress_of_case
from yiwang.residents.models import Resident

from .schemas import AgentIn, HandedInIn

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class BundleOut(Schema):
    """Items that are handed in together."""

    code: str
    title: str
    title_en: str
    summary: str
    items: list[str]
    always: list[str]
    starts_on: date
    retired_on: date | None


class BundleDetail(BundleOut):
    """With the fields and documents that are asked once."""

    fields: list[str]
    materials: list[str]


class BundleIn(Schema):
    title: str = Field(max_length=120)
    title_en: str = Field("", max_length=200)
    summary: str = Field("", max_length=400)
    summary_en: str = Field("", max_length=600)
    items: list[str]
    always: list[str] = []
    starts_on: date | None = None


class BundleAcceptIn(Schema):
    """One form for all parts; `parts` are the items wanted, by default all."""

    resident: int
    parts: list[str] | None = None
    answers: dict[str, str] = {}
    asked: list[str] | None = None
    channel: str = Field("api", pattern="^(window|web|phone|visit|kiosk|api)$")
    materials: list[HandedInIn] = []
    agent: AgentIn | None = None
    not_from_file: list[str] = []
    confirmed: list[str] = []


class BundlePartOut(Schema):
    number: str
    item: str
    state: str
    due_at: datetime

    @staticmethod
    def resolve_item(matter: Any) -> str:
        return str(matter.item.code)


class BundleCaseOut(Schema):
    """The whole under one number."""

    number: str
    bundle: str
    accepted_at: datetime
    done: int
    parts: list[BundlePartOut]

    @staticmethod
    def of(case: BundleCase) -> dict[str, Any]:
        progress = progress_of_case(case)
        return {
            "number": case.number, "bundle": case.bundle.code, "accepted_at": case.accepted_at,
            "done": progress.done, "parts": progress.parts,
        }  # fmt: skip


def _bundle(request: StaffRequest, code: str) -> Bundle:
    return get_object_or_404(Bundle.objects.visible_to(request.actor), code=code)


@router.get("/bundles/", response=list[BundleOut], summary="一件事 Bundles")
@allowed("matters.view")
def bundle_list(request: StaffRequest, limit: Limit = 25, start: Start = 0) -> list[Bundle]:
    return list(Bundle.objects.visible_to(request.actor)[start : start + limit])


@router.get("/bundles/{code}", response=BundleDetail, summary="一件事 One bundle")
@allowed("matters.view")
def bundle(request: StaffRequest, code: str) -> dict[str, Any]:
    found = _bundle(request, code)
    guide = bundled(found).guide
    names = ("code", "title", "title_en", "summary", "items", "always", "starts_on", "retired_on")
    return {
        **{name: getattr(found, name) for name in names},
        "fields": guide.fields,
        "materials": [need.code for need in guide.materials],
    }


@router.put("/bundles/{code}", response=BundleOut, summary="发布一件事 Publish")
@allowed("matters.catalogue")
def publish(request: StaffRequest, code: str, body: BundleIn) -> Bundle:
    city = Division.objects.get(pk=Bundle().division_id)
    facts = body.dict()
    return actions.publish_bundle(city, code=code, facts=facts, items=body.items, by=request.actor)


@router.post("/bundles/{code}/retire", response=BundleOut, summary="停用 Retire")
@allowed("matters.catalogue")
def retire(request: StaffRequest, code: str) -> Bundle:
    return actions.retire_bundle(_bundle(request, code), by=request.actor)


@router.post("/bundles/{code}/accept", response={201: BundleCaseOut}, summary="受理 Accept")
@allowed("matters.accept")
def accept(request: StaffRequest, code: str, body: BundleAcceptIn) -> Status[dict[str, Any]]:
    """Accept all parts at once, all or nothing."""
    actor = request.actor
    found = _bundle(request, code)
    resident = get_object_or_404(Resident.objects.searchable_by(actor), pk=body.resident)
    plan = bundled(found, body.parts)
    form = filled(plan, resident, Sent(body.answers, body.confirmed, body.asked))
    hand_in = HandIn(
        resident, body.channel, form.answers, form.asked, body.confirmed,
        [HandedIn(one.code, one.state) for one in body.materials], body.not_from_file,
        Agent(**body.agent.dict()) if body.agent else NOBODY,
    )  # fmt: skip
    case = actions.accept_bundle(
        Division(pk=actor.division_id), bundle=found, hand_in=hand_in, parts=body.parts, by=actor
    )
    return Status(201, BundleCaseOut.of(case))


@router.get("/cases/{number}", response=BundleCaseOut, summary="整件进度 Progress of the whole")
@allowed("matters.view")
def bundle_case(request: StaffRequest, number: str) -> dict[str, Any]:
    rows = BundleCase.objects.visible_to(request.actor).select_related("bundle")
    return BundleCaseOut.of(get_object_or_404(rows, number=number))
