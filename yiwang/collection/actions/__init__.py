"""Every write of collection work."""

from .campaigns import close_campaign, open_campaign, spread_campaign
from .checking import accept_item, check_items, return_item
from .demands import (
    approve_demand,
    file_demand,
    measure_demand,
    refuse_demand,
    withdraw_demand,
)
from .filling import enter_list, fill_item, keep_scan, settle_conflict, submit_items
from .freshness import measure_freshness
from .tasks import assign_items, drop_departed, take_along, urge_task

__all__ = [
    "accept_item",
    "approve_demand",
    "assign_items",
    "check_items",
    "close_campaign",
    "drop_departed",
    "enter_list",
    "file_demand",
    "fill_item",
    "keep_scan",
    "measure_demand",
    "measure_freshness",
    "open_campaign",
    "refuse_demand",
    "return_item",
    "settle_conflict",
    "spread_campaign",
    "submit_items",
    "take_along",
    "urge_task",
    "withdraw_demand",
]
