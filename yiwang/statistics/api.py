"""Figures for other systems: the same reads as the pages, small numbers hidden likewise."""

from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division, Level

from . import actions
from .models import Indicator
from .reads.figures import figures_of, least_shown, shown, tables_of
from .reads.profile import ProfileLine, profile_of
from .rules import DEFINITIONS

router = Router(tags=["统计"])


class DefinitionOut(Schema):
    """What a figure counts."""

    code: str
    label: str
    explanation: str


class RungOut(Schema):
    """Five years of age; null where a number is hidden."""

    label: str
    female: int | None
    male: int | None
    unknown: int | None


class PlaceFiguresOut(Schema):
    """A place with its figures by code; null where a number is hidden or not known."""

    division: int
    name: str
    figures: dict[str, int | None]


class FiguresOut(PlaceFiguresOut):
    """The figures of a place on a day and of the places below."""

    on: date
    live: bool
    frozen: bool
    below: list[PlaceFiguresOut]
    pyramid: list[RungOut]


class ProfileLineOut(Schema):
    """One denominator of a community."""

    indicator: str
    label: str
    counted: int | None
    declared: Decimal | None
    as_of: date | None
    source: str
    old: bool
    used: Decimal | None


class ProfileIn(Schema):
    """Denominators by indicator, as of a day, with their source."""

    as_of: date
    source: str
    values: dict[Indicator, Decimal]


@router.get("/definitions", response=list[DefinitionOut])
@allowed("statistics.view")
def definitions(request: HttpRequest) -> list[DefinitionOut]:
    """What each figure means."""
    return [
        DefinitionOut(code=one.code, label=str(one.label), explanation=str(one.explanation))
        for one in DEFINITIONS
    ]


@router.get("/figures/{key}", response=FiguresOut)
@allowed("statistics.view")
def figures(request: StaffRequest, key: int, on: date | None = None) -> FiguresOut:
    """The figures of a place within the caller's area on a day (default: the newest)."""
    place = _seen(request, key)
    day = on or timezone.localdate()
    if day > timezone.localdate():
        raise Refused("future", _("这一天还没有到。"))
    found, least = figures_of(place, day), least_shown(request.actor)
    return FiguresOut(
        division=place.pk,
        name=place.name,
        figures={one.code: shown(found, one.code, least) for one in DEFINITIONS},
        on=found.on,
        live=found.live,
        frozen=found.frozen,
        below=[
            PlaceFiguresOut(division=row.place.pk, name=row.place.name, figures=row.values)
            for row in tables_of(found, least)
        ],
        pyramid=[
            RungOut(label=one.label, female=one.female, male=one.male, unknown=one.unknown)
            for one in found.rungs(least)
        ],
    )


def _seen(request: StaffRequest, key: int) -> Division:
    places = Division.objects.visible_to(request.actor).within(request.actor.see)
    return get_object_or_404(places, pk=key)


@router.get("/profiles/{key}", response=list[ProfileLineOut])
@allowed("statistics.view")
def profile(request: StaffRequest, key: int, on: date | None = None) -> list[ProfileLineOut]:
    """The denominators of a community within the caller's area (DIV-04)."""
    place = get_object_or_404(
        Division.objects.visible_to(request.actor)
        .within(request.actor.see)
        .filter(level=Level.COMMUNITY),
        pk=key,
    )
    return [_line(one) for one in profile_of(place, on)]


@router.post("/profiles/{key}", response=list[ProfileLineOut])
@allowed("statistics.declare")
def declare(request: StaffRequest, key: int, body: ProfileIn) -> list[ProfileLineOut]:
    """Declare denominators of a community."""
    place = _seen(request, key)
    said = {code.value: value for code, value in body.values.items()}
    actions.declare_profile(
        place, values=said, as_of=body.as_of, source=body.source, by=request.actor
    )
    return [_line(one) for one in profile_of(place)]


def _line(line: ProfileLine) -> ProfileLineOut:
    said = line.declared
    return ProfileLineOut(
        indicator=line.indicator.value,
        label=str(line.indicator.label),
        counted=line.counted,
        declared=said.value if said else None,
        as_of=said.as_of if said else None,
        source=said.source if said else "",
        old=line.old,
        used=line.used,
    )
