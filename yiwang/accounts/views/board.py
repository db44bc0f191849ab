"""The board of communities, for those who keep it: list, new line, correction, leaving."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts import actions
from yiwang.accounts.forms.board import LeaveForm, OfficerForm
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Officer
from yiwang.accounts.models.board import Body
from yiwang.accounts.reads import remind_until
from yiwang.accounts.sheets import write_board
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division, Level
from yiwang.divisions.rules import ancestors, range_of

from .people import workbook
from .places import chosen_place, place_list


def _place(request: StaffRequest) -> Division:
    """The division looked at, inside the own area; the own one first."""
    asked, own = request.GET.get("division", ""), request.actor.division_id
    key = int(asked) if asked.isdecimal() and len(asked) <= 12 else own
    key = key if request.actor.see.holds(key) else own
    return get_object_or_404(Division.objects.visible_to(request.actor), pk=key)


def _filtered(request: StaffRequest, place: Division) -> QuerySet[Officer]:
    asked, day = request.GET, timezone.localdate()
    rows = Officer.objects.visible_to(request.actor).within(range_of(place.pk))
    if asked.get("left") != "1":
        rows = rows.in_office(day)
    if asked.get("body") in Body.values:
        rows = rows.filter(body=asked["body"])
    if asked.get("ending") == "1":
        rows = rows.ending(remind_until(day))
    typed = clean_text(asked.get("q", ""))[:60]
    if typed:
        rows = rows.filter(name__contains=typed)
    return rows.select_related("division")


@allowed("divisions.view")
def board(request: StaffRequest) -> HttpResponse:
    """Who is in office in the area, terms that end soon first when asked for."""
    place = _place(request)
    rows = _filtered(request, place)
    visible = Division.objects.visible_to(request.actor)
    above = [key for key in ancestors(place.pk) if request.actor.see.holds(key)]
    named = visible.in_bulk([key for key in above if key >= settings.CITY])
    mine = Officer.objects.visible_to(request.actor).within(range_of(place.pk))
    until = remind_until(timezone.localdate())
    context = {
        "page": Paginator(rows, int(parameter("core.page_rows_max"))).get_page(
            request.GET.get("page")
        ),
        "place": place,
        "above": [named[key] for key in sorted(named)],
        "children": visible.filter(parent=place).current().served(),
        "bodies": Body.choices,
        "ending": mine.ending(until).count(),
        "until": until,
        "months": int(parameter("accounts.term_reminder_months")),
        "keeps": place.level == Level.COMMUNITY and request.actor.may("accounts.board", place),
        "query": request.GET.urlencode(),
    }
    return render(request, "accounts/board.html", context)


@allowed("divisions.view")
def board_export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, as a workbook."""
    place = _place(request)
    rows = list(_filtered(request, place)[: int(parameter("core.export_rows"))])
    record_line("accounts.export", request.actor, request.actor, {"rows": len(rows), "of": "board"})
    return workbook(_("社区公示栏"), write_board(rows, by=request.actor))


@allowed("accounts.board")
def officer_new(request: StaffRequest) -> HttpResponse:
    """Write somebody onto the board of a community of the own area."""
    place = chosen_place(request)
    context: dict[str, Any] = {"place": place, "picker": place_list(request)}
    if place is None:
        return render(request, "accounts/officer.html", context)
    form = OfficerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_office(place, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已登记。"))
            return redirect(f"{_board_url()}?division={place.pk}")
    context |= {"form": form, "key": request.POST.get("_key") or secrets.token_urlsafe(12)}
    return render(request, "accounts/officer.html", context, status=422 if form.errors else 200)


@allowed("accounts.board")
def officer_edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct a line, publish it or take it off the board."""
    found = _officer(request, pk)
    initial = {name: getattr(found, name) for name in OfficerForm.base_fields}
    form = OfficerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_officer(found, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect(f"{_board_url()}?division={found.division_id}")
    context = {"form": form, "officer": found, "place": found.division}
    return render(request, "accounts/officer.html", context, status=422 if form.errors else 200)


@allowed("accounts.board")
def officer_leave(request: StaffRequest, pk: int) -> HttpResponse:
    """From which day the office is left."""
    found = _officer(request, pk)
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.leave_office(found, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已离任。"))
            return redirect(f"{_board_url()}?division={found.division_id}")
    context = {"form": form, "officer": found, "place": found.division, "leaving": True}
    return render(request, "accounts/officer.html", context, status=422 if form.errors else 200)


def _officer(request: StaffRequest, pk: int) -> Officer:
    rows = Officer.objects.visible_to(request.actor).select_related("division")
    found = get_object_or_404(rows, pk=pk)
    request.actor.must("accounts.board", found)
    return found


def _board_url() -> str:
    return reverse("accounts:board")
