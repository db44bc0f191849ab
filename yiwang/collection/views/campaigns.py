"""Campaigns: ordering, watching and ending collection work."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.collection import actions
from yiwang.collection.actions.campaigns import Order
from yiwang.collection.forms import CampaignForm
from yiwang.collection.models import Campaign, Task
from yiwang.collection.reads.finding import campaign_for
from yiwang.collection.reads.progress import campaign_figures
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX, workbook
from yiwang.divisions.models import Division


@require_GET
@allowed("collection.view")
def campaigns(request: StaffRequest) -> HttpResponse:
    """Every piece of collection work of the reader's area, newest first."""
    rows = Campaign.objects.visible_to(request.actor).select_related("division")
    text = request.GET.get("q", "").strip()[:60]
    rows = rows.filter(title__icontains=text) if text else rows
    state = request.GET.get("state", "")
    rows = rows.filter(state=state) if state in Campaign.State.values else rows
    page = Paginator(rows.order_by("-pk"), int(parameter("core.page_rows")))
    context = {
        "page": page.get_page(request.GET.get("page")),
        "q": text,
        "state": state,
        "states": Campaign.State.choices,
        "manage": request.actor.has("collection.manage"),
    }
    return render(request, "collection/campaigns.html", context)


@require_http_methods(["GET", "POST"])
@allowed("collection.manage")
def order(request: StaffRequest) -> HttpResponse:
    """A new order for the reader's own area or parts of it."""
    place = get_object_or_404(Division.objects.current(), pk=request.actor.division_id)
    below = Division.objects.filter(parent=place).current().served()
    first = {"limit_days": parameter("collection.limit_days")}
    form = CampaignForm(request.POST or None, places=below, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.open_campaign(place, order=Order(**form.said()), by=request.actor)
        except Refused as refusal:
            form.blame(refusal)
        else:
            messages.success(request, _("已布置“%(title)s”。") % {"title": made.title})
            return redirect(made)
    context = {"form": form, "place": place, "key": request.POST.get("_key") or uuid4().hex}
    return render(request, "collection/order.html", context, status=422 if form.errors else 200)


@require_GET
@allowed("collection.view")
def campaign(request: StaffRequest, pk: int) -> HttpResponse:
    """One campaign: how far every community is."""
    found = campaign_for(request.actor, pk)
    rows = _tasks(request, found)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "campaign": found,
        "asked": found.asked().values(),
        "figures": campaign_figures(found, request.actor),
        "page": page,
        "demands": found.demands.select_related("unit"),
        "may": {"manage": request.actor.may("collection.manage", found)},
        "now": timezone.now(),
    }
    return render(request, "collection/campaign.html", context)


def _tasks(request: StaffRequest, found: Campaign) -> Any:
    rows = Task.objects.visible_to(request.actor).filter(campaign=found)
    order = {"open": "open", "place": "division_id", "-place": "-division_id"}
    sort = order.get(request.GET.get("sort", ""), "-open")
    return rows.select_related("division", "campaign").counted().order_by(sort, "division_id")


@require_POST
@allowed("collection.manage")
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """End a campaign."""
    found = campaign_for(request.actor, pk)
    try:
        actions.close_campaign(found, reason=request.POST.get("reason", ""), by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已结束。"))
    return redirect(found)


@require_GET
@allowed("collection.view")
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """The progress by community as a workbook."""
    found = campaign_for(request.actor, pk)
    titles = [_("社区"), _("总数"), _("未完成"), _("待审核"), _("退回待改"), _("已入库")]
    rows = [
        [one.division.label, one.total, one.open, one.waiting, one.returned, one.done]
        for one in _tasks(request, found)
    ]
    data = workbook(found.title, found.division.label, titles, rows, sheet=_("进度"))
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="collection-{found.pk}.xlsx"'
    return response
