"""The times of working days that no shift covers."""

from collections.abc import Iterable
from datetime import datetime

Span = tuple[datetime, datetime]


def uncovered(wanted: Iterable[Span], shifts: Iterable[Span]) -> list[Span]:
    """The parts of the wanted spans that no shift covers, in order."""
    taken = sorted(shifts)
    gaps: list[Span] = []
    for start, end in sorted(wanted):
        at = start
        for low, high in taken:
            if high <= at or low >= end:
                continue
            if low > at:
                gaps.append((at, low))
            at = max(at, high)
        if at < end:
            gaps.append((at, end))
    return gaps
