"""Public figures that give nobody away: a number of few is not published."""


def published(count: int, least: int) -> int | None:
    """The count itself, or None when so few could be recognised."""
    return count if count >= least else None


def percent(part: int, whole: int, least: int) -> float | None:
    """A share in percent with one decimal; None when the whole is less than `least`.

    Rounded down, so that 100 % stands only where nothing is missing.
    """
    if whole < max(1, least):
        return None
    return part * 1000 // whole / 10
