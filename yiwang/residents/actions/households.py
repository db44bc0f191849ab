"""Households: who keeps house together, with which head, at which address (DIV-09)."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.residents.models import Dwelling, Household, HouseholdChange, Relation, Resident
from yiwang.residents.rules.kinship import relation_after

from .membership import (
    free_number,
    leave_trace,
    locked,
    members_of,
    must_be_live,
    must_have_come,
    must_stand,
    next_number,
    put_into,
    relations_of,
    today,
)


@act("residents.change")
def create_household(
    division: Division,
    *,
    number: str,
    head: Resident | None = None,
    address: str = "",
    kind: str = Household.Kind.FAMILY,
    by: Actor,
) -> Household:
    """Enter a household under a number of its community. Raises Refused: invalid, number_taken."""
    plain = free_number(number, division.pk)
    household = Household.objects.create(
        division=division,
        number=plain,
        kind=Household.Kind(kind),
        dwelling=Dwelling.at(division.pk, address) if address else None,
    )
    if head is not None:
        put_into(head, household, Relation.HEAD)
    return household


@act("residents.change")
def change_household(
    household: Household,
    *,
    number: str | None = None,
    head: Resident | None = None,
    address: str | None = None,
    kind: str | None = None,
    by: Actor,
) -> Household:
    """Change what is given and leave the rest. Raises Refused: number_taken, not_a_member."""
    lock(household)
    must_stand(household)
    if number is not None and number != household.number:
        household.number = free_number(number, household.division_id)
    if address is not None:
        place = Dwelling.at(household.division_id, address) if address else None
        household.dwelling = place
    if kind is not None:
        household.kind = Household.Kind(kind)
    household.save()
    if head is not None and head.pk != household.head_id:
        _must_be_member(head, household)
        put_into(head, household, Relation.HEAD)
    note(number=household.number, head=household.head_id)
    return household


@act("residents.change")
def place_in_household(
    resident: Resident, *, household: Household | None, relation: str = "", by: Actor
) -> Resident:
    """Into a household of the same community, or out of any (None). Raises Refused other_place."""
    lock(resident)
    must_be_live(resident)
    note(household=[resident.household_id, household.pk if household else None])
    put_into(resident, household, relation)
    return resident


@act("residents.change")
def change_head(
    household: Household, *, head: Resident, on: date | None = None, by: Actor
) -> HouseholdChange:
    """Another member becomes the head; the relations of all follow, the uncertain ones as 其他.

    Raises Refused: not_a_member, same_head, future, household_ended.
    """
    locked(household)
    must_stand(household)
    day = on or today()
    must_have_come(day)
    _must_be_member(head, household)
    if household.head_id == head.pk:
        raise Refused("same_head", _("这个人已经是户主。"), {"head": _("这个人已经是户主。")})
    members = members_of(household)
    before = {"members": relations_of(members), "head": household.head_id}
    was = next(one.relation for one in members if one.pk == head.pk)
    for one in members:
        one.relation = relation_after(was, one.relation)[0] if one.relation else ""
    _set_head(household, members, head.pk)
    note(head=[before["head"], head.pk])
    return leave_trace(household, HouseholdChange.Kind.HEAD, on=day, by=by, before=before)


@act("residents.change")
def split_household(
    household: Household,
    *,
    people: Sequence[Resident],
    head: Resident,
    number: str = "",
    address: str = "",
    on: date | None = None,
    by: Actor,
) -> HouseholdChange:
    """Some members begin a household of their own (分户). Raises Refused: not_a_member, everybody,
    number_taken, future, household_ended."""
    locked(household)
    must_stand(household)
    day = on or today()
    must_have_come(day)
    members = members_of(household)
    going = {one.pk for one in people} | {head.pk}
    if not going <= {one.pk for one in members}:
        raise _no_member()
    if len(going) == len(members):
        sentence = _("全户都分出去，就不是分户；请改户号或办理迁移。")
        raise Refused("everybody", sentence, {"people": sentence})
    before = {"members": relations_of(members), "head": household.head_id}
    new = _new_beside(household, number, address)
    movers = [one for one in members if one.pk in going]
    was = next(one.relation for one in movers if one.pk == head.pk)
    if household.head_id in going:
        household.head = None
        household.save(update_fields=["head", "updated_at"])
    for one in movers:
        one.household = new
        one.relation = relation_after(was, one.relation)[0] if one.relation else ""
    _set_head(new, movers, head.pk)
    note(number=new.number, people=sorted(going))
    return leave_trace(
        household, HouseholdChange.Kind.SPLIT, on=day, by=by, before=before, other=new
    )


@act("residents.change")
def merge_households(
    household: Household, *, into: Household, on: date | None = None, by: Actor
) -> HouseholdChange:
    """All members join another household of the community; this one ends (并户).

    Raises Refused: other_place, same_household, future, household_ended.
    """
    first, second = sorted((household, into), key=lambda one: one.pk)
    locked(first), locked(second)
    must_stand(household)
    must_stand(into)
    day = on or today()
    must_have_come(day)
    if household.pk == into.pk:
        raise Refused("same_household", _("不能并入自己。"), {"into": _("不能并入自己。")})
    if household.division_id != into.division_id:
        raise Refused("other_place", _("两户不在同一个村（居）。"), {"into": _("请选本社区的户。")})
    members = members_of(household)
    before = {"members": relations_of(members), "head": household.head_id}
    household.head, household.ended_on = None, day
    household.save()
    for one in members:
        one.household, one.relation = into, Relation.OTHER
        one.save(update_fields=["household", "relation", "updated_at"])
    note(into=into.pk, people=[one.pk for one in members])
    return leave_trace(
        household, HouseholdChange.Kind.MERGED, on=day, by=by, before=before, other=into
    )


@act("residents.change")
def undo_household_change(household: Household, *, change: HouseholdChange, by: Actor) -> Household:
    """Take back a change of head, a split or a merger, if nobody concerned has moved on since.

    Raises Refused: not_its_change, already_undone, moved_on.
    """
    locked(household)
    if change.household_id != household.pk or change.kind not in _UNDONE:
        raise Refused("not_its_change", _("这项变动不能撤销。"))
    if HouseholdChange.objects.filter(undoes=change).exists():
        raise Refused("already_undone", _("这项变动已经撤销过。"))
    other = locked(change.other) if change.other is not None else None
    members = _still_there(change, household, other)
    if change.kind == HouseholdChange.Kind.MERGED:
        household.ended_on = None
    if change.kind == HouseholdChange.Kind.SPLIT and other is not None:
        other.head, other.ended_on = None, today()
        other.save()
    was = {row[0]: row for row in change.before["members"]}
    for one in members:
        one.household, one.relation = household, was[one.pk][2]
    _set_head(household, members, change.before["head"])
    HouseholdChange.objects.create(
        household=household, other=other, kind=HouseholdChange.Kind.UNDONE, on=today(),
        by=by.label[:160], undoes=change,
    )  # fmt: skip
    return household


_UNDONE = frozenset(
    {HouseholdChange.Kind.HEAD, HouseholdChange.Kind.SPLIT, HouseholdChange.Kind.MERGED}
)


def _still_there(
    change: HouseholdChange, household: Household, other: Household | None
) -> list[Resident]:
    """Everybody the change concerned, where the change left them. Raises Refused moved_on."""
    homes = {household.pk, *({other.pk} if other else set())}
    keys = [row[0] for row in change.before["members"]]
    rows = Resident.objects.live().filter(pk__in=keys, household_id__in=homes)
    members = list(rows.select_for_update(of=("self",)))
    strangers = change.kind == HouseholdChange.Kind.SPLIT and other is not None and (
        Resident.objects.live().filter(household=other).exclude(pk__in=keys).exists()
    )  # fmt: skip
    if len(members) < len(keys) or strangers:
        raise Refused("moved_on", _("这些人后来又有变动，不能再撤销；请按现在的情况重新办理。"))
    return members


def _set_head(household: Household, members: Sequence[Resident], head: int | None) -> None:
    """Save the members as they are now, and the household with this head."""
    for one in members:
        if one.pk == head:
            one.relation = Relation.HEAD
        elif one.relation == Relation.HEAD:
            one.relation = Relation.OTHER
        one.save(update_fields=["household", "relation", "updated_at"])
    household.head_id = head
    household.save()


def _new_beside(household: Household, number: str, address: str) -> Household:
    key = household.division_id
    chosen = free_number(number, key) if number else next_number(household.number, key)
    place = Dwelling.at(key, address) if address else household.dwelling
    return Household.objects.create(division_id=key, number=chosen, dwelling=place)


def _must_be_member(person: Resident, household: Household) -> None:
    if person.household_id != household.pk or not person.is_live:
        raise _no_member()


def _no_member() -> Refused:
    sentence = _("户主要先是这一户的成员。")
    return Refused("not_a_member", sentence, {"head": sentence})
