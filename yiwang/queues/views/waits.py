"""How long people waited, with and without appointment, by hall, day and hour (SVC-20)."""

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
from yiwang.queues.forms import WaitsForm
from yiwang.queues.models import Ticket
from yiwang.queues.reads.booking import waits_by
from yiwang.queues.sheets import waits_workbook


def _tickets(request: StaffRequest, form: WaitsForm) -> QuerySet[Ticket]:
    rows = Ticket.objects.visible_to(request.actor)
    if form.said("q"):
        rows = rows.filter(
            Q(day__unit__name__icontains=form.said("q"))
            | Q(division__name__icontains=form.said("q"))
        )
    if form.said("since"):
        rows = rows.filter(day__on__gte=form.said("since"))
    if form.said("until"):
        rows = rows.filter(day__on__lte=form.said("until"))
    return rows


@require_GET
@allowed("queues.view")
def waits(request: StaffRequest) -> HttpResponse:
    """One row a hall, day or hour: numbers, median and longest wait, with and without."""
    form = WaitsForm(request.GET)
    found = waits_by(_tickets(request, form), form.keys)
    page = Paginator(found, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    asked = [name for name in ("q", "since", "until", "by") if form.said(name)]
    context = {
        "form": form,
        "page": page,
        "rows": [shown(row) for row in page],
        "keys": form.keys,
        "filters": [{"key": name, "label": f"{form[name].label} {form.said(name)}"}
                    for name in asked if name != "by"],
        "may_export": request.actor.has("queues.export"),
    }  # fmt: skip
    return render(request, "queues/waits.html", context)


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row in the reader's words, waits in minutes."""
    minutes = {
        name: None if row[name] is None else round(row[name] / 60)
        for name in row
        if name.endswith(("_median", "_mean", "_longest"))
    }
    hour = row.get("hour")
    return {
        **minutes,
        "unit": row.get("day__unit__name", ""),
        "day": row.get("day__on"),
        "hour": None if hour is None else f"{hour:02d}:00",
        "booked": row["booked"],
        "walked": row["walked"],
    }


@require_GET
@allowed("queues.export")
def export(request: StaffRequest) -> HttpResponse:
    """The same rows as a workbook; goes on record."""
    form, now, actor = WaitsForm(request.GET), timezone.now(), request.actor
    found = waits_by(_tickets(request, form), form.keys)[: int(parameter("core.export_rows"))]
    rows = [shown(row) for row in found]
    record_line("queues.export", actor, actor, {"rows": len(rows), "what": "waits"})
    content = waits_workbook(actor.unit_name or actor.name, now, rows)
    response = HttpResponse(content, content_type=XLSX)
    name = f"waits-{timezone.localdate(now):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
