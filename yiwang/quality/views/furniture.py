"""What the lists of quality share: a page of rows, and a file on record."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone

from yiwang.accounts.http import StaffRequest
from yiwang.core.acts import record_line
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division


def page_of(request: StaffRequest, rows: QuerySet[Any, Any]) -> Page[Any]:
    """The page that is asked for."""
    return Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))


def sorted_by(
    request: StaffRequest, rows: QuerySet[Any], offered: tuple[str, ...]
) -> QuerySet[Any]:
    """In the order of the address, if it is offered, else the first of them."""
    sort = request.GET.get("sort", "")
    return rows.order_by(sort if sort in offered else offered[0], "-pk")


def most() -> int:
    """Rows a file holds."""
    return int(parameter("core.export_rows"))


def about(request: StaffRequest) -> str:
    """Of which place, when, by whom."""
    place = Division.objects.get(pk=request.actor.division_id)
    return f"{place.label} {timezone.localtime():%Y-%m-%d %H:%M} {request.actor.name}"


def as_file(request: StaffRequest, content: bytes, name: str, rows: int) -> HttpResponse:
    """A workbook to take away; on record."""
    record_line("quality.export", request.actor, request.actor, {"rows": rows, "list": name})
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="quality-{name}.xlsx"'
    return response
