"""Supervision orders: issued, answered, sent back, closed (SVC-23)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.matters.models import Step
from yiwang.supervision import actions
from yiwang.supervision.forms import AnswerForm, OrderFilter, OrderForm, ReturnForm
from yiwang.supervision.models import Order, OrderState
from yiwang.supervision.sheets import orders_workbook

SORTS = ("answer_due_at", "-answer_due_at", "issued_at", "-issued_at", "unit", "-unit")


@require_http_methods(["GET", "POST"])
@allowed("supervision.order")
def issue(request: StaffRequest, pk: int) -> HttpResponse:
    """Urge the unit of one step, with an answer due."""
    rows = Step.objects.visible_to(request.actor)
    step = get_object_or_404(rows.select_related("matter__item", "unit"), pk=pk)
    form = OrderForm(request.POST or None)

    def act() -> None:
        actions.issue_order(step, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("督办单已发出，被督办单位会收到通知。")):
        return redirect("supervision:orders")
    context = {"step": step, "matter": step.matter, "form": form}
    return render(request, "supervision/issue.html", context, status=422 if form.errors else 200)


@require_GET
@allowed("supervision.view")
def orders(request: StaffRequest) -> HttpResponse:
    """Orders of the area and to the own unit, the nearest answer first."""
    form = OrderFilter(request.GET)
    rows = _narrowed(request, form)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": form.applied(),
        "page": page,
        "now": timezone.now(),
        "query": request.GET.urlencode(),
    }
    return render(request, "supervision/orders.html", context)


def _narrowed(request: StaffRequest, form: OrderFilter) -> QuerySet[Order]:
    said, rows = form.chosen, Order.objects.visible_to(request.actor)
    if "state" in said:
        rows = rows.filter(state=said["state"])
    if "late" in said:
        rows = rows.unanswered(timezone.now())
    if "q" in said:
        text = said["q"].strip()
        number = Q(matter__number__contains=text.replace("-", ""))
        rows = rows.filter(number | Q(unit__name__contains=text) | Q(text__contains=text))
    sort = request.GET.get("sort", "")
    rows = rows.order_by(sort if sort in SORTS else "answer_due_at", "pk")
    return rows.select_related("matter__item", "unit", "issued_in")


@require_GET
@allowed("supervision.view")
def export(request: StaffRequest) -> HttpResponse:
    """The orders as filtered, as a workbook; on record."""
    form = OrderFilter(request.GET)
    rows = list(_narrowed(request, form)[: int(parameter("core.export_rows"))])
    place = Division.objects.get(pk=request.actor.division_id)
    record_line("matters.export", place, request.actor, {"rows": len(rows), "list": "orders"})
    about = f"{place.label} {timezone.localtime():%Y-%m-%d %H:%M} {request.actor.name}"
    response = HttpResponse(orders_workbook(rows, about), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="orders.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@allowed("supervision.view", post="supervision.answer")
def order(request: StaffRequest, pk: int) -> HttpResponse:
    """One order; the unit that was asked answers here."""
    found = _visible(request, pk)
    form = AnswerForm(request.POST or None)

    def act() -> None:
        actions.answer_order(found, text=form.cleaned_data["text"], by=request.actor)

    if carried_out(request, form, act, _("答复已送达督办的一级。")):
        return redirect(found)
    return _page(request, found, form, ReturnForm())


@require_POST
@allowed("supervision.order")
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    """The answer does not do."""
    found = _visible(request, pk)
    form = ReturnForm(request.POST)

    def act() -> None:
        actions.return_order(found, reason=form.cleaned_data["reason"], by=request.actor)

    if carried_out(request, form, act, _("已退回，请被督办单位重新答复。")):
        return redirect(found)
    return _page(request, found, AnswerForm(), form)


@require_POST
@allowed("supervision.order")
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """Content with the answer."""
    found = _visible(request, pk)
    try:
        actions.close_order(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("督办单已销号。"))
    return redirect(found)


def _visible(request: StaffRequest, pk: int) -> Order:
    rows = Order.objects.visible_to(request.actor)
    return get_object_or_404(
        rows.select_related("matter__item", "step", "unit", "issued_in"), pk=pk
    )


def _page(
    request: StaffRequest, found: Order, answer: AnswerForm, back: ReturnForm
) -> HttpResponse:
    actor = request.actor
    ours = actor.unit_id == found.unit_id
    asked = not ours and actor.enter.holds(found.issued_in_id) and actor.has("supervision.order")
    context: dict[str, Any] = {
        "order": found,
        "matter": found.matter,
        "sees_matter": actor.has("matters.view"),
        "late": found.answered_late
        or (found.state == OrderState.OPEN and found.answer_due_at < timezone.now()),
        "answer_form": answer,
        "return_form": back,
        "may_answer": ours and found.state == OrderState.OPEN and actor.has("supervision.answer"),
        "may_close": asked and found.state == OrderState.ANSWERED,
    }
    status = 422 if answer.errors or back.errors else 200
    return render(request, "supervision/order.html", context, status=status)
