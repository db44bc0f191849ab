"""The register for other systems: the same acts and the same reads as the pages; masked."""

# Addresses with a word come before those with a number, as they are matched in this order.
from . import documents, households, housing, moves, sources, register  # isort: skip
from .routing import router

__all__ = ["documents", "households", "housing", "moves", "register", "router", "sources"]
