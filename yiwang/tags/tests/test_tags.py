"""Tags by hand: evidence, validity, who may; sensitive ones stay hidden; kinds are data."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.world import CHONGCHUAN, CITY, COMMUNITY, NEIGHBOUR, STREET, World
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.linkage.actions import merge_residents
from yiwang.residents.actions import (
    change_resident,
    mark_deceased,
    move_resident,
    record_facts,
)
from yiwang.residents.models import Resident, SourceRecord, all_fields
from yiwang.residents.reads import known_fields
from yiwang.tags.actions import (
    confirm_tag,
    end_tag,
    make_visit_list,
    open_visit_list,
    recompute,
    record_visit,
    reveal_tags,
    save_kind,
    set_tag,
)  # fmt: skip
from yiwang.tags.models import Tag, TagKind
from yiwang.tags.reads import (
    Asked,
    kinds_with_counts,
    last_visits,
    listed,
    people_with_tag,
    tagged_residents,
    tags_of,
)  # fmt: skip

from .families import home, person

TODAY = timezone.localdate


def kind_of(code: str) -> TagKind:
    return TagKind.objects.get(code=code)


@pytest.fixture
def man(world: World) -> Resident:
    return person(world, "王一", "1970-01-01")


def disabled(world: World, resident: Resident, **said: Any) -> Tag:
    told = {"variant": "physical", "grade": "two", "evidence": "32060119700101001242", **said}
    return set_tag(resident, kind=kind_of("disabled"), by=world.network_admin, **told)


def test_kinds_and_grades_of_disability_have_the_codes_of_the_dictionary() -> None:
    """GB/T 26341: the tag and the field of the register say the same with the same codes."""
    kind, fields = kind_of("disabled"), all_fields()
    kinds = {one.code for one in fields["disability_kind"].choices} - {"none"}
    # Several at once are one variant of the tag, and several answers of the field.
    assert {one["code"] for one in kind.variants} == kinds | {"multiple"}
    grades = {one.code for one in fields["disability_grade"].choices} - {"none"}
    assert {one["code"] for one in kind.grades} == grades


def test_a_tag_with_evidence_lies_encrypted_and_gets_its_validity(
    world: World, man: Resident
) -> None:
    tag = disabled(world, man)
    assert tag.valid_until is not None
    assert tag.valid_until.year == TODAY().year + 10
    assert tag.label == "残疾人 · 肢体残疾 · 二级"
    held = Tag.objects.filter(pk=tag.pk)
    assert held.get().evidence == "32060119700101001242"
    assert held.extra(where=["position('1970' in encode(evidence, 'escape')) > 0"]).count() == 0


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"evidence": " "}, "evidence_needed"),
        ({"grade": "9"}, "invalid"),
        ({"variant": ""}, "invalid"),
        ({"since": date(2999, 1, 1)}, "future"),
        ({"since": date(2001, 1, 1)}, "ended_before"),
        ({"valid_until": date(2020, 1, 1)}, "ended_before"),
    ],
)
def test_what_is_missing_or_wrong_is_refused(
    world: World, man: Resident, said: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        disabled(world, man, **said)
    assert refusal.value.code == code
    assert not Tag.objects.exists()


def test_the_same_tag_twice_is_refused_here_and_by_the_database(
    world: World, man: Resident
) -> None:
    tag = disabled(world, man)
    with pytest.raises(Refused) as refusal:
        disabled(world, man)
    assert refusal.value.code == "has_it"
    tag.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        tag.save(force_insert=True)


def test_a_tag_cannot_lie_elsewhere_than_its_resident(world: World, man: Resident) -> None:
    tag = disabled(world, man)
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.filter(pk=tag.pk).update(division_id=NEIGHBOUR)


def test_tags_handed_to_another_resident_go_to_her_division(world: World, man: Resident) -> None:
    tag = disabled(world, man)
    other = person(world, "王一", "1970-01-01", NEIGHBOUR)
    Tag.objects.filter(pk=tag.pk).update(resident=other)
    tag.refresh_from_db()
    assert (tag.resident_id, tag.division_id) == (other.pk, NEIGHBOUR)


def test_neither_the_neighbour_nor_a_window_sets_it(world: World, man: Resident) -> None:
    window = world.actor(Role.WINDOW, COMMUNITY, "service_centre")
    for by in (world.neighbour_admin, window):
        with pytest.raises(PermissionDenied):
            set_tag(man, kind=kind_of("veteran"), variant="war", evidence="1", by=by)
    with pytest.raises(PermissionDenied):
        set_tag(man, kind=kind_of("mental_illness"), evidence="卫1", by=world.network_admin)


def test_a_tag_ends_by_hand_with_a_reason_and_its_trace_stays(world: World, man: Resident) -> None:
    tag = disabled(world, man)
    for said, code in (
        ({"reason": ""}, "reason_needed"),
        ({"reason": "证件注销", "on": date(2999, 1, 1)}, "future"),
        ({"reason": "证件注销", "on": TODAY() - timedelta(days=3)}, "ended_before"),
    ):
        with pytest.raises(Refused) as refusal:
            end_tag(tag, by=world.network_admin, **said)
        assert refusal.value.code == code
    end_tag(tag, reason="证件注销", by=world.network_admin)
    assert [one.what for one in tag.events.all()] == ["ended", "set"]
    with pytest.raises(Refused, match="已经结束"):
        end_tag(tag, reason="证件注销", by=world.network_admin)
    with pytest.raises(PermissionDenied):
        end_tag(tag, reason="证件注销", by=world.neighbour_admin)


def test_what_a_rule_has_set_is_not_ended_by_hand(world: World) -> None:
    old = person(world, "陈桂英", "1940-01-01")
    recompute(world.place(COMMUNITY), by=world.network_admin)
    tag = Tag.objects.get(resident=old, kind__code="senior")
    with pytest.raises(Refused) as refusal:
        end_tag(tag, reason="不是老年人", by=world.network_admin)
    assert refusal.value.code == "rule_sets_it"


def test_a_review_makes_it_valid_from_today(world: World, man: Resident) -> None:
    kind = kind_of("subsistence")
    since = TODAY() - timedelta(days=200)
    tag = set_tag(man, kind=kind, since=since, evidence="低1", by=world.network_admin)
    before = tag.valid_until
    confirm_tag(tag, evidence="低2", by=world.network_admin)
    assert tag.valid_until is not None
    assert before is not None
    assert tag.valid_until > before
    with pytest.raises(Refused):
        confirm_tag(tag, valid_until=date(2020, 1, 1), by=world.network_admin)
    with pytest.raises(PermissionDenied):
        confirm_tag(tag, by=world.neighbour_admin)


def test_a_sensitive_tag_and_its_count_are_for_the_named_roles_alone(
    world: World, man: Resident
) -> None:
    disabled(world, man)
    window = world.actor(Role.WINDOW, COMMUNITY, "service_centre")
    committee = world.actor(Role.COMMITTEE, COMMUNITY, "committee")
    for blind in (window, committee):
        assert tags_of(man, blind) == []
        codes = {one.kind.code for one in kinds_with_counts(blind, COMMUNITY, TODAY())}
        assert "disabled" not in codes
        assert not people_with_tag(kind_of("disabled"), blind, TODAY()).exists()
        assert not tagged_residents(["disabled"], blind).exists()
    worker = world.actor(Role.WORKER, COMMUNITY, "committee")
    (count,) = [
        one for one in kinds_with_counts(worker, COMMUNITY, TODAY()) if one.kind.code == "disabled"
    ]
    assert count.people == 1
    assert [tag.kind.code for tag in tags_of(man, worker)] == ["disabled"]
    assert not tagged_residents(["disabled"], world.neighbour_admin).exists()


def test_looking_at_sensitive_tags_is_journaled_with_the_reason(
    world: World, man: Resident
) -> None:
    disabled(world, man)
    with pytest.raises(Refused):
        reveal_tags(man, reason="", by=world.network_admin)
    reveal_tags(man, reason="上门送辅具", by=world.network_admin)
    line = JournalLine.objects.filter(act="tags.reveal").get()
    assert line.reason == "上门送辅具"
    assert line.facts["kinds"] == ["disabled"]
    with pytest.raises(PermissionDenied):
        reveal_tags(man, reason="上门送辅具", by=world.neighbour_admin)


def test_a_child_s_sensitive_tag_asks_for_the_guardian(world: World) -> None:
    child = person(world, "张小宝", "2018-05-06")
    assert child.is_minor
    kind = kind_of("child_in_need")
    with pytest.raises(Refused) as refusal:
        set_tag(child, kind=kind, evidence="认1", by=world.network_admin)
    assert refusal.value.code == "guardian_needed"
    set_tag(child, kind=kind, evidence="认1", guardian="张强", by=world.network_admin)
    assert SourceRecord.objects.filter(
        resident=child, values_open__has_key="guardian_name"
    ).exists()


def test_of_a_child_a_list_shows_the_surname_alone(world: World) -> None:
    child, adult = person(world, "张小宝", "2018-05-06"), person(world, "王一", "1970-01-01")
    home(world, "12幢302室", child)
    child.refresh_from_db()
    assert (listed(child).name, listed(child).phone) == ("张**", "")
    assert listed(child).address == ""
    assert listed(adult).name == "王*"
    assert listed(adult).phone.startswith("139")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (Asked(), {"王一", "李二"}),
        (Asked(variant="war"), {"王一"}),
        (Asked(age_from=60), {"李二"}),
        (Asked(age_below=60), {"王一"}),
        (Asked(house="12幢"), {"李二"}),
        (Asked(due="expiring"), {"李二"}),
        (Asked(since_to=date(2026, 1, 31)), {"李二"}),
        (Asked(since_from=date(2026, 2, 1)), {"王一"}),
        (Asked(place=NEIGHBOUR), set()),
        (Asked(place=STREET, unvisited_days=30), {"王一", "李二"}),
    ],
)
def test_a_list_is_narrowed(world: World, asked: Asked, names: set[str]) -> None:
    first, second = person(world, "王一", "1970-01-01"), person(world, "李二", "1950-01-01")
    from yiwang.residents.actions import change_resident

    change_resident(
        second, changes={"home_address": "南园新村12幢302室"}, source="window",
        by=world.network_admin,
    )  # fmt: skip
    kind, by = kind_of("veteran"), world.network_admin
    set_tag(first, kind=kind, variant="war", evidence="1", since=date(2026, 3, 1), by=by)
    set_tag(
        second, kind=kind, variant="family", evidence="2", since=date(2026, 1, 5),
        valid_until=TODAY() + timedelta(days=5), by=by,
    )  # fmt: skip
    found = people_with_tag(kind, by, TODAY(), asked)
    assert {one.name for one in found} == names


def test_a_visit_list_is_handed_out_and_worked_off(world: World, man: Resident) -> None:
    disabled(world, man)
    by, kind, place = world.network_admin, kind_of("disabled"), world.place(COMMUNITY)
    people = list(people_with_tag(kind, by, TODAY()))
    visits = make_visit_list(place, kind=kind, residents=people, by=by)
    assert visits.title == "南园社区残疾人走访单"
    with pytest.raises(Refused):
        open_visit_list(visits, reason="", by=by)
    open_visit_list(visits, reason="上门走访", by=by)
    (stop,) = visits.stops.all()
    record_visit(visits, stop=stop.pk, text="身体尚好", by=by)
    assert last_visits([man]) == {man.pk: TODAY()}
    assert not people_with_tag(kind, by, TODAY(), Asked(unvisited_days=7)).exists()
    with pytest.raises(Refused, match="已经登记"):
        record_visit(visits, stop=stop.pk, by=by)
    with pytest.raises(PermissionDenied):
        record_visit(visits, stop=stop.pk, by=world.neighbour_admin)
    with pytest.raises(PermissionDenied):
        open_visit_list(visits, reason="上门走访", by=world.neighbour_admin)


def test_a_visit_list_of_nobody_or_of_others_is_refused(world: World, man: Resident) -> None:
    by, kind, place = world.network_admin, kind_of("elder"), world.place(COMMUNITY)
    other = person(world, "李二", "1950-01-01", NEIGHBOUR)
    for residents, code in (([], "nobody"), ([other], "elsewhere")):
        with pytest.raises(Refused) as refusal:
            make_visit_list(place, kind=kind, residents=residents, by=by)
        assert refusal.value.code == code
    with pytest.raises(PermissionDenied):
        make_visit_list(place, kind=kind, residents=[man], by=world.neighbour_admin)


def test_the_city_adds_a_kind_with_a_rule_and_without_code(world: World) -> None:
    young = person(world, "张小宝", "2020-05-06")
    city = world.place(CITY)
    content = {
        "name": "学龄前儿童", "name_en": "Preschool child", "group": "child",
        "rule": {"sets": {"age_below": 6, "age_from": 3}},
    }  # fmt: skip
    kind = save_kind(city, code="preschool", content=content, by=world.city_bureau)
    recompute(world.place(COMMUNITY), on=date(2025, 5, 6), by=world.network_admin)
    assert Tag.objects.live().filter(resident=young, kind=kind).exists()
    changed = save_kind(city, code="preschool", content={"name": "幼儿"}, by=world.city_bureau)
    assert changed.number == 2
    assert [one.content["name"] for one in changed.versions.all()] == ["幼儿", "学龄前儿童"]
    same = save_kind(city, code="preschool", content={"name": "幼儿"}, by=world.city_bureau)
    assert same.number == 2


@pytest.mark.parametrize(
    ("code", "content", "refused"),
    [
        ("Ä", {}, "invalid"),
        ("x_kind", {"name": "某"}, "invalid"),
        ("elder", {"sensitive": True}, "nobody_sees"),
        ("elder", {"rule": {"sets": {"age_from": "no.such"}}}, "unreadable_rule"),
        ("elder", {"rule": {"sets": {"castle": 1}}}, "unreadable_rule"),
        ("elder", {"rule": {"sets": {"fact": {"field": "care_level", "any": ["x"]}}}},
         "unreadable_rule"),
        ("veteran", {"rule": {"sets": {"age_from": 20}}}, "unreadable_rule"),
    ],
)  # fmt: skip
def test_a_kind_that_does_not_hold_together_is_refused(
    world: World, code: str, content: dict[str, Any], refused: str
) -> None:
    with pytest.raises(Refused) as refusal:
        save_kind(world.place(CITY), code=code, content=content, by=world.city_bureau)
    assert refusal.value.code == refused


def test_a_county_may_not_change_the_city_s_kinds(world: World) -> None:
    county = world.actor(Role.CIVIL_AFFAIRS, CHONGCHUAN, "civil_affairs")
    for by in (county, world.network_admin):
        with pytest.raises(PermissionDenied):
            save_kind(world.place(CITY), code="elder", content={"name": "老人"}, by=by)


def test_visits_drop_the_dead_and_departed(world: World) -> None:
    by, kind = world.network_admin, kind_of("elder")
    people = [person(world, name, "1940-01-01") for name in ("王一", "王二", "王三", "王四")]
    dead, gone, stays, earlier = people
    mark_deceased(earlier, on=TODAY(), by=by)
    visits = make_visit_list(
        world.place(COMMUNITY), kind=kind, residents=list(Resident.objects.order_by("pk")), by=by
    )
    assert list(visits.stops.values_list("resident_id", flat=True)) == [
        dead.pk, gone.pk, stays.pk,
    ]  # fmt: skip
    day = TODAY() - timedelta(days=2)
    mark_deceased(dead, on=day, by=by)
    move_resident(gone, to=None, on=day, by=by)
    assert [one.resident_id for one in visits.stops.standing()] == [stays.pk]
    stop = visits.stops.get(resident=dead)
    with pytest.raises(Refused) as refusal:
        record_visit(visits, stop=stop.pk, by=by)
    assert refusal.value.code == "departed"
    record_visit(visits, stop=stop.pk, on=day - timedelta(days=1), text="生前走访", by=by)
    with pytest.raises(Refused) as nobody:
        make_visit_list(world.place(COMMUNITY), kind=kind, residents=[gone], by=by)
    assert nobody.value.code == "nobody"


def test_a_visit_told_to_a_merged_record_counts_for_the_one_that_goes_on(world: World) -> None:
    by, kind = world.network_admin, kind_of("disabled")
    one, twin = (person(world, name, "1940-01-01") for name in ("王一", "王二"))
    disabled(world, one)
    record_facts(twin, values={"phone": "13900012345"}, source_kind="visit", by=by)
    asked = Asked(unvisited_days=30)
    assert list(people_with_tag(kind, by, TODAY(), asked)) == [one]
    merge_residents(one, other=twin, by=by)
    assert list(people_with_tag(kind, by, TODAY(), asked)) == []


def test_a_certificate_the_register_holds_is_not_asked_again(world: World) -> None:
    by, kind = world.network_admin, kind_of("veteran")
    holder, newcomer = person(world, "王一", "1970-01-01"), person(world, "李二", "1950-01-01")
    change_resident(holder, changes={"veteran_certificate": "苏优A001"}, source="window", by=by)
    assert set_tag(holder, kind=kind, variant="war", by=by).evidence == "苏优A001"
    with pytest.raises(Refused) as refusal:
        set_tag(newcomer, kind=kind, variant="war", by=by)
    assert refusal.value.code == "evidence_needed"
    set_tag(newcomer, kind=kind, variant="war", evidence="苏优A002", by=by)
    known = known_fields(newcomer, ["veteran_certificate"], TODAY())
    assert known["veteran_certificate"].value == "苏优A002"
