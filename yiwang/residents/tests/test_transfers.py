"""A record from one community to another: asked, offered, answered; never a second one (DIV-09)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.world import COMMUNITY, LAN, NEIGHBOUR, STREET, VILLAGE, World
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.divisions.actions import Decision, merge_divisions
from yiwang.residents.actions import (
    accept_transfer,
    add_resident,
    ask_transfer,
    create_household,
    mark_deceased,
    move_resident,
    offer_transfer,
    place_in_household,
    refuse_transfer,
    withdraw_transfer,
)
from yiwang.residents.models import (
    Household,
    HouseholdChange,
    Resident,
    SourceRecord,
    StatusChange,
    Transfer,
    TransferPerson,
)
from yiwang.residents.reads import known_fields


@pytest.fixture
def family(world: World) -> Household:
    """陈桂英 with her son and grandson, one household of 南园社区."""
    by, place = world.network_admin, world.place(COMMUNITY)
    chen = add_resident(place, name="陈桂英", values={**LAN, "ethnicity": "汉族"}, by=by)
    home = create_household(place, number="H1", head=chen, address="南园新村1幢101室", by=by)
    for name, phone, relation in (
        ("王强", "13900012345", "child"), ("王小明", "13900012346", "grandchild"),
    ):  # fmt: skip
        one = add_resident(place, name=name, values={"phone": phone}, by=by)
        place_in_household(one, household=home, relation=relation, by=by)
    return home


def counts(key: int) -> tuple[int, int]:
    households = Household.objects.filter(division_id=key, ended_on__isnull=True).count()
    return households, Resident.objects.live().filter(division_id=key).count()


def test_a_household_of_three_moves_and_both_counts_change_by_one_on_the_same_day(
    world: World, family: Household
) -> None:
    before, facts = (counts(COMMUNITY), counts(NEIGHBOUR)), SourceRecord.objects.count()
    keys = set(Resident.objects.values_list("pk", flat=True))
    today = timezone.localdate()
    asked = ask_transfer(
        world.place(NEIGHBOUR), household=family, home_address="濠东绿苑3幢201室",
        by=world.neighbour_admin,
    )  # fmt: skip
    for actor in (world.network_admin, world.neighbour_admin):
        assert list(Transfer.objects.visible_to(actor)) == [asked]
    assert list(Transfer.objects.all().awaiting(world.network_admin)) == [asked]
    assert not Transfer.objects.all().awaiting(world.neighbour_admin).exists()
    accept_transfer(asked, by=world.network_admin)
    after = counts(COMMUNITY), counts(NEIGHBOUR)
    assert before == ((1, 3), (0, 0))
    assert after == ((0, 0), (1, 3))
    family.refresh_from_db()
    assert (family.division_id, family.number) == (NEIGHBOUR, "H1")
    assert family.head is not None
    assert family.head.name == "陈桂英"
    assert set(Resident.objects.values_list("pk", flat=True)) == keys
    moves = StatusChange.objects.filter(kind="moved_within")
    assert {(one.on, one.from_division_id, one.to_division_id) for one in moves} == {
        (today, COMMUNITY, NEIGHBOUR)
    }
    assert HouseholdChange.objects.get(kind="moved").on == today
    # Nothing was typed again: three new addresses, and what was known is known.
    assert SourceRecord.objects.count() == facts + 3
    known = known_fields(family.head, ["phone", "ethnicity", "home_address"], today)
    assert set(known) == {"phone", "ethnicity", "home_address"}
    family.head.refresh_from_db()
    assert family.head.registration.division_id == COMMUNITY
    assert family.head.standing == "non_registered"


def test_an_offer_is_accepted_by_the_receiving_side_with_the_registration(
    world: World, family: Household
) -> None:
    chen = Resident.objects.get(name="陈桂英")
    offered = offer_transfer(
        world.place(COMMUNITY), to=world.place(NEIGHBOUR), people=[chen], registration=True,
        by=world.network_admin,
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        accept_transfer(offered, by=world.network_admin)
    accept_transfer(offered, home_address="濠东绿苑3幢201室", by=world.neighbour_admin)
    chen.refresh_from_db()
    family.refresh_from_db()
    assert (chen.division_id, chen.household, chen.standing) == (NEIGHBOUR, None, "registered")
    assert chen.registration.division_id == NEIGHBOUR
    assert (family.head, family.division_id) == (None, COMMUNITY)
    with pytest.raises(Refused) as refusal:
        accept_transfer(offered, by=world.neighbour_admin)
    assert refusal.value.code == "not_open"


def test_a_refusal_says_why_and_frees_the_people_for_another_request(
    world: World, family: Household
) -> None:
    asked = ask_transfer(world.place(NEIGHBOUR), household=family, by=world.neighbour_admin)
    with pytest.raises(Refused) as refusal:
        refuse_transfer(asked, reason=" ", by=world.network_admin)
    assert refusal.value.code == "reason_needed"
    with pytest.raises(Refused) as refusal:
        ask_transfer(world.place(VILLAGE), household=family, by=village_admin(world))
    assert refusal.value.code == "being_transferred"
    refuse_transfer(asked, reason="仍住本社区", by=world.network_admin)
    assert counts(COMMUNITY) == (1, 3)
    ask_transfer(world.place(VILLAGE), household=family, by=village_admin(world))


def village_admin(world: World):
    return world.actor(Role.COMMUNITY_NETWORK, VILLAGE, "committee", "缪芳")


def test_only_who_asked_may_withdraw(world: World, family: Household) -> None:
    asked = ask_transfer(world.place(NEIGHBOUR), household=family, by=world.neighbour_admin)
    with pytest.raises(Refused) as refusal:
        withdraw_transfer(world.place(COMMUNITY), transfer=asked, by=world.network_admin)
    assert refusal.value.code == "not_yours"
    done = withdraw_transfer(world.place(NEIGHBOUR), transfer=asked, by=world.neighbour_admin)
    assert done.state == "withdrawn"


def test_a_request_grows_late_and_the_township_may_answer(world: World, family: Household) -> None:
    asked = ask_transfer(world.place(NEIGHBOUR), household=family, by=world.neighbour_admin)
    assert asked.due_on > timezone.localdate() + timedelta(days=4)
    assert not asked.is_late(asked.due_on)
    assert asked.is_late(asked.due_on + timedelta(days=1))
    township = world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre", "丁勇")
    assert accept_transfer(asked, by=township).state == "accepted"


@pytest.mark.parametrize(("to", "code"), [(COMMUNITY, "same_place"), (STREET, "not_a_community")])
def test_impossible_requests_are_refused(
    world: World, family: Household, to: int, code: str
) -> None:
    township = world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre", "丁勇")
    with pytest.raises(Refused) as refusal:
        ask_transfer(world.place(to), household=family, by=township)
    assert refusal.value.code == code
    with pytest.raises(Refused) as refusal:
        ask_transfer(world.place(NEIGHBOUR), people=[], by=world.neighbour_admin)
    assert refusal.value.code == "nobody"
    with pytest.raises(Refused) as refusal:
        offer_transfer(
            world.place(NEIGHBOUR), to=world.place(VILLAGE), household=family,
            by=world.neighbour_admin,
        )  # fmt: skip
    assert refusal.value.code == "not_here"
    with pytest.raises(PermissionDenied):
        ask_transfer(world.place(NEIGHBOUR), household=family, by=world.network_admin)


def test_the_database_keeps_nobody_in_two_open_requests(world: World, family: Household) -> None:
    asked = ask_transfer(world.place(NEIGHBOUR), household=family, by=world.neighbour_admin)
    other = Transfer.objects.create(
        origin_id=COMMUNITY, destination_id=VILLAGE, asked=True, asked_on=date(2026, 1, 4),
        due_on=date(2026, 1, 9),
    )  # fmt: skip
    person = asked.people.first()
    assert person is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        TransferPerson.objects.create(transfer=other, resident=person.resident)


def test_nobody_moves_by_another_door_while_a_request_is_open(
    world: World, family: Household
) -> None:
    ask_transfer(world.place(NEIGHBOUR), household=family, by=world.neighbour_admin)
    chen = Resident.objects.get(name="陈桂英")
    with pytest.raises(Refused) as refusal:
        move_resident(chen, to=None, on=timezone.localdate(), by=world.network_admin)
    assert refusal.value.code == "being_transferred"


def test_who_died_meanwhile_does_not_move(world: World, family: Household) -> None:
    chen = Resident.objects.get(name="陈桂英")
    asked = ask_transfer(world.place(NEIGHBOUR), people=[chen], by=world.neighbour_admin)
    mark_deceased(chen, on=timezone.localdate(), by=world.network_admin)
    with pytest.raises(Refused) as refusal:
        accept_transfer(asked, by=world.network_admin)
    assert refusal.value.code == "nobody"


def test_a_taken_household_number_gets_a_tail(world: World, family: Household) -> None:
    create_household(world.place(NEIGHBOUR), number="H1", by=world.neighbour_admin)
    asked = ask_transfer(world.place(NEIGHBOUR), household=family, by=world.neighbour_admin)
    accept_transfer(asked, by=world.network_admin)
    family.refresh_from_db()
    assert family.number == "H1-2"


def test_open_transfers_are_asked_anew_where_a_merger_puts_them(
    world: World, family: Household
) -> None:
    by = world.network_admin
    chen = Resident.objects.get(name="陈桂英")
    asked = ask_transfer(world.place(VILLAGE), people=[chen], by=Actor.system())
    Transfer.objects.update(due_on=date(2026, 1, 1), asked_on=date(2025, 12, 1))
    merge_divisions(
        world.place(STREET), merged=[world.place(COMMUNITY)], into=world.place(NEIGHBOUR),
        decision=Decision("通政复〔2026〕1号", timezone.localdate()), by=Actor.system(),
    )  # fmt: skip
    asked.refresh_from_db()
    assert (asked.origin_id, asked.destination_id, asked.state) == (NEIGHBOUR, VILLAGE, "open")
    assert asked.asked_on == timezone.localdate()
    assert asked.due_on > timezone.localdate()
    assert asked in Transfer.objects.awaiting(world.neighbour_admin)
    assert asked not in Transfer.objects.awaiting(by)


def test_a_transfer_between_places_that_become_one_ends_by_itself(
    world: World, family: Household
) -> None:
    chen = Resident.objects.get(name="陈桂英")
    asked = ask_transfer(world.place(NEIGHBOUR), people=[chen], by=world.neighbour_admin)
    merge_divisions(
        world.place(STREET), merged=[world.place(COMMUNITY)], into=world.place(NEIGHBOUR),
        decision=Decision("通政复〔2026〕1号", timezone.localdate()), by=Actor.system(),
    )  # fmt: skip
    asked.refresh_from_db()
    assert (asked.state, asked.people.filter(open=True).exists()) == ("withdrawn", False)
    assert "同一个社区" in asked.answer
