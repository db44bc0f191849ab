"""Sharing for other systems: agreements, reads inside them, what changed since, files (INF-11)."""

from datetime import date
from typing import Annotated, Any, Final

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import circumstances
from yiwang.divisions.models import Division
from yiwang.sharing import actions
from yiwang.sharing.actions.agreements import must_see_tags
from yiwang.sharing.actions.reading import Answer
from yiwang.sharing.models import Agreement, SharedFile
from yiwang.sharing.reads import Asked, Preview, agreement_for, file_for, listed, preview
from yiwang.sharing.rules.scope import LISTS, Scope
from yiwang.sharing.sheets import attachment

from .shapes import (
    AgreementAnswerIn,
    AgreementIn,
    AgreementListedOut,
    AgreementOut,
    AgreementVersionOut,
    ChangesOut,
    LessIn,
    LimitIn,
    PersonQueryIn,
    PersonsOut,
    PreviewIn,
    PreviewOut,
    ReadingOut,
    ScopeIn,
    SharedFileIn,
    SharedFileOut,
)

router = Router(tags=["共享协议"])

UNSAID: Final[dict[str, Any]] = {"purpose": "", "basis": "", "law": "", "ends_on": date.max}
Limit = Annotated[int, Field(ge=1, le=100)]


@router.get("/agreements", response=list[AgreementListedOut], summary="共享协议 Agreements")
@allowed("sharing.view")
def agreements(
    request: StaffRequest, q: str = "", state: str = "", after: int | None = None, limit: Limit = 25
) -> Any:
    """Newest first; `after` is the number of the last one of the page before."""
    rows = listed(request.actor, Asked(q=q, state=state), timezone.localdate())
    return (rows.filter(pk__lt=after) if after else rows)[:limit]


@router.post("/preview", response=PreviewOut, summary="申请前预览 How many people")
@allowed("sharing.ask")
def preview_selection(request: StaffRequest, body: PreviewIn) -> Preview:
    """Counted before anything is asked for; nobody is read."""
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=body.division)
    said = body.dict(exclude={"division"})
    scope = Scope(**{**said, **{name: tuple(said[name]) for name in LISTS}}, **UNSAID)
    must_see_tags(scope, request.actor)
    return preview(scope, place.pk, request.actor, timezone.localdate())


@router.post("/agreements/{pk}/preview", response=PreviewOut, summary="审批前预览 How many people")
@allowed("sharing.view")
def preview_agreement(request: StaffRequest, pk: int, body: LessIn) -> Preview:
    """What waits for a decision, or is in force, with less of it where the body says so."""
    found = agreement_for(request.actor, pk)
    scope = found.wanted or found.scope
    said = body.dict(exclude_none=True)
    less = scope.limited(Scope.of(scope.as_dict() | _plain(said))) if said else scope
    return preview(less, found.division_id, request.actor, timezone.localdate())


@router.post("/agreements", response={201: AgreementOut}, summary="申请 Ask")
@allowed("sharing.ask")
def ask(request: StaffRequest, body: AgreementIn) -> Status[Agreement]:
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=body.division)
    scope = ScopeIn(**body.dict(exclude={"division", "title"})).scope()
    made = actions.ask_agreement(place, title=body.title, scope=scope, by=request.actor)
    return Status(201, made)


@router.get("/agreements/{pk}", response=AgreementOut, summary="一份协议 One agreement")
@allowed("sharing.view")
def agreement(request: StaffRequest, pk: int) -> Agreement:
    return agreement_for(request.actor, pk)


@router.get(
    "/agreements/{pk}/versions", response=list[AgreementVersionOut], summary="版本 Versions"
)
@allowed("sharing.view")
def agreement_versions(request: StaffRequest, pk: int) -> Any:
    """The newest first."""
    return agreement_for(request.actor, pk).versions.all()


@router.get("/agreements/{pk}/readings", response=list[ReadingOut], summary="使用记录 Use")
@allowed("sharing.view")
def readings(request: StaffRequest, pk: int, limit: Limit = 25) -> Any:
    """The newest first."""
    return agreement_for(request.actor, pk).readings.all()[:limit]


@router.post("/agreements/{pk}/renew", response=AgreementOut, summary="续期 Renew")
@allowed("sharing.ask")
def renew(request: StaffRequest, pk: int, body: ScopeIn) -> Agreement:
    found = agreement_for(request.actor, pk)
    return actions.ask_renewal(found, scope=body.scope(), by=request.actor)


@router.post("/agreements/{pk}/withdraw", response=AgreementOut, summary="撤回 Withdraw")
@allowed("sharing.ask")
def withdraw_asked(request: StaffRequest, pk: int) -> Agreement:
    return actions.withdraw_agreement(agreement_for(request.actor, pk), by=request.actor)


@router.post("/agreements/{pk}/grant", response=AgreementOut, summary="批准 Grant")
@allowed("sharing.decide")
def grant(request: StaffRequest, pk: int, body: LimitIn) -> Agreement:
    """With less than asked `answer` must say why."""
    found = agreement_for(request.actor, pk)
    said = body.dict(exclude={"answer"}, exclude_none=True)
    limit = Scope.of(found.asked | _plain(said)) if said and found.asked else None
    return actions.grant_agreement(found, limit=limit, answer=body.answer, by=request.actor)


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    day = said.get("ends_on")
    return {**said, **({"ends_on": day.isoformat()} if day else {})}


@router.post("/agreements/{pk}/refuse", response=AgreementOut, summary="不批准 Refuse")
@allowed("sharing.decide")
def refuse_asked(request: StaffRequest, pk: int, body: AgreementAnswerIn) -> Agreement:
    found = agreement_for(request.actor, pk)
    return actions.refuse_agreement(found, reason=body.reason, by=request.actor)


@router.post("/agreements/{pk}/suspend", response=AgreementOut, summary="暂停 Suspend")
@allowed("sharing.decide")
def suspend(request: StaffRequest, pk: int, body: AgreementAnswerIn) -> Agreement:
    found = agreement_for(request.actor, pk)
    return actions.suspend_agreement(found, reason=body.reason, by=request.actor)


@router.post("/agreements/{pk}/resume", response=AgreementOut, summary="恢复 Resume")
@allowed("sharing.decide")
def resume(request: StaffRequest, pk: int, body: AgreementAnswerIn) -> Agreement:
    found = agreement_for(request.actor, pk)
    return actions.resume_agreement(found, reason=body.reason, by=request.actor)


@router.post("/agreements/{pk}/end", response=AgreementOut, summary="终止 End")
@allowed("sharing.decide")
def end(request: StaffRequest, pk: int, body: AgreementAnswerIn) -> Agreement:
    found = agreement_for(request.actor, pk)
    return actions.end_agreement(found, reason=body.reason, by=request.actor)


@router.post("/agreements/{pk}/query", response=PersonsOut, summary="查一个人 One person")
@allowed("sharing.read")
def query(request: StaffRequest, pk: int, body: PersonQueryIn) -> dict[str, Any]:
    """Nobody outside the agreement is found; every question is journaled."""
    found = agreement_for(request.actor, pk)
    with circumstances(idempotency_key=""):  # asking again is another read
        return _people(actions.query_person(found, text=body.text, by=request.actor))


@router.get("/agreements/{pk}/persons", response=PersonsOut, summary="名单 Everybody")
@allowed("sharing.read")
def persons(request: StaffRequest, pk: int, after: int = 0, limit: Limit = 100) -> dict[str, Any]:
    """In the order of their numbers; go on with `cursor` as `after` while there is `more`."""
    found = agreement_for(request.actor, pk)
    return _people(actions.list_persons(found, after=after, limit=limit, by=request.actor))


@router.get("/agreements/{pk}/changes", response=ChangesOut, summary="变更 What changed since")
@allowed("sharing.read")
def changes(request: StaffRequest, pk: int, after: int = 0, limit: Limit = 100) -> dict[str, Any]:
    """Who came in or changed since, and who `left` and must be deleted; keep `cursor` for the next
    call. Cursor 0 begins with everybody.
    """
    found = agreement_for(request.actor, pk)
    answer = actions.read_changes(found, after=after, limit=limit, by=request.actor)
    return {**_people(answer), "left": answer.left}


@router.get("/agreements/{pk}/files", response=list[SharedFileOut], summary="文件 Files")
@allowed("sharing.read")
def files(request: StaffRequest, pk: int) -> Any:
    """The holder's files, newest first."""
    rows = SharedFile.objects.visible_to(request.actor)
    return rows.filter(agreement=agreement_for(request.actor, pk))[:25]


@router.post("/agreements/{pk}/files", response=AgreementOut, summary="生成文件 Order files")
@allowed("sharing.read")
def order(request: StaffRequest, pk: int, body: SharedFileIn) -> Agreement:
    found = agreement_for(request.actor, pk)
    if body.days is None:
        actions.order_file(found, kind=body.kind, by=request.actor)
        return found
    return actions.schedule_files(found, kind=body.kind, days=body.days, by=request.actor)


@router.get("/files/{pk}", summary="下载 Download")
@allowed("sharing.read")
def download(request: StaffRequest, pk: int) -> HttpResponse:
    found = file_for(request.actor, pk)
    actions.open_file(found, by=request.actor)
    return attachment(found)


def _people(answer: Answer) -> dict[str, Any]:
    rows = [
        {"id": one.resident.pk, "division": one.resident.division_id, "values": one.values}
        for one in answer.rows
    ]
    return {"persons": rows, "cursor": answer.cursor, "more": answer.more}
