"""Standards, the scoreboard and promises."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.matters.models import ServiceItem
from yiwang.quality import actions
from yiwang.quality.actions.promising import Word
from yiwang.quality.models import Promise, Standard
from yiwang.quality.reads.board import Line, board_lines, board_rows
from yiwang.quality.reads.promises import Fact, facts_of, promises_of
from yiwang.quality.reads.providers import ProviderLine, provider_lines

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class StandardPointIn(Schema):
    """One measurable point."""

    name: str = Field(max_length=60)
    name_en: str = Field("", max_length=120)
    method: Literal["visit", "call_back", "mystery", "inspector"]
    level: str = Field(max_length=120, description="合格标准")
    level_en: str = Field("", max_length=200)
    consequence: Literal["correct", "hold", "end"]


class StandardIn(Schema):
    """The points of a new version."""

    points: list[StandardPointIn] = Field(max_length=20)


class StandardOut(Schema):
    """A version of the standard of an item."""

    item: str = Field(alias="item.code")
    number: int
    points: list[dict[str, Any]] = Field(alias="content")
    published_at: datetime


class BoardLineOut(Schema):
    """A unit over a month; `shown_grade` is empty while there are too few ratings (样本不足)."""

    unit: int = Field(alias="unit.pk")
    name: str = Field(alias="unit.name")
    finished: int
    on_time_share: float | None
    rated: int
    shown_grade: float | None
    low: int
    reopened: int
    checks: int
    score: float | None
    findings: int
    missed: int


class ProviderLineOut(Schema):
    """A service subject over some days; `shown_grade` is empty while there are too few ratings."""

    provider: int = Field(alias="provider.pk")
    name: str
    orders: int
    on_time_share: float | None
    lapsed: int
    rated: int
    shown_grade: float | None
    low: int
    checks: int
    score: float | None
    findings: int
    missed: int


class PromiseIn(Schema):
    """What the own unit promises."""

    text: str = Field(max_length=120)
    text_en: str = Field("", max_length=200)
    measure: Literal["waiting", "on_time", "grade"]
    target: float = Field(gt=0, le=480)
    reasons: list[str] = []


class PromiseOut(Schema):
    """A promise of a unit."""

    id: int
    unit: int = Field(alias="unit_id")
    text: str
    measure: str
    target: float
    reasons: list[str]
    starts_on: date
    ends_on: date | None


class PromiseFactOut(Schema):
    """A promise beside what happened."""

    promise: PromiseOut
    value: float | None
    kept: bool | None
    complaints: int
    findings: int


@router.get("/standards", response=list[StandardOut], summary="质量标准 Standards", auth=None)
def standards_in_force(request: HttpRequest, start: Start = 0, limit: Limit = 25) -> list[Standard]:
    """The newest version of each item; everyone may read them."""
    rows = Standard.objects.public().in_force().select_related("item").order_by("item__code")
    return list(rows[start : start + limit])


@router.get("/standards/{code}", response=list[StandardOut], summary="标准各版本", auth=None)
def standard_versions(request: HttpRequest, code: str) -> list[Standard]:
    """All versions of one item, newest first."""
    rows = Standard.objects.public().filter(item__code=code).select_related("item")
    return list(rows.order_by("-number"))


@router.post("/standards/{code}", response={201: StandardOut}, summary="发布标准 Publish")
@allowed("quality.standard")
def publish_new_standard(request: StaffRequest, code: str, body: StandardIn) -> Status[Standard]:
    item = get_object_or_404(ServiceItem.objects.public(), code=code)
    points = [one.dict() for one in body.points]
    return Status(201, actions.publish_standard(item, points=points, by=request.actor))


@router.get("/board", response=list[BoardLineOut], summary="质量榜 Scoreboard")
@allowed("quality.view")
def quality_board(
    request: StaffRequest, first: date | None = None, last: date | None = None,
    start: Start = 0, limit: Limit = 25,
) -> list[Line]:  # fmt: skip
    """Units of the area over some days, by default the month that runs."""
    last = last or timezone.localdate()
    first = first or last.replace(day=1)
    rows = board_rows(request.actor.division_id, first, last)
    return board_lines(rows[start : start + limit], first, last)


@router.get("/board/providers", response=list[ProviderLineOut], summary="服务主体 Providers")
@allowed("quality.view")
def provider_board(
    request: StaffRequest, first: date | None = None, last: date | None = None, limit: Limit = 100,
) -> list[ProviderLine]:  # fmt: skip
    """Service subjects that worked or were checked, by default in the month that runs."""
    last = last or timezone.localdate()
    first = first or last.replace(day=1)
    return provider_lines(request.actor.division_id, first, last, limit)


@router.get("/promises/{unit}", response=list[PromiseFactOut], summary="服务承诺", auth=None)
def promises_against_fact(request: HttpRequest, unit: int) -> list[Fact]:
    """What a unit promises, against fact; everyone may read it."""
    found = get_object_or_404(Unit.objects.public(), pk=unit)
    return facts_of(found, promises_of(found, timezone.localdate()), timezone.now())


@router.post("/promises", response={201: PromiseOut}, summary="公布承诺 Promise")
@allowed("quality.promise")
def publish_promise(request: StaffRequest, body: PromiseIn) -> Status[Promise]:
    """Of the caller's own unit."""
    unit = get_object_or_404(Unit.objects.visible_to(request.actor), pk=request.actor.unit_id)
    return Status(201, actions.make_promise(unit, word=Word(**body.dict()), by=request.actor))


@router.post("/promises/{pk}/end", response=PromiseOut, summary="撤下承诺 End")
@allowed("quality.promise")
def take_promise_back(request: StaffRequest, pk: int) -> Promise:
    found = get_object_or_404(Promise.objects.visible_to(request.actor), pk=pk)
    return actions.end_promise(found, by=request.actor)
