"""Demands for data: filed, compared with what is held, approved twice, collected once (INF-05)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.collection.models import Campaign, Demand, Item, Purpose, Target
from yiwang.collection.reads.held import share_of
from yiwang.collection.reads.results import people_of
from yiwang.collection.rules.asking import NEW
from yiwang.collection.rules.moves import ItemState
from yiwang.collection.rules.overlap import Share, parts_left
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division, Level

from .campaigns import (
    Order,
    clean_fields,
    clean_questions,
    extend_campaign,
    must_be_ages,
    open_campaign,
)

State = Demand.State


@dataclass(frozen=True)
class Need:
    """What a department asks for, before it is checked."""

    title: str
    purpose: str
    basis: str
    law: str
    until: date
    fields: Sequence[str] = ()
    questions: Sequence[Mapping[str, Any]] = ()
    age_from: int | None = None
    age_to: int | None = None


@act("collection.demand")
def file_demand(division: Division, *, need: Need, by: Actor) -> Demand:
    """File a demand about the people of a division; the overlap is counted at once, or in the
    background where there are many. Raises Refused: invalid, no_unit.
    """
    if by.unit_id is None:
        raise Refused("no_unit", _("数据需求要由一个单位提出。"))
    _must_be_whole(need)
    must_be_ages(need.age_from, need.age_to)
    demand = Demand(
        division=division,
        unit_id=by.unit_id,
        title=clean_text(need.title)[:80],
        fields=clean_fields(need.fields),
        questions=clean_questions(need.questions),
        age_from=need.age_from,
        age_to=need.age_to,
        purpose=clean_text(need.purpose)[:300],
        basis=Demand.Basis(need.basis),
        law=clean_text(need.law)[:200],
        until=need.until,
        by_user_id=by.user_id,
        by_post_id=by.post_id,
        by_label=by.label[:160],
    )
    demand.save()
    for number, question in enumerate(demand.questions, start=1):
        question["code"] = f"{NEW}{demand.pk}_{number}"
    demand.save()
    if people_of(demand, _today()).count() > int(parameter("collection.people_at_once")):
        app.configure_task("collection.measure_demand").defer(demand=demand.pk)
    else:
        _measure(demand)
    note(title=demand.title, fields=demand.fields)
    return demand


@act("collection.demands")
def measure_demand(demand: Demand, *, by: Actor) -> Demand:
    """Count anew how much of a demand is held already."""
    lock(demand)
    _measure(demand)
    return demand


@act("collection.approve")
def approve_demand(demand: Demand, *, answer: str = "", by: Actor) -> Demand:
    """Sign for civil affairs or, by the data officer, for the protection of data. With both
    signatures only what is not held is collected, once for all who asked; with nothing left the
    demand is met. Raises Refused: wrong_state, not_counted, two_people, signed.
    """
    lock(demand)
    _must_be(demand, State.FILED)
    if demand.counted_at is None:
        raise Refused("not_counted", _("还在统计已有的数据，请稍后再审批。"))
    _sign(demand, by)
    demand.answer = clean_text(answer)[:300] or demand.answer
    if demand.civil_at and demand.data_at:
        _measure(demand)
        _collect_the_rest(demand, by)
    demand.save()
    return demand


@act("collection.approve")
def refuse_demand(demand: Demand, *, reason: str, by: Actor) -> Demand:
    """Refuse a demand with a reason. Raises Refused: wrong_state, reason_needed."""
    lock(demand)
    _must_be(demand, State.FILED)
    if not reason.strip():
        sentence = _("请写明不批准的理由。")
        raise Refused("reason_needed", sentence, {"reason": sentence})
    demand.state, demand.answer = State.REFUSED, clean_text(reason)[:300]
    demand.save()
    return demand


@act("collection.demand")
def withdraw_demand(demand: Demand, *, by: Actor) -> Demand:
    """The unit needs it no longer; a campaign that others share goes on. Raises Refused."""
    lock(demand)
    _must_be(demand, State.FILED, State.APPROVED)
    demand.state = State.WITHDRAWN
    demand.save()
    return demand


def _must_be_whole(need: Need) -> None:
    wanted = {"title": need.title, "purpose": need.purpose, "law": need.law}
    faults = {name: _("请填写。") for name, text in wanted.items() if not clean_text(text)}
    if need.until <= _today():
        faults["until"] = _("使用期限要在今天以后。")
    if not need.fields and not need.questions:
        faults["fields"] = _("请至少选一项信息，或写一项新增内容。")
    if need.basis not in Demand.Basis.values:
        faults["basis"] = _("请选合法性基础。")
    if faults:
        raise Refused("invalid", " ".join(faults.values()), faults)


def _must_be(demand: Demand, *states: str) -> None:
    if demand.state not in states:
        state = demand.get_state_display()
        raise Refused("wrong_state", _("这项需求是“%(state)s”，不能这样办。") % {"state": state})


def _sign(demand: Demand, by: Actor) -> None:
    mine, other = ("data", "civil") if by.role == Role.DATA_OFFICER else ("civil", "data")
    if getattr(demand, f"{mine}_at"):
        raise Refused("signed", _("这一方已经审批过。"))
    if by.user_id in (getattr(demand, f"{other}_user_id"), demand.by_user_id):
        raise Refused("two_people", _("填报人和两方审批要由三个人分别办理。"))
    setattr(demand, f"{mine}_user_id", by.user_id)
    setattr(demand, f"{mine}_by", by.label[:160])
    setattr(demand, f"{mine}_at", moment())
    note(side=mine)


def _today() -> date:
    return timezone.localdate(moment())


def _measure(demand: Demand) -> None:
    """Add up the shares of every community; new items are held by nobody."""
    on, total, people = _today(), {code: Share() for code in demand.fields}, 0
    everyone = people_of(demand, on)
    under = Division.objects.under(demand.division_id).filter(level=Level.COMMUNITY)
    for community in under.order_by("pk").values_list("pk", flat=True):
        rows = everyone.filter(division_id=community)
        people += rows.count()
        for code, share in share_of(rows, demand.fields, on).items():
            total[code].add(share)
    for question in demand.questions:
        total[question["code"]] = Share(people=people, missing=people)
    demand.overlap = {code: share.as_dict() for code, share in total.items()}
    demand.counted_at = moment()
    demand.save()


def _collect_the_rest(demand: Demand, by: Actor) -> None:
    left = parts_left(demand.overlap, demand.fields)
    if not left and not demand.questions:
        demand.state = State.MET
        return
    demand.state = State.APPROVED
    demand.campaign = _joined(demand, left) or _opened(demand, left, by)


def _joined(demand: Demand, left: Sequence[str]) -> Campaign | None:
    """An open campaign for the same people that asks the same, or can still take the rest along."""
    rows = Campaign.objects.select_for_update().filter(
        division_id=demand.division_id, purpose=Purpose.DEMAND, age_from=demand.age_from,
        age_to=demand.age_to, state=Campaign.State.OPEN,
    )  # fmt: skip
    for campaign in rows.order_by("pk"):
        new = [code for code in left if code not in campaign.fields]
        if not new and not demand.questions:
            return campaign
        begun = Item.objects.filter(task__campaign=campaign).exclude(state=ItemState.TODO)
        if not begun.exists():
            extend_campaign(campaign, new, demand.questions)
            return campaign
    return None


def _opened(demand: Demand, left: Sequence[str], by: Actor) -> Campaign:
    order = Order(
        title=demand.title,
        reason=f"{demand.purpose}（{demand.law}）",
        fields=left,
        questions=demand.questions,
        purpose=Purpose.DEMAND,
        target=Target.HOUSEHOLD,
        age_from=demand.age_from,
        age_to=demand.age_to,
    )
    return open_campaign(demand.division, order=order, by=by.within_act("collection.manage"))
