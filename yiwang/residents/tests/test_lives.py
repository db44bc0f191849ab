"""Moves, deaths and households: done, refused, not allowed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import COMMUNITY, LAN, NEIGHBOUR, STREET, World
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.residents.actions import (
    add_resident,
    change_household,
    change_resident,
    create_household,
    mark_deceased,
    move_resident,
    place_in_household,
)
from yiwang.residents.models import Household, Resident, StatusChange
from yiwang.residents.reads import known_fields


@pytest.fixture
def chen(world: World) -> Resident:
    return add_resident(
        world.place(COMMUNITY), name="陈桂英", values={**LAN, "home_address": "12幢302室"},
        by=world.network_admin,
    )  # fmt: skip


@pytest.fixture
def home(world: World, chen: Resident) -> Household:
    return create_household(world.place(COMMUNITY), number="H1", head=chen, by=world.network_admin)


def township_admin(world: World) -> Actor:
    """Keeps the registers of both communities."""
    return world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre", "丁勇")


def test_a_move_takes_everything_along_but_the_old_address_and_household(
    world: World, chen: Resident, home: Household
) -> None:
    chen.refresh_from_db()
    today = timezone.localdate()
    moved = move_resident(chen, to=world.place(NEIGHBOUR), on=today, by=township_admin(world))
    assert (moved.division_id, moved.household, moved.dwelling) == (NEIGHBOUR, None, None)
    home.refresh_from_db()
    assert home.head is None
    known = known_fields(moved, ["phone", "home_address"], today)
    assert set(known) == {"phone"}
    change = StatusChange.objects.get(kind="moved_within")
    assert (change.from_division_id, change.to_division_id) == (COMMUNITY, NEIGHBOUR)


def test_who_left_the_city_is_not_entered_a_second_time(world: World, chen: Resident) -> None:
    move_resident(chen, to=None, on=timezone.localdate(), by=world.network_admin)
    with pytest.raises(Refused, match="已采集"):
        add_resident(world.place(COMMUNITY), name="陈桂英", values=LAN, by=world.network_admin)
    with pytest.raises(Refused, match="已迁出"):
        change_resident(chen, changes={"phone": "13900001234"}, by=world.network_admin)


def test_into_another_register_a_record_goes_by_asking(world: World, chen: Resident) -> None:
    today = timezone.localdate()
    with pytest.raises(Refused) as refusal:
        move_resident(chen, to=world.place(NEIGHBOUR), on=today, by=world.network_admin)
    assert refusal.value.code == "ask_first"


@pytest.mark.parametrize(
    ("to", "days", "code"),
    [(COMMUNITY, 0, "same_place"), (STREET, 0, "not_a_community"), (NEIGHBOUR, 1, "future")],
)
def test_impossible_moves_are_refused(
    world: World, chen: Resident, to: int, days: int, code: str
) -> None:
    on = timezone.localdate() + timedelta(days=days)
    with pytest.raises(Refused) as refusal:
        move_resident(chen, to=world.place(to), on=on, by=world.network_admin)
    assert refusal.value.code == code


def test_a_neighbour_cannot_fetch_people_over(world: World, chen: Resident) -> None:
    with pytest.raises(PermissionDenied):
        move_resident(
            chen, to=world.place(NEIGHBOUR), on=timezone.localdate(), by=world.neighbour_admin
        )


def test_a_record_ends_with_a_death_and_only_once(world: World, chen: Resident) -> None:
    today = timezone.localdate()
    assert mark_deceased(chen, on=today, by=world.network_admin).state == "deceased"
    with pytest.raises(Refused) as refusal:
        mark_deceased(chen, on=today, by=world.network_admin)
    assert refusal.value.code == "not_live"
    with pytest.raises(PermissionDenied):
        mark_deceased(chen, on=today, by=world.neighbour_admin)


def test_a_household_has_one_head(world: World, chen: Resident, home: Household) -> None:
    son = add_resident(
        world.place(COMMUNITY), name="陈小军", values={"phone": "13900012345"},
        by=world.network_admin,
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        change_household(home, head=son, by=world.network_admin)
    assert refusal.value.code == "not_a_member"
    place_in_household(son, household=home, relation="child", by=world.network_admin)
    son.refresh_from_db()
    change_household(home, head=son, by=world.network_admin)
    home.refresh_from_db()
    chen.refresh_from_db()
    assert (home.head, chen.relation) == (son, "other")


def test_household_numbers_are_given_once_a_community(world: World, home: Household) -> None:
    for number, code in (("H1", "number_taken"), (" ", "invalid")):
        with pytest.raises(Refused) as refusal:
            create_household(world.place(COMMUNITY), number=number, by=world.network_admin)
        assert refusal.value.code == code
    other = create_household(world.place(NEIGHBOUR), number="H1", by=world.neighbour_admin)
    assert other.pk != home.pk


def test_a_household_is_of_one_community(world: World, chen: Resident) -> None:
    other = create_household(world.place(NEIGHBOUR), number="H1", by=world.neighbour_admin)
    with pytest.raises(Refused) as refusal:
        place_in_household(chen, household=other, relation="child", by=world.network_admin)
    assert refusal.value.code == "other_place"
    with pytest.raises(PermissionDenied):
        place_in_household(chen, household=None, by=world.neighbour_admin)
    with pytest.raises(PermissionDenied):
        change_household(other, number="H2", by=world.network_admin)
