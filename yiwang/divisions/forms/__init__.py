"""Forms of the pages on divisions."""

from .change import FORMS, ChangeForm
from .classes import ClassifyForm
from .filters import ChangeFilter, ReviewFilter
from .many import RenameManyForm, SplitManyForm
from .review import ReviewForm

FORMS |= {"split-many": SplitManyForm, "rename-many": RenameManyForm}

__all__ = ["FORMS", "ChangeFilter", "ChangeForm", "ClassifyForm", "ReviewFilter", "ReviewForm"]
