"""A household or a person to another community: asked or offered, then answered (DIV-09, INF-03)."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.divisions.models import Division
from yiwang.residents.models import (
    Dwelling,
    Household,
    HouseholdChange,
    Resident,
    Transfer,
    TransferPerson,
)

from .lives import carry, must_be_elsewhere
from .membership import (
    leave_household,
    members_of,
    must_be_community,
    must_be_live,
    must_have_come,
    must_stand,
    next_number,
    today,
)


@act("residents.change")
def ask_transfer(
    place: Division,
    *,
    people: Sequence[Resident] = (),
    household: Household | None = None,
    home_address: str = "",
    registration: bool = False,
    reason: str = "",
    by: Actor,
) -> Transfer:
    """The receiving community asks for a household or for persons who have come to live there.

    Raises Refused: nobody, not_live, same_place, several_places, not_a_community,
    being_transferred.
    """
    return _open(place, None, people, household, home_address, registration, reason, by)


@act("residents.change")
def offer_transfer(
    place: Division,
    *,
    to: Division,
    people: Sequence[Resident] = (),
    household: Household | None = None,
    home_address: str = "",
    registration: bool = False,
    reason: str = "",
    by: Actor,
) -> Transfer:
    """The sending community offers who has gone to live elsewhere. Raises what `ask_transfer` does,
    and not_here."""
    movers = _movers(people, household)
    if any(one.division_id != place.pk for one in movers):
        raise Refused("not_here", _("有的人不在这个社区。"))
    return _open(to, place, people, household, home_address, registration, reason, by)


@act("residents.change")
def accept_transfer(
    transfer: Transfer, *, on: date | None = None, home_address: str = "", by: Actor
) -> Transfer:
    """The record moves as a whole on one day: out here and in there, nothing typed again.

    Raises Refused: not_open, future, nobody.
    """
    _must_be_open(transfer)
    must_be_community(transfer.destination)
    day = on or today()
    must_have_come(day)
    address = _short(home_address) or transfer.home_address
    movers = _still_moving(transfer)
    if not movers:
        raise Refused("nobody", _("这些人都已经不在原来的社区，请对方撤回申请。"))
    if transfer.household is not None:
        _move_household(transfer, transfer.household, day, address, by)
    for one in movers:
        if transfer.household is None:
            leave_household(one)
        carry(one, transfer.destination, day, address, by, registration=transfer.registration)
    transfer.home_address, transfer.moved_on = address, day
    note(people=[one.pk for one in movers], household=transfer.household_id)
    return _close(transfer, Transfer.State.ACCEPTED, "", by)


@act("residents.change")
def refuse_transfer(transfer: Transfer, *, reason: str, by: Actor) -> Transfer:
    """The side asked says no, and why. Raises Refused: not_open, reason_needed."""
    _must_be_open(transfer)
    if not reason.strip():
        sentence = _("请写明不同意的原因。")
        raise Refused("reason_needed", sentence, {"reason": sentence})
    return _close(transfer, Transfer.State.REFUSED, reason.strip()[:300], by)


@act("residents.change")
def withdraw_transfer(place: Division, *, transfer: Transfer, by: Actor) -> Transfer:
    """The side that asked or offered takes it back. Raises Refused: not_open, not_yours."""
    if place.pk != transfer.asking_id:
        raise Refused("not_yours", _("只有提出的一方可以撤回。"))
    _must_be_open(transfer)
    return _close(transfer, Transfer.State.WITHDRAWN, "", by)


# ---------- asking ----------


def _movers(people: Sequence[Resident], household: Household | None) -> list[Resident]:
    if household is not None:
        must_stand(household)
        return members_of(household)
    keys = {one.pk for one in people}
    rows = Resident.objects.filter(pk__in=keys).order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _short(address: str) -> str:
    """An address that fits. Raises Refused invalid."""
    most = Transfer._meta.get_field("home_address").max_length or 0
    if len(address) > most:
        sentence = _("地址太长，请缩短到 %(most)s 个字以内。") % {"most": most}
        raise Refused("invalid", sentence, {"home_address": sentence})
    return address


def _open(
    to: Division, origin: Division | None, people: Sequence[Resident], household: Household | None,
    home_address: str, registration: bool, reason: str, by: Actor,
) -> Transfer:  # fmt: skip
    movers = _movers(people, household)
    must_be_community(to)
    places = _checked(movers, to)
    transfer = Transfer.objects.create(
        origin_id=places.pop(),
        destination=to,
        asked=origin is None,
        household=household,
        home_address=_short(home_address),
        registration=registration,
        reason=reason.strip()[:300],
        by_label=by.label[:160],
        asked_on=today(),
        due_on=calendar().add_working_days(today(), int(parameter("residents.transfer_days"))),
    )
    try:
        with transaction.atomic():
            TransferPerson.objects.bulk_create(
                TransferPerson(transfer=transfer, resident=one) for one in movers
            )
    except IntegrityError as fault:
        raise Refused(
            "being_transferred", _("其中有人已有一份迁移申请等待答复，请先看那一份。")
        ) from fault
    note(people=[one.pk for one in movers], to=to.pk, household=household.pk if household else None)
    return transfer


def _checked(movers: Sequence[Resident], to: Division) -> set[int]:
    """The one community they live in now."""
    if not movers:
        raise Refused("nobody", _("没有可以迁移的人。"))
    for one in movers:
        must_be_live(one)
        must_be_elsewhere(one, to)
    places = {one.division_id for one in movers}
    if len(places) > 1:
        raise Refused("several_places", _("一份申请只能包括同一个社区的人。"))
    return places


# ---------- answering ----------


def _must_be_open(transfer: Transfer) -> None:
    lock(transfer)
    if not transfer.is_open:
        state = transfer.get_state_display()
        raise Refused("not_open", _("这份申请已是“%(state)s”。") % {"state": state})


def _still_moving(transfer: Transfer) -> list[Resident]:
    """Who of the transfer still lives at the origin; of a whole household everybody in it today."""
    if transfer.household is not None:
        return [
            one for one in members_of(transfer.household) if one.division_id == transfer.origin_id
        ]
    keys = transfer.people.filter(open=True).values("resident_id")
    rows = Resident.objects.live().filter(pk__in=keys, division_id=transfer.origin_id)
    return list(rows.select_for_update(of=("self",)).order_by("pk"))


def _move_household(
    transfer: Transfer, household: Household, on: date, address: str, by: Actor
) -> None:
    lock(household)
    must_stand(household)
    to, number = transfer.destination, household.number
    household.number = next_number(household.number, to.pk)
    household.division = to
    household.dwelling = Dwelling.at(to.pk, address) if address else None
    household.save()
    HouseholdChange.objects.create(
        household=household, kind=HouseholdChange.Kind.MOVED, on=on, by=by.label[:160],
        before={"number": number}, from_division=transfer.origin, to_division=to,
    )  # fmt: skip


def _close(transfer: Transfer, state: Transfer.State, answer: str, by: Actor) -> Transfer:
    transfer.state, transfer.answer = state, answer
    transfer.answered_at, transfer.answered_by = moment(), by.label[:160]
    transfer.save()
    transfer.people.filter(open=True).update(open=False)
    return transfer
