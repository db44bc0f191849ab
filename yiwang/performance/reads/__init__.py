"""Counts of matters, what they are made of, and the summaries kept of past days."""

from .figures import Tally, behind, kept_until, least_shown, tally
from .keeping import days_that_differ, first_day

__all__ = [
    "Tally",
    "behind",
    "days_that_differ",
    "first_day",
    "kept_until",
    "least_shown",
    "tally",
]
