"""The home page and the one search (INF-01)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from yiwang.portal.reads.figures import figures_of
from yiwang.portal.reads.guides import categories, common_items
from yiwang.portal.reads.places import offices_of
from yiwang.portal.reads.search import cleaned, search
from yiwang.portal.rules.words import greeting

from .frame import chosen, page, public_page

COMMON = 8  # entries under 常办事项


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The chosen community's home page, or the city's while none is chosen."""
    place = chosen(request)
    kinds = categories()
    return page(
        request,
        "home",
        "home",
        place=place,
        categories=kinds,
        total=sum(count for _kind, count in kinds),
        common=common_items(COMMON),
        offices=offices_of(place) if place else [],
        figures=figures_of(place) if place else None,
        greeting=greeting(timezone.localtime().hour),
    )


@public_page
def find(request: HttpRequest) -> HttpResponse:
    """Services, places and units for a question; the common services without one."""
    text = cleaned(request.GET.get("q", ""))
    found = search(text) if text else None
    common = [] if found else common_items(COMMON * 2)
    return page(request, "search", "services", q=text, found=found, common=common)
