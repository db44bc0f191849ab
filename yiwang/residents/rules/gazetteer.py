"""Reading an address against the names of places, those of former years included."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from yiwang.divisions.rules import Depth, range_of

from .address import Parts, plain_address, tell_apart

_SHORTEST: Final = {Depth.COMMUNITY: 3}
"""Characters a name needs before it counts; two may begin any estate or road."""
_OF_A_PLACE: Final = re.compile(r".{2,5}?(?:镇|乡|街道|县)(?!路|街|巷|村)")
"""Words of a place that no table knows, left at the head of what was taken for a road."""


class Doubt(StrEnum):
    """Why an address needs a person's eye."""

    OTHER_PLACE = "other_place"
    SEVERAL = "several"
    UNREAD = "unread"
    LEFT_OVER = "left_over"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """A name some place bears or bore: its key then, and the keys that carry it on today."""

    name: str
    key: int
    level: int
    current: tuple[int, ...]

    def lies_in(self, other: "Place") -> bool:
        """Under it then or today."""
        if range_of(other.key).holds(self.key):
            return True
        return any(range_of(key).holds(own) for key in other.current for own in self.current)


class Gazetteer:
    """Places by name."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.names: dict[str, list[Place]] = {}
        for place in places:
            if len(place.name) >= _SHORTEST.get(Depth(place.level), 2):
                self.names.setdefault(place.name, []).append(place)
        self.longest = max(map(len, self.names), default=0)

    def at(self, text: str) -> list[list[Place]]:
        """What the beginning of a text may name, the longest name first."""
        cuts = range(min(self.longest, len(text)), 1, -1)
        return [self.names[text[:cut]] for cut in cuts if text[:cut] in self.names]


@dataclass(frozen=True, slots=True)
class Address:
    """An address read: the places it may lie in (keys of today), its parts, and the doubt if any."""

    text: str
    places: tuple[int, ...]
    parts: Parts
    doubt: Doubt | None

    @property
    def is_clear(self) -> bool:
        return self.doubt is None


def read_address(text: str, gazetteer: Gazetteer, home: int | None = None) -> Address:
    """Read an address; `home` is the community it is kept in, if that is known.

    港闸区唐闸镇街道… is read by the places that carry those names on. What is not certain has a
    doubt; nothing is guessed.
    """
    plain = plain_address(text)
    named, rest = _places(plain, gazetteer)
    parts = tell_apart(rest)
    keys = tuple(sorted({key for place in named for key in place.current}))
    return Address(plain, keys, parts, _doubt(keys, parts, home))


def _places(text: str, gazetteer: Gazetteer) -> tuple[list[Place], str]:
    """The deepest places named at the beginning, and what follows them."""
    found: list[Place] = []
    rest = text
    while True:
        step = _step(found, gazetteer.at(rest))
        if not step:
            return found, rest
        found, rest = step, rest[len(step[0].name) :]


def _step(above: list[Place], offers: list[list[Place]]) -> list[Place]:
    for places in offers:
        fitting = [
            place
            for place in places
            if not above or any(place.level > one.level and place.lies_in(one) for one in above)
        ]
        if fitting:
            return fitting
    return []


def _doubt(keys: tuple[int, ...], parts: Parts, home: int | None) -> Doubt | None:
    if keys and home is not None and not any(_holds(key, home) for key in keys):
        return Doubt.OTHER_PLACE
    if home is None and len(keys) > 1:
        return Doubt.SEVERAL
    if not parts.names_a_place and not (keys and parts.number):
        return Doubt.UNREAD
    if _OF_A_PLACE.match(parts.village or parts.road or parts.estate):
        return Doubt.UNKNOWN
    return Doubt.LEFT_OVER if parts.rest else None


def _holds(key: int, home: int) -> bool:
    return range_of(key).holds(home)
