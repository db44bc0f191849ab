"""How much went out by which way: the sums of the list that is shown."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from yiwang.notifications.models import Delivery
from yiwang.notifications.rules.kinds import DEAD, Channel, State


@dataclass(frozen=True)
class WayFigures:
    """Sendings of one way."""

    channel: str
    label: str
    total: int = 0
    sent: int = 0
    waiting: int = 0
    dead: int = 0
    withheld: int = 0


def figures_of(rows: QuerySet[Delivery]) -> list[WayFigures]:
    """One row a way, also where nothing went that way."""
    open_ = [State.WAITING, State.SENDING]
    sums: dict[str, Any] = {
        row["channel"]: row
        for row in rows.order_by().values("channel").annotate(
            total=Count("pk"),
            sent=Count("pk", filter=Q(state=State.SENT)),
            waiting=Count("pk", filter=Q(state__in=open_)),
            dead=Count("pk", filter=Q(state__in=DEAD)),
            withheld=Count("pk", filter=Q(state=State.WITHHELD)),
        )
    }  # fmt: skip
    return [
        WayFigures(label=str(one.label), **sums.get(one.value, {"channel": one.value}))
        for one in Channel
    ]
