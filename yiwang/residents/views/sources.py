"""What every source said of a person: one field side by side, all arrivals, decide, take back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.residents import actions
from yiwang.residents.forms import DecideForm
from yiwang.residents.models import Resident
from yiwang.residents.reads import dictionary, dossier, limits_on

from .door import visible_resident


def rights_over(request: StaffRequest, person: Resident) -> dict[str, bool]:
    """What the reader may do with this record."""
    acts = ("change", "confirm", "reveal", "decide")
    return {one: request.actor.may(f"residents.{one}", person) for one in acts}


@require_GET
@allowed("residents.view")
def field(request: StaffRequest, pk: int, field: str) -> HttpResponse:
    """One field: what stands, since when, until when, and what every source said, newest first."""
    return _field_page(request, visible_resident(request, pk), field, DecideForm())


def _field_page(
    request: StaffRequest, person: Resident, code: str, form: DecideForm
) -> HttpResponse:
    if code not in dictionary():
        raise Http404
    found = dossier(person, timezone.localdate())
    context: dict[str, Any] = {
        "person": person,
        "field": dictionary()[code],
        "known": found.known.get(code),
        "limited": limits_on(person).why(code),
        "arrivals": found.arrivals(code),
        "may": rights_over(request, person),
        "form": form,
        "undoable": found.undoable_by(request.actor),
    }
    template = "residents/parts/field.html" if request.htmx else "residents/field.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
@allowed("residents.decide")
def decide(request: StaffRequest, pk: int, field: str) -> HttpResponse:
    """One tap: this source's word stands from now on."""
    person = visible_resident(request, pk)
    form = DecideForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.decide_field(
                person, field=field, record=said["record"], reason=said["reason"],
                by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已核定，从现在起以此为准。"))
            return redirect(person)
    return _field_page(request, person, field, form)


@require_GET
@allowed("residents.view")
def records(request: StaffRequest, pk: int) -> HttpResponse:
    """Every arrival about one person, newest first: who told what, when, why, and what it did."""
    person = visible_resident(request, pk)
    found = dossier(person, timezone.localdate())
    context = {
        "person": person,
        "arrivals": found.arrivals(),
        "may": rights_over(request, person),
        "undoable": found.undoable_by(request.actor),
    }
    return render(request, "residents/records.html", context)


@require_POST
@allowed("residents.confirm")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back the last word of one's own."""
    person = visible_resident(request, pk)
    number = request.POST.get("record", "")
    try:
        record = int(number) if number.isdecimal() and len(number) < 19 else 0
        actions.undo_record(person, record=record, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回，恢复为此前的内容。"))
    return redirect(person)
