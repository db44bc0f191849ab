"""Quality as residents see it: the scoreboard with its counts, a unit with what it promises."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from yiwang.accounts.models import Unit
from yiwang.core.reads import parameter
from yiwang.matters.reads.entrustment import entrusted_items
from yiwang.portal.reads.places import offices
from yiwang.portal.reads.quality import board_place, month_of, months
from yiwang.quality.reads.board import board_lines, board_rows
from yiwang.quality.reads.promises import facts_of, promises_of
from yiwang.quality.reads.providers import provider_lines

from .catalogue import qr
from .frame import chosen, page, public_page


@public_page
def board(request: HttpRequest) -> HttpResponse:
    """Units of the chosen place, else of the city, over a month; scores from enough ratings."""
    first, last = month_of(request.GET.get("month", ""), timezone.localdate())
    place = board_place(chosen(request))
    rows = board_rows(place.pk, first, last)
    found = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    return page(
        request, "quality", "place", found=found, lines=board_lines(found, first, last),
        shown=place, first=first, months=months(timezone.localdate()),
        least=int(parameter("qua.publish_ratings")),
        providers=provider_lines(place.pk, first, last, int(parameter("core.page_rows_max"))),
    )  # fmt: skip


@public_page
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: hours, what others entrusted to it, what it promises against fact.

    Printed it is the sheet for its door, with the code that leads to this page (EXP-42).
    """
    found = get_object_or_404(Unit.objects.public().select_related("division"), pk=pk)
    today = timezone.localdate()
    facts = facts_of(found, promises_of(found, today), timezone.now())
    address = request.build_absolute_uri(reverse("portal:unit", args=[found.pk]))
    return page(
        request, "unit", "place", unit=found, facts=facts, offices=offices([found]),
        entrusted=entrusted_items(found.pk, today), address=address, qr=qr(address),
        days=int(parameter("qua.promise_days", division=found.division_id)),
    )  # fmt: skip
