"""Listing and reading matters."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.divisions.rules import range_of
from yiwang.matters import actions
from yiwang.matters.models import Matter
from yiwang.matters.reads.paging import key_page
from yiwang.matters.reads.worklist import waiting_for
from yiwang.matters.rules import RUNNING

from .schemas import (
    DepartureIn,
    MatterDetail,
    MatterOut,
    Page,
    PriorityIn,
    ReasonIn,
    TextIn,
)

router = Router()


@router.get("/", response=Page, summary="事项列表 List matters")
@allowed("matters.view")
def matters(
    request: StaffRequest,
    state: str | None = None,
    tone: str | None = None,
    item: str | None = None,
    division: int | None = None,
    priority: bool = False,
    after: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> dict[str, Any]:
    """Newest first; `after` is the `next` of the page before (keyset, not counted pages)."""
    seen = Matter.objects.visible_to(request.actor).select_related("item", "resident")
    rows = _filtered(seen, state, tone, item, division)
    rows = rows.exclude(priority="") if priority else rows
    if after:
        rows = rows.filter(pk__lt=int(after) if after.isdigit() else 0)
    found = list(rows.order_by("-pk")[: limit + 1])
    more = found[limit - 1].pk if len(found) > limit else None
    return {"matters": found[:limit], "next": str(more) if more else None}


def _filtered(
    rows: "QuerySet[Matter]",
    state: str | None,
    tone: str | None,
    item: str | None,
    division: int | None,
) -> "QuerySet[Matter]":
    now = timezone.now()
    if state:
        rows = rows.filter(state=state)
    if tone == "danger":
        rows = rows.filter(state__in=RUNNING, due_at__lt=now)
    elif tone == "warn":
        rows = rows.filter(state__in=RUNNING, amber_at__lte=now, due_at__gte=now)
    if item:
        rows = rows.filter(item__code=item)
    if division:
        area = range_of(division)
        rows = rows.filter(division_id__range=(area.lo, area.hi))
    return rows


def visible_matter(request: HttpRequest, number: str) -> Matter:
    """The matter if the caller may see it; else 404, which does not say whether it exists."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = Matter.objects.visible_to(actor).select_related("item", "resident", "version")
    return get_object_or_404(rows, number=number)


@router.get("/worklist", response=Page, summary="待我办理 What waits for my unit")
@allowed("matters.view")
def worklist(request: StaffRequest, after: str = "") -> dict[str, Any]:
    """In the order of the page: who goes first by `priority`, then by the deadline of the step."""
    rows = waiting_for(Matter.objects.visible_to(request.actor), request.actor)
    query = {"after": after} if after else {}
    page = key_page(rows.select_related("item", "resident"), "turn", query)
    return {"matters": page.rows, "next": page.next_cursor or None}


@router.get("/{number}", response=MatterDetail, summary="事项详情 One matter")
@allowed("matters.view")
def matter(request: StaffRequest, number: str) -> Matter:
    return visible_matter(request, number)


@router.post("/{number}/notes", response=MatterOut, summary="记一笔 Note")
@allowed("matters.note")
def note(request: StaffRequest, number: str, body: TextIn, shown: bool = False) -> Matter:
    found = visible_matter(request, number)
    return actions.note_matter(found, text=body.text, shown=shown, by=request.actor)


@router.post("/{number}/priority", response=MatterOut, summary="优先办理 Let go first")
@allowed("matters.accept")
def priority(request: StaffRequest, number: str, body: PriorityIn) -> Matter:
    """For what the form does not tell; empty takes it back."""
    found = visible_matter(request, number)
    return actions.mark_priority(found, **body.dict(), by=request.actor)


@router.post("/{number}/urge", response=MatterOut, summary="催办 Urge")
@allowed("matters.urge")
def urge(request: StaffRequest, number: str, body: TextIn) -> Matter:
    return actions.urge_matter(visible_matter(request, number), text=body.text, by=request.actor)


@router.post(
    "/{number}/departure", response=MatterOut, summary="离世、迁出处理 After death or departure"
)
@allowed("matters.handle")
def departure(request: StaffRequest, number: str, body: DepartureIn) -> Matter:
    """Decide whether a matter of somebody who died or left goes on."""
    found = visible_matter(request, number)
    return actions.decide_departure(found, **body.dict(), by=request.actor)


@router.post("/{number}/withdraw", response=MatterOut, summary="撤回 Withdraw")
@allowed("matters.withdraw")
def withdraw(request: StaffRequest, number: str, body: ReasonIn) -> Matter:
    found = visible_matter(request, number)
    return actions.withdraw_matter(found, reason=body.reason, by=request.actor)
