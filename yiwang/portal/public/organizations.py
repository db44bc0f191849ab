"""Service subjects near the visitor, and what units of a community share (DIV-11, DIV-12)."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from yiwang.core.reads import parameter
from yiwang.needs.rules.categories import Category
from yiwang.organizations.reads import Search, providers, start_of
from yiwang.portal.reads.search import cleaned
from yiwang.portal.rules.words import dialable

from .frame import chosen, page, public_page

PAGE = 20


@public_page
def near(request: HttpRequest) -> HttpResponse:
    """Admitted service subjects with valid papers: by words, category, and distance or area.

    Distances are measured from the committee of the chosen community, never from the visitor, so
    that nobody's whereabouts stand in an address.
    """
    place = chosen(request)
    text = cleaned(request.GET.get("q", ""))
    category = request.GET.get("category", "")
    start = start_of(place)
    offered = [int(one) for one in parameter("organizations.distances")] if start else []
    asked = request.GET.get("metres", "")
    metres = int(asked) if asked.isdecimal() and len(asked) < 6 and int(asked) in offered else 0
    search = Search(
        text, category, place.pk if place else None, start.point if start else None, metres,
        timezone.localdate(),
    )  # fmt: skip
    found = Paginator(providers(search), PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "near",
        "place",
        place=place,
        q=text,
        category=category if category in Category.values else "",
        categories=Category.choices,
        start=start,
        distances=offered,
        metres=metres,
        found=found,
        rows=[(one, dialable(one.phone)) for one in found],
    )
