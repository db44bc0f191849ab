"""The small bar chart of the week: places and heights of the bars, ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

HEIGHT: Final = 88
SLOT: Final = 44
BAR: Final = 14
LEAST: Final = 2  # a day with one matter among thousands is still seen


class Flow(Protocol):
    """Matters that came in and went out on a day."""

    @property
    def day(self) -> date: ...
    @property
    def accepted(self) -> int: ...
    @property
    def finished(self) -> int: ...


@dataclass(frozen=True)
class Bar:
    """Two bars side by side; `x` and `y` from the top left, in units of the drawing."""

    day: date
    accepted: int
    finished: int
    x: int
    accepted_height: int
    finished_height: int

    @property
    def accepted_y(self) -> int:
        return HEIGHT - self.accepted_height

    @property
    def finished_y(self) -> int:
        return HEIGHT - self.finished_height

    @property
    def finished_x(self) -> int:
        return self.x + BAR + 2

    @property
    def middle(self) -> int:
        return self.x + BAR + 1


@dataclass(frozen=True)
class Chart:
    """All bars of a chart, its size, and the sums that stand in words beside it."""

    bars: list[Bar]
    accepted: int
    finished: int
    most: int
    width: int
    height: int = HEIGHT
    bar: int = BAR


def week_chart(days: Sequence[Flow]) -> Chart:
    """Bars from zero, the highest as high as the drawing."""
    most = max((max(flow.accepted, flow.finished) for flow in days), default=0)
    return Chart(
        bars=[
            Bar(
                flow.day,
                flow.accepted,
                flow.finished,
                place * SLOT + (SLOT - 2 * BAR - 2) // 2,
                _height(flow.accepted, most),
                _height(flow.finished, most),
            )
            for place, flow in enumerate(days)
        ],
        accepted=sum(flow.accepted for flow in days),
        finished=sum(flow.finished for flow in days),
        most=most,
        width=SLOT * len(days),
    )


def _height(count: int, most: int) -> int:
    return max(LEAST, round(HEIGHT * count / most)) if count else 0
