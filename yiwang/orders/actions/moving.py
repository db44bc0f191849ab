"""What every act of an order does: lock, look at the table of moves, write the record, tell."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.notifications.models import Message
from yiwang.notifications.rules.kinds import Kind
from yiwang.orders.models import OrderEvent, ServiceOrder
from yiwang.orders.rules import MOVES, EventKind, State


def _said(text: str, field: str = "text") -> str:
    """What was written; Refused when there is nothing."""
    if not text.strip():
        raise Refused("text_missing", _("请写明内容。"), {field: _("请写明内容。")})
    return text.strip()[:500]


def _move(order: ServiceOrder, to: State, **moments: datetime | str | None) -> ServiceOrder:
    """The order under its lock in its new state; Refused where the table knows no such move."""
    lock(order)
    if to not in MOVES[State(order.state)]:
        message = _("工单现在是“%(state)s”，不能这样办理。")
        raise Refused("wrong_state", message % {"state": order.get_state_display()})
    note(before=order.state, after=str(to))
    order.state = to
    for name, value in moments.items():
        setattr(order, name, value)
    order.save()
    return order


def _ours(order: ServiceOrder, by: Actor) -> None:
    """Only the organisation that received the order works on it."""
    if by.unit_id != order.unit_id:
        message = _("工单由%(unit)s办理。") % {"unit": order.organization}
        raise Refused("not_addressed", message)


def _record(order: ServiceOrder, kind: EventKind, by: Actor, text: str = "") -> None:
    OrderEvent.objects.create(
        order=order, kind=kind, by=by.label[:160], text=text[:500], at=moment()
    )


def _tell(order: ServiceOrder, kind: Kind, **facts: Any) -> None:
    """Write to the resident the order is for; it goes out when the act is committed."""
    age = timezone.now() - moment()
    if order.resident_id is None or age.days >= int(parameter("notifications.history_days")):
        return
    said = {
        "item": order.what[:60], "item_en": order.what[:60], "unit": order.organization.name,
        "order": order.number, "code": order.code, **facts,
    }  # fmt: skip
    Message.objects.create(
        division_id=order.division_id, resident_id=order.resident_id,
        unit_id=order.placer_unit_id, kind=kind, reference=f"order:{order.number}", facts=said,
    )  # fmt: skip
