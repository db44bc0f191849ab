"""The entrustment register as acts: given, renewed, ended before its time (KSK-06)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.memory import forget
from yiwang.core.rules.chinese import clean_text
from yiwang.matters.models import Category, Entrustment, ServiceItem


@dataclass(frozen=True)
class Terms:
    """What is entrusted, for how long, with which duties and which rights over data."""

    starts_on: date
    ends_on: date
    duties: str
    data_rights: str
    items: Sequence[str] = field(default_factory=list)
    categories: Sequence[str] = field(default_factory=list)
    basis: str = ""


@act("matters.entrust")
def give_entrustment(authority: Unit, *, agent: Unit, terms: Terms, by: Actor) -> Entrustment:
    """Entrust items or categories of an authority to a unit for a period.

    A department entrusts in its own name alone. Raises Refused: other_authority, same_unit,
    unit_closed, nothing, no_such_item, dates, duties_missing.
    """
    if by.by_unit and by.unit_id != authority.pk:
        raise Refused("other_authority", _("只能以本单位的名义委托。"), {"authority": "own"})
    if authority.pk == agent.pk:
        raise Refused("same_unit", _("不能委托给自己。"), {"agent": "same"})
    if authority.closed_on or agent.closed_on:
        raise Refused("unit_closed", _("已撤销的单位不能委托或受托。"))
    _must_be_whole(terms)
    made = Entrustment.objects.create(
        division_id=authority.division_id, authority=authority,
        place_id=agent.division_id, agent=agent,
        items=list(terms.items), categories=list(terms.categories),
        starts_on=terms.starts_on, ends_on=terms.ends_on,
        duties=clean_text(terms.duties, multiline=True)[:1000],
        data_rights=clean_text(terms.data_rights, multiline=True)[:1000],
        basis=terms.basis.strip()[:120], made_by=by.label[:160],
    )  # fmt: skip
    _forget(agent.pk)
    note(agent=agent.name, items=made.items, categories=made.categories, until=made.ends_on)
    return made


def _must_be_whole(terms: Terms) -> None:
    if not terms.items and not terms.categories:
        sentence = _("请选委托的事项或类别。")
        raise Refused("nothing", sentence, {"items": sentence})
    known = ServiceItem.objects.public().filter(code__in=terms.items).count()
    kinds = Category.objects.filter(pk__in=terms.categories).count()
    if known != len(set(terms.items)) or kinds != len(set(terms.categories)):
        raise Refused("no_such_item", _("委托的事项里有目录中没有的，请重新选择。"))
    if terms.ends_on < terms.starts_on:
        sentence = _("到期日期早于开始日期。")
        raise Refused("dates", sentence, {"ends_on": sentence})
    if not terms.duties.strip() or not terms.data_rights.strip():
        sentence = _("请写明受托单位的职责和数据权限。")
        raise Refused("duties_missing", sentence, {"duties": sentence})


@act("matters.entrust")
def renew_entrustment(
    entrustment: Entrustment, *, ends_on: date, by: Actor, basis: str = ""
) -> Entrustment:
    """Go on under the same terms: another period that begins when this one ends, or today.

    Raises Refused: renewed, ended, dates.
    """
    by.must("matters.entrust", entrustment.authority)
    lock(entrustment)
    today = timezone.localdate(moment())
    if Entrustment.objects.filter(renews=entrustment).exists():
        raise Refused("renewed", _("这份委托已经续期。"))
    if entrustment.ended_at is not None:
        raise Refused("ended", _("这份委托已提前终止，请重新登记委托。"))
    starts = max(today, entrustment.ends_on + timedelta(days=1))
    if ends_on < starts:
        sentence = _("新的到期日期须不早于 %(day)s。") % {"day": starts}
        raise Refused("dates", sentence, {"ends_on": sentence})
    made = Entrustment.objects.create(
        division_id=entrustment.division_id, authority=entrustment.authority,
        place_id=entrustment.place_id, agent=entrustment.agent, items=entrustment.items, categories=entrustment.categories,
        starts_on=starts, ends_on=ends_on, duties=entrustment.duties,
        data_rights=entrustment.data_rights, basis=basis.strip()[:120] or entrustment.basis,
        made_by=by.label[:160], renews=entrustment,
    )  # fmt: skip
    _forget(made.agent_id)
    note(renews=entrustment.pk, until=ends_on)
    return made


@act("matters.entrust")
def end_entrustment(
    entrustment: Entrustment, *, reason: str, by: Actor, last: date | None = None
) -> Entrustment:
    """End it before its time: after `last`, of which the unit reads beforehand, or now.

    Matters already accepted go on. Raises Refused: ended, reason_missing, dates.
    """
    by.must("matters.entrust", entrustment.authority)
    lock(entrustment)
    today = timezone.localdate(moment())
    if entrustment.ends_on < today:
        raise Refused("ended", _("这份委托已经到期或终止。"))
    words = clean_text(reason, multiline=True)[:500]
    if not words:
        raise Refused("reason_missing", _("请写明终止的理由。"), {"reason": "required"})
    if last is not None and not today <= last < entrustment.ends_on:
        sentence = _("最后一天须从今天起，并早于 %(day)s。") % {"day": entrustment.ends_on}
        raise Refused("dates", sentence, {"last": sentence})
    entrustment.ends_on = last or today - timedelta(days=1)
    entrustment.ended_at, entrustment.ended_by = moment(), by.label[:160]
    entrustment.end_reason = words
    entrustment.save()
    _forget(entrustment.agent_id)
    return entrustment


def _forget(agent: int) -> None:
    transaction.on_commit(lambda: forget(f"matters.entrusted.{agent}"))
