"""The law of a matter, as plain functions and tables: no database, no request, no clock."""

from .discussion import Audience
from .escalation import ClockKind, Stage
from .states import FINAL, MOVES, OPEN, RUNNING, SETTLED, Channel, EventKind, State, StepState

__all__ = [
    "FINAL",
    "MOVES",
    "OPEN",
    "RUNNING",
    "SETTLED",
    "Audience",
    "Channel",
    "ClockKind",
    "EventKind",
    "Stage",
    "State",
    "StepState",
]
