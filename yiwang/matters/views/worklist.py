"""The work list: what waits for me, what I accepted, the whole area, what went out (INF-09)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest
from yiwang.matters.forms.filters import MatterFilter
from yiwang.matters.models import Matter, Step
from yiwang.matters.reads import elsewhere, with_people
from yiwang.matters.reads.paging import key_page
from yiwang.matters.reads.worklist import in_turn, waiting_for
from yiwang.matters.rules import FINAL, OPEN, RUNNING, State

from .batch import ways_of
from .deadlines import DeadlineChip, deadline_chip
from .door import staff
from .own_views import tools, with_views

Rows = QuerySet[Matter]
SORTS = {"turn", "deadline", "accepted_at", "number"}
CHANNEL_ICONS = {
    "window": "user",
    "web": "world",
    "phone": "phone",
    "visit": "walk",
    "kiosk": "building-store",
    "api": "sitemap",
}


def _accepted(rows: Rows, actor: Actor) -> Rows:
    return _by_due(rows.filter(acceptor_post_id=actor.post_id))


def _handed(rows: Rows, actor: Actor) -> Rows:
    """Open matters my unit accepted or worked on, and which now lie with others."""
    return _by_due(elsewhere(rows, actor.unit_id))


def _by_due(rows: Rows) -> Rows:
    return in_turn(rows.annotate(deadline=F("due_at")))


@dataclass(frozen=True)
class Tab:
    """One tab: its rows, the order they come in, and what an empty one means."""

    key: str
    label: Any
    rows: Callable[[Rows, Actor], Rows]
    sort: str
    empty: Any


TABS = {
    tab.key: tab
    for tab in (
        Tab(
            "mine",
            gettext_lazy("待我办理"),
            waiting_for,
            "turn",
            gettext_lazy("没有等本单位办理的事项"),
        ),
        Tab(
            "accepted",
            gettext_lazy("我受理的"),
            _accepted,
            "-accepted_at",
            gettext_lazy("您还没有受理过事项"),
        ),
        Tab(
            "first",
            gettext_lazy("首问未结"),
            lambda rows, actor: _accepted(rows, actor).filter(state__in=OPEN),
            "deadline",
            gettext_lazy("您作为首问责任人的事项都已办结"),
        ),
        Tab(
            "area",
            gettext_lazy("辖区全部"),
            lambda rows, actor: _by_due(rows),
            "-accepted_at",
            gettext_lazy("辖区内还没有事项"),
        ),
        Tab(
            "handed",
            gettext_lazy("转出跟踪"),
            _handed,
            "deadline",
            gettext_lazy("没有交给其他单位、还在办的事项"),
        ),
        Tab(
            "correcting",
            gettext_lazy("待补正"),
            lambda rows, actor: _by_due(rows.filter(state=State.CORRECTING)),
            "deadline",
            gettext_lazy("没有等居民补正的事项"),
        ),
        Tab(
            "done",
            gettext_lazy("已办结"),
            lambda rows, actor: _by_due(rows.filter(state__in=FINAL)),
            "-accepted_at",
            gettext_lazy("还没有办结的事项"),
        ),
    )
}


@dataclass(frozen=True)
class Row:
    """One line of the list, in the words of the page."""

    matter: Matter
    title: str
    chip: DeadlineChip
    state: str
    state_kind: str
    channel_icon: str
    action: str


@dataclass(frozen=True)
class Listing:
    """What the address asks for: tab, filters, order, and the rows that meet them."""

    tab: Tab
    form: MatterFilter
    sort: str
    rows: Rows


def listing(request: StaffRequest, now: datetime) -> Listing:
    """Read the address; the export takes exactly what the page shows."""
    actor = request.actor
    start = "area" if actor.unit_id is None else "mine"
    tab = TABS.get(request.GET.get("tab", ""), TABS[start])
    form = MatterFilter(request.GET, actor=actor)
    sort = request.GET.get("sort", "")
    if sort.lstrip("-") not in SORTS:
        sort = tab.sort
    rows = form.narrow(tab.rows(Matter.objects.visible_to(actor), actor), now)
    return Listing(tab, form, sort, with_people(rows))


@require_GET
@staff("matters.view")
def work_list(request: StaffRequest) -> HttpResponse:
    """The list a clerk works from."""
    now = timezone.now()
    found = listing(request, now)
    page = key_page(with_views(found.rows, request.actor), found.sort, request.GET)
    context = {
        "tabs": [_tab_link(tab, found.tab) for tab in TABS.values()],
        "tab": found.tab,
        "form": found.form,
        "filters": found.form.chips,
        "sort": found.sort,
        "page": page,
        "rows": [row_of(matter, request.actor, now) for matter in page.rows],
        "query": request.GET.urlencode(),
        "may_export": request.actor.has("matters.export"),
        "may_accept": request.actor.has("matters.accept"),
        "now": now,
        "ways": ways_of(request.actor),
        **tools(request, page.rows),
    }
    return render(request, "matters/list.html", context)


def _tab_link(tab: Tab, current: Tab) -> dict[str, Any]:
    return {"label": tab.label, "url": f"?tab={tab.key}", "current": tab == current}


def row_of(matter: Matter, actor: Actor, now: datetime) -> Row:
    """A line for one matter, with the verb of what this reader does next."""
    state, kind = state_words(matter)
    own = matter.title == matter.item.title
    return Row(
        matter,
        matter.item.label if own else matter.title,
        deadline_chip(matter, getattr(matter, "deadline", matter.due_at), now),
        state,
        kind,
        CHANNEL_ICONS[matter.channel],
        _action(matter, actor),
    )


def state_words(matter: Matter) -> tuple[str, str]:
    """Where a matter stands: with whom while it is at work, else the state itself."""
    steps: list[Step] = getattr(matter, "active_steps", [])
    if matter.state == State.WORKING and steps:
        if len(steps) > 1:
            return _("%(count)s 个单位同时办理") % {"count": len(steps)}, "brand"
        return _("%(unit)s办理中") % {"unit": steps[0].unit.label}, "brand"
    kinds = {
        State.SUBMITTED: "info",
        State.WORKING: "brand",
        State.CORRECTING: "warn",
        State.PAUSED: "info",
        State.FINISHED: "ok",
        State.REFUSED: "danger",
    }
    return str(matter.get_state_display()), kinds.get(State(matter.state), "")


def _action(matter: Matter, actor: Actor) -> str:
    steps: list[Step] = getattr(matter, "active_steps", [])
    ours = [step for step in steps if step.unit_id == actor.unit_id]
    if matter.state == State.CORRECTING and actor.has("matters.correct"):
        return _("补正")
    if matter.state == State.SUBMITTED and ours and actor.has("matters.accept"):
        return _("审查")
    if matter.state in RUNNING and ours and actor.has("matters.handle"):
        return _("办理") if ours[0].handler_id else _("接收")
    if matter.is_open and actor.has("matters.urge"):
        return _("跟踪")
    return _("查看")
