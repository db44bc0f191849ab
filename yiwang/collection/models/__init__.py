"""Collection work: campaigns, tasks, items and what came back; demands; freshness by day."""

from .campaign import Campaign, Purpose, Target, Task
from .demand import Demand
from .freshness import FreshnessDay
from .item import ExtraAnswer, Item, Scan, Submission

__all__ = [
    "Campaign",
    "Demand",
    "ExtraAnswer",
    "FreshnessDay",
    "Item",
    "Purpose",
    "Scan",
    "Submission",
    "Target",
    "Task",
]
