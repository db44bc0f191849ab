"""People who move, are born, die or come back: one record for life, its history stays (DIV-08)."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.residents.models import (
    Dwelling,
    Guardianship,
    LifeState,
    Nature,
    Registration,
    Relation,
    Resident,
    Sex,
    SourceKind,
    Standing,
    StatusChange,
    TransferPerson,
)

from .households import change_head
from .membership import (
    leave_household,
    must_be_community,
    must_be_live,
    must_have_come,
)
from .persons import add_resident
from .settling import keep, source_of

_RETURNABLE = frozenset({LifeState.MOVED_OUT})
_OF_THE_PLACE = frozenset({Standing.REGISTERED, Standing.AWAY})
# What a newborn is to the head, by what the mother is.
_NEWBORN = {
    Relation.HEAD: Relation.CHILD, Relation.SPOUSE: Relation.CHILD,
    Relation.CHILD: Relation.GRANDCHILD, Relation.IN_LAW: Relation.GRANDCHILD,
    Relation.SIBLING: Relation.OTHER, Relation.GRANDCHILD: Relation.OTHER,
}  # fmt: skip


@act("residents.change")
def move_resident(
    resident: Resident, *, to: Division | None, on: date, home_address: str = "", by: Actor
) -> Resident:
    """Out of the city (`to` None), or to another community whose register the actor keeps too.

    Into somebody else's community a record goes by a transfer that is answered there.
    Raises Refused: not_live, future, same_place, not_a_community, ask_first, being_transferred.
    """
    lock(resident)
    must_be_live(resident)
    must_have_come(on)
    must_not_be_underway(resident)
    if to is None:
        _leave_city(resident, on)
        return resident
    must_be_elsewhere(resident, to)
    if not by.enter.holds(to.pk):
        sentence = _("%(name)s由那里的工作人员登记，请向他们提出迁移。") % {"name": to.name}
        raise Refused("ask_first", sentence, {"to": sentence})
    leave_household(resident)
    carry(resident, to, on, home_address, by)
    return resident


def carry(
    resident: Resident,
    to: Division,
    on: date,
    home_address: str,
    by: Actor,
    *,
    registration: bool = False,
) -> None:
    """The whole record to another community: facts and history go along, nothing is typed again.

    Without a new address the old one no longer holds: an empty fact says so.
    """
    origin = resident.division_id
    _register(resident, to, registration=registration)
    resident.division = to
    resident.dwelling = Dwelling.at(to.pk, home_address) if home_address else None
    resident.save()
    _keep_address(resident, home_address, _("迁移登记"), on, by)
    _tell(resident, StatusChange.Kind.MOVED_WITHIN, on, origin, to.pk)
    note(origin=origin, to=to.pk, on=on)


def _keep_address(resident: Resident, address: str, label: str, on: date, by: Actor) -> None:
    """Where somebody lives from a day on, decided by the move itself; empty: not known yet."""
    source = source_of(SourceKind.WINDOW, label, by, on=on)
    keep(resident, {"home_address": address}, source, nature=Nature.DECIDED, reason=label)


@act("residents.change")
def mark_deceased(
    resident: Resident, *, on: date, new_head: Resident | None = None, by: Actor
) -> Resident:
    """The record ends on the day of death; `new_head` leads the household from then on.

    Raises Refused: not_live, future, before_birth, not_a_member.
    """
    lock(resident)
    must_be_live(resident)
    must_have_come(on)
    if resident.born_on and on < resident.born_on:
        sentence = _("去世日期早于出生日期。")
        raise Refused("before_birth", sentence, {"on": sentence})
    if new_head is not None and resident.household is not None:
        if new_head.pk == resident.pk:
            sentence = _("请选另一位家庭成员。")
            raise Refused("not_a_member", sentence, {"new_head": sentence})
        change_head(resident.household, head=new_head, on=on, by=by)
        resident.refresh_from_db()
    note(state=[resident.state, "deceased"], on=on)
    leave_household(resident)
    _end_guardianships(resident, on)
    TransferPerson.objects.filter(resident=resident, open=True).update(open=False)
    resident.state, resident.state_on = LifeState.DECEASED, on
    resident.save()
    _tell(resident, StatusChange.Kind.DECEASED, on, resident.division_id, None)
    return resident


@act("residents.add")
def register_birth(
    mother: Resident,
    *,
    born_on: date,
    sex: str,
    name: str = "",
    identity_number: str = "",
    father: Resident | None = None,
    by: Actor,
) -> Resident:
    """A newborn into the mother's household, with her (and the father) as guardians.

    A child without a name yet is entered as 某某之子, 某某之女. Raises Refused: not_live, future,
    before_mother, already_collected and what `add_resident` raises.
    """
    lock(mother)
    must_be_live(mother)
    _must_be_able_to_bear(mother, born_on)
    son = _("%(mother)s之子") if sex == Sex.MALE else _("%(mother)s之女")
    values = {
        "born_on": born_on.isoformat(), "sex": sex, "identity_number": identity_number,
        "home_address": mother.dwelling.address if mother.dwelling else "",
    }  # fmt: skip
    child = add_resident(
        mother.division,
        name=name or son % {"mother": mother.name},
        values={code: value for code, value in values.items() if value},
        standing=_standing_of_a_child(mother),
        household=mother.household,
        relation=_NEWBORN.get(Relation(mother.relation), Relation.OTHER) if mother.relation else "",
        source_label=_("出生登记"),
        # Twins have one birthday and, before they are named, one name.
        surely_new=not name,
        by=by,
    )
    _tell(child, StatusChange.Kind.BORN, born_on, None, child.division_id)
    _guard(child, mother, Guardianship.Kind.MOTHER, born_on)
    if father is not None:
        _guard(child, father, Guardianship.Kind.FATHER, born_on)
    return child


@act("residents.add")
def return_resident(
    place: Division, *, resident: Resident, on: date, home_address: str = "", by: Actor
) -> Resident:
    """Who had left the city is back, here or in another community: the old record lives again.

    Raises Refused: not_away, future, before_leaving, not_a_community.
    """
    lock(resident)
    must_be_community(place, "place")
    must_have_come(on)
    if resident.state not in _RETURNABLE:
        state = resident.get_state_display()
        raise Refused("not_away", _("这份档案是“%(state)s”，不用迁回。") % {"state": state})
    if resident.state_on and on < resident.state_on:
        sentence = _("迁回日期早于迁出日期。")
        raise Refused("before_leaving", sentence, {"on": sentence})
    origin = resident.division_id
    resident.state, resident.state_on, resident.division = LifeState.LIVE, None, place
    resident.dwelling = Dwelling.at(place.pk, home_address) if home_address else None
    resident.fresh_until = on - timedelta(days=1)  # what is held may have changed meanwhile
    resident.save()
    _keep_address(resident, home_address, _("迁回登记"), on, by)
    _tell(resident, StatusChange.Kind.RETURNED, on, origin, place.pk)
    return resident


@act("residents.change")
def set_away(resident: Resident, *, away: bool, on: date, by: Actor) -> Resident:
    """Registered here and gone elsewhere for a time, or back. Raises Refused: not_live, future,
    no_change, not_registered."""
    lock(resident)
    must_be_live(resident)
    must_have_come(on)
    if away == (resident.standing == Standing.AWAY):
        raise Refused("no_change", _("状态没有变化。"))
    if away and resident.standing != Standing.REGISTERED:
        raise Refused("not_registered", _("只有户籍在本地的居民才登记外出。"))
    resident.standing = Standing.AWAY if away else Standing.REGISTERED
    resident.save(update_fields=["standing", "updated_at"])
    kind = StatusChange.Kind.AWAY if away else StatusChange.Kind.BACK
    _tell(resident, kind, on, resident.division_id, None)
    return resident


# ---------- parts ----------


def _register(person: Resident, to: Division, *, registration: bool) -> None:
    """Who moves house stays registered where they were, unless the registration moves too."""
    held = Registration.objects.filter(resident=person).first()
    if registration:
        held = held or Registration(resident=person)
        held.division, held.outside, held.book = to, "", ""
        held.save()
    elif held is None and person.standing in _OF_THE_PLACE:
        held = Registration.objects.create(resident=person, division_id=person.division_id)
    if held is not None:
        person.standing = standing_for(held, to.pk, person.standing)


def standing_for(registration: Registration, lives_in: int, standing: str) -> str:
    """How somebody belongs to the community they live in, by where they are registered."""
    if registration.division_id == lives_in:
        return Standing.AWAY if standing == Standing.AWAY else Standing.REGISTERED
    return Standing.NON_REGISTERED if standing in _OF_THE_PLACE else standing


def must_be_elsewhere(resident: Resident, to: Division) -> None:
    if to.pk == resident.division_id:
        sentence = _("已经在%(name)s。") % {"name": to.name}
        raise Refused("same_place", sentence, {"to": sentence})
    must_be_community(to)


def must_not_be_underway(resident: Resident) -> None:
    """Nobody moves while another community has been asked about them."""
    if TransferPerson.objects.filter(resident=resident, open=True).exists():
        raise Refused("being_transferred", _("这个人有一份迁移申请还没有答复，请先处理。"))


def _leave_city(resident: Resident, on: date) -> None:
    origin = resident.division_id
    leave_household(resident)
    resident.state, resident.state_on = LifeState.MOVED_OUT, on
    resident.save()
    _tell(resident, StatusChange.Kind.MOVED_OUT, on, origin, None)
    note(origin=origin, to=None, on=on)


def _tell(
    resident: Resident, kind: StatusChange.Kind, on: date, origin: int | None, to: int | None
) -> None:
    StatusChange.objects.create(
        resident=resident, kind=kind, on=on, from_division_id=origin, to_division_id=to
    )


def _must_be_able_to_bear(mother: Resident, born_on: date) -> None:
    must_have_come(born_on, "born_on")
    if mother.sex == Sex.MALE or (mother.born_on and born_on <= mother.born_on):
        sentence = _("请核对母亲：性别或出生日期不符。")
        raise Refused("before_mother", sentence, {"born_on": sentence})


def _guard(ward: Resident, guardian: Resident, kind: Guardianship.Kind, since: date) -> None:
    must_be_live(guardian)
    Guardianship.objects.create(ward=ward, guardian=guardian, kind=kind, starts_on=since)


def _end_guardianships(resident: Resident, on: date) -> None:
    open_ones = Guardianship.objects.filter(ends_on__isnull=True)
    for rows in (open_ones.filter(ward=resident), open_ones.filter(guardian=resident)):
        rows.filter(starts_on__lte=on).update(ends_on=on, updated_at=timezone.now())


def _standing_of_a_child(mother: Resident) -> str:
    return Standing.REGISTERED if mother.standing == Standing.AWAY else Standing(mother.standing)
