"""Campaigns: opened with their whole list of items, and closed (INF-06)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.collection.models import Campaign, Demand, Item, Purpose, Target, Task
from yiwang.collection.reads.due import building_of, chosen_people
from yiwang.collection.rules.asking import NEW, NewType, askable
from yiwang.collection.rules.moves import OPEN, SETTLED, ItemState
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit, deadline
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division, Level
from yiwang.divisions.rules import range_of
from yiwang.residents.models import Resident
from yiwang.residents.rules.owned import already_held

MOST_QUESTIONS: Final = 20
_AGES: Final = 130


@dataclass(frozen=True)
class Order:
    """What is to be collected of whom and why; `fields` are codes of the data dictionary, ages
    full years, `limit_days` working days (None: as the parameter says).
    """

    title: str
    reason: str
    fields: Sequence[str] = ()
    questions: Sequence[Mapping[str, Any]] = ()
    purpose: str = Purpose.ORDERED
    target: str = Target.HOUSEHOLD
    areas: Sequence[int] = ()
    building: str = ""
    age_from: int | None = None
    age_to: int | None = None
    only_due: bool = True
    limit_days: int | None = None


@act("collection.manage")
def open_campaign(division: Division, *, order: Order, by: Actor) -> Campaign:
    """Order a piece of collection work: tasks for every community, items for everyone chosen.

    A list over many people is made in the background; until then the campaign is preparing.
    Raises Refused: invalid, nobody.
    """
    campaign = _ordered(division, order, by)
    _must_be_whole(campaign)
    campaign.save()
    if _size(campaign) > int(parameter("collection.people_at_once")):
        app.configure_task("collection.spread").defer(campaign=campaign.pk)
    else:
        _spread(campaign)
    note(fields=campaign.fields, title=campaign.title)
    return campaign


def _ordered(division: Division, order: Order, by: Actor) -> Campaign:
    """The campaign of an order, cleaned, not yet saved."""
    days = int(order.limit_days or parameter("collection.limit_days"))
    return Campaign(
        division=division,
        title=clean_text(order.title)[:80],
        reason=clean_text(order.reason)[:300],
        fields=clean_fields(order.fields),
        questions=clean_questions(order.questions),
        purpose=Purpose(order.purpose),
        target=Target(order.target),
        areas=_within(division, order.areas),
        building=clean_text(order.building)[:120],
        age_from=order.age_from,
        age_to=order.age_to,
        only_due=order.only_due,
        limit_days=days,
        due_at=deadline(moment(), days, Unit.WORKING_DAYS, calendar()),
        by_user_id=by.user_id,
        by_post_id=by.post_id,
        by_label=by.label[:160],
    )


@act("collection.manage")
def spread_campaign(campaign: Campaign, *, by: Actor) -> Campaign:
    """Make the list of a campaign that is preparing. Raises Refused: wrong_state, nobody."""
    lock(campaign)
    if campaign.state != Campaign.State.PREPARING:
        raise Refused("wrong_state", _("这项采集的名单已经生成。"))
    _spread(campaign)
    return campaign


@act("collection.manage")
def close_campaign(campaign: Campaign, *, reason: str = "", by: Actor) -> Campaign:
    """End the work: what was not submitted is dropped, what waits is still checked."""
    lock(campaign)
    if campaign.state == Campaign.State.CLOSED:
        raise Refused("wrong_state", _("这项采集已经结束。"))
    rows = Item.objects.filter(task__campaign=campaign, state__in=OPEN)
    dropped = rows.update(state=ItemState.DROPPED)
    _end(campaign)
    note(dropped=dropped)
    return campaign


def finish_if_done(campaign: Campaign) -> None:
    """The last form is in the register: the work ends by itself, and who asked is told so."""
    rows = Item.objects.filter(task__campaign=campaign)
    if campaign.state == Campaign.State.OPEN and not rows.exclude(state__in=SETTLED).exists():
        _end(campaign)


def extend_campaign(
    campaign: Campaign, fields: Sequence[str], questions: Sequence[dict[str, Any]]
) -> None:
    """Ask more on the same round, also of people who were not on the list before."""
    campaign.fields = list(dict.fromkeys([*campaign.fields, *fields]))
    campaign.questions = [*campaign.questions, *questions]
    _spread(campaign)


def _end(campaign: Campaign) -> None:
    campaign.state, campaign.closed_at = Campaign.State.CLOSED, moment()
    campaign.save()
    granted = campaign.demands.filter(state=Demand.State.APPROVED)
    granted.update(state=Demand.State.MET)


def clean_questions(questions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """New items in the shape they are kept in. Raises Refused invalid."""
    found: list[dict[str, Any]] = []
    for number, one in enumerate(questions[:MOST_QUESTIONS], start=1):
        name = clean_text(str(one.get("name") or ""))[:60]
        kind = str(one.get("type") or NewType.TEXT)
        if held := already_held(name, str(one.get("code") or "")):
            raise _invalid("questions", held)
        words = [clean_text(str(word))[:40] for word in one.get("choices") or []]
        words = list(dict.fromkeys(re.sub(r"[,，、;；/]", " ", word) for word in words if word))
        if not name or kind not in NewType.values:
            raise _invalid("questions", _("请写出新增内容的名称，并选一种回答方式。"))
        if kind == NewType.CHOICE and len(words) < 2:
            raise _invalid("questions", _("“%(name)s”至少要有两个选项。") % {"name": name})
        code = str(one.get("code") or f"{NEW}{number}")[:40]
        row: dict[str, Any] = {"code": code, "name": name, "type": kind}
        found.append(row | ({"choices": words} if kind == NewType.CHOICE else {}))
    return found


def clean_fields(codes: Sequence[str]) -> list[str]:
    """Fields of the register, each once. Raises Refused invalid."""
    strange = [code for code in codes if code not in askable()]
    if strange:
        raise _invalid("fields", _("数据字典里没有“%(code)s”。") % {"code": strange[0]})
    return list(dict.fromkeys(codes))


def _within(division: Division, areas: Sequence[int]) -> list[int]:
    area = range_of(division.pk)
    if any(not area.holds(key) for key in areas):
        raise _invalid("areas", _("采集范围要在%(place)s以内。") % {"place": division.label})
    return sorted(set(areas))


def _must_be_whole(campaign: Campaign) -> None:
    if not campaign.title:
        raise _invalid("title", _("请写名称。"))
    if not campaign.reason:
        raise _invalid("reason", _("请写明用途和依据。"))
    if not campaign.fields and not campaign.questions:
        raise _invalid("fields", _("请至少选一项采集内容。"))
    must_be_ages(campaign.age_from, campaign.age_to)


def must_be_ages(age_from: int | None, age_to: int | None) -> None:
    """The two ends of a range of ages. Raises Refused invalid."""
    for name, age in (("age_from", age_from), ("age_to", age_to)):
        if age is not None and not 0 <= age <= _AGES:
            raise _invalid(name, _("年龄在 0 到 %(most)s 岁之间。") % {"most": _AGES})
    if age_from is not None and age_to is not None and age_from > age_to:
        raise _invalid("age_to", _("年龄的上限小于下限。"))


def _invalid(field: str, sentence: str) -> Refused:
    return Refused("invalid", sentence, {field: sentence})


def communities_of(campaign: Campaign) -> list[int]:
    """The communities a campaign reaches."""
    roots = campaign.areas or [campaign.division_id]
    rows = Division.objects.none()
    for key in roots:
        rows = rows | Division.objects.under(key)
    found = rows.filter(level=Level.COMMUNITY).current().served()
    return list(found.order_by("pk").values_list("pk", flat=True))


def _size(campaign: Campaign) -> int:
    """How many people have to be looked at."""
    return sum(
        Resident.objects.live().filter(division_id__range=(area.lo, area.hi)).count()
        for area in map(range_of, campaign.areas or [campaign.division_id])
    )


def _spread(campaign: Campaign) -> None:
    """Tasks and items, one community at a time. Raises Refused nobody."""
    on = timezone.localdate(moment())
    total = 0
    for community in communities_of(campaign):
        people = chosen_people(campaign, community, on)
        if not people:
            continue
        task, _new = Task.objects.get_or_create(campaign=campaign, division_id=community)
        items = _items(task, campaign.target, people)
        total += len(Item.objects.bulk_create(items, 2000, ignore_conflicts=True))
    if not total:
        raise Refused("nobody", _("范围里没有需要采集的人：内容都已有且有效，或条件太窄。"))
    campaign.state = Campaign.State.OPEN
    campaign.save()
    note(items=total)


def _items(task: Task, target: str, people: Sequence[Resident]) -> list[Item]:
    """One item for each household, dwelling or person; who has no household is one alone."""
    found: dict[tuple[str, int], Item] = {}
    for person in people:
        name, pk = "resident", person.pk
        if target == Target.HOUSEHOLD and person.household_id:
            name, pk = "household", person.household_id
        elif target == Target.DWELLING and person.dwelling_id:
            name, pk = "dwelling", person.dwelling_id
        if (name, pk) not in found:
            building = building_of(person.dwelling)[:120]
            found[name, pk] = Item(
                task=task, division_id=task.division_id, building=building, **{f"{name}_id": pk}
            )
    return list(found.values())
