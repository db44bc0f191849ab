"""Drafts of the catalogue for other systems: written, checked, tried out, exchanged, published."""

from datetime import date, datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Router, Schema, Status
from ninja.files import UploadedFile

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.divisions.models import Division
from yiwang.matters import actions
from yiwang.matters.models import Revision, ServiceItem
from yiwang.matters.reads.revisions import faults_of_revision, samples_of
from yiwang.matters.reads.simulation import Sample, Simulated, simulate
from yiwang.matters.rules.bpmn import to_bpmn
from yiwang.matters.rules.bpmn_read import from_bpmn
from yiwang.matters.rules.naming import namer
from yiwang.residents.reads import dictionary

router = Router()
Limit = Annotated[int, Field(ge=1, le=100)]


class RevisionOut(Schema):
    id: int
    code: str
    title: str = Field(alias="label")
    category: str = Field(alias="category_id")
    state: str
    edition: int
    base: int | None
    saved_by: str
    updated_at: datetime

    @staticmethod
    def resolve_base(one: Revision) -> int | None:
        return one.base.number if one.base else None


class RevisionWholeOut(RevisionOut):
    content: dict[str, Any]


class RevisionsOut(Schema):
    revisions: list[RevisionOut]
    next: str | None


class RevisionBeginIn(Schema):
    """`item` begins its next version; a new one has `title` and `category`, `copied` or `content`."""

    item: str = ""
    title: str = Field("", max_length=120)
    category: str = ""
    copied: str = ""
    content: dict[str, Any] | None = None


class RevisionIn(Schema):
    edition: int
    content: dict[str, Any]
    category: str = ""


class RevisionPublishIn(Schema):
    edition: int
    effective_from: date
    offer: bool = True


class FaultOut(Schema):
    part: str
    step: str
    reason: str
    cure: str
    sentence: str
    blocking: bool


class WayOut(Schema):
    said: dict[str, str]
    ended: dict[str, str]
    ran: list[str]


class SampleIn(Schema):
    """`said` by field of conditions (answer.code, variant), `outcomes` by step: agreed, declined."""

    division: int
    said: dict[str, str] = {}
    outcomes: dict[str, str] = {}
    starts_at: datetime | None = None


class SampleStopOut(Schema):
    step: str
    round: int
    unit: str
    unit_id: int | None
    starts_at: datetime
    due_at: datetime
    outcome: str


class SimulatedOut(Schema):
    stages: list[list[SampleStopOut]]
    skipped: list[str]
    ends_at: datetime | None
    promised_at: datetime | None
    statutory_at: datetime | None
    late: bool


def _revision(request: StaffRequest, pk: int) -> Revision:
    rows = Revision.objects.visible_to(request.actor).select_related("base")
    return get_object_or_404(rows, pk=pk)


@router.get("/", response=RevisionsOut, summary="事项草稿 Drafts of the catalogue")
@allowed("matters.catalogue")
def revisions(
    request: StaffRequest, q: str = "", state: str = "open", before: int = 0, limit: Limit = 25
) -> dict[str, Any]:
    """Newest first; `before` a number gives the next page. `state` all gives those of any state."""
    rows = Revision.objects.visible_to(request.actor).select_related("base").order_by("-pk")
    rows = rows.filter(state=state) if state in Revision.State.values else rows
    rows = rows.filter(content__title__icontains=q) if q else rows
    page = list((rows.filter(pk__lt=before) if before else rows)[: limit + 1])
    more = str(page[limit - 1].pk) if len(page) > limit else None
    return {"revisions": page[:limit], "next": more}


@router.post("/", response={201: RevisionWholeOut}, summary="起草 Begin a draft")
@allowed("matters.catalogue")
def begin(request: StaffRequest, body: RevisionBeginIn) -> Status[Revision]:
    """The open draft of an item, when there is one, is given instead of a second."""
    items, content = ServiceItem.objects.visible_to(request.actor), body.content
    item = get_object_or_404(items, code=body.item) if body.item else None
    if body.copied:
        last = get_object_or_404(items, code=body.copied).versions.order_by("-number").first()
        content = last.content if last else content
    begun = actions.begin_revision(
        Division(pk=settings.CITY), item=item, title=body.title, category=body.category,
        content=content, by=request.actor,
    )  # fmt: skip
    return Status(201, begun)


@router.get("/{pk}", response=RevisionWholeOut, summary="一份草稿 One draft")
@allowed("matters.catalogue")
def revision(request: StaffRequest, pk: int) -> Revision:
    return _revision(request, pk)


@router.put("/{pk}", response=RevisionWholeOut, summary="保存草稿 Save")
@allowed("matters.catalogue")
def save(request: StaffRequest, pk: int, body: RevisionIn) -> Revision:
    """The whole content; `edition` is the one it was made from."""
    return actions.save_revision(
        _revision(request, pk), content=body.content, edition=body.edition,
        category=body.category, by=request.actor,
    )  # fmt: skip


@router.post("/{pk}/undo", response=RevisionWholeOut, summary="撤销上一步 Undo")
@allowed("matters.catalogue")
def undo(request: StaffRequest, pk: int) -> Revision:
    return actions.undo_revision(_revision(request, pk), by=request.actor)


@router.post("/{pk}/discard", response=RevisionOut, summary="放弃 Discard")
@allowed("matters.catalogue")
def discard(request: StaffRequest, pk: int) -> Revision:
    return actions.discard_revision(_revision(request, pk), by=request.actor)


@router.post("/{pk}/restore", response=RevisionOut, summary="恢复 Restore")
@allowed("matters.catalogue")
def restore(request: StaffRequest, pk: int) -> Revision:
    return actions.restore_revision(_revision(request, pk), by=request.actor)


@router.get("/{pk}/faults", response=list[FaultOut], summary="检查 What is wrong")
@allowed("matters.catalogue")
def faults(request: StaffRequest, pk: int) -> list[Any]:
    return faults_of_revision(_revision(request, pk))


@router.get("/{pk}/ways", response=list[WayOut], summary="各种走法 Sample matters")
@allowed("matters.catalogue")
def ways(request: StaffRequest, pk: int) -> list[Any]:
    """One sample for each different way through the process."""
    return samples_of(_revision(request, pk))


@router.post("/{pk}/simulate", response=SimulatedOut, summary="试办 Try out")
@allowed("matters.catalogue")
def try_out(request: StaffRequest, pk: int, body: SampleIn) -> dict[str, Any]:
    """Path, units and days of a sample matter; nothing is accepted."""
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=body.division)
    starts = body.starts_at or timezone.now()
    aware = starts if timezone.is_aware(starts) else timezone.make_aware(starts)
    revision = _revision(request, pk)
    sample = Sample(
        place.pk, body.said, body.outcomes, aware, revision.item_id or 0, revision.category_id
    )
    return _told(simulate(revision.guide, sample))


def _told(found: Simulated) -> dict[str, Any]:
    stages = [
        [
            {
                "step": one.plan.code,
                "round": one.round,
                "unit": one.unit.label if one.unit else "",
                "unit_id": one.unit.pk if one.unit else None,
                "starts_at": one.starts_at,
                "due_at": one.due_at,
                "outcome": one.outcome,
            }
            for one in stage
        ]
        for stage in found.stages
    ]
    days = ("ends_at", "promised_at", "statutory_at", "late")
    skipped = [one.code for one in found.skipped]
    return {"stages": stages, "skipped": skipped, **{day: getattr(found, day) for day in days}}


@router.post("/{pk}/publish", response=RevisionOut, summary="发布草稿 Publish")
@allowed("matters.catalogue")
def publish(request: StaffRequest, pk: int, body: RevisionPublishIn) -> Revision:
    return actions.publish_revision(
        _revision(request, pk), effective_from=body.effective_from, edition=body.edition,
        offer=body.offer, by=request.actor,
    )  # fmt: skip


@router.get("/{pk}/bpmn", summary="导出流程 Export BPMN 2.0")
@allowed("matters.catalogue")
def bpmn(request: StaffRequest, pk: int) -> HttpResponse:
    found = _revision(request, pk)
    file = to_bpmn(found.code, found.content, namer(found.guide, dictionary()))
    return HttpResponse(file, content_type="application/xml")


@router.post("/{pk}/bpmn", response=RevisionWholeOut, summary="读入流程 Import BPMN 2.0")
@allowed("matters.catalogue")
def read_bpmn(request: StaffRequest, pk: int, edition: int, file: File[UploadedFile]) -> Revision:
    """The steps of the file take the place of those of the draft."""
    found = _revision(request, pk)
    steps = from_bpmn(file.read()).steps
    return actions.save_revision(
        found, content={**found.content, "steps": steps}, edition=edition, by=request.actor
    )
