"""Care groups: kinds of tags as data, tags on residents with their trace, lists for visits."""

from . import matching
from .kind import CONTENT, KindGroup, TagKind, TagKindVersion
from .roll import Roll, RollLine
from .tag import EndReason, Tag, TagEvent, TagException
from .visit import RuleRun, VisitList, VisitStop

__all__ = [
    "CONTENT",
    "EndReason",
    "KindGroup",
    "Roll",
    "RollLine",
    "RuleRun",
    "Tag",
    "TagEvent",
    "TagException",
    "TagKind",
    "TagKindVersion",
    "VisitList",
    "VisitStop",
    "matching",
]
