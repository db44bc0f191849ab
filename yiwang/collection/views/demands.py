"""Demands for data: filed, compared, signed, met (INF-05)."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.collection import actions
from yiwang.collection.actions.demands import Need
from yiwang.collection.forms import AnswerForm, DemandForm
from yiwang.collection.models import Demand
from yiwang.collection.reads.finding import demand_for
from yiwang.collection.reads.progress import campaign_figures
from yiwang.collection.reads.results import must_be_open, result_figures, result_rows
from yiwang.collection.rules.overlap import Share
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division


@require_GET
@allowed("collection.demands")
def demands(request: StaffRequest) -> HttpResponse:
    """The register of demands the reader may know of, newest first."""
    rows = Demand.objects.visible_to(request.actor).select_related("unit", "division")
    state = request.GET.get("state", "")
    rows = rows.filter(state=state) if state in Demand.State.values else rows
    text = request.GET.get("q", "").strip()[:60]
    rows = rows.filter(title__icontains=text) if text else rows
    page = Paginator(rows.order_by("-pk"), int(parameter("core.page_rows")))
    context = {
        "page": page.get_page(request.GET.get("page")),
        "state": state,
        "states": Demand.State.choices,
        "q": text,
        "demand": request.actor.has("collection.demand"),
    }
    return render(request, "collection/demands.html", context)


@require_http_methods(["GET", "POST"])
@allowed("collection.demand")
def file(request: StaffRequest) -> HttpResponse:
    """A new demand."""
    actor = request.actor
    places = Division.objects.within(actor.enter).current().served()
    form = DemandForm(request.POST or None, places=places, own=actor.division_id)
    if request.method == "POST" and form.is_valid():
        try:
            need = Need(**form.said())
            made = actions.file_demand(form.cleaned_data["place"], need=need, by=actor)
        except Refused as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("已提出，等待审批。"))
            return redirect(made)
    context = {"form": form, "key": request.POST.get("_key") or uuid4().hex}
    return render(request, "collection/file.html", context, status=422 if form.errors else 200)


@require_GET
@allowed("collection.demands")
def demand(request: StaffRequest, pk: int) -> HttpResponse:
    """One demand: what is held already, the two signatures, the work that follows."""
    return _page(request, demand_for(request.actor, pk), AnswerForm())


def _page(request: StaffRequest, found: Demand, form: AnswerForm) -> HttpResponse:
    actor = request.actor
    context = {
        "demand": found,
        "rows": _overlap(found),
        "like": _alike(request, found),
        "figures": campaign_figures(found.campaign, actor) if found.campaign else None,
        "form": form,
        "mine": found.unit_id == actor.unit_id and actor.has("collection.demand"),
        "may": {one: actor.may(f"collection.{one}", found) for one in ("approve", "demand")},
        "work": actor.has("collection.view"),
    }
    return render(request, "collection/demand.html", context, status=422 if form.errors else 200)


def _overlap(found: Demand) -> list[tuple[Any, Share | None]]:
    return [
        (field, Share(**found.overlap[code]) if code in found.overlap else None)
        for code, field in found.asked().items()
    ]


def _alike(request: StaffRequest, found: Demand) -> list[Demand]:
    """Other demands for the same people that ask some of the same."""
    rows = Demand.objects.visible_to(request.actor).filter(
        division_id=found.division_id, age_from=found.age_from, age_to=found.age_to,
        state__in=[Demand.State.FILED, Demand.State.APPROVED], fields__overlap=found.fields,
    )  # fmt: skip
    return list(rows.exclude(pk=found.pk).select_related("unit")[:10])


@require_POST
@allowed("collection.approve")
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    """Sign."""
    found = demand_for(request.actor, pk)

    def act(reason: str) -> None:
        actions.approve_demand(found, answer=reason, by=request.actor)

    return _answered(request, found, act, _("已批准。"))


@require_POST
@allowed("collection.approve")
def refuse(request: StaffRequest, pk: int) -> HttpResponse:
    """Refuse with a reason."""
    found = demand_for(request.actor, pk)

    def act(reason: str) -> None:
        actions.refuse_demand(found, reason=reason, by=request.actor)

    return _answered(request, found, act, _("已答复不批准。"))


def _answered(
    request: StaffRequest, found: Demand, act: Callable[[str], None], said: str
) -> HttpResponse:
    form = AnswerForm(request.POST)
    try:
        act(form.cleaned_data["reason"] if form.is_valid() else "")
    except Refused as refusal:
        refusal.blame(form)
        return _page(request, demand_for(request.actor, found.pk), form)
    messages.success(request, said)
    return redirect(found)


@require_POST
@allowed("collection.demand")
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a demand back."""
    found = demand_for(request.actor, pk)
    try:
        actions.withdraw_demand(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回。"))
    return redirect(found)


@require_GET
@allowed("collection.demands")
def sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """The demand on paper, with room for both signatures."""
    found = demand_for(request.actor, pk)
    context = {"demand": found, "rows": _overlap(found)}
    return render(request, "collection/demand_sheet.html", context)


@require_GET
@allowed("collection.demand")
def result(request: StaffRequest, pk: int) -> HttpResponse:
    """What the unit asked for: counts and masked rows, while it may use them; journaled."""
    found, today = demand_for(request.actor, pk), timezone.localdate()
    try:
        must_be_open(found, request.actor, today)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)
    rows = result_rows(found, request.actor, today, int(parameter("collection.result_rows")))
    record_line("collection.demand", found, request.actor, {"did": "result", "rows": len(rows)})
    size = int(parameter("core.page_rows"))
    context = {
        "demand": found,
        "fields": list(found.asked().values()),
        "figures": result_figures(found, rows),
        "page": Paginator(rows, size).get_page(request.GET.get("page")),
    }
    return render(request, "collection/result.html", context)
