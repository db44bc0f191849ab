"""Unmet needs by place, how far a survey is, its quick results, the figures of a year."""

from .assessed import Assessed, assessed
from .coverage import Coverage, Result, coverage, results
from .unmet import PlaceRow, unmet_by_place

__all__ = [
    "Assessed",
    "Coverage",
    "PlaceRow",
    "Result",
    "assessed",
    "coverage",
    "results",
    "unmet_by_place",
]
