"""The work list as a workbook, exactly as filtered, masked as on the page."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest
from yiwang.core.acts import record_line
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.matters.sheets import Heading, matters_workbook

from .deadlines import deadline_chip
from .door import staff
from .worklist import listing, state_words


@require_GET
@staff("matters.export")
def export(request: StaffRequest) -> HttpResponse:
    """Columns of the list with title, unit, date and the filters in force; goes on record."""
    now, actor = timezone.now(), request.actor
    found = listing(request, now)
    ordered = found.rows.order_by(found.sort, "pk")[: int(parameter("core.export_rows"))]
    rows = [
        (
            matter.display_number,
            matter.title,
            matter.item.label,
            matter.resident.masked_name,
            matter.resident.masked_address or matter.division.label,
            matter.get_channel_display(),
            state_words(matter)[0],
            timezone.localtime(matter.accepted_at).strftime("%Y-%m-%d %H:%M"),
            timezone.localtime(matter.due_at).strftime("%Y-%m-%d %H:%M"),
            deadline_chip(matter, matter.deadline, now).text,  # type: ignore[attr-defined]
        )
        for matter in ordered
    ]
    heading = Heading(
        _("事项办理：%(tab)s") % {"tab": found.tab.label},
        actor.unit_name or actor.name,
        now,
        [chip["label"] for chip in found.form.chips],
    )
    record_line("matters.export", actor, actor, {"rows": len(rows), "filters": heading.filters})
    response = HttpResponse(matters_workbook(heading, rows), content_type=XLSX)
    day = timezone.localdate(now).strftime("%Y%m%d")
    response["Content-Disposition"] = f'attachment; filename="matters-{day}.xlsx"'
    return response
