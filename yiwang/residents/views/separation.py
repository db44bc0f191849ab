"""People registered in one place and living in another, from either side (人户分离)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.residents.reads.separation import (
    living_here_registered_elsewhere,
    registered_here_living_elsewhere,
)
from yiwang.residents.sheets import residents_workbook

from .scope import community_asked, place_choices

_SIDES = {"out": registered_here_living_elsewhere, "in": living_here_registered_elsewhere}


def _rows(request: StaffRequest) -> tuple[str, Division | None, Any]:
    side = request.GET.get("side", "")
    side = side if side in _SIDES else "out"
    place = community_asked(request)
    area = place.area if place is not None else request.actor.see
    return side, place, _SIDES[side](area).order_by("name_pinyin", "pk")


@require_GET
@allowed("residents.view")
def separation(request: StaffRequest) -> HttpResponse:
    """户在人不在, or 人在户不在; masked, a way in only to records of the reader's area."""
    side, place, rows = _rows(request)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "side": side,
        "page": page,
        "place": place,
        "places": place_choices(request) if place is None or "place" in request.GET else [],
        "see": request.actor.see,
        "may_export": request.actor.has("residents.export"),
        "tab": "separation",
    }
    return render(request, "residents/separation.html", context)


@require_GET
@allowed("residents.export")
def separation_export(request: StaffRequest) -> HttpResponse:
    """The list as a workbook, masked; the journal keeps who took how many rows."""
    side, place, rows = _rows(request)
    found = list(rows[: int(parameter("residents.import_rows"))])
    where = place or Division.objects.get(pk=request.actor.division_id)
    record_line("residents.export", where, request.actor, {"rows": len(found), "separation": side})
    title = _("%(place)s人户分离名单") % {"place": where.name}
    response = HttpResponse(residents_workbook(found, title=title), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="separation-{side}-{where.pk}.xlsx"'
    return response
