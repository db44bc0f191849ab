"""The bars of a period as places and heights, ready to be drawn as SVG."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yiwang.performance.rules import Counts, Period, buckets

HEIGHT: Final = 120
WIDTH: Final = 640
LEAST: Final = 2


@dataclass(frozen=True)
class Bar:
    """Two bars side by side with what they count; positions from the top left."""

    period: Period
    accepted: int
    answered: int
    x: float
    width: float
    accepted_height: int
    answered_height: int

    @property
    def accepted_y(self) -> int:
        return HEIGHT - self.accepted_height

    @property
    def answered_y(self) -> int:
        return HEIGHT - self.answered_height

    @property
    def answered_x(self) -> float:
        return round(self.x + self.width + 1, 1)

    @property
    def middle(self) -> float:
        return round(self.x + self.width + 0.5, 1)


@dataclass(frozen=True)
class Drawing:
    bars: list[Bar]
    # Every so many bars one is named, so that the names do not touch.
    each: int
    most: int
    width: int = WIDTH
    height: int = HEIGHT


def drawn(days: Mapping[str, Counts], period: Period) -> Drawing:
    """Bars from zero, the highest as high as the drawing."""
    spans = list(buckets(period))
    sums = [(_sum(days, span, "accepted"), _sum(days, span, "answered")) for span in spans]
    most = max((max(pair) for pair in sums), default=0)
    slot = WIDTH / len(spans)
    width = round(min(16.0, slot * 0.36), 1)
    bars = [
        Bar(
            span, accepted, answered, round(at * slot + slot / 2 - width - 0.5, 1), width,
            _height(accepted, most), _height(answered, most),
        )
        for at, (span, (accepted, answered)) in enumerate(zip(spans, sums, strict=True))
    ]  # fmt: skip
    return Drawing(bars, max(1, -(-len(bars) // 8)), most)


def _sum(days: Mapping[str, Counts], span: Period, column: str) -> int:
    first, last = span.first.isoformat(), span.last.isoformat()
    return sum(counts.get(column, 0) for day, counts in days.items() if first <= day <= last)


def _height(count: int, most: int) -> int:
    return max(LEAST, round(HEIGHT * count / most)) if count else 0
