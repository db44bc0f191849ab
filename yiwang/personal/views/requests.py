"""Requests of residents about their data: the list with its clock, one of them, the answer."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.personal import actions
from yiwang.personal.forms.staff import DecideForm, FilterForm
from yiwang.personal.models import Restriction, RightsRequest
from yiwang.personal.sheets import requests_workbook
from yiwang.residents.reads import known_fields


@require_GET
@allowed("personal.view")
def requests(request: StaffRequest) -> HttpResponse:
    """What waits for an answer, the nearest due day first."""
    form = FilterForm(_asked(request))
    rows = _filtered(request, form)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    labels = {"kind": dict(RightsRequest.Kind.choices), "state": dict(RightsRequest.State.choices)}
    filters = [
        {"key": key, "label": str(labels[key][value])}
        for key, value in form.said()
        if key in request.GET
    ]
    context = {"page": page, "form": form, "filters": filters, "now": timezone.now()}
    return render(request, "personal/requests.html", context)


def _asked(request: StaffRequest) -> dict[str, str]:
    """Without a question: what is open."""
    return {"state": request.GET.get("state", "open"), "kind": request.GET.get("kind", "")}


def _filtered(request: StaffRequest, form: FilterForm) -> QuerySet[RightsRequest]:
    rows = RightsRequest.objects.visible_to(request.actor).filter(**dict(form.said()))
    return rows.select_related("resident__division")


@require_GET
@allowed("personal.view")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, masked, with who exported it on every page."""
    limit = int(parameter("core.export_rows"))
    rows = list(_filtered(request, FilterForm(_asked(request)))[:limit])
    place = get_object_or_404(
        Division.objects.visible_to(request.actor), pk=request.actor.division_id
    )
    record_line("personal.export", place, request.actor, {"rows": len(rows)})
    response = HttpResponse(requests_workbook(rows, request.actor.label), content_type=XLSX)
    name = f"requests-{timezone.localdate():%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@allowed("personal.view")
def request_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One request: what is asked, what is held, what else there is, the answer."""
    return _show(request, _found(request, pk), DecideForm())


def _found(request: StaffRequest, pk: int) -> RightsRequest:
    rows = RightsRequest.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("resident__division", "holder"), pk=pk)


def _show(request: StaffRequest, asked: RightsRequest, form: DecideForm) -> HttpResponse:
    known = known_fields(asked.resident, [asked.field], timezone.localdate())
    erasing = asked.kind == RightsRequest.Kind.DELETE
    right = "personal.erase" if erasing else "personal.decide"
    context = {
        "asked": asked,
        "person": asked.resident,
        "known": known.get(asked.field),
        "form": form,
        "late": asked.is_late(timezone.now()),
        "may_decide": request.actor.may("personal.decide", asked),
        "may_grant": request.actor.may(right, asked),
        "restriction": Restriction.objects.visible_to(request.actor).filter(request=asked).first(),
    }
    return render(request, "personal/request.html", context, status=422 if form.errors else 200)


@require_POST
@allowed("personal.decide")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Grant, or refuse with reasons; what is granted is done at once."""
    asked, form = _found(request, pk), DecideForm(request.POST)
    choice = request.POST.get("granted")
    if form.is_valid() and choice in {"yes", "no"}:
        try:
            actions.decide_request(
                asked, granted=choice == "yes", answer=form.cleaned_data["answer"],
                by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            asked.refresh_from_db()
            refusal.blame(form)
        else:
            messages.success(request, _("已答复，居民在网上能看到；也可以打印。"))
            return redirect(asked)
    return _show(request, asked, form)


@require_GET
@allowed("personal.view")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """The answer as a letter."""
    asked = _found(request, pk)
    context: dict[str, Any] = {"asked": asked, "person": asked.resident}
    return render(request, "personal/answer.html", context)


@require_POST
@allowed("personal.decide")
def lift(request: StaffRequest, pk: int) -> HttpResponse:
    """The data may be used again."""
    held = get_object_or_404(Restriction.objects.visible_to(request.actor), pk=pk)
    try:
        actions.lift_restriction(held, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("限制已解除。"))
    return redirect(held.request)
