"""Runs over the register, and the model they compare with."""

from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.linkage import actions
from yiwang.linkage.models import LinkRun
from yiwang.linkage.reads.compared import Reason
from yiwang.linkage.rules.model import current_model
from yiwang.linkage.rules.words import said
from yiwang.residents.models import all_fields


@require_http_methods(["GET", "POST"])
@allowed("linkage.view", post="linkage.run")
def runs(request: StaffRequest) -> HttpResponse:
    """Every run of the area, and a button for the next."""
    actor = request.actor
    place = get_object_or_404(Division.objects.visible_to(actor), pk=actor.division_id)
    if request.method == "POST":
        try:
            actions.start_run(place, by=actor)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已开始查重，完成后会出现在这里。"))
        return redirect("linkage:runs")
    rows = LinkRun.objects.visible_to(actor).select_related("division").order_by("-pk")
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "place": place,
        "key": uuid4().hex,
        "may": actor.may("linkage.run", place),
        "busy": any(one.state == LinkRun.State.WAITING for one in page.object_list),
    }
    template = "linkage/parts/runs.html" if request.htmx else "linkage/runs.html"
    return render(request, template, context)


@require_GET
@allowed("linkage.view")
def model(request: StaffRequest) -> HttpResponse:
    """Thresholds, blocking rules and weights, as they are in force."""
    found = current_model()
    comparisons = [
        (
            all_fields()[one.code],
            [
                (Reason(said(one.code, level.code), level.weight), level.m * 100, level.u * 100)
                for level in one.levels
            ],
        )
        for one in found.comparisons
    ]
    context = {
        "model": found,
        "comparisons": comparisons,
        "lower": parameter("linkage.lower_percent"),
        "upper": parameter("linkage.upper_percent"),
        "share": found.duplicates_share * 100,
    }
    return render(request, "linkage/model.html", context)
