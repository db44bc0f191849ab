"""What residents find: service subjects by words, category, place and distance; shared resources."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Final

from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt
from django.db.models.lookups import LessThanOrEqual

from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.needs.rules.categories import Category
from yiwang.organizations.models import Organization, Provider, Resource
from yiwang.organizations.rules.distance import RADIUS, Point, box_around
from yiwang.organizations.rules.kinds import resource_kinds
from yiwang.organizations.rules.states import LifeState

LONGEST: Final = 40
SEATS: Final = ("committee", "window")
"""Where people of a community go; the others are found from there."""


@dataclass(frozen=True)
class Search:
    """What is looked for. With `near` and `metres` by distance, else by whom the place is served."""

    text: str = ""
    category: str = ""
    place: int | None = None
    near: Point | None = None
    metres: int = 0
    today: date = field(default_factory=date.today)


def providers(asked: Search) -> "QuerySet[Provider]":
    """Service subjects that fit, nearest first; each has `metres` when looked for by distance."""
    rows = Provider.objects.public(asked.today).select_related("organization__division")
    for word in clean_text(asked.text)[:LONGEST].split():
        rows = rows.filter(Q(services__icontains=word) | Q(organization__name__icontains=word))
    if asked.category in Category.values:
        rows = rows.filter(categories__contains=[asked.category])
    if asked.near is not None and asked.metres:
        return _nearby(rows, asked.near, asked.metres)
    if asked.place is not None:
        rows = rows.serving(asked.place)
    return rows.order_by("organization__name_pinyin", "pk")


def _nearby(rows: "QuerySet[Provider]", near: Point, metres: int) -> "QuerySet[Provider]":
    """A box first, which an index serves, then the great circle."""
    low, high = box_around(near, metres)
    boxed = rows.filter(
        organization__latitude__range=(low.latitude, high.latitude),
        organization__longitude__range=(low.longitude, high.longitude),
    ).annotate(metres=_metres(near))
    within = LessThanOrEqual(F("metres"), float(metres))
    return boxed.filter(within).order_by("metres", "pk")


def _metres(near: Point) -> Combinable:
    """The haversine formula, as rules/distance.py has it."""
    latitude, longitude = F("organization__latitude"), F("organization__longitude")
    up = Sin(Radians(latitude - near.latitude) / 2.0)
    across = Sin(Radians(longitude - near.longitude) / 2.0)
    share = Cos(Radians(latitude)) * Cos(Radians(Value(near.latitude)))
    inner = Power(up, 2.0) + share * Power(across, 2.0)
    return ASin(Least(Value(1.0), Sqrt(inner)), output_field=FloatField()) * (2 * RADIUS)


@dataclass(frozen=True)
class Shared:
    """The shared resources of one kind."""

    label: str
    icon: str
    rows: list[Resource]


def shared_resources(place: int) -> list[Shared]:
    """What units of a place share with everybody, by kind in the order of the list (DIV-11)."""
    kinds = resource_kinds()
    order = {code: at for at, code in enumerate(kinds)}
    rows: Iterable[Resource] = Resource.objects.public(place).select_related("organization")
    ranked = sorted(rows, key=lambda one: (order.get(one.kind, len(order)), one.name))
    return [
        Shared(those[0].kind_label, those[0].icon, those)
        for _kind, found in groupby(ranked, key=lambda one: one.kind)
        if (those := list(found))
    ]


@dataclass(frozen=True)
class Start:
    """From where distances are measured: a point and what it is called."""

    point: Point
    name: str


def start_of(place: Division | None) -> Start | None:
    """The committee or window of a place; else its middle, if anybody has recorded either."""
    if place is None:
        return None
    seats = Organization.objects.under(place.pk).filter(
        state=LifeState.ACTIVE, legal_form__in=SEATS, latitude__isnull=False
    )
    seat = seats.order_by("legal_form", "pk").first()
    if seat is not None and seat.point is not None:
        return Start(seat.point, seat.name)
    if not place.centre:
        return None
    longitude, latitude = place.centre
    return Start(Point(float(longitude), float(latitude)), place.label)
