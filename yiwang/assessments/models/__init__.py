"""Scored forms in versions, and the assessments made with them."""

from .assessment import PersonAssessment
from .scale import Scale

__all__ = ["PersonAssessment", "Scale"]
