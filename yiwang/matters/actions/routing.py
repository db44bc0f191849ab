"""Routing rules as acts: made, moved in the order, ended. A rule is never rewritten (INF-08)."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.core.memory import forget
from yiwang.divisions.models import Division
from yiwang.matters.models import Category, RoutingRule, ServiceItem
from yiwang.matters.rules.routing import Pick


@dataclass(frozen=True)
class Sending:
    """What a rule asks for and where it sends; empty conditions ask for nothing."""

    unit: Unit
    reason: str
    item: ServiceItem | None = None
    category: Category | None = None
    step: str = ""
    channel: str = ""
    pick: str = Pick.UNIT
    post: Post | None = None
    fallback: bool = False
    order: int = 100
    starts_on: date | None = None
    ends_on: date | None = None


@act("matters.route")
def add_rule(division: Division, *, sending: Sending, by: Actor) -> RoutingRule:
    """Send steps of a place to a unit from a day on.

    Raises Refused: reason_missing, item_or_category, no_such_step, unit_closed, post_elsewhere,
    dates.
    """
    today = timezone.localdate()
    starts = sending.starts_on or today
    _must_make_sense(sending, today, starts)
    rule = RoutingRule.objects.create(
        division=division, fallback=sending.fallback, order=sending.order, item=sending.item,
        category=sending.category, step=sending.step, channel=sending.channel, unit=sending.unit,
        pick=sending.pick, post=sending.post, reason=sending.reason.strip()[:300],
        starts_on=starts, ends_on=sending.ends_on, made_by=by.label[:160],
    )  # fmt: skip
    _forget()
    note(about=rule.about, unit=rule.unit.name, fallback=rule.fallback)
    return rule


def _must_make_sense(said: Sending, today: date, starts: date) -> None:
    if not said.reason.strip():
        raise Refused("reason_missing", _("请写明这样分办的理由。"), {"reason": "required"})
    if said.item and said.category:
        sentence = _("事项和类别只选一个。")
        raise Refused("item_or_category", sentence, {"category": sentence})
    if said.step:
        _must_have_step(said, today)
    if said.unit.closed_on is not None:
        sentence = _("%(unit)s已撤销，请选别的单位。") % {"unit": said.unit.label}
        raise Refused("unit_closed", sentence, {"unit": sentence})
    if (said.pick == Pick.POST) != (said.post is not None) or (
        said.post and said.post.unit_id != said.unit.pk
    ):
        sentence = _("指定经办人的，请选这个单位在任的人员。")
        raise Refused("post_elsewhere", sentence, {"post": sentence})
    if starts < today or (said.ends_on and said.ends_on < starts):
        sentence = _("开始日期不早于今天，结束日期不早于开始日期。")
        raise Refused("dates", sentence, {"starts_on": sentence})


def _must_have_step(said: Sending, today: date) -> None:
    version = said.item.version_on(today) if said.item else None
    if version is None or said.step not in {one.code for one in version.guide.steps}:
        sentence = _("这个事项没有这个环节；只有选定事项时才能指定环节。")
        raise Refused("no_such_step", sentence, {"step": sentence})


@act("matters.route")
def order_rule(rule: RoutingRule, *, order: int, by: Actor) -> RoutingRule:
    """Move a rule: the smaller number is asked first."""
    lock(rule)
    note(before=rule.order, after=order)
    rule.order = order
    rule.save(update_fields=["order", "updated_at"])
    _forget()
    return rule


@act("matters.route")
def end_rule(
    rule: RoutingRule, *, by: Actor, on: date | None = None, reason: str = ""
) -> RoutingRule:
    """End a rule with a day, at the earliest yesterday; what it sent so far stays where it is.

    Raises Refused: ended, dates.
    """
    lock(rule)
    yesterday = timezone.localdate() - timedelta(days=1)
    if rule.ends_on is not None and rule.ends_on <= yesterday:
        raise Refused("ended", _("这条规则已经终止。"))
    last = on or yesterday
    if last < yesterday:
        sentence = _("终止日期不能早于昨天。")
        raise Refused("dates", sentence, {"on": sentence})
    rule.ends_on = max(last, rule.starts_on)
    rule.ended_by = by.label[:160]
    rule.save(update_fields=["ends_on", "ended_by", "updated_at"])
    _forget()
    return rule


def _forget() -> None:
    transaction.on_commit(lambda: forget("matters.routing."))
