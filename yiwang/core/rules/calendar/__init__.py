"""The working calendar and every deadline counted on it (Civil Code 201–203)."""

from .days import (
    BEIJING,
    Calendar,
    CalendarEnds,
    Day,
    DayKind,
    EndOfDay,
    Hours,
    beijing,
    parse_hours,
)
from .periods import (
    Pause,
    Unit,
    deadline,
    elapsed,
    remaining,
    resume_deadline,
    used_share,
)

__all__ = [
    "BEIJING",
    "Calendar",
    "CalendarEnds",
    "Day",
    "DayKind",
    "EndOfDay",
    "Hours",
    "Pause",
    "Unit",
    "beijing",
    "deadline",
    "elapsed",
    "parse_hours",
    "remaining",
    "resume_deadline",
    "used_share",
]
