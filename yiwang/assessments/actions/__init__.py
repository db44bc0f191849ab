"""Assessing a person: begun, scored by one, confirmed by another, objected to; forms published."""

from .answers import reveal_answers, save_answers
from .deciding import confirm_scores, object_to_grade, return_scores, submit_scores
from .scales import publish_scale
from .starting import begin_assessment, withdraw_assessment

__all__ = [
    "begin_assessment",
    "confirm_scores",
    "object_to_grade",
    "publish_scale",
    "return_scores",
    "reveal_answers",
    "save_answers",
    "submit_scores",
    "withdraw_assessment",
]
