"""The workbench: what is due first, what needs attention, how the week went."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.console.context import address
from yiwang.console.reads.alerts import Alert, alerts_for
from yiwang.console.reads.duties import Today, duties, keeps_register
from yiwang.console.reads.health import Health, health_of
from yiwang.console.reads.queues import (
    DUE_WORDS,
    Queue,
    narrowed,
    queue_page,
    queues_of,
    steps_at_work,
    title_of,
)
from yiwang.console.reads.week import Saved, saved_at_doors, week_of
from yiwang.console.rules.chart import week_chart
from yiwang.console.rules.words import Chip, deadline_chip, greeting
from yiwang.core.reads import calendar, parameter
from yiwang.matters.models import Matter
from yiwang.matters.rules import RUNNING, State

CHANNEL_ICONS: Final = {
    "window": "user",
    "web": "world",
    "phone": "phone",
    "visit": "walk",
    "kiosk": "building-store",
    "api": "sitemap",
}
# Where the whole of a queue can be filtered, sorted and exported.
FULL_LISTS: Final = {
    "mine": ("matters:list", "?tab=mine"),
    "handed": ("matters:list", "?tab=handed"),
    "correcting": ("matters:list", "?tab=correcting"),
    "accepted": ("matters:list", "?tab=accepted"),
    "overdue": ("console:supervise-list", "?show=red"),
    "amber": ("console:supervise-list", "?show=amber"),
    "area": ("matters:list", "?tab=area"),
    "rated": ("matters:follow-ups", ""),
    "approve": ("matters:extensions", ""),
}


@require_GET
@allowed("accounts.self")
@allowed("accounts.self")
def workbench(request: StaffRequest) -> HttpResponse:
    """The first page after signing in; each role sees what is its own."""
    actor, today = request.actor, Today.at(timezone.now())
    figures, health = duties(actor, today), _health(actor)
    context = {
        "hello": greeting(today.now),
        "figures": figures,
        "stats": _stats(actor, figures),
        "alerts": _linked(alerts_for(actor, figures, timezone.localdate(today.now), health)),
        "register": _register(actor, figures),
        "health": health,
        **_queue(request, figures, today),
    }
    if actor.has("matters.view"):
        week = week_of(actor, today)
        saved = Saved.of(week)
        if actor.has("collection.view"):
            saved += saved_at_doors(actor, today)
        context |= {"chart": week_chart(week), "saved": saved}
    if request.htmx and request.GET.get("queue"):
        return render(request, "console/parts/queue.html", context)
    return render(request, "console/home.html", context)


def _health(actor: Actor) -> Health | None:
    """For those who keep the installation, not for those who only work with it."""
    keeps = actor.has("core.demonstration") or actor.has("core.journal")
    return health_of(actor) if keeps else None


def _stats(actor: Actor, figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The four counts that lead to their lists; an approver without a unit's queue sees fewer."""
    stats = [
        _stat("mine", "", _("待我办理"), "clipboard-list", "", figures, _new_words(figures)),
        _stat("mine", "today", _("今日到期"), "hourglass", "warn", figures, _next_words(figures)),
        _stat("mine", "late", _("已超期"), "alarm", "danger", figures, ""),
        _stat("approve", "", _("待审批"), "rubber-stamp", "info", figures, ""),
        _stat("overdue", "", _("辖区超期"), "alert-triangle", "danger", figures, ""),
        _stat("amber", "", _("辖区预警"), "hourglass", "warn", figures, ""),
        _stat("area", "", _("辖区在办"), "files", "ok", figures, ""),
        _stat("accepted", "", _("我受理的在办"), "file-check", "ok", figures, ""),
        _stat("handed", "", _("转出跟踪"), "send", "", figures, ""),
    ]
    open_to = {queue.key for queue in queues_of(actor)}
    return [stat for stat in stats if stat["queue"] in open_to][:4]


def _stat(
    queue: str, due: str, label: str, icon: str, kind: str, figures: Mapping[str, Any], note: str
) -> dict[str, Any]:
    key = f"{queue}_{due}" if due else queue
    url = f"?queue={queue}&due={due}#todo" if due else f"?queue={queue}#todo"
    count = figures.get(key, 0)
    quiet = kind in {"warn", "danger"} and not count
    return {
        "queue": queue, "url": url, "label": label, "icon": icon,
        "kind": "" if quiet else kind, "count": count, "note": note,
    }  # fmt: skip


def _new_words(figures: Mapping[str, Any]) -> str:
    new = figures.get("mine_new") or 0
    return ngettext("今天新到 %(count)s", "今天新到 %(count)s", new) % {"count": new} if new else ""


def _next_words(figures: Mapping[str, Any]) -> str:
    first = figures.get("mine_next")
    if first is None:
        return ""
    return _("最近 %(time)s") % {"time": timezone.localtime(first).strftime("%H:%M")}


def _linked(alerts: list[Alert]) -> list[dict[str, Any]]:
    """The alerts with addresses; one whose page does not exist yet is said without a button."""
    return [
        {"alert": alert, "url": url + alert.query if (url := address(alert.page)) else ""}
        for alert in alerts
    ]


def _register(actor: Actor, figures: Mapping[str, Any]) -> dict[str, Any] | None:
    """How much of the register is still fresh, for those who keep it."""
    people = figures.get("people") or 0
    if not keeps_register(actor) or not people:
        return None
    stale = figures.get("stale") or 0
    fresh = people - stale
    percent = round(100 * fresh / people)
    return {"people": people, "fresh": fresh, "stale": stale, "percent": percent}


@dataclass(frozen=True)
class Line:
    """One line of the queue in the words of the page."""

    matter: Matter
    title: str
    due: Chip
    status: Chip
    channel_icon: str
    verb: str


def _queue(request: StaffRequest, figures: Mapping[str, Any], today: Today) -> dict[str, Any]:
    """The tab the address asks for, a page of its rows, and the tabs beside it."""
    queues = queues_of(request.actor)
    if not queues:
        return {"tabs": []}
    asked = request.GET.get("queue", "")
    current = next((queue for queue in queues if queue.key == asked), _first(queues, figures))
    due = request.GET.get("due", "")
    due = due if due in DUE_WORDS and current.key in {"mine", "accepted"} else ""
    rows = narrowed(current.rows(request.actor), due, today.now, today.midnight)
    page = queue_page(rows, request.GET.get("page", ""), int(parameter("console.home_rows")))
    page_name, query = FULL_LISTS[current.key]
    full = address(page_name)
    return {
        "tabs": [
            _tab(queue, current, figures) for queue in queues if queue.always or queue == current
        ],
        "queue": current,
        "due": due,
        "due_words": DUE_WORDS.get(due, ""),
        "page": page,
        "lines": [_line(matter, request.actor, today) for matter in page],
        "full_url": full + query if full else "",
    }


def _first(queues: list[Queue], figures: Mapping[str, Any]) -> Queue:
    """The first tab with anything in it; the first of all when there is nothing to do."""
    filled = (queue for queue in queues if queue.always and figures.get(queue.key))
    return next(filled, queues[0])


def _tab(queue: Queue, current: Queue, figures: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label": queue.label,
        "url": f"?queue={queue.key}#todo",
        "count": figures.get(queue.key, 0),
        "current": queue == current,
    }


def _line(matter: Matter, actor: Actor, today: Today) -> Line:
    due = getattr(matter, "deadline", None) or matter.due_at
    return Line(
        matter,
        title_of(matter),
        deadline_chip(matter.state, due, matter.amber_at, today.now, calendar()),
        _status(matter, actor),
        CHANNEL_ICONS.get(matter.channel, "file-text"),
        _verb(matter, actor),
    )


def _status(matter: Matter, actor: Actor) -> Chip:
    """My unit's own step, else with whom a matter lies while it is at work, else its state."""
    steps = steps_at_work(matter)
    ours = next((step for step in steps if step.unit_id == actor.unit_id), None)
    if matter.state in RUNNING and ours is not None:
        return Chip(ours.label, "brand" if ours.handler_id else "")
    if matter.state == State.WORKING and len(steps) > 1:
        count = len(steps)
        words = ngettext("%(count)s 个单位同时办理", "%(count)s 个单位同时办理", count)
        return Chip(words % {"count": count}, "brand")
    if matter.state == State.WORKING and steps:
        return Chip(_("%(unit)s办理中") % {"unit": steps[0].unit.label}, "brand")
    kinds = {State.CORRECTING: "warn", State.PAUSED: "info", State.REFUSED: "danger"}
    return Chip(str(matter.get_state_display()), kinds.get(State(matter.state), "ok"))


def _verb(matter: Matter, actor: Actor) -> str:
    """What this reader does next with a matter."""
    ours = [step for step in steps_at_work(matter) if step.unit_id == actor.unit_id]
    if matter.state == State.CORRECTING and actor.has("matters.correct"):
        return _("补正")
    if matter.state == State.SUBMITTED and ours and actor.has("matters.accept"):
        return _("审查")
    if matter.state in RUNNING and ours and actor.has("matters.handle"):
        return _("办理") if ours[0].handler_id else _("接收")
    if matter.is_open and actor.has("matters.urge"):
        return _("跟踪")
    return _("查看")
