"""Every list as a workbook, filtered as on the page."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiwang.core.workbook import XLSX
from yiwang.divisions.forms import ChangeFilter, ReviewFilter
from yiwang.divisions.models import Change, Division, DivisionCode, Review
from yiwang.divisions.reads import named_on, places_on, search
from yiwang.divisions.sheets.export import workbook

from .page import StaffRequest, allowed, day_of

Table = tuple[str, list[str], Iterable[list[Any]]]


@require_GET
@allowed("divisions.view")
def export(request: StaffRequest, what: str) -> HttpResponse:
    """`places`, `changes` or `review` as an XLSX."""
    tables: dict[str, Callable[[StaffRequest], Table]] = {
        "places": _places, "changes": _changes, "review": _reviews,
    }  # fmt: skip
    if what not in tables:
        raise Http404
    title, heads, rows = tables[what](request)
    on = day_of(request.GET) or timezone.localdate()
    body = workbook(title, heads, rows, unit=request.actor.label, on=on)
    response = HttpResponse(body, content_type=XLSX)
    name = quote(f"{title}-{on}.xlsx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response


def _places(request: StaffRequest) -> Table:
    """What a search found, or everything under `at` (by default the city)."""
    day, text = day_of(request.GET), request.GET.get("q", "").strip()
    at = request.GET.get("at", "")
    if text:
        rows = search(text, day)
    else:
        rows = places_on(day).under(int(at) if at.isdigit() else settings.CITY)
    places = list(named_on(list(rows.defer("boundary").order_by("key")), day))
    names = {one.pk: one.name for one in places}
    codes = _codes(places, day)
    heads = [
        _("代码"), _("层级"), _("名称"), _("原名"), _("上级"), _("性质"), _("城乡类型"), _("市区"),
        _("便民亭批次"), _("虚拟"), _("设立日期"), _("终止日期"),
    ]  # fmt: skip
    table = [
        [
            codes.get(one.pk, ""), one.get_level_display(), one.name, one.former_name,
            names.get(one.parent_id or 0, ""), one.get_kind_display(),
            one.get_settlement_display(), _yes(one.urban_core), one.kiosk_phase,
            _yes(one.placeholder), one.valid_from, one.valid_to,
        ]
        for one in places
    ]  # fmt: skip
    return _("区划"), heads, table


def _codes(places: list[Division], day: date | None) -> dict[int, str]:
    rows = DivisionCode.objects.public().filter(
        scheme=DivisionCode.Scheme.STATISTICS, division_id__in=[one.pk for one in places]
    )
    rows = rows.on(day) if day else rows.filter(valid_to__isnull=True)
    return dict(rows.values_list("division_id", "code"))


def _changes(request: StaffRequest) -> Table:
    rows = ChangeFilter(request.GET).narrow(
        Change.objects.visible_to(request.actor).select_related("division")
    )
    heads = [_("生效日期"), _("类型"), _("区划"), _("文号"), _("说明")]
    table = [
        [row.effective_on, row.get_type_display(), row.division.name, row.document, row.note]
        for row in rows
    ]
    return _("区划变更"), heads, table


def _reviews(request: StaffRequest) -> Table:
    request.actor.must("divisions.review", request.actor)
    rows = ReviewFilter(request.GET).narrow(
        Review.objects.visible_to(request.actor).select_related("division__parent")
    )
    heads = [_("区划"), _("上级"), _("问题"), _("状态")]
    table = [
        [
            row.division.name, row.division.parent.name if row.division.parent else "",
            row.question, row.get_state_display(),
        ]
        for row in rows
    ]  # fmt: skip
    return _("待核对区划"), heads, table


def _yes(value: bool) -> str:
    return _("是") if value else ""
