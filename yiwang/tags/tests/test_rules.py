"""Rules that set and end tags by themselves, with a trace of what they stood on."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from tests.world import COMMUNITY, NEIGHBOUR, STREET, World
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.residents.actions import (
    change_resident,
    mark_deceased,
    move_resident,
    place_in_household,
)  # fmt: skip
from yiwang.residents.models import Resident
from yiwang.tags.actions import except_from_rule, lift_exception, recompute, set_tag
from yiwang.tags.jobs import recompute_changed, recompute_city
from yiwang.tags.models import Tag, TagEvent, TagKind
from yiwang.tags.rules import InvalidRule, months_after, read_rule

from .families import home, person

DAY = date(2026, 11, 23)


def kinds_of(resident: Resident) -> set[str]:
    return set(Tag.objects.live().filter(resident=resident).values_list("kind__code", flat=True))


def run(world: World, on: date = DAY, key: int = COMMUNITY) -> tuple[int, int]:
    done = recompute(world.place(key), on=on, by=world.network_admin)
    return done.was_set, done.was_ended


def test_eighty_is_reached_on_the_birthday_and_not_before(world: World) -> None:
    chen = person(world, "陈桂英", "1946-11-24")
    run(world)
    assert kinds_of(chen) == {"elder"}
    run(world, date(2026, 11, 24))
    assert kinds_of(chen) == {"elder", "senior"}


def test_someone_known_by_the_year_alone_counts_from_that_year(world: World) -> None:
    old = person(world, "王一", "1946-01-01")
    Resident.objects.filter(pk=old.pk).update(born_on=None, birth_year=1946)
    run(world)
    assert "senior" in kinds_of(old)


def test_who_is_left_alone_is_found_living_alone(world: World) -> None:
    she, he = person(world, "李梅", "1950-02-03"), person(world, "张强", "1948-05-06")
    home(world, "7", she, he)
    run(world)
    assert "empty_nest" in kinds_of(she)
    assert "living_alone" not in kinds_of(she)
    mark_deceased(he, on=date(2026, 11, 20), by=world.network_admin)
    assert run(world)[1] == 2
    assert "living_alone" in kinds_of(she)
    assert kinds_of(he) == set()
    tag = Tag.objects.get(resident=she, kind__code="living_alone")
    assert tag.facts["members"] == 1
    trace = TagEvent.objects.get(tag=tag)
    assert (trace.what, trace.facts["members"], trace.by_label) == ("set", 1, "规则")


def test_a_grandchild_moving_in_ends_the_empty_nest(world: World) -> None:
    she, he = person(world, "李梅", "1950-02-03"), person(world, "张强", "1948-05-06")
    house = home(world, "7", she, he)
    run(world)
    child = person(world, "张小宝", "2018-05-06")
    place_in_household(child, household=house, relation="grandchild", by=world.network_admin)
    run(world)
    assert "empty_nest" not in kinds_of(she)
    ended = Tag.objects.get(resident=she, kind__code="empty_nest")
    assert (ended.ended_on, ended.end_reason) == (DAY, "rule")
    assert TagEvent.objects.filter(tag=ended, what="ended").get().facts["members"] == 3


def test_a_second_run_changes_nothing(world: World) -> None:
    home(world, "7", person(world, "李梅", "1950-02-03"))
    person(world, "张小宝", "2018-05-06", standing="migrant")
    assert run(world) == (5, 0)
    assert run(world) == (0, 0)


def test_a_child_turns_fourteen_and_the_mark_ends(world: World) -> None:
    child = person(world, "张小宝", "2012-11-24")
    run(world)
    assert "minor" in kinds_of(child)
    run(world, date(2026, 11, 24))
    assert "minor" not in kinds_of(child)


def test_a_left_behind_child_of_sixteen_is_one_no_longer_whoever_said_so(world: World) -> None:
    child = person(world, "张小宝", "2010-11-24")
    kind = TagKind.objects.get(code="left_behind")
    set_tag(child, kind=kind, evidence="父母在苏州务工", by=world.network_admin)
    run(world)
    assert "left_behind" in kinds_of(child)
    run(world, date(2026, 11, 26))
    assert "left_behind" not in kinds_of(child)


def test_a_corrected_birth_date_takes_the_tag_away(world: World) -> None:
    wrong = person(world, "王一", "1940-01-01")
    run(world)
    change_resident(wrong, changes={"born_on": "1970-01-01"}, by=world.network_admin)
    run(world)
    assert kinds_of(wrong) == set()


def test_what_expired_ends(world: World) -> None:
    man = person(world, "王一", "1990-01-01")
    kind = TagKind.objects.get(code="veteran")
    set_tag(
        man, kind=kind, variant="war", evidence="优123", valid_until=date(2030, 1, 1),
        by=world.network_admin,
    )  # fmt: skip
    run(world, date(2030, 1, 1))
    assert kinds_of(man) == {"veteran"}
    run(world, date(2030, 1, 2))
    assert Tag.objects.get(resident=man, kind=kind).end_reason == "expired"


def test_a_tag_follows_the_mover_in_the_same_moment(world: World) -> None:
    """The database carries the division; no list of the old community shows it any more."""
    chen = person(world, "陈桂英", "1940-01-01")
    run(world)
    city_wide = world.actor(Role.TOWNSHIP_NETWORK, STREET, "civil_affairs")
    move_resident(chen, to=world.place(NEIGHBOUR), on=date(2026, 11, 1), by=city_wide)
    assert set(Tag.objects.filter(resident=chen).values_list("division_id", flat=True)) == {
        NEIGHBOUR
    }
    assert not Tag.objects.visible_to(world.network_admin).exists()
    assert Tag.objects.visible_to(world.neighbour_admin).count() == 2


def test_an_exception_ends_the_tag_and_keeps_the_rule_away(world: World) -> None:
    she = person(world, "李梅", "1950-02-03")
    home(world, "7", she)
    run(world)
    kind = TagKind.objects.get(code="living_alone")
    with pytest.raises(Refused) as refusal:
        except_from_rule(she, kind=kind, reason="住", by=world.network_admin)
    assert refusal.value.code == "reason_needed"
    made = except_from_rule(she, kind=kind, reason="女儿每天同住", by=world.network_admin)
    assert "living_alone" not in kinds_of(she)
    run(world)
    assert "living_alone" not in kinds_of(she)
    lift_exception(made, by=world.network_admin)
    run(world)
    assert "living_alone" in kinds_of(she)


def test_an_exception_where_no_rule_is_or_a_second_one_is_refused(world: World) -> None:
    she = person(world, "李梅", "1950-02-03")
    veteran, elder = TagKind.objects.get(code="veteran"), TagKind.objects.get(code="elder")
    with pytest.raises(Refused, match="没有自动规则"):
        except_from_rule(she, kind=veteran, reason="不是优抚对象", by=world.network_admin)
    except_from_rule(she, kind=elder, reason="出生日期有误", by=world.network_admin)
    with pytest.raises(Refused, match="已经登记过"):
        except_from_rule(she, kind=elder, reason="出生日期有误", by=world.network_admin)
    with pytest.raises(PermissionDenied):
        except_from_rule(she, kind=elder, reason="出生日期有误", by=world.neighbour_admin)


def test_the_neighbour_may_not_run_the_rules_here(world: World) -> None:
    with pytest.raises(PermissionDenied):
        recompute(world.place(COMMUNITY), by=world.neighbour_admin)


def test_soon_after_a_change_the_community_is_looked_at(world: World) -> None:
    chen = person(world, "陈桂英", "1940-01-01")
    assert recompute_changed() == 2
    assert kinds_of(chen) == {"elder", "senior"}
    assert recompute_changed() == 0


def test_at_night_the_whole_city_is(world: World) -> None:
    here, there = (
        person(world, "陈桂英", "1940-01-01"),
        person(world, "王一", "1940-01-01", NEIGHBOUR),
    )
    assert recompute_city() == 4
    assert kinds_of(here) == kinds_of(there) == {"elder", "senior"}


@pytest.mark.parametrize(
    "table",
    [
        {"gives": {}}, {"sets": {"years": 3}}, {"sets": {"home": "castle"}},
        {"sets": {"age_from": 200}}, {"sets": {"sex": "x"}},
    ],
)  # fmt: skip
def test_a_rule_nobody_can_read_is_refused(table: dict[str, object]) -> None:
    with pytest.raises(InvalidRule):
        read_rule(table)


def test_months_stay_within_the_month() -> None:
    assert months_after(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 5, 15), 12) == date(2027, 5, 15)
