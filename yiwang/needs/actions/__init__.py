"""Registering needs and saying what becomes of them; surveys; the yearly assessment."""

from .assessments import (
    approve_assessment,
    comment_assessment,
    compile_assessment,
    return_assessment,
    submit_assessment,
)
from .needs import move_need, register_need
from .surveys import answer_survey, close_survey, mark_stop, open_survey, save_survey

__all__ = [
    "answer_survey",
    "approve_assessment",
    "close_survey",
    "comment_assessment",
    "compile_assessment",
    "mark_stop",
    "move_need",
    "open_survey",
    "register_need",
    "return_assessment",
    "save_survey",
    "submit_assessment",
]
