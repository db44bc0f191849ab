"""The outbox on its way: arranged, carried, taken up again after a crash. Every minute."""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Final

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances, moment
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.notifications.actions import (
    begin_delivery,
    recover_delivery,
    route_message,
    settle_delivery,
)
from yiwang.notifications.models import Delivery, Message
from yiwang.notifications.rules.kinds import Channel, State

from .carriers import Answer, by_mail, by_sms

MOST: Final = 500
"""Messages and sendings of one run; the rest is next minute's."""
SECONDS: Final = 50
"""The longest run, so that the next minute finds the worker free."""
CARRIERS: Final[dict[str, Callable[[Delivery], Answer]]] = {
    Channel.SMS.value: by_sms,
    Channel.EMAIL.value: by_mail,
}
BY: Final = Actor.system().within_act("notifications.deliver")
log = logging.getLogger(__name__)


def deliver_messages() -> int:
    """Arrange what is new, take up what a crash left, send what is due; gives how many were sent.

    Runs side by side do not meet: every step takes the row's lock and looks again.
    """
    with circumstances(channel="job"):
        _each(_new(), route_message)
        _each(_left_behind(), recover_delivery)
        return _send(Delivery.objects.due(moment())[:MOST])


def _send(rows: Iterable[Delivery]) -> int:
    """One after the other, and no longer than a run may take: a carrier may be slow to answer."""
    until, sent = time.monotonic() + SECONDS, 0
    for one in rows:
        if time.monotonic() > until:
            break
        sent += _carry(one)
    return sent


def _new() -> Any:
    rows = Message.objects.filter(routed_at__isnull=True).order_by("pk")
    return rows.select_related("resident__dwelling")[:MOST]


def _left_behind() -> Any:
    long_ago = moment() - timedelta(minutes=int(parameter("notifications.crash_minutes")))
    return Delivery.objects.filter(state=State.SENDING, begun_at__lt=long_ago)[:MOST]


def _each(rows: Any, do: Callable[..., Any]) -> None:
    for one in rows:
        try:
            do(one, by=BY)
        except Refused:
            continue  # another worker was first


def _carry(delivery: Delivery) -> int:
    try:
        begin_delivery(delivery, by=BY)
    except Refused:
        return 0
    if delivery.state != State.SENDING:
        return 0
    answer = CARRIERS[delivery.channel](delivery)
    try:
        settle_delivery(
            delivery, state=answer.state, problem=answer.problem, carrier_id=answer.carrier_id,
            by=BY,
        )  # fmt: skip
    except Refused:
        log.warning("sending %s was settled by another worker", delivery.pk)
    return int(answer.state == State.SENT)
