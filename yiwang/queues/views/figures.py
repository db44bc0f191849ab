"""Figures of the halls of an area as a workbook, line by line."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.queues.forms import DaysForm
from yiwang.queues.reads import figures_by_line
from yiwang.queues.sheets import figures_workbook

from .days import listed_days


@require_GET
@allowed("queues.export")
def export(request: StaffRequest) -> HttpResponse:
    """The filtered days; goes on record."""
    now, actor = timezone.now(), request.actor
    days = listed_days(request, DaysForm(request.GET))[: int(parameter("core.export_rows"))]
    rows = [
        (
            one.unit.label, one.division.label, one.on.isoformat(), f"{line.letter} {line.label}",
            sums.drawn, sums.first, sums.served, sums.absent, sums.left, sums.median, sums.longest,
        )
        for one in days
        for line, sums in figures_by_line(one)
    ]  # fmt: skip
    record_line("queues.export", actor, actor, {"rows": len(rows)})
    content = figures_workbook(_("取号排队"), actor.unit_name or actor.name, now, rows)
    response = HttpResponse(content, content_type=XLSX)
    name = f"queues-{timezone.localdate(now):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
