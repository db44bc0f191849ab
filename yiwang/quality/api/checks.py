"""Samples and checks."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post, Unit
from yiwang.divisions.models import Division
from yiwang.organizations.models import Organization
from yiwang.quality import actions
from yiwang.quality.actions.checking import Plan, Seen
from yiwang.quality.forms.filters import CheckFilter
from yiwang.quality.models import Check, Promise, Sample, Standard
from yiwang.quality.reads.sampling import is_reproduced

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]
Kind = Literal["visit", "call_back", "mystery", "inspector"]


class QualitySampleIn(Schema):
    """Days that are over, how to check, and the posts that take turns."""

    first: date
    last: date
    kind: Kind
    posts: list[int] = Field([], max_length=100)
    seed: int | None = Field(None, ge=0, lt=2**31)


class SampleOut(Schema):
    """A draw; whoever has the seed draws the same."""

    id: int
    division: int = Field(alias="division_id")
    first: date
    last: date
    kind: str
    percent: int
    seed: int
    population: int
    drawn: int
    drawn_at: datetime


class SampleDetail(SampleOut):
    """With the proof that drawing once more gives the same."""

    reproduced: bool

    @staticmethod
    def resolve_reproduced(sample: Sample) -> bool:
        return is_reproduced(sample)


class QualityCheckIn(Schema):
    """A check that no sample drew."""

    kind: Kind
    unit: int
    provider: int | None = None
    standard: str = Field("", description="事项编码 Code of the item whose standard applies")
    inspector: str = Field("", max_length=60)


class QualityCheckOut(Schema):
    """A check and what it saw."""

    id: int
    kind: str
    unit: int = Field(alias="unit_id")
    provider: int | None = Field(alias="provider_id")
    matter: str | None
    sample: int | None = Field(alias="sample_id")
    inspector: str
    results: dict[str, str]
    score: int | None
    note: str
    done_at: datetime | None
    findings: list[int]

    @staticmethod
    def resolve_matter(check: Check) -> str | None:
        return check.matter.number if check.matter else None

    @staticmethod
    def resolve_findings(check: Check) -> list[int]:
        return [one.pk for one in check.findings.all()]


class SeenIn(Schema):
    """pass, fail or none by point; the resident's opinion when called."""

    note: str = Field(max_length=1000)
    results: dict[str, str] = {}
    problem: str = Field("", max_length=500)
    promise: int | None = None
    outcome: Literal["", "reached", "declined", "unreached"] = ""
    grade: int | None = Field(None, ge=1, le=5)


@router.get("/samples", response=list[SampleOut], summary="抽查 Samples")
@allowed("quality.view")
def samples(request: StaffRequest, start: Start = 0, limit: Limit = 25) -> list[Sample]:
    """Newest first."""
    return list(Sample.objects.visible_to(request.actor)[start : start + limit])


@router.get("/samples/{pk}", response=SampleDetail, summary="一次抽查 One sample")
@allowed("quality.view")
def one_sample(request: StaffRequest, pk: int) -> Sample:
    """Tells whether the draw can be repeated."""
    return get_object_or_404(Sample.objects.visible_to(request.actor), pk=pk)


@router.post("/samples", response={201: SampleOut}, summary="抽取 Draw")
@allowed("quality.sample")
def draw(request: StaffRequest, body: QualitySampleIn) -> Status[Sample]:
    """Of the caller's own place."""
    said = body.dict()
    posts = Post.objects.visible_to(request.actor).filter(pk__in=said.pop("posts"))
    place = Division.objects.get(pk=request.actor.division_id)
    return Status(201, actions.draw_sample(place, **said, posts=list(posts), by=request.actor))


def _checks(request: StaffRequest) -> QuerySet[Check]:
    rows = Check.objects.visible_to(request.actor).select_related("matter", "standard")
    return rows.prefetch_related("findings")


@router.get("/checks", response=list[QualityCheckOut], summary="质量检查 Checks")
@allowed("quality.view")
def checks(
    request: StaffRequest, q: str = "", kind: str = "", state: str = "",
    start: Start = 0, limit: Limit = 25,
) -> list[Check]:  # fmt: skip
    """Newest first; `state` is mine, open or done."""
    form = CheckFilter({"q": q, "kind": kind, "state": state})
    rows = form.narrowed(_checks(request), request.actor.post_id)
    return list(rows[start : start + limit])


@router.get("/checks/{pk}", response=QualityCheckOut, summary="一次检查 One check")
@allowed("quality.view")
def one_check(request: StaffRequest, pk: int) -> Check:
    return get_object_or_404(_checks(request), pk=pk)


@router.post("/checks", response={201: QualityCheckOut}, summary="安排检查 Plan")
@allowed("quality.check")
def plan(request: StaffRequest, body: QualityCheckIn) -> Status[Check]:
    actor = request.actor
    seen = Organization.objects.visible_to(actor).filter(provider__isnull=False)
    provider = get_object_or_404(seen, pk=body.provider) if body.provider else None
    unit = get_object_or_404(Unit.objects.visible_to(actor).open(), pk=body.unit)
    standard = Standard.objects.public().in_force().filter(item__code=body.standard).first()
    made = Plan(body.kind, unit, provider, standard, body.inspector)
    place = Division.objects.get(pk=actor.division_id)
    return Status(201, actions.plan_check(place, plan=made, by=actor))


@router.post("/checks/{pk}/record", response=QualityCheckOut, summary="记下检查 Record")
@allowed("quality.check")
def record(request: StaffRequest, pk: int, body: SeenIn) -> Check:
    """Every point that failed becomes a finding."""
    found = get_object_or_404(_checks(request), pk=pk)
    said = body.dict()
    promise = said.pop("promise")
    rows = Promise.objects.public().filter(unit_id=found.unit_id)
    kept = get_object_or_404(rows, pk=promise) if promise else None
    actions.record_check(found, seen=Seen(**said, promise=kept), by=request.actor)
    return get_object_or_404(_checks(request), pk=pk)
