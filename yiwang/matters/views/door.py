"""The door of every staff page of matters is the one of all apps."""

from yiwang.core.doors import allowed as staff

__all__ = ["staff"]
