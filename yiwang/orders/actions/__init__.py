"""Everything that happens to an order, and to the accounts of those who work on it."""

from .placing import cancel_order, lapse_order, place_order
from .resident import answer_as_resident, try_code
from .settling import confirm_order, return_work
from .working import accept_order, add_proof, finish_order, refuse_order, report_order, reveal_order
from .workplaces import add_worker, end_worker, open_workplace

__all__ = [
    "accept_order",
    "add_proof",
    "add_worker",
    "answer_as_resident",
    "cancel_order",
    "confirm_order",
    "end_worker",
    "finish_order",
    "lapse_order",
    "open_workplace",
    "place_order",
    "refuse_order",
    "report_order",
    "return_work",
    "reveal_order",
    "try_code",
]
