"""Figures of matters for other systems: the same reads as the pages, small numbers hidden alike."""

from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.divisions.rules import Depth, depth_of, range_of
from yiwang.matters.models import Matter

from .reads import behind, least_shown, tally
from .reads.facts import Scope
from .reads.tables import lines, whole_line
from .rules import FIGURE_OF, FIGURES, Period

router = Router(tags=["办件统计"])


class PerformanceFigureOut(Schema):
    """What a figure counts."""

    code: str
    label: str
    explanation: str


class PerformanceLineOut(Schema):
    """The figures of one key by code; null where a number is hidden."""

    key: str
    figures: dict[str, int | None]


class PerformanceOut(Schema):
    """The figures of a place over some days, split by unit, category, channel and place below."""

    division: int
    name: str
    first: date
    last: date
    figures: dict[str, int | None]
    units: list[PerformanceLineOut]
    categories: list[PerformanceLineOut]
    channels: list[PerformanceLineOut]
    below: list[PerformanceLineOut]


class BehindLineOut(Schema):
    """One matter a figure counts."""

    number: str
    at: datetime
    unit: int | None


class BehindOut(Schema):
    """How many lines a figure stands for, and some of them."""

    count: int
    lines: list[BehindLineOut]


def _seen(request: StaffRequest, key: int) -> Division:
    places = Division.objects.visible_to(request.actor).within(request.actor.see)
    return get_object_or_404(places, pk=key)


def _period(first: date, last: date) -> Period:
    if last < first:
        raise Refused("period", _("结束日期不能早于开始日期。"))
    if first > timezone.localdate():
        raise Refused("future", _("这一天还没有到。"))
    return Period(first, last).until(timezone.localdate())


@router.get("/definitions", response=list[PerformanceFigureOut], summary="指标说明 Definitions")
@allowed("performance.view")
def performance_definitions(request: HttpRequest) -> list[PerformanceFigureOut]:
    """What each figure means."""
    return [
        PerformanceFigureOut(code=one.code, label=str(one.label), explanation=str(one.explanation))
        for one in FIGURES
    ]


@router.get("/figures/{key}", response=PerformanceOut, summary="办件统计 Figures of matters")
@allowed("performance.view")
def performance_figures(
    request: StaffRequest, key: int, first: date, last: date, unit: int | None = None
) -> PerformanceOut:
    """The figures of a place within the caller's area; a department's are those of its own unit."""
    place, period = _seen(request, key), _period(first, last)
    found, least = tally(place.pk, period, request.actor, unit), least_shown(request.actor)

    def split(dimension: str) -> list[PerformanceLineOut]:
        cells = {key: one for key, one in found.by(dimension).items() if key != str(place.pk)}
        return [
            PerformanceLineOut(key=line.key, figures=line.values)
            for line in lines(cells, {}, least)
        ]

    return PerformanceOut(
        division=place.pk,
        name=place.name,
        first=period.first,
        last=period.last,
        figures=whole_line(found.whole, "", least).values,
        units=split("unit"),
        categories=split("category"),
        channels=split("channel"),
        below=split("place"),
    )


@router.get("/matters/{key}", response=BehindOut, summary="数字背后的名单 The list behind a figure")
@allowed("matters.view")
def performance_matters(
    request: StaffRequest, key: int, figure: str, first: date, last: date,
    unit: int | None = None, category: str = "", channel: str = "",
    start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
) -> BehindOut:  # fmt: skip
    """As many matters as the figure counts, newest first."""
    place, period = _seen(request, key), _period(first, last)
    if figure not in FIGURE_OF:
        raise Refused("figure", _("没有这个指标。"))
    one, near = FIGURE_OF[figure], depth_of(place.pk) >= Depth.TOWNSHIP
    scope = Scope.of(
        range_of(place.pk), request.actor, unit=unit, category=category, channel=channel, near=near
    )
    count, rows = behind(scope, one.source, one.holds, period, start=start, limit=limit)
    seen = Matter.objects.visible_to(request.actor).filter(pk__in={row[0] for row in rows})
    numbers = dict(seen.values_list("pk", "number"))
    return BehindOut(
        count=count,
        lines=[
            BehindLineOut(number=numbers[matter], at=at, unit=at_unit)
            for matter, at, at_unit in rows
            if matter in numbers
        ],
    )
