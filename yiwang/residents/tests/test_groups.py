"""Grids, groups and dwellings of a community: built, moved, merged, ended, assigned."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from tests.world import COMMUNITY, NEIGHBOUR, STREET, World
from yiwang.core.errors import Refused
from yiwang.residents.actions import (
    NewGroup,
    add_building,
    add_dwelling,
    add_group,
    add_resident,
    assign_group,
    change_group,
    describe_dwelling,
    end_group,
    import_groups,
    merge_dwellings,
    merge_groups,
    move_group,
    review_addresses,
    settle_address,
)
from yiwang.residents.models import AddressQuestion, Dwelling, Group
from yiwang.residents.reads.housing import blocks, homes, same_block, staircases

DAY = date(2026, 1, 4)


@pytest.fixture
def grid(world: World) -> Group:
    return add_group(
        world.place(COMMUNITY), name="第一网格", leader_name="王网格员", starts_on=DAY,
        by=world.network_admin,
    )  # fmt: skip


def under(world: World, parent: Group | None, name: str) -> Group:
    place, by = world.place(COMMUNITY), world.network_admin
    return add_group(place, name=name, kind="residents", parent=parent, starts_on=DAY, by=by)


def test_a_tree_has_any_depth_and_a_branch_moves_whole(world: World, grid: Group) -> None:
    chain = [grid]
    for name in ("东片", "一组", "甲段", "乙段"):
        chain.append(under(world, chain[-1], name))
    assert [one.depth for one in chain] == [0, 1, 2, 3, 4]
    other = under(world, None, "第二网格")
    move_group(chain[1], parent=other, by=world.network_admin)
    chain[4].refresh_from_db()
    assert chain[4].path == f"{other.pk}/" + "".join(f"{one.pk}/" for one in chain[1:])
    assert set(Group.objects.all().under(other)) == {other, *chain[1:]}
    with pytest.raises(Refused) as refusal:
        move_group(other, parent=chain[4], by=world.network_admin)
    assert refusal.value.code == "inside_itself"


def test_two_groups_merge_and_their_dwellings_follow(world: World, grid: Group) -> None:
    by, place = world.network_admin, world.place(COMMUNITY)
    other = under(world, None, "第二网格")
    small = under(world, other, "三组")
    house = add_dwelling(place, address="人民中路88号", group=other, by=by)
    merge_groups(other, into=grid, on=date(2026, 3, 1), by=by)
    for one in (other, small, house):
        one.refresh_from_db()
    assert (other.ended_on, other.successor) == (date(2026, 3, 1), grid)
    assert (small.parent, house.group) == (grid, grid)
    assert other.stands_on(date(2026, 2, 1))
    assert not other.stands_on(date(2026, 3, 2))


def test_a_group_ends_with_a_date_when_nothing_is_below_it(world: World, grid: Group) -> None:
    by = world.network_admin
    child = under(world, grid, "一组")
    with pytest.raises(Refused) as refusal:
        end_group(grid, on=date(2026, 2, 1), by=by)
    assert refusal.value.code == "has_children"
    with pytest.raises(Refused) as refusal:
        end_group(child, on=date(2025, 2, 1), by=by)
    assert refusal.value.code == "ends_before_it_began"
    house = add_dwelling(world.place(COMMUNITY), address="人民中路88号", group=child, by=by)
    end_group(child, on=date(2026, 2, 1), by=by)
    house.refresh_from_db()
    assert house.group == grid
    with pytest.raises(Refused) as refusal:
        change_group(child, name="二组", by=by)
    assert refusal.value.code == "group_ended"
    under(world, grid, "一组")  # the name is free again


def test_names_are_given_once_and_by_the_community_alone(world: World, grid: Group) -> None:
    by = world.network_admin
    for name, code in (("第一网格", "name_taken"), (" ", "invalid")):
        with pytest.raises(Refused) as refusal:
            add_group(world.place(COMMUNITY), name=name, by=by)
        assert refusal.value.code == code
    with pytest.raises(PermissionDenied):
        add_group(world.place(COMMUNITY), name="别的", by=world.neighbour_admin)
    with pytest.raises(PermissionDenied):
        end_group(grid, on=DAY, by=world.neighbour_admin)
    with pytest.raises(PermissionDenied):
        add_group(world.place(STREET), name="街道的", by=by)
    child = under(world, grid, "一组")
    with pytest.raises(IntegrityError), transaction.atomic():
        Group.objects.create(
            division_id=COMMUNITY, parent=grid, name="一组", starts_on=DAY, path="x/"
        )
    assert change_group(child, name="甲组", leader_name="李四", by=by).leader_name == "李四"


def test_a_workbook_of_groups_is_taken_whole_or_not(world: World, grid: Group) -> None:
    place, by = world.place(COMMUNITY), world.network_admin
    rows = [
        NewGroup("第一网格"),
        NewGroup("东片", above="第一网格"),
        NewGroup("一组", above="东片"),
    ]
    assert import_groups(place, rows=rows, by=by) == 2
    assert import_groups(place, rows=rows, by=by) == 0
    with pytest.raises(Refused) as refusal:
        import_groups(place, rows=[NewGroup("西片"), NewGroup("二组", above="没有")], by=by)
    assert refusal.value.code == "no_group"
    assert not Group.objects.filter(name="西片").exists()


def test_dwellings_and_so_their_people_belong_to_a_group(world: World, grid: Group) -> None:
    place, by = world.place(COMMUNITY), world.network_admin
    person = add_resident(
        place, name="王强", values={"phone": "13900012345", "home_address": "南园新村12幢302室"},
        by=by,
    )  # fmt: skip
    assert person.dwelling is not None
    assert assign_group(place, group=grid, dwellings=[person.dwelling], by=by) == 1
    person.dwelling.refresh_from_db()
    assert person.dwelling.group == grid
    elsewhere = Dwelling.at(NEIGHBOUR, "濠东绿苑1幢101室")
    with pytest.raises(Refused) as refusal:
        assign_group(place, group=grid, dwellings=[elsewhere], by=by)
    assert refusal.value.code == "other_place"
    with pytest.raises(Refused) as refusal:
        describe_dwelling(elsewhere, group=grid, by=world.neighbour_admin)
    assert refusal.value.code == "other_place"


def test_a_building_is_entered_at_once_and_shown_as_it_stands(world: World, grid: Group) -> None:
    place, by = world.place(COMMUNITY), world.network_admin
    made = add_building(
        place, place="南园新村", building="12", units=2, floors=11, rooms=2, group=grid, by=by
    )
    assert made == 44
    assert add_building(
        place, place="南园新村", building="12", units=2, floors=11, rooms=2, by=by
    ) == 0  # fmt: skip
    add_resident(
        place, name="王强", by=by,
        values={"phone": "13900012345", "home_address": "南园新村12栋1单元1002"},
    )  # fmt: skip
    assert Dwelling.objects.count() == 44, "written otherwise, the same place"
    (block,) = blocks(Dwelling.objects.all())
    assert (block.dwellings, block.people, block.empty) == (44, 1, 43)
    first, second = staircases(homes(same_block(block.first)))
    assert (first.unit, second.unit) == ("1", "2")
    assert [floor for floor, _rooms in first.floors][:3] == ["11", "10", "9"]
    assert [home.dwelling.room for home in first.floors[1][1]] == ["1001", "1002"]
    with pytest.raises(Refused) as refusal:
        add_building(place, place="大厦", building="1", units=9, floors=99, rooms=9, by=by)
    assert refusal.value.code == "too_many"


def test_an_unclear_address_is_asked_and_never_changed_silently(world: World) -> None:
    place, by = world.place(COMMUNITY), world.network_admin
    texts = {
        "南园新村3幢2单元501室": None,
        "濠东社区5幢302室": "other_place",
        "老粮站后面": "unread",
        "南园新村3幢靠河边": "left_over",
    }
    for text in texts:
        Dwelling.at(COMMUNITY, text)
    assert review_addresses(place, by=by) == 4
    assert review_addresses(place, by=by) == 0
    asked = {one.dwelling.address: one.topic for one in AddressQuestion.objects.all()}
    assert asked == {text: topic for text, topic in texts.items() if topic}
    question = AddressQuestion.objects.get(topic="left_over")
    assert question.suggestion["parts"] == {"estate": "南园新村", "building": "3"}
    assert question.suggestion["rest"] == "靠河边"
    with pytest.raises(Refused) as refusal:
        settle_address(question, parts={}, by=by)
    assert refusal.value.code == "invalid"
    settle_address(question, parts={"estate": "南园新村", "building": "３"}, by=by)
    question.dwelling.refresh_from_db()
    assert (question.dwelling.building, question.dwelling.address) == ("3", "南园新村3幢靠河边")
    with pytest.raises(Refused) as refusal:
        settle_address(question, parts={"estate": "x"}, by=by)
    assert refusal.value.code == "already_settled"
    with pytest.raises(PermissionDenied):
        review_addresses(place, by=world.neighbour_admin)


def test_a_place_written_twice_becomes_one(world: World) -> None:
    by = world.network_admin
    one, two = Dwelling.at(COMMUNITY, "老粮站后面"), Dwelling.at(COMMUNITY, "粮站老宿舍")
    person = add_resident(
        world.place(COMMUNITY), name="王强", by=by,
        values={"phone": "13900012345", "home_address": "粮站老宿舍"},
    )  # fmt: skip
    merge_dwellings(two, into=one, by=by)
    person.refresh_from_db()
    assert person.dwelling == one
    assert Dwelling.objects.count() == 1
    with pytest.raises(Refused) as refusal:
        merge_dwellings(one, into=one, by=by)
    assert refusal.value.code == "same_dwelling"
