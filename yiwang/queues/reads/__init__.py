"""What a hall's day looks like, and which times are free."""

from yiwang.queues.rules.lines import lines_on_offer

from .hall import (
    Board,
    Queue,
    board_of,
    day_of,
    figures_by_line,
    figures_of,
    most_in_a_row,
    open_halls,
    standing_of,
    total_of,
    touch_key,
)

__all__ = [
    "Board",
    "Queue",
    "board_of",
    "day_of",
    "figures_by_line",
    "figures_of",
    "lines_on_offer",
    "most_in_a_row",
    "open_halls",
    "standing_of",
    "total_of",
    "touch_key",
]
