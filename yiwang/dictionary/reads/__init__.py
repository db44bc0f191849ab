"""What the dictionary says now, what it said before, and whether the forms keep to it."""

from .content import content_now
from .forms import CheckedForm, checked_forms
from .listing import Asked, department_of, label_of, listed, told, with_words
from .versions import current, history, since, unpublished, version_of

__all__ = [
    "Asked",
    "CheckedForm",
    "checked_forms",
    "content_now",
    "current",
    "department_of",
    "history",
    "label_of",
    "listed",
    "since",
    "told",
    "unpublished",
    "version_of",
    "with_words",
]
