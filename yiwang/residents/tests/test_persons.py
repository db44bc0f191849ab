"""Entering, correcting, confirming and revealing: done, refused, not allowed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from tests.world import COMMUNITY, LAN, NEIGHBOUR, STREET, World
from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.residents.actions import (
    add_resident,
    change_resident,
    confirm_field,
    record_facts,
    reveal_field,
)
from yiwang.residents.models import Resident, Source, SourceRecord
from yiwang.residents.reads import find_residents, known_fields

WANG = {"identity_number": "320690198001010015", "phone": "13900001234"}


@pytest.fixture
def chen(world: World) -> Resident:
    return add_resident(
        world.place(COMMUNITY),
        name="陈桂英",
        values={**LAN, "home_address": "易家桥新村12幢302室"},
        source="visit",
        by=world.network_admin,
    )


def test_a_migrant_worker_is_a_member_with_a_phone_number_only(world: World) -> None:
    worker = add_resident(
        world.place(COMMUNITY),
        name="王强",
        values={"phone": "１３９ ０００１ ２３４５"},
        standing="migrant",
        by=world.network_admin,
    )
    assert worker.is_live
    assert worker.phone == "13900012345"
    assert find_residents("2345", world.network_admin) == [worker]


def test_the_identity_number_tells_birth_and_sex_and_lies_encrypted(chen: Resident) -> None:
    assert str(chen.born_on) == "1947-03-12"
    assert chen.sex == "female"
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity FROM residents_resident WHERE id = %s", [chen.pk])
        stored = bytes(cursor.fetchone()[0])
    assert LAN["identity_number"].encode() not in stored
    chen.refresh_from_db()
    assert chen.identity == LAN["identity_number"]


def test_every_value_is_a_fact_with_its_source(world: World, chen: Resident) -> None:
    known = known_fields(chen, ["name", "phone", "home_address", "ethnicity"], timezone.localdate())
    assert set(known) == {"name", "phone", "home_address"}
    assert known["phone"].source_kind == "visit"
    assert known["phone"].masked == "154****8830"
    assert known["home_address"].masked == "易家桥新村12幢**室"
    assert known["phone"].fresh
    assert known["name"].due_on is None


def test_a_value_past_its_time_is_no_longer_fresh(chen: Resident) -> None:
    later = timezone.localdate() + timedelta(days=400)
    known = known_fields(chen, ["phone", "name"], later)
    assert not known["phone"].fresh
    assert known["phone"].mark == "old"
    assert known["name"].fresh


def test_one_person_has_one_record_in_the_city(world: World, chen: Resident) -> None:
    with pytest.raises(Refused, match="已采集") as refusal:
        add_resident(
            world.place(NEIGHBOUR),
            name="陈桂英",
            values={"identity_number": LAN["identity_number"].replace("6", "６")},
            by=world.neighbour_admin,
        )
    assert refusal.value.code == "already_collected"
    assert "南园社区" in str(refusal.value)
    assert "陈桂英" not in str(refusal.value)
    assert Resident.objects.count() == 1


def test_the_database_itself_refuses_a_second_record_of_a_number(chen: Resident) -> None:
    twin = Resident(division_id=NEIGHBOUR, name="陈桂英")
    twin.put_identity(LAN["identity_number"])
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_a_likeness_asks_and_an_answer_settles_it(world: World, chen: Resident) -> None:
    place, by = world.place(NEIGHBOUR), world.neighbour_admin
    with pytest.raises(Refused) as refusal:
        add_resident(place, name="陈桂英", values={"born_on": "1947-3-12"}, by=by)
    assert refusal.value.code == "maybe_collected"
    other = add_resident(
        place, name="陈桂英", values={"born_on": "1947-3-12"}, surely_new=True, by=by
    )
    assert other.pk != chen.pk


@pytest.mark.parametrize(
    ("name", "values", "code", "field"),
    [
        ("王强", {}, "too_little", "identity_number"),
        ("", {"phone": "13900012345"}, "invalid", "name"),
        ("😀", {"phone": "13900012345"}, "invalid", "name"),
        ("名" * 101, {"phone": "13900012345"}, "invalid", "name"),
        ("王强", {"identity_number": "32069019800101001Y"}, "invalid", "identity_number"),
        ("王强", {"phone": "1390001"}, "invalid", "phone"),
        ("王强", {"born_on": "1980-02-30"}, "invalid", "born_on"),
        ("王强", {"born_on": "2999-01-01"}, "invalid", "born_on"),
        ("王强", {**WANG, "born_on": "1981-01-01"}, "invalid", "born_on"),
        ("王强", {"shoe_size": "43"}, "invalid", "shoe_size"),
    ],
)
def test_wrong_input_is_refused_by_field(
    world: World, name: str, values: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        add_resident(world.place(COMMUNITY), name=name, values=values, by=world.network_admin)
    assert refusal.value.code == code
    assert field in refusal.value.fields
    assert not Resident.objects.exists()


def test_rare_characters_are_kept_whole(world: World) -> None:
    person = add_resident(
        world.place(COMMUNITY), name="𠮷田䶮", values=WANG, by=world.network_admin
    )
    person.refresh_from_db()
    assert person.name == "𠮷田䶮"
    assert find_residents("田䶮", world.network_admin) == [person]


def test_nobody_lives_in_a_street_office(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        add_resident(world.place(STREET), name="王强", values=WANG, by=Actor.system())
    assert refusal.value.code == "not_a_community"


def test_another_community_may_not_enter_people_here(world: World) -> None:
    with pytest.raises(PermissionDenied):
        add_resident(world.place(COMMUNITY), name="王强", values=WANG, by=world.neighbour_admin)


def test_a_correction_is_found_at_once_and_keeps_what_was(world: World, chen: Resident) -> None:
    change_resident(
        chen, changes={"phone": "13900001234", "ethnicity": "汉族"}, by=world.network_admin
    )
    assert find_residents("13900001234", world.network_admin) == [chen]
    assert find_residents(LAN["phone"], world.network_admin) == []
    assert sum("phone" in one.codes for one in SourceRecord.objects.of([chen])) == 2
    known = known_fields(chen, ["ethnicity"], timezone.localdate())
    assert known["ethnicity"].value == "han"
    assert known["ethnicity"].masked == "汉族"


def test_saving_a_form_unchanged_leaves_no_fact(world: World, chen: Resident) -> None:
    before = SourceRecord.objects.count()
    change_resident(chen, changes={"phone": LAN["phone"]}, by=world.network_admin)
    assert SourceRecord.objects.count() == before


def test_a_correction_cannot_take_another_persons_number(world: World, chen: Resident) -> None:
    other = add_resident(world.place(COMMUNITY), name="王强", values=WANG, by=world.network_admin)
    with pytest.raises(Refused) as refusal:
        change_resident(
            other, changes={"identity_number": LAN["identity_number"]}, by=world.network_admin
        )
    assert refusal.value.code == "already_collected"


def test_a_bureau_may_not_correct_the_register(world: World, chen: Resident) -> None:
    with pytest.raises(PermissionDenied):
        change_resident(chen, changes={"phone": "13900001234"}, by=world.bureau_clerk)


def test_one_tap_makes_a_value_fresh_again(world: World, chen: Resident) -> None:
    old = timezone.localdate() - timedelta(days=500)
    SourceRecord.objects.put(
        chen, {"bank_account": "6228480402564890018"}, Source("earlier", on=old)
    )
    assert not known_fields(chen, ["bank_account"], timezone.localdate() + timedelta(days=400))[
        "bank_account"
    ].fresh
    confirm_field(chen, field="bank_account", by=world.network_admin)
    known = known_fields(chen, ["bank_account"], timezone.localdate())["bank_account"]
    assert known.collected_on == timezone.localdate()
    assert known.fresh
    assert known.source_kind == "earlier"


def test_what_is_not_held_cannot_be_confirmed(world: World, chen: Resident) -> None:
    with pytest.raises(Refused) as refusal:
        confirm_field(chen, field="employer", by=world.network_admin)
    assert refusal.value.code == "nothing_held"


def test_what_a_matter_asked_is_known_afterwards(world: World, chen: Resident) -> None:
    record_facts(
        chen,
        values={"living_situation": "独居", "wanted_services": "meals", "phone": ""},
        source_kind="earlier",
        source_label="居家养老服务补贴申请",
        by=world.network_admin,
    )
    known = known_fields(
        chen, ["living_situation", "wanted_services", "phone"], timezone.localdate()
    )
    assert known["living_situation"].source == "居家养老服务补贴申请"
    assert "wanted_services" not in known
    assert known["phone"].value == LAN["phone"]


def test_looking_behind_the_mask_needs_a_reason_and_is_journaled(
    world: World, chen: Resident
) -> None:
    with pytest.raises(Refused) as refusal:
        reveal_field(chen, field="phone", reason=" ", by=world.network_admin)
    assert refusal.value.code == "reason_needed"
    shown = reveal_field(chen, field="phone", reason="回访助餐需求", by=world.network_admin)
    assert shown == LAN["phone"]
    line = JournalLine.objects.filter(act="residents.reveal").get()
    assert line.reason == "回访助餐需求"
    assert line.facts["field"] == "phone"
    assert line.subject_id == str(chen.pk)
    assert LAN["phone"] not in str(line.facts)


def test_the_neighbour_may_search_but_not_look_behind_the_mask(
    world: World, chen: Resident
) -> None:
    assert find_residents("陈桂英", world.neighbour_admin) == []
    assert find_residents("陈桂英", world.neighbour_admin, everywhere=True) == [chen]
    with pytest.raises(PermissionDenied):
        reveal_field(chen, field="phone", reason="想看一看号码", by=world.neighbour_admin)


def test_the_same_key_twice_enters_one_person(world: World) -> None:
    def enter() -> Any:
        with circumstances(idempotency_key="form-1"):
            return add_resident(
                world.place(COMMUNITY), name="王强", values=WANG, by=world.network_admin
            )

    assert enter() == enter()
    assert Resident.objects.count() == 1


def test_facts_cannot_be_rewritten_by_the_application(world: World, chen: Resident) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        SourceRecord.objects.filter(resident=chen).update(values_open={})


@pytest.mark.parametrize(
    "text",
    ["陈桂英", "桂英", "陈", "chenguiying", "cgy", "cheng", LAN["identity_number"], LAN["phone"],
     "8830", "0026", "154 0000 8830", "３２０６９０１９４７０３１２００２６"],
)  # fmt: skip
def test_one_box_finds_by_every_shape(world: World, chen: Resident, text: str) -> None:
    assert find_residents(text, world.network_admin) == [chen]


@pytest.mark.parametrize("text", ["", " ", "%", "王", "wang", "99999", "13800000000", "'; --"])
def test_what_nobody_is_called_finds_nobody(world: World, chen: Resident, text: str) -> None:
    assert find_residents(text, world.network_admin) == []


def test_the_last_four_of_the_phone_are_known_without_the_phone(chen: Resident) -> None:
    assert chen.phone_last4_matches("８８30")
    assert not chen.phone_last4_matches("8831")
    assert not chen.phone_last4_matches("")
