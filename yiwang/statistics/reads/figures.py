"""Figures of a place and of those below it: live where that is quick, else from the summaries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.db.models import F
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division, Level
from yiwang.divisions.rules import Depth, ancestor, ancestors, depth_of, range_of
from yiwang.statistics.models import Summary
from yiwang.statistics.rules import (
    DEFINITIONS,
    HOUSEHOLDS,
    Ages,
    Rung,
    figure,
    hide_small,
    pyramid,
    rolled_up,
)

from .counting import ages, leaf_cells

Cells = dict[str, int]
_STEP: Final[Mapping[Depth, int]] = MappingProxyType(
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


@dataclass(frozen=True)
class Figures:
    """The cells of one place on one day, and how they came about."""

    place: Division
    on: date
    cells: Cells
    live: bool
    frozen: bool = False
    below: Mapping[int, Cells] = field(default_factory=dict)

    def value(self, code: str) -> int | None:
        """A figure; None for households of a day whose households nobody kept."""
        if code == HOUSEHOLDS and HOUSEHOLDS not in self.cells and self.cells and self._is_past:
            return None
        return figure(code, self.cells, ages())

    @property
    def _is_past(self) -> bool:
        return self.on < timezone.localdate()

    def rungs(self, least: int) -> list[Rung]:
        """The age pyramid; cells below `least` hidden (0: nothing is hidden)."""
        bands = {cell: count for cell, count in self.cells.items() if not cell.startswith("stand")}
        return pyramid(hide_small(bands, least))


def figures_of(place: Division, on: date) -> Figures:
    """The figures of a place on a day.

    A summary of that day counts where there is one. Else today's figures of a township or a
    community, and those of any past day, are counted from the register; today's figures of a
    county or the city are those of the newest summary, whose day they carry.
    """
    today = timezone.localdate()
    if on < today:
        return _kept(place, on) or _counted(place, on)
    if place.level in (Level.TOWNSHIP, Level.COMMUNITY):
        return _counted(place, today)
    newest = Summary.objects.filter(division_id=place.pk, on__lte=today).order_by("-on").first()
    if newest is None:
        return _counted(place, today)
    return _kept(place, newest.on) or _counted(place, today)


def _counted(place: Division, on: date) -> Figures:
    leaves = leaf_cells(range_of(place.pk), on)
    sums = rolled_up(leaves, lambda leaf: _from(place.pk, leaf))
    below = {key: cells for key, cells in sums.items() if key != place.pk}
    return Figures(place, on, sums.get(place.pk, {}), live=True, below=below)


def _from(top: int, leaf: int) -> Sequence[int]:
    """The places above a community from `top` down; none for `top` itself."""
    return [key for key in ancestors(leaf) if key >= top and depth_of(key) >= depth_of(top)]


def _kept(place: Division, on: date) -> Figures | None:
    own = Summary.objects.filter(division_id=place.pk, on=on).first()
    if own is None:
        return None
    area = range_of(place.pk)
    inside = Summary.objects.on(on).filter(division_id__gt=area.lo, division_id__lte=area.hi)
    # The key of a place ends in zeros below its own level: only the next one's rows are fetched.
    rows = inside.annotate(rest=F("division_id") % _STEP[Depth(depth_of(place.pk))]).filter(rest=0)
    below = {row.division_id: dict(row.cells) for row in rows}
    return Figures(place, on, dict(own.cells), live=False, frozen=own.frozen, below=below)


@dataclass(frozen=True)
class TableRow:
    """A place below with its figures; None where a number is hidden or not known."""

    place: Division
    values: dict[str, int | None]


def tables_of(found: Figures, least: int) -> list[TableRow]:
    """One row a place below that existed on the day, its small numbers hidden below `least`."""
    places = Division.objects.filter(parent_id=found.place.pk).on(found.on).served().order_by("pk")
    known = list(places)
    years: Ages = ages()
    columns: dict[str, dict[int, int | None]] = {}
    for definition in DEFINITIONS:
        counts = {
            one.pk: figure(definition.code, found.below.get(one.pk, {}), years) for one in known
        }
        columns[definition.code] = hide_small(counts, least if definition.of_people else 0)
    if found.value(HOUSEHOLDS) is None:
        columns[HOUSEHOLDS] = dict.fromkeys(columns[HOUSEHOLDS])
    return [
        TableRow(one, {code: column[one.pk] for code, column in columns.items()}) for one in known
    ]


def least_shown(actor: Actor) -> int:
    """Below which number cells are hidden: nothing is from who may see persons."""
    return 0 if actor.has("residents.view") else int(parameter("statistics.small_cell"))


def shown(found: Figures, code: str, least: int) -> int | None:
    """A figure of the place itself, hidden where it is small."""
    value = found.value(code)
    definition = next(one for one in DEFINITIONS if one.code == code)
    small = value is not None and definition.of_people and 0 < value < least
    return None if small else value


def earlier(place: Division, on: date) -> dict[str, Figures]:
    """The summaries of a month and of a year before, where they were kept (EXP-37)."""
    found: dict[str, Figures] = {}
    for name, day in (("month", _month_before(on)), ("year", _year_before(on))):
        kept = _kept(place, day)
        if kept is not None:
            found[name] = kept
    return found


def _month_before(day: date) -> date:
    """The last day of the month before: the one that is kept for good."""
    return day.replace(day=1) - timedelta(days=1)


def _year_before(day: date) -> date:
    return date(day.year - 1, 12, 31)


def kept_days() -> Sequence[Any]:
    """The days of which the city has summaries, newest first, and whether they are frozen."""
    rows = Summary.objects.order_by("-on").values("on", "frozen").distinct("on")
    return list(rows)


def parents_of(leaf: int) -> list[int]:
    """The places above a community up to its city."""
    city = ancestor(leaf, Depth.CITY)
    return [key for key in ancestors(leaf) if key >= city]
