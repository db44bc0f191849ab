"""Who may be one person, and what departments' files mean."""

from .engine import Likeness, find_pairs, link_pairs
from .register import people_of

__all__ = ["Likeness", "find_pairs", "link_pairs", "people_of"]
