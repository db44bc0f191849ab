"""Everything that may be done about quality: standards, samples, checks, corrections, promises."""

from .checking import draw_sample, plan_check, record_check
from .correcting import correct_finding, recheck_finding, tell_missed_finding
from .discussing import record_discussion
from .promising import end_promise, make_promise
from .standards import publish_standard

__all__ = [
    "correct_finding",
    "draw_sample",
    "end_promise",
    "make_promise",
    "plan_check",
    "publish_standard",
    "recheck_finding",
    "record_check",
    "record_discussion",
    "tell_missed_finding",
]
