"""The tree of a day: levels, kinds and counts, and the search."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from yiwang.divisions.models import Division, Review
from yiwang.divisions.reads import Tally, named_on, places_on, search, tallies
from yiwang.divisions.rules import Depth, ancestor, depth_of

from .page import PAGE_SIZE, StaffRequest, allowed, day_faulty, day_of


@require_GET
@allowed("divisions.view")
def tree(request: StaffRequest) -> HttpResponse:
    """The own area opened one level (`?all=1`: the city), or what a search found."""
    day, text = day_of(request.GET), request.GET.get("q", "").strip()[:60]
    city = Division.objects.visible_to(request.actor).filter(pk=_root(request)).first()
    context: dict[str, Any] = {
        "city": city,
        "day": day,
        "day_faulty": day_faulty(request.GET),
        "text": text,
        "suffix": f"?as_of={day}" if day else "",
        "part": city is not None and city.pk != settings.CITY,
        "can_change": request.actor.has("divisions.change"),
        "open_reviews": _open_reviews(request),
    }
    if text:
        page = Paginator(search(text, day), PAGE_SIZE).get_page(request.GET.get("page"))
        named_on(page.object_list, day)  # type: ignore[arg-type]
        context["page"] = page
        context["rows"] = _with_paths(list(page.object_list), day)
    elif city is not None:
        context |= _branch(city, day)
    name = "divisions/_found.html" if request.htmx and text else "divisions/tree.html"
    return render(request, name, context)


@require_GET
@allowed("divisions.view")
def branch(request: StaffRequest, key: int) -> HttpResponse:
    """The places under one place, for the tree to open in."""
    day = day_of(request.GET)
    division = get_object_or_404(Division.objects.visible_to(request.actor), pk=key)
    suffix = f"?as_of={day}" if day else ""
    context = {"suffix": suffix, "day": day, **_branch(division, day)}
    return render(request, "divisions/_branch.html", context)


def _root(request: StaffRequest) -> int:
    """Where the tree begins: at the own place, for a community at its township (DIV-13)."""
    own = request.actor.division_id
    if "all" in request.GET or depth_of(own) <= Depth.CITY:
        return int(settings.CITY)
    return own if depth_of(own) < Depth.COMMUNITY else ancestor(own, Depth.TOWNSHIP)


def _branch(division: Division, day: date | None) -> dict[str, Any]:
    counts = tallies(division, day)
    children = places_on(day).filter(parent=division).defer("boundary").order_by("key")
    rows = [(one, counts.get(one.pk, Tally())) for one in named_on(list(children), day)]
    return {"branch": rows, "tally": counts.get(division.pk, Tally())}


def _with_paths(rows: list[Division], day: date | None) -> list[tuple[Division, str]]:
    """Each place with the names above it, in one query for all."""
    keys = {key for one in rows for key in _above(one)}
    names = {
        one.pk: one.label
        for one in named_on(list(Division.objects.filter(pk__in=keys).defer("boundary")), day)
    }
    return [(one, " · ".join(names[key] for key in _above(one) if key in names)) for one in rows]


def _above(division: Division) -> list[int]:
    from yiwang.divisions.rules import ancestors

    return [key for key in ancestors(division.pk) if key > settings.CITY]


def _open_reviews(request: StaffRequest) -> int:
    if not request.actor.has("divisions.review"):
        return 0
    return Review.objects.visible_to(request.actor).filter(state=Review.State.OPEN).count()
