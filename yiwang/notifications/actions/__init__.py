"""Everything that happens to a message: arranged, sent, settled, sent again; words and choices."""

from .choosing import choose_way, mark_read
from .sending import begin_delivery, recover_delivery, route_message, settle_delivery
from .staff import mark_printed, print_instead, send_again
from .wording import publish_wording

__all__ = [
    "begin_delivery",
    "choose_way",
    "mark_printed",
    "mark_read",
    "print_instead",
    "publish_wording",
    "recover_delivery",
    "route_message",
    "send_again",
    "settle_delivery",
]
