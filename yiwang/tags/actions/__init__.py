"""Setting, confirming and ending tags; their kinds; the rules; lists for visits."""

from .kinds import save_kind
from .recomputing import recompute
from .rolls import carry_roll, take_back_roll, undo_roll, work_on_roll
from .tagging import confirm_tag, end_tag, except_from_rule, lift_exception, reveal_tags, set_tag
from .visiting import make_visit_list, open_visit_list, record_visit

__all__ = [
    "carry_roll",
    "confirm_tag",
    "end_tag",
    "except_from_rule",
    "lift_exception",
    "make_visit_list",
    "open_visit_list",
    "recompute",
    "record_visit",
    "reveal_tags",
    "save_kind",
    "set_tag",
    "take_back_roll",
    "undo_roll",
    "work_on_roll",
]
