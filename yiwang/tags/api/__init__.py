"""Tags for other systems: kinds, people by tag, setting and ending, departments' lists; masked."""

from . import rolls  # isort: skip - its addresses come before those of one tag
from . import tags
from .routing import router

__all__ = ["rolls", "router", "tags"]
