"""The grade of a person on a day, what is held for an assessment, who is due."""

from .grades import GradeCount, grade_counts, grade_of, scale_in_force
from .prefilled import Prefilled, prefilled

__all__ = ["GradeCount", "Prefilled", "grade_counts", "grade_of", "prefilled", "scale_in_force"]
