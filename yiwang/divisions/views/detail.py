"""One place: path, codes, descent, what lies under it, where it lies."""

from datetime import date
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from yiwang.divisions.models import Change, Division, Level
from yiwang.divisions.reads import (
    Tally,
    lineage,
    named_on,
    path_on,
    places_on,
    successors_on,
    tallies,
)
from yiwang.divisions.rules.outline import svg_paths

from .page import PAGE_SIZE, StaffRequest, allowed, day_of

SORTS: Final = {"key": "key", "name": "pinyin", "kind": "kind"}
# Steps of descent shown; the rest stands among the changes.
MOST_LINES: Final = 12


@require_GET
@allowed("divisions.view")
def detail(request: StaffRequest, key: int) -> HttpResponse:
    """The page of a place, as it was on the day asked about."""
    day = day_of(request.GET)
    division = get_object_or_404(Division.objects.visible_to(request.actor), pk=key)
    path = path_on(division, day)
    back, onward = lineage(division)
    sort = request.GET.get("sort", "key")
    context: dict[str, Any] = {
        "division": path[-1],
        "path": path[:-1],
        "day": day,
        "suffix": f"?as_of={day}" if day else "",
        "existed": _existed(division, day),
        "heirs": successors_on(key, day) if day and not _existed(division, day) else [],
        "codes": division.codes.order_by("scheme", "-valid_from", "code"),
        "back": back[:MOST_LINES],
        "onward": onward[:MOST_LINES],
        "history": _history(division),
        "sort": sort,
        "tally": tallies(division, day or division.valid_to).get(key, Tally()),
        "outline": _outline(division, day),
        "actions": _actions(request, division),
        "can_classify": division.valid_to is None
        and request.actor.may("divisions.classify", division),
    }
    context |= _children(request, division, day, sort)
    return render(request, "divisions/detail.html", context)


def _existed(division: Division, day: date | None) -> bool:
    if day is None:
        return division.valid_to is None
    begun = division.valid_from is None or division.valid_from <= day
    return begun and (division.valid_to is None or division.valid_to >= day)


def _children(
    request: StaffRequest, division: Division, day: date | None, sort: str
) -> dict[str, Any]:
    if division.level == Level.COMMUNITY:
        return {}
    rows = places_on(day or division.valid_to).filter(parent=division).defer("boundary")
    down = "-" if sort.startswith("-") else ""
    column = SORTS.get(sort.lstrip("-"), "key")
    ordered = rows.order_by(f"{down}{column}", "key")
    page = Paginator(ordered, PAGE_SIZE).get_page(request.GET.get("page"))
    named_on(page.object_list, day)  # type: ignore[arg-type]
    counts = tallies(division, day or division.valid_to)
    return {
        "page": page,
        "children": [(one, counts.get(one.pk, Tally())) for one in page.object_list],
        "deep": division.level < Level.COUNTY,
    }


def _history(division: Division) -> list[Change]:
    return list(Change.objects.public().filter(division=division).order_by("-effective_on")[:8])


def _outline(division: Division, day: date | None) -> dict[str, Any] | None:
    """The place among its neighbours of the day; nothing where no boundary is known."""
    county = division
    while county.level > Level.COUNTY and county.parent is not None:
        county = county.parent
    city = county if county.level == Level.CITY else county.parent
    if city is None:
        return None
    around = places_on(day or county.valid_to).filter(parent=city, boundary__isnull=False)
    rows = list(around.order_by("key"))
    paths = svg_paths([one.boundary for one in rows if one.boundary])
    if not paths:
        return None
    shapes = [(one, path, one.pk == county.pk) for one, path in zip(rows, paths, strict=True)]
    # What lies inside is drawn by its county: townships have no outline of their own.
    shown = any(here for _one, _path, here in shapes) or county.level == Level.CITY
    return {"shapes": shapes, "county": county} if shown else None


def _actions(request: StaffRequest, division: Division) -> list[tuple[str, str]]:
    """The changes this actor may begin here, as (type, verb)."""
    if division.valid_to is not None:
        return []
    found: list[tuple[str, str]] = []
    if division.level < Level.COMMUNITY and request.actor.may("divisions.change", division):
        found += [("establish", _("设立下级")), ("rename-many", _("下级按名单更名"))]
    if division.parent is not None and request.actor.may("divisions.change", division.parent):
        found += [
            ("rename", _("更名")), ("merge", _("合并")), ("split", _("拆分")),
            ("split-many", _("按名单拆分")), ("move", _("划转")),
            ("recode", _("变更代码")), ("abolish", pgettext("division", "撤销")),
        ]  # fmt: skip
    return found
