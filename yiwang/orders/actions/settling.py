"""The community confirms the work for the resident, or sends it back to be mended."""

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, moment
from yiwang.orders.models import ServiceOrder
from yiwang.orders.rules import EventKind, How, State

from .moving import _move, _record, _said


@act("orders.confirm")
def confirm_order(order: ServiceOrder, *, by: Actor) -> ServiceOrder:
    """The work is done as ordered; the organisation's sight of the person ends."""
    _move(order, State.CONFIRMED, confirmed_at=moment(), confirmed_how=How.COMMUNITY)
    _record(order, EventKind.CONFIRMED, by, str(How.COMMUNITY.label))
    return order


@act("orders.confirm")
def return_work(order: ServiceOrder, *, reason: str, by: Actor) -> ServiceOrder:
    """Not done as ordered: back to the organisation with what is to be mended."""
    words = _said(reason, "reason")
    _move(order, State.ACCEPTED, done_at=None)
    _record(order, EventKind.RETURNED, by, words)
    return order
