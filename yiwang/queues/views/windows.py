"""The page of a window: call, call again, absent, start, finish, hand on."""

from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.queues.actions import (
    call_again,
    call_next,
    close_window,
    deny_priority,
    finish_service,
    hand_on_ticket,
    mark_absent,
    open_window,
    start_service,
)
from yiwang.queues.forms import WindowForm
from yiwang.queues.models import Ticket, Window
from yiwang.queues.reads import Queue
from yiwang.queues.rules import AT_A_WINDOW

from .door import done, visible_ticket, visible_window

# What the buttons do, and what is said afterwards.
STEPS: Final[dict[str, tuple[Callable[..., Ticket], Any]]] = {
    "again": (call_again, gettext_lazy("已再叫 %(number)s。")),
    "absent": (mark_absent, gettext_lazy("%(number)s 过号。")),
    "start": (start_service, gettext_lazy("%(number)s 开始办理。")),
    "finish": (finish_service, gettext_lazy("%(number)s 已办结。")),
    "deny": (deny_priority, gettext_lazy("%(number)s 改为普通号，按取号先后等候。")),
    "hand-on": (hand_on_ticket, gettext_lazy("%(number)s 已转到另一项业务。")),
}


@require_GET
@allowed("queues.call")
def window(request: StaffRequest, pk: int) -> HttpResponse:
    """Who stands at this window and who waits for it."""
    found = visible_window(request, pk)
    queue = Queue.of(found.day)
    mine = [one for one in queue.in_order() if one.line.letter in found.letters]
    ticket = (
        Ticket.objects.visible_to(request.actor)
        .filter(window=found, state__in=AT_A_WINDOW)
        .select_related("line", "resident")
        .first()
    )
    context = {
        "window": found,
        "day": found.day,
        "ticket": ticket,
        "waiting": mine,
        "form": WindowForm(None, found.day.lines.all(), found.letters),
        "others": [one for one in found.day.lines.all() if ticket and one.pk != ticket.line_id],
        "accept_url": _accept_url(ticket),
        "key": uuid4().hex,
    }
    template = "queues/parts/waiting.html" if request.htmx else "queues/window.html"
    return render(request, template, context)


def _accept_url(ticket: Ticket | None) -> str:
    """Where a matter is accepted for the person of a number, where that page exists."""
    try:
        url = reverse("matters:accept")
    except NoReverseMatch:
        return ""
    return f"{url}?resident={ticket.resident_id}" if ticket and ticket.resident_id else url


def _work(
    request: StaffRequest, found: Window, do: Callable[..., Any], said: str, **more: Any
) -> HttpResponse:
    def work() -> str:
        do(found, **more, by=request.actor)
        return said

    return done(request, work, "queues:window", found.pk)


@require_POST
@allowed("queues.call")
def sit_down(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible_window(request, pk)
    letters = request.POST.getlist("letters")
    return _work(request, found, open_window, _("窗口已开。"), letters=letters)


@require_POST
@allowed("queues.call")
def leave(request: StaffRequest, pk: int) -> HttpResponse:
    return _work(request, visible_window(request, pk), close_window, _("窗口已停。"))


@require_POST
@allowed("queues.call")
def call(request: StaffRequest, pk: int) -> HttpResponse:
    found = visible_window(request, pk)

    def work() -> str:
        ticket = call_next(found, by=request.actor)
        return _("请 %(number)s 到 %(window)s。") % {"number": ticket.number, "window": found}

    return done(request, work, "queues:window", pk)


@require_POST
@allowed("queues.call")
def handle(request: StaffRequest, pk: int, what: str) -> HttpResponse:
    """One of the buttons under the number."""
    if what not in STEPS:
        raise Http404
    ticket = visible_ticket(request, pk)
    do, said = STEPS[what]
    more = {"letter": request.POST.get("letter", "")} if what == "hand-on" else {}
    window = ticket.window_id

    def work() -> str:
        do(ticket, **more, by=request.actor)
        return str(said) % {"number": ticket.number}

    if window is None:
        return done(request, work, "queues:day", ticket.day_id)
    return done(request, work, "queues:window", window)
