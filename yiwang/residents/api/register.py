"""Residents and imports: listed, entered, corrected, confirmed, revealed, loaded."""

from datetime import date
from typing import Any, Literal

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, File, Schema, Status, UploadedFile

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.residents import actions
from yiwang.residents.models import ImportBatch, Resident, Standing
from yiwang.residents.reads import dictionary, find_residents, known_fields, limits_on
from yiwang.residents.reads.golden import standings
from yiwang.residents.sheets import failed_rows_workbook, preview, template_workbook

from .routing import Limit, ResidentOut, router, visible_resident


class FactOut(Schema):
    """One value of the register, masked, with its source and freshness."""

    code: str
    masked: str
    source_kind: str
    source_label: str
    collected_on: date
    fresh: bool
    due_on: date | None
    first_on: date
    verified: bool
    disputed: bool
    others: int
    record: int
    limited: str = ""


class RecordOut(ResidentOut):
    """One resident with what is known."""

    facts: list[FactOut]

    @staticmethod
    def resolve_facts(person: Resident) -> list[Any]:
        codes = [code for code, field in dictionary().items() if field.register]
        limits = limits_on(person)
        return [
            {
                **{name: getattr(one, name) for name in FactOut.model_fields if name != "limited"},
                "limited": limits.why(code),
            }
            for code, one in known_fields(person, codes, timezone.localdate()).items()
        ]


class People(Schema):
    """Some residents, and the cursor of the next page."""

    residents: list[ResidentOut]
    next: str | None


class ResidentSearchIn(Schema):
    """Whom to look for; sent as a body, so that it stands in no address and no log.

    `text`: name, part of it, pinyin, initials, identity number, phone, last four digits;
    `everywhere` looks wherever the caller may search; `start` is the `next` of the page before.
    """

    text: str = Field(min_length=1, max_length=60)
    everywhere: bool = False
    start: int = Field(0, ge=0, le=400)
    limit: Limit = 25


class ResidentIn(Schema):
    """A new resident; `values` by codes of the data dictionary."""

    division: int
    name: str
    values: dict[str, str] = {}
    birth_year: int | None = None
    standing: Standing = Standing.REGISTERED
    source: str = "window"
    source_label: str = ""
    surely_new: bool = False


class ChangesIn(Schema):
    """Corrections by codes of the data dictionary; an empty text means: known to be none."""

    changes: dict[str, str]
    source: str = "window"
    source_label: str = ""
    standing: Standing | Literal[""] = ""


class FactsIn(Schema):
    """What was collected, wherever it was asked: on which day, for what, and with what."""

    values: dict[str, str]
    source_kind: str
    source_label: str = ""
    collected_on: date | None = None
    purpose: str = ""
    reference: str = ""


class ConfirmIn(Schema):
    """The field whose value is still right, and who says so."""

    field: str
    source: str = "window"


class RevealIn(Schema):
    """The field to look at (as one source record told it), and why; the journal keeps both."""

    field: str
    reason: str
    record: int | None = None


class Revealed(Schema):
    """A whole value."""

    field: str
    value: str


class BatchOut(Schema):
    """An import: counts and state."""

    id: int
    division: int = Field(alias="division_id")
    file_name: str
    rows: int
    ok: int
    failed: int
    known: int
    state: str
    problem: str


class BatchDetail(BatchOut):
    """An import with what is wrong: row, column, value, problem, cure."""

    errors: list[dict[str, Any]]


def _batch(request: StaffRequest, pk: int) -> ImportBatch:
    return get_object_or_404(ImportBatch.objects.visible_to(request.actor).people(), pk=pk)


@router.get("/", response=People, summary="居民列表 List residents")
@allowed("residents.view")
def residents(request: StaffRequest, after: str | None = None, limit: Limit = 25) -> dict[str, Any]:
    """All of the caller's area by number; people are looked for by `POST /residents/search`."""
    rows = Resident.objects.visible_to(request.actor).live()
    if after:
        rows = rows.filter(pk__gt=int(after) if after.isdecimal() and len(after) < 19 else 0)
    page = list(rows.order_by("pk")[: limit + 1])
    more = str(page[limit - 1].pk) if len(page) > limit else None
    return {"residents": page[:limit], "next": more}


@router.post("/search", response=People, summary="查找居民 Find residents")
@allowed("residents.view")
def residents_search(request: StaffRequest, body: ResidentSearchIn) -> dict[str, Any]:
    """The people a text means, the likeliest first, masked."""
    end = body.start + body.limit
    found = find_residents(body.text, request.actor, everywhere=body.everywhere, limit=end + 1)
    more = str(end) if len(found) > end else None
    return {"residents": found[body.start : end], "next": more}


@router.post("/", response={201: ResidentOut}, summary="登记居民 Add a resident")
@allowed("residents.add")
def add(request: StaffRequest, body: ResidentIn) -> Status[Resident]:
    """Send `Idempotency-Key`: the same key twice is the same person once."""
    division = get_object_or_404(Division.objects.visible_to(request.actor), pk=body.division)
    said = body.dict(exclude={"division"})
    return Status(201, actions.add_resident(division, **said, by=request.actor))


@router.get("/template", summary="导入模板 Workbook to fill in")
@allowed("residents.import")
def template(request: StaffRequest, division: int | None = None) -> HttpResponse:
    key = division or request.actor.division_id
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=key)
    return HttpResponse(template_workbook(place), content_type=XLSX)


@router.get("/imports", response=list[BatchOut], summary="导入记录 Imports")
@allowed("residents.import")
def imports(request: StaffRequest, limit: Limit = 25) -> Any:
    return ImportBatch.objects.visible_to(request.actor).people().order_by("-pk")[:limit]


@router.post("/imports", response={201: BatchDetail}, summary="上传并检查 Upload and check")
@allowed("residents.import")
def upload(
    request: StaffRequest,
    division: int,
    file: UploadedFile = File(...),  # type: ignore[type-arg]  # noqa: B008
) -> Status[ImportBatch]:
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=division)
    return Status(201, preview(file, place, request.actor))


@router.get("/imports/{pk}", response=BatchDetail, summary="一次导入 One import")
@allowed("residents.import")
def batch(request: StaffRequest, pk: int) -> ImportBatch:
    return _batch(request, pk)


@router.get("/imports/{pk}/errors", summary="有错误的行 Failed rows")
@allowed("residents.import")
def errors(request: StaffRequest, pk: int) -> HttpResponse:
    found = _batch(request, pk)
    if not found.errors:
        raise Http404
    return HttpResponse(failed_rows_workbook(found), content_type=XLSX)


@router.post("/imports/{pk}/load", response=BatchOut, summary="导入 Load")
@allowed("residents.import")
def load(request: StaffRequest, pk: int) -> ImportBatch:
    return actions.import_residents(_batch(request, pk), by=request.actor)


@router.post("/imports/{pk}/undo", response=BatchOut, summary="整批撤销 Undo")
@allowed("residents.undo_import")
def undo(request: StaffRequest, pk: int) -> ImportBatch:
    return actions.undo_import(_batch(request, pk), by=request.actor)


@router.get("/{pk}", response=RecordOut, summary="居民档案 One resident")
@allowed("residents.view")
def resident(request: StaffRequest, pk: int) -> Resident:
    return visible_resident(request, pk)


@router.patch("/{pk}", response=ResidentOut, summary="更正 Correct")
@allowed("residents.change")
def change(request: StaffRequest, pk: int, body: ChangesIn) -> Resident:
    return actions.change_resident(visible_resident(request, pk), **body.dict(), by=request.actor)


@router.post("/{pk}/facts", response=RecordOut, summary="采集 Record facts")
@allowed("residents.confirm")
def record(request: StaffRequest, pk: int, body: FactsIn) -> Resident:
    return actions.record_facts(visible_resident(request, pk), **body.dict(), by=request.actor)


@router.post("/{pk}/confirm", response=ResidentOut, summary="确认仍然正确 Confirm a value")
@allowed("residents.confirm")
def confirm(request: StaffRequest, pk: int, body: ConfirmIn) -> Resident:
    return actions.confirm_field(visible_resident(request, pk), **body.dict(), by=request.actor)


@router.post("/{pk}/reveal", response=Revealed, summary="查看完整信息 Look behind the mask")
@allowed("residents.reveal")
def reveal(request: StaffRequest, pk: int, body: RevealIn) -> dict[str, str]:
    person = visible_resident(request, pk)
    actions.reveal_field(person, **body.dict(), by=request.actor)
    if body.record is not None:
        told = standings(person, [body.field])[1][body.record]
        return {"field": body.field, "value": told.says(body.field) or ""}
    # Asked again, so that a repeated request with one key gives the same answer.
    known = known_fields(person, [body.field], timezone.localdate())
    return {"field": body.field, "value": known[body.field].value}
