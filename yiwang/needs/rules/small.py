"""Small figures are not shown: behind them stands somebody who could be known."""

from collections.abc import Mapping


def without_small(counts: Mapping[str, int], least: int) -> dict[str, int | None]:
    """Counts by choice; None where between one and `least` exclusively.

    When a single figure is hidden the next smallest one goes too: else the total would tell it.
    """
    shown: dict[str, int | None] = {
        code: None if 0 < count < least else count for code, count in counts.items()
    }
    hidden = [code for code, count in shown.items() if count is None]
    rest = [(count, code) for code, count in shown.items() if count]
    if len(hidden) == 1 and rest:
        shown[min(rest)[1]] = None
    return shown
