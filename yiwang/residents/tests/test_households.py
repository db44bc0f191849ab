"""Head, split, merger and their undoing; births, deaths, returns; registration: done and refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.world import COMMUNITY, LAN, NEIGHBOUR, STREET, World
from yiwang.core.errors import Refused
from yiwang.divisions.actions import Decision, NewPlace, merge_divisions
from yiwang.divisions.rules import range_of
from yiwang.residents.actions import (
    add_group,
    add_resident,
    change_head,
    create_household,
    mark_away,
    mark_deceased,
    merge_households,
    move_resident,
    place_in_household,
    record_registration,
    register_birth,
    return_resident,
    set_away,
    split_household,
    undo_household_change,
)
from yiwang.residents.models import Group, Household, HouseholdChange, Resident
from yiwang.residents.reads import departures, guardians_of, holder_of, living
from yiwang.residents.reads.separation import (
    living_here_registered_elsewhere,
    registered_here_living_elsewhere,
)
from yiwang.residents.rules.kinship import relation_after


def entered(world: World, name: str, phone: str, **more: object) -> Resident:
    place, by = world.place(COMMUNITY), world.network_admin
    return add_resident(place, name=name, values={"phone": phone, **more}, by=by)  # type: ignore[dict-item]


@pytest.fixture
def family(world: World) -> dict[str, Resident]:
    """A couple, their son, his wife and their child in one household."""
    by = world.network_admin
    people = {
        "head": entered(world, "王建国", "13900000001", sex="male"),
        "spouse": entered(world, "陈桂英", "13900000002", sex="female"),
        "child": entered(world, "王强", "13900000003", sex="male"),
        "in_law": entered(world, "李梅", "13900000004", sex="female"),
        "grandchild": entered(world, "王小明", "13900000005"),
    }
    home = create_household(world.place(COMMUNITY), number="H1", head=people["head"], by=by)
    for relation, one in people.items():
        if relation != "head":
            place_in_household(one, household=home, relation=relation, by=by)
    for one in people.values():
        one.refresh_from_db()
    return people


def home_of(person: Resident) -> Household:
    person.refresh_from_db()
    assert person.household is not None
    return person.household


def relations(family: dict[str, Resident]) -> dict[str, str]:
    for one in family.values():
        one.refresh_from_db()
    return {was: one.relation for was, one in family.items()}


def test_a_new_head_and_everybody_s_relation_follows(
    world: World, family: dict[str, Resident]
) -> None:
    home = home_of(family["head"])
    change = change_head(home, head=family["child"], by=world.network_admin)
    assert relations(family) == {
        "head": "parent", "spouse": "parent", "child": "head", "in_law": "spouse",
        "grandchild": "child",
    }  # fmt: skip
    undo_household_change(home, change=change, by=world.network_admin)
    assert relations(family) == {name: name for name in family}
    with pytest.raises(Refused) as refusal:
        undo_household_change(home, change=change, by=world.network_admin)
    assert refusal.value.code == "already_undone"


def test_what_the_words_do_not_settle_is_uncertain() -> None:
    assert relation_after("spouse", "head") == ("spouse", True)
    assert relation_after("child", "grandchild") == ("child", False)
    assert relation_after("other", "child") == ("other", False)


def test_the_young_family_splits_off_and_comes_back(
    world: World, family: dict[str, Resident]
) -> None:
    home, by = home_of(family["head"]), world.network_admin
    young = [family["in_law"], family["grandchild"]]
    change = split_household(home, people=young, head=family["child"], by=by)
    new = home_of(family["child"])
    assert (new.number, new.head, new.members.count()) == ("H1-2", family["child"], 3)
    assert home.members.count() == 2
    assert relations(family)["grandchild"] == "child"
    undo_household_change(home, change=change, by=by)
    new.refresh_from_db()
    assert home.members.count() == 5
    assert new.ended_on is not None
    assert relations(family)["grandchild"] == "grandchild"


def test_a_split_is_not_taken_back_once_somebody_moved_on(
    world: World, family: dict[str, Resident]
) -> None:
    home, by = home_of(family["head"]), world.network_admin
    change = split_household(home, people=[], head=family["child"], by=by)
    move_resident(family["child"], to=None, on=timezone.localdate(), by=by)
    with pytest.raises(Refused) as refusal:
        undo_household_change(home, change=change, by=by)
    assert refusal.value.code == "moved_on"


def test_households_merge_and_the_merger_is_taken_back(
    world: World, family: dict[str, Resident]
) -> None:
    home, by = home_of(family["head"]), world.network_admin
    widow = entered(world, "张兰", "13900000009")
    small = create_household(world.place(COMMUNITY), number="H9", head=widow, by=by)
    change = merge_households(small, into=home, by=by)
    small.refresh_from_db()
    assert (home.members.count(), small.head, small.ended_on) == (6, None, timezone.localdate())
    with pytest.raises(Refused) as refusal:
        place_in_household(family["child"], household=small, relation="child", by=by)
    assert refusal.value.code == "household_ended"
    undo_household_change(small, change=change, by=by)
    small.refresh_from_db()
    assert (small.head, small.ended_on, home.members.count()) == (widow, None, 5)


def test_splits_and_mergers_that_make_no_sense_are_refused(
    world: World, family: dict[str, Resident]
) -> None:
    home, by = home_of(family["head"]), world.network_admin
    stranger = entered(world, "张兰", "13900000009")
    other = create_household(world.place(NEIGHBOUR), number="N1", by=world.neighbour_admin)
    tomorrow = timezone.localdate() + timedelta(days=1)
    for code, call in (
        ("everybody", lambda: split_household(
            home, people=list(family.values()), head=family["child"], by=by)),
        ("not_a_member", lambda: split_household(home, people=[stranger], head=stranger, by=by)),
        ("future", lambda: split_household(
            home, people=[], head=family["child"], on=tomorrow, by=by)),
        ("same_household", lambda: merge_households(home, into=home, by=by)),
        ("other_place", lambda: merge_households(home, into=other, by=by)),
        ("same_head", lambda: change_head(home, head=family["head"], by=by)),
        ("not_a_member", lambda: change_head(home, head=stranger, by=by)),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            call()
        assert refusal.value.code == code
    with pytest.raises(PermissionDenied):
        merge_households(home, into=other, by=world.neighbour_admin)
    assert HouseholdChange.objects.count() == 0


def test_the_database_lets_one_person_lead_one_household(
    world: World, family: dict[str, Resident]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Household.objects.create(division_id=COMMUNITY, number="H2", head=family["head"])


def test_a_newborn_joins_the_mother_s_household_with_guardians(
    world: World, family: dict[str, Resident]
) -> None:
    today = timezone.localdate()
    child = register_birth(
        family["in_law"], born_on=today, sex="female", father=family["child"],
        by=world.network_admin,
    )  # fmt: skip
    assert (child.name, child.relation) == ("李梅之女", "grandchild")
    assert child.household == home_of(family["in_law"])
    assert [one.guardian.name for one in guardians_of(child, today)] == ["李梅", "王强"]
    twin = register_birth(family["in_law"], born_on=today, sex="female", by=world.network_admin)
    assert twin.pk != child.pk
    mark_deceased(family["in_law"], on=today, by=world.network_admin)
    assert [one.guardian.name for one in guardians_of(child, today)] == ["王强"]


def test_a_birth_that_cannot_be_is_refused(world: World, family: dict[str, Resident]) -> None:
    today = timezone.localdate()
    for mother, born in (("child", today), ("in_law", today + timedelta(days=1))):
        with pytest.raises(Refused):
            register_birth(family[mother], born_on=born, sex="male", by=world.network_admin)
    with pytest.raises(PermissionDenied):
        register_birth(family["in_law"], born_on=today, sex="male", by=world.neighbour_admin)


def test_a_death_names_the_next_head_and_nobody_writes_to_the_dead(
    world: World, family: dict[str, Resident]
) -> None:
    today = timezone.localdate()
    keys = [one.pk for one in family.values()]
    dead = family["head"]
    mark_deceased(dead, on=today, new_head=family["spouse"], by=world.network_admin)
    home = home_of(family["spouse"])
    assert (home.head, home.members.count()) == (family["spouse"], 4)
    assert living(keys) == set(keys) - {dead.pk}
    assert {key: one.state for key, one in departures(keys).items()} == {dead.pk: "deceased"}


def test_who_returns_gets_the_old_record_back(world: World) -> None:
    today = timezone.localdate()
    place, by = world.place(COMMUNITY), world.network_admin
    chen = add_resident(place, name="陈桂英", values=LAN, by=by)
    move_resident(chen, to=None, on=today, by=by)
    with pytest.raises(Refused) as refusal:
        add_resident(world.place(NEIGHBOUR), name="陈桂英", values=LAN, by=world.neighbour_admin)
    assert refusal.value.code == "already_collected"
    holder = holder_of(LAN["identity_number"])
    assert holder == chen
    neighbour = world.place(NEIGHBOUR)
    return_resident(neighbour, resident=chen, on=today, by=world.neighbour_admin)
    chen.refresh_from_db()
    assert (chen.state, chen.division_id, chen.state_on) == ("live", NEIGHBOUR, None)
    assert [one.kind for one in chen.history.order_by("pk")] == ["entered", "moved_out", "returned"]
    with pytest.raises(Refused) as refusal:
        return_resident(neighbour, resident=chen, on=today, by=world.neighbour_admin)
    assert refusal.value.code == "not_away"


def test_the_database_keeps_one_record_for_life(world: World) -> None:
    chen = add_resident(world.place(COMMUNITY), name="陈桂英", values=LAN, by=world.network_admin)
    mark_deceased(chen, on=timezone.localdate(), by=world.network_admin)
    twin = Resident(division_id=NEIGHBOUR, name="陈桂英")
    twin.put_identity(LAN["identity_number"])
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_registered_here_and_living_elsewhere_stand_in_two_lists(
    world: World, family: dict[str, Resident]
) -> None:
    by, here, there = world.network_admin, range_of(COMMUNITY), range_of(NEIGHBOUR)
    record_registration(family["in_law"], division=world.place(NEIGHBOUR), book="N7", by=by)
    record_registration(family["child"], outside="安徽省阜阳市", by=by)
    record_registration(family["head"], division=world.place(COMMUNITY), book="H1", by=by)
    record_registration(family["spouse"], division=world.place(COMMUNITY), book="H1", by=by)
    set_away(family["spouse"], away=True, on=timezone.localdate(), by=by)
    assert {one.name for one in living_here_registered_elsewhere(here)} == {"李梅", "王强"}
    assert {one.name for one in registered_here_living_elsewhere(here)} == {"陈桂英"}
    assert {one.name for one in registered_here_living_elsewhere(there)} == {"李梅"}
    family["head"].refresh_from_db()
    assert [one.resident.name for one in family["head"].registration.mates] == ["陈桂英"]
    family["child"].refresh_from_db()
    assert family["child"].standing == "non_registered"


def test_a_registration_is_in_one_place(world: World, family: dict[str, Resident]) -> None:
    for said in ({}, {"division": world.place(NEIGHBOUR), "outside": "安徽省"}):
        with pytest.raises(Refused) as refusal:
            record_registration(family["head"], **said, by=world.network_admin)  # type: ignore[arg-type]
        assert refusal.value.code == "one_place"
    with pytest.raises(PermissionDenied):
        record_registration(family["head"], outside="安徽省", by=world.neighbour_admin)


def test_many_are_marked_away_together_or_not_at_all(
    world: World, family: dict[str, Resident]
) -> None:
    place, by, today = world.place(COMMUNITY), world.network_admin, timezone.localdate()
    pair = [family["head"], family["spouse"]]
    assert mark_away(place, people=pair, on=today, by=by) == 2
    with pytest.raises(Refused) as refusal:
        mark_away(place, people=[family["child"], family["head"]], on=today, by=by)
    assert refusal.value.code == "no_change"
    family["child"].refresh_from_db()
    assert family["child"].standing == "registered"


def test_communities_merge_with_households_and_houses_of_the_same_name(world: World) -> None:
    admins = ((COMMUNITY, world.network_admin), (NEIGHBOUR, world.neighbour_admin))
    for key, by in admins:
        add_group(world.place(key), name="一组", by=by)
        create_household(world.place(key), number="H1", address="5组12号", by=by)
    merged = [world.place(key) for key, _by in admins]
    parent = world.place(STREET)
    change = merge_divisions(
        parent, merged=merged, into=NewPlace("新园社区", kind="residents"),
        decision=Decision("通政发〔2026〕1号", timezone.localdate()), by=world.city_bureau,
    )  # fmt: skip
    heir, old = change.division_id, merged[1]
    homes = Household.objects.filter(division_id=heir).order_by("pk")
    assert [one.number for one in homes] == ["H1", f"{old.short_name}H1"]
    houses = [one.dwelling.address for one in homes if one.dwelling]
    assert houses == ["5组12号", f"{old.short_name}5组12号"]
    assert Group.objects.filter(division_id=heir, name="一组").count() == 2
