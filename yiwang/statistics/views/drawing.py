"""The age pyramid as places and widths of bars, ready to be drawn as SVG."""

from dataclasses import dataclass
from typing import Final

from yiwang.statistics.rules import Rung

HALF: Final = 200
MIDDLE: Final = 56
ROW: Final = 18
BAR: Final = 14


@dataclass(frozen=True)
class DrawnRung:
    """One row: men to the left, women to the right; a hidden number has no bar."""

    rung: Rung
    y: int
    male_x: int
    male_width: int
    female_width: int

    @property
    def text_y(self) -> int:
        return self.y + BAR - 3


@dataclass(frozen=True)
class Drawing:
    """All rows and the size of the picture; `unknown` are people without a known age."""

    rows: list[DrawnRung]
    unknown: Rung | None
    height: int
    width: int = 2 * HALF + MIDDLE
    bar: int = BAR
    female_x: int = HALF + MIDDLE
    middle: int = HALF + MIDDLE // 2


def drawn(rungs: list[Rung]) -> Drawing:
    """Bars from the middle outwards, the longest as long as half the picture."""
    known = [rung for rung in rungs if rung.edge is not None]
    most = max((max(rung.female or 0, rung.male or 0) for rung in known), default=0)
    rows = []
    for place, rung in enumerate(known):
        male = _width(rung.male, most)
        rows.append(DrawnRung(rung, place * ROW, HALF - male, male, _width(rung.female, most)))
    unknown = next((rung for rung in rungs if rung.edge is None), None)
    return Drawing(rows, unknown, len(rows) * ROW)


def _width(count: int | None, most: int) -> int:
    return max(1, round(HALF * count / most)) if count else 0
