"""Buildings and what is in them: rooms by unit, who lives there, what stands empty (DIV-09)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count, Q, QuerySet

from yiwang.residents.models import Dwelling, Group, Resident

_DIGITS: Final = re.compile(r"(\d+)")
_DOOR_NUMBER: Final = re.compile(r"(?:\d+(?:-\d+)?号(?:附\d+号)?)+$")
_LIVING: Final = Count("residents", filter=Q(residents__state="live"), distinct=True)


def natural(text: str) -> tuple[Any, ...]:
    """For sorting: 9 before 10, and 12A after 12."""
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in _DIGITS.split(text)
        if part
    )


@dataclass
class Block:
    """A building, or the houses of one road or group."""

    division_id: int
    place: str
    building: str
    first: Dwelling
    dwellings: int = 0
    people: int = 0
    empty: int = 0

    @property
    def name(self) -> str:
        """The building as people name it."""
        return self.first.block if self.building else self.place or self.first.address


@dataclass
class Home:
    """One dwelling of a block with its people."""

    dwelling: Dwelling
    people: list[Resident] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not self.people


@dataclass
class Staircase:
    """One unit of a building: floors from the top, each with its rooms."""

    unit: str
    floors: list[tuple[str, list[Home]]]


@dataclass
class Branch:
    """A group of a tree with everything below it counted in."""

    group: Group
    houses: int = 0
    living: int = 0


def branches(groups: QuerySet[Group]) -> list[Branch]:
    """The groups of whole subtrees in order, each with the dwellings and people of its subtree."""
    counted = groups.annotate(
        houses=Count("dwellings", distinct=True),
        living=Count(
            "dwellings__residents",
            filter=Q(dwellings__residents__state="live"),
            distinct=True,
        ),
    ).order_by("path")
    found = {one.pk: Branch(one) for one in counted}
    for one in counted:
        for key in map(int, one.path.rstrip("/").split("/")):
            if key in found:
                found[key].houses += one.houses
                found[key].living += one.living
    return list(found.values())


def place_of(dwelling: Dwelling) -> str:
    """The estate or road a dwelling belongs to; the door number of a house is not part of it."""
    if dwelling.estate:
        return dwelling.estate
    if dwelling.building:
        return dwelling.road
    return _DOOR_NUMBER.sub("", dwelling.road)


def blocks(dwellings: QuerySet[Dwelling]) -> list[Block]:
    """The buildings of some dwellings, in the order of their names, with counts."""
    found: dict[tuple[int, str, str], Block] = {}
    for one in dwellings.annotate(living=_LIVING).order_by("pk"):
        place = place_of(one)
        key = (one.division_id, place, one.building)
        block = found.setdefault(key, Block(*key, first=one))
        block.dwellings += 1
        block.people += one.living
        block.empty += not one.living
    return sorted(
        found.values(), key=lambda one: (one.division_id, one.place, natural(one.building))
    )


def same_block(dwelling: Dwelling) -> list[Dwelling]:
    """All dwellings of the building (or road, or group) a dwelling stands in."""
    rows = Dwelling.objects.filter(
        division_id=dwelling.division_id, estate=dwelling.estate, building=dwelling.building
    ).select_related("group", "division")
    if not dwelling.estate:
        rows = rows.filter(road__startswith=place_of(dwelling))
    place = place_of(dwelling)
    return [one for one in rows if place_of(one) == place]


def homes(dwellings: Iterable[Dwelling]) -> list[Home]:
    """The dwellings with the live people in each, in one query."""
    held = list(dwellings)
    people: dict[int, list[Resident]] = defaultdict(list)
    rows = Resident.objects.live().filter(dwelling__in=held).select_related("household")
    for one in rows.order_by("household_id", "birth_year", "pk"):
        people[one.dwelling_id or 0].append(one)
    return [Home(one, people[one.pk]) for one in held]


def housemates(people: Iterable[Resident]) -> int:
    """How many live in the same dwellings as these people, these not counted."""
    held = list(people)
    rows = Resident.objects.live().filter(dwelling__in={one.dwelling_id for one in held})
    return rows.exclude(pk__in=[one.pk for one in held]).count()


def staircases(found: Iterable[Home]) -> list[Staircase]:
    """Units of a building, each with its floors from the top; rooms 301, 302 are on floor 3."""
    units: dict[str, dict[str, list[Home]]] = defaultdict(lambda: defaultdict(list))
    for home in found:
        units[home.dwelling.unit][_floor(home.dwelling.room)].append(home)
    return [
        Staircase(unit, [(floor, _sorted(floors[floor])) for floor in _from_top(floors)])
        for unit, floors in sorted(units.items(), key=lambda pair: natural(pair[0]))
    ]


def _from_top(floors: Iterable[str]) -> list[str]:
    return sorted(floors, key=natural, reverse=True)


def _sorted(found: list[Home]) -> list[Home]:
    return sorted(
        found, key=lambda home: (natural(home.dwelling.room), natural(home.dwelling.road))
    )


def _floor(room: str) -> str:
    digits = re.match(r"\d+", room)
    return digits[0][:-2] if digits and len(digits[0]) > 2 else ""


def uses(found: Iterable[Home]) -> list[tuple[str, int]]:
    """How many dwellings of each kind, in words."""
    counts = Counter(str(home.dwelling.get_kind_display()) for home in found if home.dwelling.kind)
    return counts.most_common()
