"""What acts on people and households share: who may be changed, into a household and out of it."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import lock, moment
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division, Level
from yiwang.residents.models import Household, HouseholdChange, Relation, Resident

# ---------- checks ----------


def today() -> date:
    """The day of what happens now."""
    return timezone.localdate(moment())


def must_be_live(resident: Resident) -> None:
    if not resident.is_live:
        state = resident.get_state_display()
        raise Refused("not_live", _("这份档案已是“%(state)s”，不能再改。") % {"state": state})


def must_have_come(on: date, field: str = "on") -> None:
    if on > today():
        sentence = _("日期还没有到。")
        raise Refused("future", sentence, {field: sentence})


def must_be_community(place: Division, field: str = "to") -> None:
    if place.level != Level.COMMUNITY or place.placeholder or place.valid_to:
        sentence = _("“%(name)s”不是现有的村（居）。") % {"name": place.name}
        raise Refused("not_a_community", sentence, {field: sentence})


def must_stand(household: Household) -> None:
    if household.ended_on is not None:
        raise Refused(
            "household_ended", _("户号 %(number)s 已经销户。") % {"number": household.number}
        )


def free_number(number: str, division_id: int) -> str:
    """A household number nobody in the community has. Raises Refused: invalid, number_taken."""
    plain = clean_text(number)[:40]
    if not plain:
        raise Refused("invalid", _("请填写户号。"), {"number": _("请填写户号。")})
    if Household.objects.filter(division_id=division_id, number=plain).exists():
        sentence = _("户号 %(number)s 已有一户。") % {"number": plain}
        raise Refused("number_taken", sentence, {"number": sentence})
    return plain


def next_number(number: str, division_id: int) -> str:
    """The number itself where it is free, else the first of number-2, number-3 … that is."""
    taken = set(
        Household.objects.filter(division_id=division_id, number__startswith=number[:34])
        .values_list("number", flat=True)
    )  # fmt: skip
    if number not in taken:
        return number
    return next(
        name for at in range(2, len(taken) + 3) if (name := f"{number[:34]}-{at}") not in taken
    )


# ---------- membership ----------


def members_of(household: Household) -> list[Resident]:
    """The live members, locked, so that two clerks act one after the other."""
    rows = Resident.objects.live().filter(household=household).order_by("pk")
    return list(rows.select_for_update(of=("self",)).select_related("division", "dwelling"))


def put_into(resident: Resident, household: Household | None, relation: str) -> None:
    """Into a household of the same community, or out of any. Raises Refused other_place."""
    if household is not None:
        must_stand(household)
        if household.division_id != resident.division_id:
            raise Refused("other_place", _("居民和家庭不在同一个村（居）。"))
    led = Household.objects.filter(head=resident)
    (led.exclude(pk=household.pk) if household else led).update(head=None)
    resident.household = household
    resident.relation = relation if household else ""
    resident.save(update_fields=["household", "relation", "updated_at"])
    if household is not None and relation == Relation.HEAD:
        others = household.members.filter(relation=Relation.HEAD).exclude(pk=resident.pk)
        others.update(relation=Relation.OTHER)
        household.head = resident
        household.save(update_fields=["head", "updated_at"])


def leave_household(resident: Resident) -> Household | None:
    """Out of the household without saving the person; gives the household left, unless it ends."""
    left = resident.household
    Household.objects.filter(head=resident).update(head=None)
    resident.household, resident.relation = None, ""
    if left is not None:
        left.head = None if left.head_id == resident.pk else left.head
    return left


def relations_of(members: Iterable[Resident]) -> list[list[object]]:
    """Members as they are, for the trace: record, household, relation. No names."""
    return [[one.pk, one.household_id, one.relation] for one in members]


def leave_trace(
    household: Household,
    kind: HouseholdChange.Kind,
    *,
    on: date,
    by: Actor,
    before: Mapping[str, object],
    other: Household | None = None,
) -> HouseholdChange:
    """One line of the household's history."""
    return HouseholdChange.objects.create(
        household=household, kind=kind, on=on, by=by.label[:160], before=dict(before), other=other
    )


def locked(record: Household) -> Household:
    """The household, read again under a lock."""
    lock(record)
    return record
