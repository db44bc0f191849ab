"""Freshness of a place: counted live in a community, added up from the leaves above (INF-07)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Min, Sum
from django.utils import timezone

from yiwang.collection.models import FreshnessDay
from yiwang.collection.rules.asking import askable
from yiwang.collection.rules.overlap import Share
from yiwang.divisions.models import Division, Level
from yiwang.residents.models import Resident

from .held import share_of

_FIGURES = ("people", "fresh", "soon", "due", "missing")


@dataclass
class Freshness:
    """The shares by field, and the oldest day a part of them was counted; None: never yet."""

    shares: dict[str, Share] = field(default_factory=dict)
    on: date | None = None

    @property
    def all(self) -> Share:
        """Every value that grows old together."""
        total = Share()
        for share in self.shares.values():
            total.add(share)
        return total


def freshness_of(place: Division) -> Freshness:
    """The freshness of every field in a place."""
    if place.level == Level.COMMUNITY:
        today = timezone.localdate()
        people = Resident.objects.live().filter(division_id=place.pk)
        return Freshness(share_of(people, askable(), today), today)
    rows = FreshnessDay.objects.filter(division_id__range=(place.area.lo, place.area.hi))
    sums: Any = rows.order_by().values("field")
    sums = sums.annotate(*(Sum(name) for name in _FIGURES), oldest=Min("on"))
    found = Freshness()
    by_code = {row["field"]: row for row in sums}
    for code in askable():
        if row := by_code.get(code):
            found.shares[code] = Share(*(row[f"{name}__sum"] for name in _FIGURES))
            found.on = min(found.on or row["oldest"], row["oldest"])
    return found


def freshness_below(place: Division, codes: list[str]) -> list[tuple[Division, Share]]:
    """The places one level down with their fresh share over some fields, the lowest first."""
    found = []
    for below in Division.objects.filter(parent=place).current().served():
        rows = FreshnessDay.objects.filter(
            division_id__range=(below.area.lo, below.area.hi), field__in=codes
        )
        sums: dict[str, Any] = rows.aggregate(*(Sum(name) for name in _FIGURES))
        share = Share(*(sums[f"{name}__sum"] or 0 for name in _FIGURES))
        found.append((below, share))
    return sorted(found, key=lambda one: (one[1].percent, one[0].pk))
