"""Results that wait to be collected, by window and kiosk (SVC-07)."""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest
from yiwang.core.reads import parameter
from yiwang.matters.forms.delivery import WaitingFilter
from yiwang.matters.models import Result
from yiwang.matters.reads.waiting import by_place, narrowed, waiting_results, with_reminder
from yiwang.matters.sheets import waiting_workbook

from .door import staff
from .ratings import about, as_file

SORTS = {"since": "matter__finished_at", "-since": "-matter__finished_at"}
PLACES = 12


def _listed(request: StaffRequest, form: WaitingFilter) -> "QuerySet[Result]":
    chosen = form.chosen
    rows = waiting_results(request.actor, own=chosen.get("where") == "own")
    return narrowed(rows, chosen.get("q", ""), int(chosen.get("days") or 0))


@require_GET
@staff("matters.deliver")
def waiting(request: StaffRequest) -> HttpResponse:
    """The longest waiting first, with the windows and kiosks where they lie."""
    form, now = WaitingFilter(request.GET), timezone.now()
    found = _listed(request, form)
    rows = with_reminder(found).order_by(
        SORTS.get(request.GET.get("sort", ""), SORTS["since"]), "pk"
    )
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": form.applied(),
        "page": page,
        "rows": [(one, days_waiting(one, now)) for one in page],
        "places": list(by_place(found)[:PLACES]),
        "remind_days": int(parameter("notifications.remind_days")),
        "query": request.GET.urlencode(),
    }
    return render(request, "matters/waiting.html", context)


def days_waiting(result: Any, now: datetime) -> int:
    """Whole days since the result was there."""
    return int((now - result.matter.finished_at).days)


@require_GET
@staff("matters.export")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, as a workbook; on record."""
    found = with_reminder(_listed(request, WaitingFilter(request.GET)))
    rows = list(found.order_by(SORTS["since"], "pk")[: int(parameter("core.export_rows"))])
    now = timezone.now()
    told = [(one, days_waiting(one, now)) for one in rows]
    return as_file(request, waiting_workbook(told, about(request)), "waiting", len(rows))
