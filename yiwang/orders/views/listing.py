"""Orders of the area, or of the own organisation, with what organisations made of them."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.orders.forms import OrderFilter
from yiwang.orders.models import ServiceOrder
from yiwang.orders.reads import figures_of
from yiwang.orders.sheets import orders_workbook

SORTS = ("due_on", "-due_on", "placed_at", "-placed_at", "organization__name", "-organization__name")  # fmt: skip
Rows = QuerySet[ServiceOrder]


def narrowed(request: StaffRequest, form: OrderFilter) -> Rows:
    """What the filters leave, in the order asked for."""
    said, rows = form.chosen, ServiceOrder.objects.visible_to(request.actor)
    state = said.get("state")
    if state == "waiting":
        rows = rows.waiting(request.actor)
    elif state:
        rows = rows.filter(state=state)
    if "late" in said:
        rows = rows.overdue(timezone.localdate())
    if "organization" in said:
        rows = rows.filter(organization_id=said["organization"])
    if "since" in said:
        rows = rows.filter(placed_at__date__gte=said["since"])
    if "until" in said:
        rows = rows.filter(placed_at__date__lte=said["until"])
    if "q" in said:
        text = said["q"].strip()
        rows = rows.filter(
            Q(number__contains=text) | Q(what__icontains=text) | Q(place_text__icontains=text)
        )
    return rows


def _sorted(request: StaffRequest, rows: Rows) -> Rows:
    sort = request.GET.get("sort", "")
    rows = rows.order_by(sort if sort in SORTS else "-placed_at", "-pk")
    return rows.select_related("organization", "division", "rating", "resident__dwelling")


@require_GET
@allowed("orders.view")
def orders(request: StaffRequest) -> HttpResponse:
    """The newest first; an organisation reads its own and how it does."""
    form = OrderFilter(request.GET, actor=request.actor)
    rows = narrowed(request, form)
    page = Paginator(_sorted(request, rows), int(parameter("core.page_rows")))
    own = request.actor.has("orders.work")
    context: dict[str, Any] = {
        "form": form,
        "filters": form.applied(),
        "page": page.get_page(request.GET.get("page")),
        "figures": figures_of(rows),
        "today": timezone.localdate(),
        "query": request.GET.urlencode(),
        "own": own,
        "may": {
            "place": request.actor.has("orders.place"),
            "accounts": request.actor.has("orders.accounts"),
        },
    }
    return render(request, "orders/orders.html", context)


@require_GET
@allowed("orders.view")
def export(request: StaffRequest) -> HttpResponse:
    """The list and the figures as filtered, as a workbook; on record."""
    form = OrderFilter(request.GET, actor=request.actor)
    rows = narrowed(request, form)
    listed = list(_sorted(request, rows)[: int(parameter("core.export_rows"))])
    place = Division.objects.get(pk=request.actor.division_id)
    record_line("orders.view", place, request.actor, {"export": len(listed)})
    about = f"{place.label} {timezone.localtime():%Y-%m-%d %H:%M} {request.actor.name}"
    response = HttpResponse(orders_workbook(listed, figures_of(rows), about), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="service-orders.xlsx"'
    return response
