"""The scoreboard of the area: every unit with its counts, published from enough ratings (QUA-08)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.reads import parameter
from yiwang.quality.forms.filters import BoardFilter
from yiwang.quality.reads.board import board_lines, board_rows
from yiwang.quality.reads.providers import provider_lines
from yiwang.quality.sheets import board_workbook, providers_workbook

from .furniture import about, as_file, most, page_of


@require_GET
@allowed("quality.view")
def board(request: StaffRequest) -> HttpResponse:
    """Units and service subjects over a month."""
    form = BoardFilter(request.GET or None)
    first, last = form.days()
    place = request.actor.division_id
    page = page_of(request, board_rows(place, first, last))
    context = {
        "form": form,
        "page": page,
        "lines": board_lines(page, first, last),
        "providers": provider_lines(place, first, last, int(parameter("core.page_rows_max"))),
        "first": first,
        "last": last,
        "least": int(parameter("qua.publish_ratings")),
        "query": request.GET.urlencode(),
    }
    return render(request, "quality/board.html", context)


@require_GET
@allowed("quality.export")
def export(request: StaffRequest) -> HttpResponse:
    """The same as a workbook: units, or service subjects."""
    first, last = BoardFilter(request.GET or None).days()
    if request.GET.get("of") == "providers":
        told = provider_lines(request.actor.division_id, first, last, most())
        return as_file(request, providers_workbook(told, about(request)), "providers", len(told))
    rows = board_rows(request.actor.division_id, first, last)[: most()]
    lines = board_lines(rows, first, last)
    return as_file(request, board_workbook(lines, about(request)), "board", len(lines))
