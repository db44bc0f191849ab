"""Files in which a virus was found, for the data officer; and how the scanner stands (EXP-27)."""

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.core.acts import record_line
from yiwang.core.models import InfectedFile
from yiwang.core.reads import parameter, scanner_state
from yiwang.core.rules.chinese import clean_text
from yiwang.core.workbook import XLSX, workbook

from .doors import StaffRequest, allowed


def _since(text: str) -> str:
    """A date as typed, or nothing when it is none."""
    try:
        return text if parse_date(text) else ""
    except ValueError:
        return ""


def _filtered(request: StaffRequest) -> tuple[QuerySet[InfectedFile], dict[str, str]]:
    rows = InfectedFile.objects.visible_to(request.actor)
    words = clean_text(request.GET.get("q", ""))[:60]
    since = _since(request.GET.get("since", ""))
    if words:
        rows = rows.filter(
            Q(file_name__icontains=words)
            | Q(signature__icontains=words)
            | Q(about__icontains=words)
        )
    if since:
        rows = rows.filter(created_at__date__gte=since)
    return rows, {"q": words, "since": since}


@require_safe
@allowed("core.scans")
def scans(request: StaffRequest) -> HttpResponse:
    """Newest first, with search and date; above it, whether the scanner answers."""
    rows, asked = _filtered(request)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "asked": asked,
        "filters": [{"key": key, "label": label} for key, label in asked.items() if label],
        "state": scanner_state(),
    }
    return render(request, "core/scans.html", context)


@require_safe
@allowed("core.scans")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, as a workbook; goes on record."""
    rows, _asked = _filtered(request)
    now, limit = timezone.now(), int(parameter("core.export_rows"))
    cells = [
        (
            timezone.localtime(one.created_at).strftime("%Y-%m-%d %H:%M"), one.signature,
            one.file_name, one.about, one.size, one.digest,
        )
        for one in rows[:limit]
    ]  # fmt: skip
    record_line("core.export", request.actor, request.actor, {"rows": len(cells)})
    columns = [_("发现时间"), _("病毒"), _("文件名"), _("用于"), _("字节数"), _("摘要")]
    about = _("%(by)s　%(at)s 导出") % {
        "by": request.actor.label, "at": timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    }  # fmt: skip
    content = workbook(_("带病毒的文件"), about, columns, cells, sheet=_("查毒"))
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="scans-{now:%Y%m%d}.xlsx"'
    return answer
