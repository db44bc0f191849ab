"""Tasks: the list, one task with its forms, what may be done with it, and the paper list."""

from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Min
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post
from yiwang.collection import actions
from yiwang.collection.forms import AssignForm
from yiwang.collection.models import Item, Task
from yiwang.collection.reads.finding import task_for
from yiwang.collection.reads.progress import buildings_of, by_worker, figures
from yiwang.collection.reads.sheet import sheets_of
from yiwang.collection.rules.moves import OPEN, ItemState
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter

_STATES: Final = ("todo", "filled", "conflict", "returned", "submitted", "accepted")


@require_GET
@allowed("collection.view")
def tasks(request: StaffRequest) -> HttpResponse:
    """The running tasks of the reader's area, the most urgent first."""
    actor, show = request.actor, request.GET.get("show", "")
    rows = Task.objects.visible_to(actor).select_related("campaign", "division").counted()
    rows = rows.exclude(campaign__state="open") if show == "over" else rows.running()
    text = request.GET.get("q", "").strip()[:60]
    if text:
        rows = rows.filter(campaign__title__icontains=text)
    order = {"place": "division_id", "-place": "-division_id", "-due": "-campaign__due_at"}
    rows = rows.order_by(order.get(request.GET.get("sort", ""), "campaign__due_at"), "pk")
    size = int(parameter("core.page_rows"))
    return render(
        request,
        "collection/tasks.html",
        {
            "page": Paginator(rows, size).get_page(request.GET.get("page")),
            "show": show,
            "q": text,
            "figures": figures(Item.objects.visible_to(actor).filter(task__in=rows.order_by())),
            "now": timezone.now(),
            "may": rights(actor),
        },
    )


def rights(actor: Actor) -> dict[str, bool]:
    return {one: actor.has(f"collection.{one}") for one in ("collect", "manage", "check")}


@require_GET
@allowed("collection.view")
def task(request: StaffRequest, pk: int) -> HttpResponse:
    """One task: its forms by state and building, who carries them."""
    found = task_for(request.actor, pk)
    rows = _filtered(request, found)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    buildings = buildings_of(found)
    state, building = request.GET.get("state", ""), request.GET.get("building", "")
    return render(
        request,
        "collection/task.html",
        {
            "task": found,
            "campaign": found.campaign,
            "page": page,
            "states": [(one, ItemState(one).label) for one in _STATES],
            "state": state if state in _STATES else "",
            "building": building,
            "buildings": buildings,
            "workers": by_worker(found),
            "filters": _applied(state, building),
            "form": _assign_form(request, found, buildings),
            "may": {one: request.actor.may(f"collection.{one}", found)
                    for one in ("collect", "manage", "check")},
            "now": timezone.now(),
            "key": uuid4().hex,
        },
    )  # fmt: skip


def _filtered(request: StaffRequest, found: Task) -> Any:
    rows = Item.objects.visible_to(request.actor).filter(task=found)
    rows = rows.exclude(state=ItemState.DROPPED)
    if request.GET.get("state") in _STATES:
        rows = rows.filter(state=request.GET["state"])
    if request.GET.get("building"):
        rows = rows.filter(building=request.GET["building"][:120])
    if request.GET.get("mine"):
        rows = rows.filter(worker_id=request.actor.post_id)
    related = rows.select_related("household", "dwelling", "resident", "worker__user")
    return related.order_by("building", "pk")


def _applied(state: str, building: str) -> list[dict[str, str]]:
    found = []
    if state in _STATES:
        found.append({"key": "state", "label": str(ItemState(state).label)})
    if building:
        found.append({"key": "building", "label": building[:120]})
    return found


def _assign_form(
    request: StaffRequest, found: Task, buildings: list[str], data: Any = None
) -> AssignForm:
    posts = Post.objects.visible_to(request.actor).held_on(timezone.localdate())
    posts = posts.filter(division_id=found.division_id)
    posts = posts.select_related("user", "unit").order_by("user__name", "pk")
    return AssignForm(data, posts=posts, buildings=buildings)


@require_POST
@allowed("collection.manage")
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the open forms of a building, or all, to somebody."""
    found = task_for(request.actor, pk)
    form = _assign_form(request, found, buildings_of(found), request.POST)
    if form.is_valid():
        _say(request, _("已分派。"), lambda: actions.assign_items(
            found, to=form.cleaned_data["to"], building=form.cleaned_data["building"],
            by=request.actor,
        ))  # fmt: skip
    else:
        messages.error(request, _("请从列表里选采集人和楼栋。"))
    return redirect(found)


@require_POST
@allowed("collection.manage")
def urge(request: StaffRequest, pk: int) -> HttpResponse:
    """Remind the community."""
    found = task_for(request.actor, pk)
    _say(request, _("已催办。"), lambda: actions.urge_task(found, by=request.actor))
    if request.POST.get("back") == "campaign":
        return redirect(found.campaign)
    return redirect(found)


@require_POST
@allowed("collection.collect")
def submit(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand what is filled to the township."""
    found = task_for(request.actor, pk)
    _say(
        request,
        _("已提交审核。"),
        lambda: actions.submit_items(found, items=_chosen(request), by=request.actor),
    )
    return redirect(found)


@require_POST
@allowed("collection.check")
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """Check everything that waits: into the register, or back with the field marked."""
    found: Any = task_for(request.actor, pk)
    before = (found.done, found.returned)
    try:
        actions.check_items(found, items=_chosen(request), by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        after: Any = task_for(request.actor, pk)
        words = {"done": after.done - before[0], "back": after.returned - before[1]}
        messages.success(request, _("入库 %(done)s 份，退回 %(back)s 份。") % words)
    return redirect(found)


def _chosen(request: StaffRequest) -> list[int]:
    return [int(one) for one in request.POST.getlist("item") if one.isdecimal() and len(one) < 19]


def _say(request: StaffRequest, sentence: str, act: Any) -> None:
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)


@require_GET
@allowed("collection.view")
def waiting(request: StaffRequest) -> HttpResponse:
    """What communities handed in and nobody has checked yet, the oldest first."""
    items = Item.objects.visible_to(request.actor).filter(state=ItemState.SUBMITTED)
    oldest = dict(
        items.order_by().values_list("task").annotate(due=Min("check_due_at")).order_by("due")
    )
    tasks_of = Task.objects.visible_to(request.actor).filter(pk__in=oldest)
    counted = tasks_of.select_related("campaign", "division").counted().in_bulk()
    found = [counted[pk] for pk in oldest if pk in counted]
    context = {
        "rows": [(one, oldest[one.pk]) for one in found],
        "may": rights(request.actor),
        "now": timezone.now(),
        "days": parameter("collection.check_days"),
    }
    return render(request, "collection/waiting.html", context)


@require_POST
@allowed("collection.collect")
def walking_list(request: StaffRequest, pk: int) -> HttpResponse:
    """The paper list of the open forms, with names and addresses in full; journaled."""
    found = task_for(request.actor, pk)
    try:
        actions.take_along(found, how="paper", by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    rows = _filtered(request, found).filter(state__in=OPEN).select_related(
        "task__campaign", "household__dwelling", "dwelling", "resident"
    )  # fmt: skip
    context = {
        "task": found,
        "campaign": found.campaign,
        "sheets": sheets_of(rows[: int(parameter("collection.take_most"))]),
        "fields": list(found.campaign.asked().values()),
        "by": request.actor.label,
    }
    return render(request, "collection/walking_list.html", context)
