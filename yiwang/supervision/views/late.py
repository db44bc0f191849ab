"""The list of late steps for the levels above: who knows, who is asked (SVC-23, HOT-06)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.matters.models import Step
from yiwang.supervision.forms import LateFilter
from yiwang.supervision.reads import late_steps, tone_of_step, with_story
from yiwang.supervision.sheets import late_workbook, told_words

CHIPS = {
    "red": ("danger", "alarm"),
    "amber": ("warn", "hourglass"),
    "still": ("info", "player-pause"),
    "green": ("ok", "clock"),
}


def tone_word(tone: str) -> str:
    """The colour of a step in words."""
    return {
        "red": _("超期"), "amber": _("预警"), "still": _("计时暂停"), "green": pgettext("clock", "正常"),
    }[tone]  # fmt: skip


@require_GET
@allowed("matters.supervise")
def late(request: StaffRequest) -> HttpResponse:
    """Amber and late steps of the area, the most urgent first."""
    form, now = LateFilter(request.GET, actor=request.actor), timezone.now()
    found = late_steps(request.actor, form.wanted(request.GET.get("sort", "")), now)
    page = Paginator(with_story(found), int(parameter("core.page_rows")))
    shown = page.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": form.applied(),
        "page": shown,
        "rows": [_row(step, request, now) for step in shown],
        "query": request.GET.urlencode(),
    }
    return render(request, "supervision/late.html", context)


def _row(step: Any, request: StaffRequest, now: Any) -> dict[str, Any]:
    tone = tone_of_step(step, now)
    kind, icon = CHIPS[tone]
    actor = request.actor
    return {
        "step": step,
        "kind": kind,
        "icon": icon,
        "word": tone_word(tone),
        "told": told_words(step),
        "order": step.open_orders[0] if step.open_orders else None,
        "may_order": step.unit_id != actor.unit_id and actor.may("supervision.order", step),
    }


@require_GET
@allowed("matters.supervise")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, masked, as a workbook; on record."""
    form, now = LateFilter(request.GET, actor=request.actor), timezone.now()
    found = late_steps(request.actor, form.wanted(request.GET.get("sort", "")), now)
    rows: list[Step] = list(with_story(found)[: int(parameter("core.export_rows"))])
    place = Division.objects.get(pk=request.actor.division_id)
    record_line("matters.export", place, request.actor, {"rows": len(rows), "list": "supervision"})
    about = f"{place.label} {timezone.localtime(now):%Y-%m-%d %H:%M} {request.actor.name}"
    response = HttpResponse(late_workbook(rows, about), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="supervision.xlsx"'
    return response
