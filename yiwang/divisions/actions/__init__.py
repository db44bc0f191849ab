"""What may be done with divisions, each as an act with its document and date."""

from .classes import Classes, classify_division
from .decision import Decision, NewPlace
from .followers import Followers
from .founding import abolish_division, establish_division
from .importing import Taken, Territory, import_divisions
from .joining import Part, merge_divisions, split_division
from .moving import (
    NewName,
    move_division,
    recode_division,
    record_past_name,
    rename_division,
    rename_divisions,
)
from .recording import Outline, record_classes, record_codes, record_outlines
from .reviews import Way, decide_review

__all__ = [
    "Classes",
    "Decision",
    "Followers",
    "NewName",
    "NewPlace",
    "Outline",
    "Part",
    "Taken",
    "Territory",
    "Way",
    "abolish_division",
    "classify_division",
    "decide_review",
    "establish_division",
    "import_divisions",
    "merge_divisions",
    "move_division",
    "recode_division",
    "record_classes",
    "record_codes",
    "record_outlines",
    "record_past_name",
    "rename_division",
    "rename_divisions",
    "split_division",
]
