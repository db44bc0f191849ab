"""The resident, by number and code: confirms the work and rates it once."""

import hmac
from datetime import timedelta

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.matters.models import Rating
from yiwang.orders.models import OrderRating, ServiceOrder
from yiwang.orders.rules import EventKind, How, State

from .moving import _move, _record


@act("orders.own")
def try_code(order: ServiceOrder, *, code: str, by: Actor) -> ServiceOrder:
    """Whether a code fits, as `order.proved`. A wrong one counts, and enough of them lock."""
    _prove(order, code)
    return order


@act("orders.own")
def answer_as_resident(
    order: ServiceOrder, *, code: str, grade: int | None = None, comment: str = "", by: Actor
) -> ServiceOrder:
    """Whoever holds the code confirms the work, and may rate it once; `order.proved` tells
    whether the code was right, and nothing happens where it was not.

    Raises Refused: not_done, grade, rated, rating_over.
    """
    if not _prove(order, code):
        return order
    if order.state not in (State.DONE, State.CONFIRMED):
        raise Refused("not_done", _("服务单位还没有报完工，完工以后才能确认和评价。"))
    if order.state == State.DONE:
        _move(order, State.CONFIRMED, confirmed_at=moment(), confirmed_how=How.CODE)
        _record(order, EventKind.CONFIRMED, by, str(How.CODE.label))
    if grade is not None:
        _rate(order, grade, comment, by)
    return order


def _rate(order: ServiceOrder, grade: int, comment: str, by: Actor) -> None:
    if grade not in Rating.Grade.values:
        raise Refused("grade", _("请选择一个满意等级。"), {"grade": _("请选择一个满意等级。")})
    if by.role is not None:
        raise Refused("staff_cannot_rate", _("评价只能由居民本人作出。"))
    if OrderRating.objects.filter(order=order).exists():
        raise Refused("rated", _("这份工单已经评价过了，谢谢。"))
    done, valid = order.done_at, timedelta(days=int(parameter("matters.rating_invitation")))
    if done is None or moment() > done + valid:
        raise Refused("rating_over", _("评价期已过。如有意见，请打监督投诉电话。"))
    rating = OrderRating.objects.create(order=order, grade=grade, comment=comment.strip()[:500])
    _record(order, EventKind.RATED, by, str(rating.get_grade_display()))


def _prove(order: ServiceOrder, code: str) -> bool:
    """Compare under the lock; a locked order takes no code at all."""
    lock(order)
    locked = order.locked_until is not None and order.locked_until > moment()
    order.proved = not locked and hmac.compare_digest(code.encode(), order.code.encode())
    if order.proved:
        order.failures = 0
    elif not locked:
        order.failures += 1
        note(wrong=order.failures)
        if order.failures >= int(parameter("matters.tracking_tries")):
            minutes = int(parameter("matters.tracking_lock"))
            order.locked_until, order.failures = moment() + timedelta(minutes=minutes), 0
    order.save(update_fields=["failures", "locked_until", "updated_at"])
    return order.proved
