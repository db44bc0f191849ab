"""Halls of the area and their days: opening, drawing numbers for people, closing."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.queues.actions import close_day, open_day, take_ticket
from yiwang.queues.forms import DaysForm, OpenForm, TakeForm
from yiwang.queues.models import HallDay, Ticket
from yiwang.queues.reads import (
    Queue,
    figures_by_line,
    figures_of,
    total_of,
    touch_key,
)
from yiwang.residents.models import Resident
from yiwang.residents.reads import find_residents

from .door import done, visible_day

PEOPLE_SHOWN = 8


def listed_days(request: StaffRequest, form: DaysForm) -> QuerySet[HallDay]:
    """The days of the reader's area that the filter means, newest first."""
    rows = HallDay.objects.visible_to(request.actor).select_related("unit", "division")
    if form.said("q"):
        rows = rows.filter(
            Q(unit__name__icontains=form.said("q")) | Q(division__name__icontains=form.said("q"))
        )
    if form.said("since"):
        rows = rows.filter(on__gte=form.said("since"))
    if form.said("until"):
        rows = rows.filter(on__lte=form.said("until"))
    return rows


@require_GET
@allowed("queues.view")
def index(request: StaffRequest) -> HttpResponse:
    """Days of the halls of the area with their figures."""
    form = DaysForm(request.GET)
    days = listed_days(request, form)
    page = Paginator(days, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    figures = figures_of(page)
    asked = [name for name in ("q", "since", "until") if form.said(name)]
    context = {
        "form": form,
        "filters": [{"key": name, "label": f"{form[name].label} {form.said(name)}"}
                    for name in asked],
        "page": page,
        "rows": [(one, figures.get(one.pk)) for one in page],
        "total": total_of(days),
        "today": timezone.localdate(),
        "may_open": request.actor.has("queues.open") and bool(_halls(request)),
        "may_export": request.actor.has("queues.export"),
    }  # fmt: skip
    return render(request, "queues/days.html", context)


def _halls(request: StaffRequest) -> list[Unit]:
    """Halls that may be opened from here: units of the own place not yet open today; own first."""
    open_today = HallDay.objects.visible_to(request.actor).filter(on=timezone.localdate())
    units = Unit.objects.open().filter(division_id=request.actor.division_id)
    found = units.exclude(pk__in=open_today.values("unit_id"))
    own = request.actor.unit_id
    return sorted(found, key=lambda one: (one.code != "service_centre", one.pk != own, one.pk))


@require_http_methods(["GET", "POST"])
@allowed("queues.open")
def open_hall(request: StaffRequest) -> HttpResponse:
    """Open a hall for today."""
    form = OpenForm(request.POST or None, _halls(request))
    if request.method == "POST" and form.is_valid():
        unit = get_object_or_404(
            Unit.objects.visible_to(request.actor), pk=form.cleaned_data["unit"]
        )
        try:
            made = open_day(
                unit, letters=form.cleaned_data["letters"],
                windows=form.cleaned_data["windows"], by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已开厅，可以取号了。"))
            return redirect(made)
    context = {"form": form, "key": uuid4().hex}
    return render(request, "queues/open.html", context, status=422 if form.errors else 200)


@require_GET
@allowed("queues.view")
def day(request: StaffRequest, pk: int) -> HttpResponse:
    """A hall's day: who waits, the windows, the figures; with the form to draw a number."""
    return _day_page(request, visible_day(request, pk))


def _day_page(
    request: StaffRequest, found: HallDay, form: TakeForm | None = None, status: int = 200
) -> HttpResponse:
    queue = Queue.of(found)
    windows = found.windows.select_related("post__user")
    at_windows = {
        one.window_id: one for one in Ticket.objects.visible_to(request.actor).filter(
            day=found, state__in=("called", "serving")
        )
    }  # fmt: skip
    is_today = found.on == timezone.localdate()
    context = {
        "day": found,
        "running": found.is_open and is_today,
        "waiting": queue.in_order(),
        "windows": [(one, at_windows.get(one.pk)) for one in windows],
        "lines": figures_by_line(found),
        "total": figures_of([found]).get(found.pk),
        "form": form or TakeForm(None, found.lines.all()),
        "key": uuid4().hex,
        "may": {name: request.actor.has(f"queues.{name}") for name in ("take", "call", "open")},
        "touch_url": reverse("queues:touch", args=[found.unit_id, touch_key(found.unit_id)]),
        **_people(request, found.on),
    }
    return render(request, "queues/day.html", context, status=status)


def _people(request: StaffRequest, on: date) -> dict[str, Any]:
    """Whom the text of the search means, masked, with the age that decides."""
    text = request.GET.get("q", "").strip()
    may = request.actor.has("residents.search") and request.actor.has("queues.take")
    found = find_residents(text, request.actor, everywhere=True, limit=PEOPLE_SHOWN) if (
        text and may) else []  # fmt: skip
    chosen = chosen_resident(
        request, request.POST.get("resident") or request.GET.get("resident", "")
    )
    return {
        "q": text,
        "may_search": may,
        "people": [(one, one.age(on)) for one in found],
        "resident": chosen,
        "age": chosen.age(on) if chosen else None,
        "priority_age": int(parameter("queues.priority_age", division=request.actor.division_id)),
    }


def chosen_resident(request: StaffRequest, pk: str) -> Resident | None:
    """Whom a page names, when the actor may search residents."""
    if not pk.isdecimal() or len(pk) > 18 or not request.actor.has("residents.search"):
        return None
    people = Resident.objects.searchable_by(request.actor).live()
    return people.filter(pk=int(pk)).first()


@require_POST
@allowed("queues.take")
def take(request: StaffRequest, pk: int) -> HttpResponse:
    """Draw a number for somebody at the desk; the paper opens for printing."""
    found = visible_day(request, pk)
    form = TakeForm(request.POST, found.lines.all())
    if form.is_valid():
        resident = chosen_resident(request, request.POST.get("resident", ""))
        try:
            ticket = take_ticket(found, **form.cleaned_data, resident=resident, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            return redirect(ticket)
    return _day_page(request, found, form, 422)


@require_POST
@allowed("queues.open")
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """End the day."""
    found = visible_day(request, pk)

    def work() -> str:
        close_day(found, by=request.actor)
        return _("已闭厅。")

    return done(request, work, "queues:day", pk)
