"""Divisions in time: the tree, the official codes, the changes and what they left undecided."""

from .change import Change, Review, Succession
from .division import Division, DivisionCode, Kind, Level, Located, Settlement

__all__ = [
    "Change",
    "Division",
    "DivisionCode",
    "Kind",
    "Level",
    "Located",
    "Review",
    "Settlement",
    "Succession",
]
