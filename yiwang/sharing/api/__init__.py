"""Sharing for other systems: agreements, reads inside them, what changed since, files."""

from . import agreements
from .agreements import router

__all__ = ["agreements", "router"]
