"""The API of the core: parameters, the working calendar with deadlines, the journal."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from .actions import run_task
from .doors import allowed
from .errors import Refused
from .models import CalendarDay, InfectedFile, JournalLine, Parameter
from .reads import ScannerState, calendar, scanner_state, scheduled_tasks
from .rules.calendar import CalendarEnds, Unit, deadline

router = Router(tags=["core"])
PAGE = 100


class ParameterOut(Schema):
    rule_id: str
    jurisdiction: str
    effective_from: date
    effective_to: date | None
    value: Any
    unit: str
    source: str
    confidence: str
    name: str
    name_en: str


class DayOut(Schema):
    date: date
    kind: str
    name: str
    name_en: str
    provisional: bool


class DeadlineOut(Schema):
    start: datetime
    amount: int
    unit: str
    due: datetime
    provisional: bool


class LineOut(Schema):
    id: int
    at: datetime
    act: str
    by: str
    subject_model: str
    subject_id: str
    division_key: int | None
    facts: dict[str, Any]
    reason: str
    channel: str
    address: str


class LineFilter(Schema):
    """What lines to give: newest first, `before` a line number."""

    act: str = ""
    subject_model: str = ""
    subject_id: str = ""
    user_id: int | None = None
    before: int | None = None


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


@router.get("/parameters", response=list[ParameterOut], summary="Parameters in force on a day")
@allowed("core.view")
def parameters(request: HttpRequest, on: date | None = None, rule_id: str = "") -> list[Parameter]:
    actor = _actor(request)
    rows = Parameter.objects.visible_to(actor).in_force(on or timezone.localdate())
    return list(rows.filter(rule_id__startswith=rule_id)[:1000])


@router.get("/parameters/{rule_id}", response=list[ParameterOut], summary="All values of a rule")
@allowed("core.view")
def parameter_history(request: HttpRequest, rule_id: str) -> list[Parameter]:
    actor = _actor(request)
    rows = list(Parameter.objects.visible_to(actor).filter(rule_id=rule_id))
    if not rows:
        raise Http404
    return rows


@router.get("/calendar", response=list[DayOut], auth=None, summary="Holidays and make-up days")
def calendar_year(request: HttpRequest, year: int) -> list[CalendarDay]:
    return list(CalendarDay.objects.public().filter(date__year=year))


@router.get("/deadline", response=DeadlineOut, auth=None, summary="When a period ends")
def deadline_of(
    request: HttpRequest, start: datetime, amount: int, unit: Unit = Unit.WORKING_DAYS
) -> dict[str, Any]:
    begun = timezone.make_aware(start) if timezone.is_naive(start) else start
    known = calendar()
    try:
        due = deadline(begun, amount, unit, known)
        provisional = known.provisional(due.date())
    except (CalendarEnds, ValueError, OverflowError) as error:
        raise Refused("calendar_ends", str(error)) from None
    return {
        "start": begun, "amount": amount, "unit": unit, "due": due, "provisional": provisional,
    }  # fmt: skip


@router.get("/journal", response=list[LineOut], summary="Lines of the journal, newest first")
@allowed("core.journal")
def journal(request: HttpRequest, asked: Query[LineFilter]) -> list[JournalLine]:
    actor = _actor(request)
    rows = JournalLine.objects.visible_to(actor)
    exact = {key: value for key, value in asked.dict().items() if value not in ("", None)}
    before = exact.pop("before", None)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.filter(**exact).order_by("-pk")[:PAGE])


class InfectedFileOut(Schema):
    """A file in which a virus was found; it lies sealed in the quarantine."""

    id: int
    division_key: int
    about: str
    file_name: str
    digest: str
    size: int
    signature: str
    created_at: datetime


class ScannerOut(Schema):
    """What looks for viruses; `about` is empty while it does not answer."""

    wanted: bool
    about: str
    waiting: int


@router.get("/scans", response=list[InfectedFileOut], summary="带病毒的文件 Infected files")
@allowed("core.scans")
def infected_files(request: HttpRequest, before: int | None = None) -> list[InfectedFile]:
    """Newest first; `before` an id for the next page."""
    rows = InfectedFile.objects.visible_to(_actor(request))
    rows = rows.filter(pk__lt=before) if before else rows
    return list(rows[:PAGE])


@router.get("/scanner", response=ScannerOut, summary="查毒程序 The scanner")
@allowed("core.scans")
def scanner_now(request: HttpRequest) -> ScannerState:
    return scanner_state()


class TaskRunOut(Schema):
    """A scheduled job: when it runs, how it last went."""

    code: str
    name: str
    cron: str
    state: str
    started_at: datetime | None
    done_at: datetime | None
    failed_at: datetime | None
    error: str
    runs: int
    failures: int


@router.get("/tasks", response=list[TaskRunOut], summary="后台任务 Scheduled jobs")
@allowed("core.tasks")
def scheduled_jobs(request: Any) -> list[TaskRunOut]:
    """Those that failed first."""
    return [
        TaskRunOut(
            code=row.task.code, name=row.task.label, cron=row.cron, state=row.task.state,
            started_at=row.task.started_at, done_at=row.task.done_at,
            failed_at=row.task.failed_at, error=row.task.error, runs=row.task.runs,
            failures=row.task.failures,
        )
        for row in scheduled_tasks(request.actor)
    ]  # fmt: skip


@router.post("/tasks/{code}/run", response={204: None}, summary="再运行 Run a job again")
@allowed("core.tasks")
def run_scheduled_job(request: Any, code: str) -> tuple[int, None]:
    """Put it into the queue now."""
    found = next(
        (row.task for row in scheduled_tasks(request.actor) if row.task.code == code), None
    )
    if found is None:
        raise Http404
    run_task(found, by=request.actor)
    return 204, None
