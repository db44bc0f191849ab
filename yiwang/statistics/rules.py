"""What is counted of people, under which key, and which small numbers are not shown (INF-22).

A cell is a text: `people`, `female:60` (sex and the lower edge of an age band), `standing:migrant`.
A figure is a sum of cells; its definition is all there is to explain.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.utils.translation import gettext_lazy as _

K = TypeVar("K")

PEOPLE: Final = "people"
HOUSEHOLDS: Final = "households"
UNKNOWN: Final = "unknown"
SEXES: Final = ("female", "male", UNKNOWN)
PYRAMID_STEP: Final = 5


def band_cell(sex: str, edge: int | None) -> str:
    """The cell of a sex (empty: not known) and an age band by its lower edge (None: not known)."""
    return f"{sex or UNKNOWN}:{UNKNOWN if edge is None else edge}"


def band_of(cell: str) -> tuple[str, int | None] | None:
    """Sex and lower edge that a cell stands for; None for cells of another kind."""
    sex, colon, edge = cell.partition(":")
    if not colon or sex not in SEXES:
        return None
    return sex, int(edge) if edge.isdecimal() else None


@dataclass(frozen=True)
class Ages:
    """The legal ages that groups begin at (parameters of the register)."""

    adult: int
    elder: int
    senior: int


@dataclass(frozen=True)
class Definition:
    """One figure: which cells it adds up, in words for everybody, and how it is counted."""

    code: str
    label: Any
    explanation: Any
    icon: str
    holds: Callable[[str, Ages], bool]
    of_people: bool = True


def _of_age(least: str | None, below: str | None) -> Callable[[str, Ages], bool]:
    def holds(cell: str, ages: Ages) -> bool:
        band = band_of(cell)
        if band is None or band[1] is None:
            return False
        over = least is None or band[1] >= getattr(ages, least)
        return over and (below is None or band[1] < getattr(ages, below))

    return holds


def _exactly(wanted: str) -> Callable[[str, Ages], bool]:
    return lambda cell, ages: cell == wanted


DEFINITIONS: Final = (
    Definition(
        PEOPLE, _("居民人数"), _("当日在册的全部居民，含非户籍人口和流动人口；迁出、去世的不计。"),
        "users", _exactly(PEOPLE),
    ),
    Definition(
        HOUSEHOLDS, _("家庭户数"), _("至少有一名在册居民的家庭。"), "home", _exactly(HOUSEHOLDS),
        of_people=False,
    ),
    Definition(
        "registered", _("户籍人口"), _("户籍在本地的居民，含外出的；不含户籍在外地的。"), "id",
        lambda cell, ages: cell in ("standing:registered", "standing:away"),
    ),
    Definition(
        "minors", _("未成年人"), _("未满成年年龄的居民；出生日期不详的不计。"), "mood-smile",
        _of_age(None, "adult"),
    ),
    Definition(
        "elders", _("老年人"), _("已满老年人年龄的居民；只知道出生年份的按年份算。"), "old",
        _of_age("elder", None),
    ),
    Definition(
        "seniors", _("高龄老人"), _("已满高龄老人年龄的居民，是老年人的一部分。"), "heart-handshake",
        _of_age("senior", None),
    ),
)  # fmt: skip
DEFINITION_OF: Final = {one.code: one for one in DEFINITIONS}


def figure(code: str, cells: Mapping[str, int], ages: Ages) -> int:
    """The value of a figure: the sum of its cells."""
    holds = DEFINITION_OF[code].holds
    return sum(count for cell, count in cells.items() if holds(cell, ages))


@dataclass(frozen=True)
class Rung:
    """One step of the age pyramid: five years from `edge` on; None: age not known."""

    edge: int | None
    female: int | None
    male: int | None
    unknown: int | None

    @property
    def label(self) -> str:
        if self.edge is None:
            return ""
        top = self.edge + PYRAMID_STEP - 1
        return f"{self.edge}+" if self.edge >= OLDEST else f"{self.edge}–{top}"


OLDEST: Final = 100


def pyramid(cells: Mapping[str, int | None]) -> list[Rung]:
    """The oldest first; a part that is not shown hides its step (None)."""
    steps: dict[int | None, dict[str, int | None]] = {}
    for cell, count in cells.items():
        band = band_of(cell)
        if band is None:
            continue
        sex, edge = band
        step = None if edge is None else min(OLDEST, edge - edge % PYRAMID_STEP)
        row = steps.setdefault(step, {})
        held = row.get(sex, 0)
        row[sex] = None if count is None or held is None else held + count
    known = [edge for edge in steps if edge is not None]
    span = range(max(known, default=0), -1, -PYRAMID_STEP)
    edges: list[int | None] = [*span] if known else []
    if None in steps:
        edges.append(None)
    return [Rung(edge, *(steps.get(edge, {}).get(sex, 0) for sex in SEXES)) for edge in edges]


def hide_small(values: Mapping[K, int], least: int) -> dict[K, int | None]:
    """Numbers from 1 to below `least` are hidden (None) from who may not see persons.

    Where exactly one is hidden, the next smallest goes too, so that it cannot be found by
    subtracting the others from their sum.
    """
    hidden = {key for key, count in values.items() if 0 < count < least}
    if len(hidden) == 1:
        rest = {key: count for key, count in values.items() if key not in hidden and count}
        if rest:
            hidden.add(min(rest, key=lambda key: rest[key]))
    return {key: None if key in hidden else count for key, count in values.items()}


def rolled_up(
    leaves: Mapping[int, Mapping[str, int]], parents: Callable[[int], Iterable[int]]
) -> dict[int, dict[str, int]]:
    """Cells of all places: those of each leaf added to every place above it."""
    found: dict[int, dict[str, int]] = {}
    for leaf, cells in leaves.items():
        for place in (leaf, *parents(leaf)):
            sums = found.setdefault(place, {})
            for cell, count in cells.items():
                sums[cell] = sums.get(cell, 0) + count
    return found


def share(part: int | None, whole: int | None) -> float | None:
    """Percent, or None where a part is hidden or there is nothing to share."""
    return None if part is None or not whole else 100 * part / whole


def change(now: int | None, before: int | None) -> int | None:
    """How much more than before; None where one of both is not known."""
    return None if now is None or before is None else now - before


def cuts_of(shipped: Sequence[int], ages: Ages) -> list[int]:
    """The lower edges of the age bands: every group begins at an edge."""
    return sorted({0, *shipped, ages.adult, ages.elder, ages.senior})
