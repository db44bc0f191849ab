"""The network log of the day."""

from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.divisions.models import Division
from yiwang.liaison import actions
from yiwang.liaison.models import DayLog
from yiwang.liaison.reads.logs import days_missing, missing

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class NetworkLogOut(Schema):
    """A log with the figures of its day; not filed, it is a draft of the caller's place."""

    id: int
    division: int = Field(alias="division_id")
    on: date
    entries: dict[str, str]
    figures: dict[str, int]
    filed_at: datetime | None
    filed_by: str


class NetworkLogIn(Schema):
    """Entries by kind: accounts, devices, incidents, maintenance, security, handover."""

    on: date
    entries: dict[str, str]


class LogCorrectionIn(Schema):
    """The entries as they should be, and why."""

    entries: dict[str, str]
    reason: str = Field(max_length=300)


class MissingLogOut(Schema):
    """A place that owes its log."""

    division: int = Field(alias="pk")
    name: str
    last_on: date | None
    working_days: int | None

    @staticmethod
    def resolve_working_days(place: Any) -> int | None:
        return days_missing(place.last_on, timezone.localdate())


def _own(request: StaffRequest) -> Division:
    return get_object_or_404(Division.objects.in_city(), pk=request.actor.division_id)


@router.get("/logs", response=list[NetworkLogOut], summary="网络日志 Network logs")
@allowed("liaison.view")
def network_logs(
    request: StaffRequest, on: date | None = None, division: int | None = None,
    start: Start = 0, limit: Limit = 25,
) -> list[DayLog]:  # fmt: skip
    rows = DayLog.objects.visible_to(request.actor).filed()
    asked = {"on": on, "division_id": division}
    rows = rows.filter(**{key: value for key, value in asked.items() if value})
    return list(rows[start : start + limit])


@router.post("/logs", response={201: NetworkLogOut}, summary="提交日志 File the log")
@allowed("liaison.log")
def file_network_log(request: StaffRequest, body: NetworkLogIn) -> Status[DayLog]:
    """Of the caller's own place; the figures of the day are added."""
    return Status(201, actions.file_log(_own(request), **body.dict(), by=request.actor))


@router.put("/logs/draft", response=NetworkLogOut, summary="存草稿 Keep a draft")
@allowed("liaison.log")
def keep_log_draft(request: StaffRequest, body: NetworkLogIn) -> DayLog:
    return actions.save_log(_own(request), **body.dict(), by=request.actor)


@router.get("/logs/missing", response=list[MissingLogOut], summary="缺日志 Missing logs")
@allowed("liaison.view")
def missing_logs(request: StaffRequest, start: Start = 0, limit: Limit = 25) -> list[Any]:
    """Places whose log of the last working day is not there, the longest first."""
    rows = missing(request.actor, timezone.localdate()).order_by("last_on", "key")
    return list(rows[start : start + limit])


def _log(request: StaffRequest, pk: int) -> DayLog:
    return get_object_or_404(DayLog.objects.visible_to(request.actor), pk=pk)


@router.get("/logs/{pk}", response=NetworkLogOut, summary="一份日志 One log")
@allowed("liaison.view")
def one_network_log(request: StaffRequest, pk: int) -> DayLog:
    return _log(request, pk)


@router.post("/logs/{pk}/correct", response=NetworkLogOut, summary="更正日志 Correct a log")
@allowed("liaison.log")
def correct_network_log(request: StaffRequest, pk: int, body: LogCorrectionIn) -> DayLog:
    return actions.correct_log(_log(request, pk), **body.dict(), by=request.actor)
