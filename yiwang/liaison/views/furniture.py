"""What the lists of liaison share: a page of rows, an order, a file on record, a sent form."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from yiwang.accounts.http import StaffRequest
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division


def page_of(request: StaffRequest, rows: QuerySet[Any, Any]) -> Page[Any]:
    """The page that is asked for."""
    return Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))


def listed(
    request: StaffRequest, template: str, rows: QuerySet[Any], form: Any, **more: Any
) -> HttpResponse:
    """A list with its filters and its page."""
    return shown(request, template, page_of(request, rows), form, **more)


def shown(
    request: StaffRequest, template: str, page: Page[Any], form: Any, **more: Any
) -> HttpResponse:
    """A page of a list that was already read."""
    context = {
        "page": page, "form": form, "filters": form.applied(),
        "query": request.GET.urlencode(), "rights": request.actor.rights, **more,
    }  # fmt: skip
    return render(request, f"liaison/{template}.html", context)


def sorted_by(
    request: StaffRequest, rows: QuerySet[Any], offered: tuple[str, ...]
) -> QuerySet[Any]:
    """In the order of the address, if it is offered, else the first of them."""
    sort = request.GET.get("sort", "")
    return rows.order_by(sort if sort in offered else offered[0], "pk")


def home_of(request: StaffRequest) -> Division:
    """Where a reader begins: the own place."""
    return get_object_or_404(
        Division.objects.visible_to(request.actor), pk=request.actor.division_id
    )


def place_of(request: StaffRequest) -> Division:
    """The place the address names, inside the area that is seen; else the own one."""
    asked = request.GET.get("place", "")
    seen = Division.objects.within(request.actor.see).in_city()
    found = seen.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 13 else None
    return found or home_of(request)


def as_file(
    request: StaffRequest, rows: QuerySet[Any], write: Callable[[list[Any], str], bytes], name: str
) -> HttpResponse:
    """The rows as a workbook to take away; on record."""
    taken = list(rows[: int(parameter("core.export_rows"))])
    facts = {"rows": len(taken), "list": name}
    record_line("liaison.export", request.actor, request.actor, facts)
    place = home_of(request).label
    about = f"{place} {timezone.localtime():%Y-%m-%d %H:%M} {request.actor.name}"
    response = HttpResponse(write(taken, about), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="liaison-{name}.xlsx"'
    return response


def done(request: StaffRequest, act: Callable[[], object], told: str) -> bool:
    """Act on a button without a form: success or the refusal is said on the next page."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, told)
    return True
