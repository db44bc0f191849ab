"""Shifts are set, filled in turn, taken away, stood in for and swapped by both (HOT-08)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import cycle

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.liaison.models import Duty, Swap
from yiwang.liaison.reads.roster import roster

from .equipment import said


def _may_serve(unit: Unit, *posts: Post | None) -> None:
    for post in posts:
        if post is not None and (post.unit_id != unit.pk or not post.is_held(timezone.localdate())):
            message = _("值班人应是本单位在任的人员。")
            raise Refused("not_here", message, {"post": message})


@act("liaison.roster")
def set_duty(
    unit: Unit,
    *,
    starts_at: datetime,
    ends_at: datetime,
    post: Post,
    deputy: Post | None = None,
    by: Actor,
) -> Duty:
    """One shift. Refused: not_here, order, same, taken."""
    lock(unit)
    _may_serve(unit, post, deputy)
    if ends_at <= starts_at or ends_at - starts_at > timedelta(days=1):
        message = _("一个班次要在开始以后结束，最长一天。")
        raise Refused("order", message, {"ends_at": message})
    if deputy is not None and deputy.pk == post.pk:
        message = _("替班人要是另一个人。")
        raise Refused("same", message, {"deputy": message})
    if Duty.objects.between(starts_at, ends_at).filter(unit=unit).exists():
        message = _("这段时间已经有人值班。")
        raise Refused("taken", message, {"starts_at": message})
    return Duty.objects.create(
        unit=unit, starts_at=starts_at, ends_at=ends_at, post=post, deputy=deputy
    )


@act("liaison.roster")
def fill_roster(unit: Unit, *, first: date, days: int, posts: Sequence[Post], by: Actor) -> Unit:
    """Fill the gaps of some days with the people in turn, the next one as deputy.

    Refused: nobody, days, not_here, full.
    """
    lock(unit)
    if not posts:
        message = _("请选值班的人。")
        raise Refused("nobody", message, {"posts": message})
    if not 0 < days <= int(parameter("liaison.roster_days")):
        message = _("天数太多。")
        raise Refused("days", message, {"days": message})
    _may_serve(unit, *posts)
    made, turn = [], cycle(range(len(posts)))
    for day in roster(unit, first, days):
        at = next(turn) if day.gaps else 0
        spare = posts[(at + 1) % len(posts)] if len(posts) > 1 else None
        made += [
            Duty(unit=unit, starts_at=low, ends_at=high, post=posts[at], deputy=spare)
            for low, high in day.gaps
        ]
    if not made:
        raise Refused("full", _("这些天都排好了。"))
    Duty.objects.bulk_create(made)
    note(first=first, days=days, shifts=len(made))
    return unit


@act("liaison.roster")
def remove_duty(duty: Duty, *, by: Actor) -> Unit:
    """Take a shift away that has not begun. Refused: begun."""
    lock(duty)
    _not_begun(duty)
    note(duty=str(duty))
    unit = duty.unit
    duty.delete()
    return unit


def _not_begun(duty: Duty) -> None:
    if duty.starts_at <= moment():
        raise Refused("begun", _("班次已经开始，不能再改。"))


@act("liaison.roster")
def stand_in(duty: Duty, *, reason: str, by: Actor) -> Duty:
    """The deputy takes the shift of somebody who is absent. Refused: no_deputy, over."""
    lock(duty)
    if duty.deputy is None:
        raise Refused("no_deputy", _("这个班次没有替班人。"))
    if duty.ends_at <= moment():
        raise Refused("over", _("班次已经结束。"))
    duty.absent_why = said(reason, "reason")[:200]
    duty.absent, duty.post, duty.deputy = duty.post, duty.deputy, None
    duty.save()
    return duty


@act("liaison.swap")
def propose_swap(duty: Duty, *, other: Duty, by: Actor) -> Swap:
    """Offer the own shift for a colleague's. Refused: not_own, other, begun, waiting."""
    lock(duty)
    if duty.post.user_id != by.user_id:
        raise Refused("not_own", _("只能用自己的班次换班。"))
    if other.unit_id != duty.unit_id or other.post.user_id == by.user_id:
        message = _("请选本单位同事的班次。")
        raise Refused("other", message, {"other": message})
    _not_begun(duty)
    _not_begun(other)
    if Swap.objects.waiting().filter(duty=duty).exists():
        raise Refused("waiting", _("这个班次已经提出换班，等对方答复。"))
    return Swap.objects.create(duty=duty, other=other, asked_by=by.label[:160])


@act("liaison.swap")
def answer_swap(swap: Swap, *, agreed: bool, by: Actor) -> Swap:
    """Whose shift was asked for agrees or not; agreed, the two change. Refused: answered, not_asked."""
    lock(swap)
    if swap.answered_at is not None:
        raise Refused("answered", _("这次换班已经答复。"))
    duty, other = swap.duty, swap.other
    if other.post.user_id != by.user_id:
        raise Refused("not_asked", _("由对方本人答复。"))
    swap.answered_at, swap.agreed = moment(), agreed
    swap.save()
    if agreed:
        _not_begun(duty)
        _not_begun(other)
        duty.post, other.post = other.post, duty.post
        for one in (duty, other):
            one.deputy = None if one.deputy_id == one.post_id else one.deputy
            one.save()
    return swap
