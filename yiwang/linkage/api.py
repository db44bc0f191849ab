"""Linkage for other systems: the same acts and reads as the pages."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, File, Router, Schema, Status, UploadedFile

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.linkage import actions
from yiwang.linkage.models import CheckTask, DepartmentFile, FileRow, LinkRun, Merge, Pair
from yiwang.linkage.rules.model import current_model
from yiwang.linkage.sheets import receipt_workbook, rows_as_file
from yiwang.residents.models import Resident

router = Router(tags=["查重与部门数据"])
Limit = Annotated[int, Field(ge=1, le=500)]
After = Annotated[int, Field(ge=0)]


class LevelOut(Schema):
    """One degree of agreement with its weight in bits."""

    code: str
    m: float
    u: float
    weight: float


class ComparisonOut(Schema):
    """One field that is compared."""

    code: str
    levels: list[LevelOut]


class ModelOut(Schema):
    """The model in force."""

    version: str
    duplicates_share: float
    comparisons: list[ComparisonOut]


class LinkageRunOut(Schema):
    """A run over the register of an area."""

    id: int
    division: int = Field(alias="division_id")
    engine: str
    version: str
    lower: float
    upper: float
    state: str
    people: int
    pairs: int
    problem: str


class RunIn(Schema):
    """The area to look at."""

    division: int
    engine: str = "duckdb"


class PairOut(Schema):
    """Two records that may be one person; no values, only what speaks for and against."""

    id: int
    division: int = Field(alias="division_id")
    left: int = Field(alias="left_id")
    right: int = Field(alias="right_id")
    score: float
    reasons: list[dict[str, Any]]
    answer: str


class AnswerIn(Schema):
    """same, different or unsure; for same, which record goes on."""

    answer: str
    survivor: int | None = None
    surely_same: bool = False


class MergeOut(Schema):
    """A merge."""

    id: int
    division: int = Field(alias="division_id")
    survivor: int = Field(alias="survivor_id")
    other: int = Field(alias="other_id")
    reason: str
    undone_at: datetime | None


class MergePeopleIn(Schema):
    """Which record goes on, and which ends."""

    resident: int
    other: int
    reason: str = ""
    surely_same: bool = False


class FileOut(Schema):
    """A department's file with its counts."""

    id: int
    division: int = Field(alias="division_id")
    unit: int = Field(alias="unit_id")
    file_name: str
    columns: dict[str, str]
    state: str
    rows_total: int
    rows_done: int
    matched: int
    doubtful: int
    unmatched: int
    damaged: int
    conflicts: int
    kept: int
    problem: str


class RowsIn(Schema):
    """Rows by the titles of their columns."""

    division: int
    unit: int
    name: str
    rows: list[dict[str, str | None]]


class ColumnsIn(Schema):
    """By title the field it means; empty for a column that is not read."""

    columns: dict[str, str] = {}


class FileRowOut(Schema):
    """What became of a row; no values."""

    row: int
    state: str
    how: str
    score: float | None
    division: int = Field(alias="division_id")
    conflicts: dict[str, str]
    kept: bool


class ConflictIn(Schema):
    """Whose value holds: file or register."""

    field: str
    take: str


class DoubtIn(Schema):
    """Whether the row means the person."""

    same: bool


class CheckTaskOut(Schema):
    """A check a community is asked for."""

    id: int
    division: int = Field(alias="division_id")
    answer: str
    note: str


class CheckIn(Schema):
    """What was found out: found, entered, absent or unknown."""

    answer: str
    resident: int | None = None
    note_text: str = ""


@router.get("/model", response=ModelOut, summary="比对规则与权重 Model")
@allowed("linkage.view")
def model(request: StaffRequest) -> Any:
    return current_model()


@router.get("/runs", response=list[LinkageRunOut], summary="批量查重 Runs")
@allowed("linkage.view")
def runs(request: StaffRequest, limit: Limit = 25) -> Any:
    return LinkRun.objects.visible_to(request.actor).order_by("-pk")[:limit]


@router.post("/runs", response={201: LinkageRunOut}, summary="开始查重 Start a run")
@allowed("linkage.run")
def start_run(request: StaffRequest, body: RunIn) -> Status[LinkRun]:
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=body.division)
    return Status(201, actions.start_run(place, engine=body.engine, by=request.actor))


@router.get("/pairs", response=list[PairOut], summary="疑似重复 Pairs")
@allowed("linkage.view")
def pairs(request: StaffRequest, answer: str = "open", after: After = 0, limit: Limit = 100) -> Any:
    rows = Pair.objects.visible_to(request.actor).filter(answer=answer, pk__gt=after)
    return rows.order_by("pk")[:limit]


@router.get("/pairs/{pk}", response=PairOut, summary="一对档案 One pair")
@allowed("linkage.view")
def pair(request: StaffRequest, pk: int) -> Pair:
    return get_object_or_404(Pair.objects.visible_to(request.actor), pk=pk)


@router.post("/pairs/{pk}/answer", response=PairOut, summary="核对 Answer")
@allowed("linkage.review")
def answer_pair(request: StaffRequest, pk: int, body: AnswerIn) -> Pair:
    found = get_object_or_404(Pair.objects.visible_to(request.actor), pk=pk)
    return actions.answer_pair(found, **body.dict(), by=request.actor)


@router.get("/merges", response=list[MergeOut], summary="合并记录 Merges")
@allowed("linkage.view")
def merges(request: StaffRequest, after: After = 0, limit: Limit = 100) -> Any:
    rows = Merge.objects.visible_to(request.actor).filter(pk__gt=after)
    return rows.order_by("pk")[:limit]


@router.post("/merges", response={201: MergeOut}, summary="合并 Merge")
@allowed("linkage.merge")
def merge(request: StaffRequest, body: MergePeopleIn) -> Status[Merge]:
    people = Resident.objects.visible_to(request.actor)
    survivor = get_object_or_404(people, pk=body.resident)
    other = get_object_or_404(people, pk=body.other)
    said = body.dict(include={"reason", "surely_same"})
    return Status(201, actions.merge_residents(survivor, other=other, **said, by=request.actor))


@router.post("/merges/{pk}/undo", response=MergeOut, summary="撤销合并 Undo a merge")
@allowed("linkage.merge")
def undo_merge(request: StaffRequest, pk: int) -> Merge:
    found = get_object_or_404(Merge.objects.visible_to(request.actor), pk=pk)
    return actions.undo_merge(found, by=request.actor)


@router.get("/files", response=list[FileOut], summary="部门数据 Files")
@allowed("linkage.files")
def files(request: StaffRequest, limit: Limit = 25) -> Any:
    return DepartmentFile.objects.visible_to(request.actor).order_by("-pk")[:limit]


@router.post("/files", response={201: FileOut}, summary="报送名单 Send a file")
@allowed("linkage.send")
def send_file(
    request: StaffRequest,
    division: int,
    unit: int,
    file: UploadedFile = File(...),  # type: ignore[type-arg]  # noqa: B008
) -> Status[DepartmentFile]:
    return _sent(request, division, unit, file.name or "", file.read())


@router.post("/rows", response={201: FileOut}, summary="报送数据行 Send rows")
@allowed("linkage.send")
def send_rows(request: StaffRequest, body: RowsIn) -> Status[DepartmentFile]:
    return _sent(request, body.division, body.unit, body.name, rows_as_file(body.rows))


def _sent(
    request: StaffRequest, division: int, unit: int, name: str, content: bytes
) -> Status[DepartmentFile]:
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=division)
    sender = get_object_or_404(Unit, pk=unit)
    made = actions.open_file(place, unit=sender, file_name=name, content=content, by=request.actor)
    return Status(201, made)


@router.get("/files/{pk}", response=FileOut, summary="一份数据 One file")
@allowed("linkage.files")
def file(request: StaffRequest, pk: int) -> DepartmentFile:
    return _file(request, pk)


@router.post("/files/{pk}/columns", response=FileOut, summary="确认列并比对 Confirm and match")
@allowed("linkage.send")
def choose_columns(request: StaffRequest, pk: int, body: ColumnsIn) -> DepartmentFile:
    return actions.choose_columns(_file(request, pk), columns=body.columns, by=request.actor)


@router.post("/files/{pk}/keep", response=FileOut, summary="写入 Keep the matched rows")
@allowed("linkage.send")
def keep_file(request: StaffRequest, pk: int) -> DepartmentFile:
    return actions.queue_keeping(_file(request, pk), by=request.actor)


@router.post("/files/{pk}/undo", response=FileOut, summary="整批撤销 Undo")
@allowed("linkage.send")
def undo_file(request: StaffRequest, pk: int) -> DepartmentFile:
    return actions.undo_file(_file(request, pk), by=request.actor)


@router.get("/files/{pk}/rows", response=list[FileRowOut], summary="逐行结果 Rows")
@allowed("linkage.files")
def file_rows(
    request: StaffRequest, pk: int, state: str = "", after: After = 0, limit: Limit = 100
) -> Any:
    rows = _file(request, pk).rows.filter(row__gt=after)
    return (rows.filter(state=state) if state else rows).order_by("row")[:limit]


@router.get("/files/{pk}/receipt", summary="回执 Receipt")
@allowed("linkage.files")
def receipt(request: StaffRequest, pk: int) -> HttpResponse:
    return HttpResponse(receipt_workbook(_file(request, pk)), content_type=XLSX)


@router.post("/rows/{pk}/conflict", response=FileRowOut, summary="裁定冲突 Decide a conflict")
@allowed("linkage.resolve")
def decide_conflict(request: StaffRequest, pk: int, body: ConflictIn) -> FileRow:
    return actions.decide_conflict(_row(request, pk), **body.dict(), by=request.actor)


@router.post("/rows/{pk}/doubt", response=FileRowOut, summary="核对匹配 Settle a doubt")
@allowed("linkage.resolve")
def settle_doubt(request: StaffRequest, pk: int, body: DoubtIn) -> FileRow:
    return actions.settle_doubt(_row(request, pk), same=body.same, by=request.actor)


@router.get("/tasks", response=list[CheckTaskOut], summary="核查任务 Checks")
@allowed("linkage.check")
def tasks(request: StaffRequest, answer: str = "open", after: After = 0, limit: Limit = 100) -> Any:
    rows = CheckTask.objects.visible_to(request.actor).filter(answer=answer, pk__gt=after)
    return rows.order_by("pk")[:limit]


@router.post("/tasks/{pk}/answer", response=CheckTaskOut, summary="核查结果 Answer a check")
@allowed("linkage.check")
def answer_task(request: StaffRequest, pk: int, body: CheckIn) -> CheckTask:
    task = get_object_or_404(CheckTask.objects.visible_to(request.actor), pk=pk)
    person = None
    if body.resident is not None:
        people = Resident.objects.visible_to(request.actor)
        person = get_object_or_404(people, pk=body.resident)
    return actions.answer_task(
        task, answer=body.answer, resident=person, note_text=body.note_text, by=request.actor
    )


def _file(request: StaffRequest, pk: int) -> DepartmentFile:
    rows = DepartmentFile.objects.visible_to(request.actor).select_related("division", "unit")
    return get_object_or_404(rows, pk=pk)


def _row(request: StaffRequest, pk: int) -> FileRow:
    return get_object_or_404(FileRow.objects.visible_to(request.actor), pk=pk)
