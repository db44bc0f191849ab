"""Looking for people entered twice, judging pairs, merging, and taking in departments' files."""

from .linking import carry_out, fail_run, start_run
from .merging import merge_residents, undo_merge
from .pairs import answer_pair, reveal_pair
from .sending import (
    choose_columns,
    fail_file,
    keep_rows,
    match_rows,
    open_file,
    queue_keeping,
    undo_file,
    undo_rows,
)
from .settling import answer_task, decide_conflict, settle_doubt

__all__ = [
    "answer_pair",
    "answer_task",
    "carry_out",
    "choose_columns",
    "decide_conflict",
    "fail_file",
    "fail_run",
    "keep_rows",
    "match_rows",
    "merge_residents",
    "open_file",
    "queue_keeping",
    "reveal_pair",
    "settle_doubt",
    "start_run",
    "undo_file",
    "undo_merge",
    "undo_rows",
]
