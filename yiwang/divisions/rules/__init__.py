"""The key of a division: 12 digits in which a subtree is a range (ARCHITECTURE §4)."""

from dataclasses import dataclass
from enum import IntEnum

NATION = 0
# Place value of one step at each level: 2 digits province, 2 city, 2 county, 3 township, 3 community.
_SPAN = (10**12, 10**10, 10**8, 10**6, 10**3, 1)


class Depth(IntEnum):
    """Levels as numbers that grow downward."""

    NATION = 0
    PROVINCE = 1
    CITY = 2
    COUNTY = 3
    TOWNSHIP = 4
    COMMUNITY = 5


@dataclass(frozen=True, slots=True)
class KeyRange:
    """All keys from lo to hi; an empty range has lo > hi."""

    lo: int
    hi: int

    def holds(self, key: int | None) -> bool:
        return key is not None and self.lo <= key <= self.hi

    def covers(self, other: "KeyRange") -> bool:
        return self.lo <= other.lo and other.hi <= self.hi


NOWHERE = KeyRange(1, 0)


def depth_of(key: int) -> Depth:
    """The level a key stands on, read from its trailing zeros."""
    for depth in (Depth.NATION, Depth.PROVINCE, Depth.CITY, Depth.COUNTY, Depth.TOWNSHIP):
        if key % _SPAN[depth] == 0:
            return depth
    return Depth.COMMUNITY


def range_of(key: int) -> KeyRange:
    """The division and everything under it."""
    return KeyRange(key, key + _SPAN[depth_of(key)] - 1)


def ancestor(key: int, depth: Depth) -> int:
    """The key of the division above (or at) `key` on a level."""
    return key - key % _SPAN[depth]


def parent_of(key: int) -> int | None:
    """The key one level up; a province's parent is the nation (0), which has none."""
    depth = depth_of(key)
    return ancestor(key, Depth(depth - 1)) if depth else None


def ancestors(key: int) -> list[int]:
    """Keys above `key`, the nation excluded, highest first."""
    return [ancestor(key, Depth(depth)) for depth in range(Depth.PROVINCE, depth_of(key))]


def key_of_code(code: str) -> int:
    """The key that equals a statistical code of 2, 4, 6, 9 or 12 digits."""
    return int(code.ljust(12, "0"))
