"""The same person once: runs that look for duplicates, pairs, merges, and departments' files."""

from .merge import Merge
from .pair import Pair
from .run import LinkRun
from .sending import CheckTask, ColumnMemory, DepartmentFile, FileRow

__all__ = [
    "CheckTask",
    "ColumnMemory",
    "DepartmentFile",
    "FileRow",
    "LinkRun",
    "Merge",
    "Pair",
]
