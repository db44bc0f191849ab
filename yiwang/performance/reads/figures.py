"""Counts of a place over a period: past days from the summaries, the rest from the matters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.db import connection
from django.db.models import F, Max, QuerySet, Sum

from yiwang.accounts.actor import Actor
from yiwang.core.reads import parameter
from yiwang.divisions.rules import Depth, depth_of, range_of
from yiwang.performance.models import DaySummary, Dimension, KeptDay
from yiwang.performance.rules import COLUMNS, Counts, Period

from .facts import EVENTS, Scope, said, with_facts

BEGINNING: Final = date(2000, 1, 1)
STEP: Final[Mapping[Depth, int]] = MappingProxyType(
    {
        Depth.NATION: 10**10,
        Depth.PROVINCE: 10**8,
        Depth.CITY: 10**6,
        Depth.COUNTY: 10**3,
        Depth.TOWNSHIP: 1,
        Depth.COMMUNITY: 1,
    }
)
"""What divides the keys of the places right below, by the level of the place above."""
_SPLIT: Final = """
SELECT d.dimension, d.key, {sums}
FROM facts f CROSS JOIN LATERAL (VALUES
    ('all', ''), ('category', f.category), ('channel', f.channel),
    ('unit', coalesce(f.unit::text, '')), ('day', f.on_::text),
    ('place', (f.division - f.division %% %(step)s)::text)) d(dimension, key)
GROUP BY 1, 2"""


@dataclass
class Tally:
    """Counts by dimension and key: all, category, channel, unit, day, place (right below)."""

    cells: dict[str, dict[str, Counts]] = field(default_factory=dict)

    def add(self, dimension: str, key: str, counts: Mapping[str, int]) -> None:
        cell = self.cells.setdefault(dimension, {}).setdefault(key, {})
        for name, count in counts.items():
            cell[name] = cell.get(name, 0) + int(count or 0)

    def by(self, dimension: str) -> dict[str, Counts]:
        return self.cells.get(dimension, {})

    @property
    def whole(self) -> Counts:
        return self.by(Dimension.WHOLE).get("", {})

    def merge(self, other: "Tally") -> None:
        for dimension, keys in other.cells.items():
            for key, counts in keys.items():
                self.add(dimension, key, counts)


def kept_until() -> date | None:
    """The last day whose summaries are kept; every day before it is kept as well."""
    found: date | None = KeptDay.objects.aggregate(last=Max("on"))["last"]
    return found


def tally(place: int, period: Period, actor: Actor | None = None, unit: int | None = None) -> Tally:
    """Everything counted of a place over a period, and how much is open when it ends.

    Townships and communities, and a single unit anywhere, are counted from the matters; counties
    and the city read their summaries and count only the days that are not kept yet.
    """
    near = depth_of(place) >= Depth.TOWNSHIP
    scope = Scope.of(range_of(place), actor, unit=unit, near=near)
    kept = None if near or scope.unit is not None else kept_until()
    found = _stored(place, period, kept) if kept else Tally()
    fresh = max(period.first, kept + timedelta(days=1)) if kept else period.first
    if fresh <= period.last:
        found.merge(_live(scope, place, Period(fresh, period.last), EVENTS, COLUMNS))
    if kept and scope.unit is None:
        found.merge(_stored_open(place, period.last, kept))
        if kept < period.last:
            since = Period(kept + timedelta(days=1), period.last)
            moved = _live(scope, place, since, ("accepted", "closed"), ("accepted", "closed"))
            found.merge(_as_open(moved))
    else:
        found.merge(_live(scope, place, period, ("open",), ("open",)))
    return found


def _live(
    scope: Scope, place: int, period: Period, sources: Iterable[str], columns: Iterable[str]
) -> Tally:
    names = tuple(columns)
    sums = ", ".join(f"sum(f.{name})" for name in names)
    text = with_facts(scope, sources, names) + _SPLIT.format(sums=sums)
    found = Tally()
    with connection.cursor() as cursor:
        cursor.execute(text, {**said(scope, period), "step": STEP[depth_of(place)]})
        for dimension, key, *counts in cursor.fetchall():
            found.add(dimension, key, dict(zip(names, counts, strict=True)))
    # What is open has no day of its own.
    if names == ("open",):
        found.cells.pop("day", None)
    return found


def _stored(place: int, period: Period, kept: date) -> Tally:
    """The summaries of the kept days of a period: the place itself and the places right below."""
    days = DaySummary.objects.filter(on__range=(period.first, min(period.last, kept)))
    own = days.filter(division_id=place).order_by()
    found = Tally()
    _added(found, own, ("dimension", "key"), COLUMNS)
    _added(found, own.filter(dimension=Dimension.WHOLE), ("on",), COLUMNS, "day")
    _added(found, _below(days, place), ("division_id",), COLUMNS, "place")
    return found


def _added(
    found: Tally, rows: QuerySet[DaySummary], by: tuple[str, ...], columns: tuple[str, ...],
    dimension: str = "",
) -> None:  # fmt: skip
    """The sums of rows under one dimension, or under the one each row names."""
    sums = {f"sum_{name}": Sum(name) for name in columns}
    for row in rows.values(*by).annotate(**sums).values_list(*by, *sums):
        keys, counts = row[: len(by)], row[len(by) :]
        under, key = (dimension, keys[0]) if dimension else keys
        found.add(under, str(key), dict(zip(columns, counts, strict=True)))


def _below(days: QuerySet[DaySummary], place: int) -> QuerySet[DaySummary]:
    """The whole of each place right below: its key ends in zeros below its own level."""
    area = range_of(place)
    inside = days.filter(
        division_id__gt=area.lo, division_id__lte=area.hi, dimension=Dimension.WHOLE
    )
    return inside.annotate(rest=F("division_id") % STEP[depth_of(place)]).filter(rest=0).order_by()


def _stored_open(place: int, last: date, kept: date) -> Tally:
    """What is open at the end of a kept day: everything that came in and was not closed by then."""
    days = DaySummary.objects.filter(on__range=(BEGINNING, min(last, kept)))
    moved, columns = Tally(), ("accepted", "closed")
    _added(moved, days.filter(division_id=place).order_by(), ("dimension", "key"), columns)
    _added(moved, _below(days, place), ("division_id",), columns, "place")
    return _as_open(moved)


def _as_open(moved: Tally) -> Tally:
    found = Tally()
    for dimension, keys in moved.cells.items():
        if dimension != "day":
            for key, one in keys.items():
                found.add(dimension, key, {"open": one["accepted"] - one["closed"]})
    return found


def least_shown(actor: Actor) -> int:
    """Below which number figures are hidden: nothing is from who may see the matters."""
    return 0 if actor.has("matters.view") else int(parameter("statistics.small_cell"))


def behind(
    scope: Scope, source: str, holds: str, period: Period, *, start: int, limit: int
) -> tuple[int, list[tuple[int, Any, int | None]]]:
    """How many facts a figure counts, and one page of them as (matter, moment, unit), newest first."""
    columns = ("open",) if source == "open" else COLUMNS
    text = with_facts(scope, [source], columns)
    values = {**said(scope, period), "start": start, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(f"{text} SELECT count(*) FROM facts WHERE {holds}", values)  # noqa: S608
        (count,) = cursor.fetchone()
        cursor.execute(
            f"{text} SELECT matter, at, unit FROM facts WHERE {holds}"  # noqa: S608 - our own text
            " ORDER BY at DESC, matter DESC, unit OFFSET %(start)s LIMIT %(limit)s",
            values,
        )
        return count, cursor.fetchall()
