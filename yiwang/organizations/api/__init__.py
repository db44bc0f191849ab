"""Organisations for other systems: the same acts and reads as the pages."""

from . import providers, register, sharing, workbooks
from .routing import router

__all__ = ["providers", "register", "router", "sharing", "workbooks"]
