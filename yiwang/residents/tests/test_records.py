"""Source records, decisions, taking back, and the register made anew from the records."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import CHONGCHUAN, CITY, COMMUNITY, LAN, NEIGHBOUR, World
from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine, Parameter
from yiwang.core.models.law import forget_law
from yiwang.residents.actions import (
    add_resident,
    change_resident,
    confirm_field,
    decide_field,
    mark_deceased,
    move_resident,
    recompute_residents,
    record_facts,
    undo_import,
    undo_record,
)
from yiwang.residents.actions.settling import COLUMNS
from yiwang.residents.models import ImportBatch, Nature, Resident, Source, SourceRecord
from yiwang.residents.reads import known_fields
from yiwang.residents.rules.identity import check_digit

from .test_imports import loaded, workbook

ADDRESS = "易家桥新村12幢302室"


@pytest.fixture
def chen(world: World) -> Resident:
    return add_resident(
        world.place(COMMUNITY), name="陈桂英", values={**LAN, "home_address": ADDRESS},
        source="visit", by=world.network_admin,
    )  # fmt: skip


def held(person: Resident, code: str) -> Any:
    return known_fields(person, [code], timezone.localdate()).get(code)


def health_file(world: World, person: Resident, **values: str) -> None:
    """A list of the health department, taken in by the city's office."""
    record_facts(
        person, values=values, source_kind="department", source_label="卫健名单",
        owner=world.unit(CHONGCHUAN, "health"), purpose="慢病管理", reference="file:7",
        by=world.city_window,
    )  # fmt: skip


def test_an_arrival_is_one_record_with_owner_collector_day_and_purpose(
    world: World, chen: Resident
) -> None:
    health_file(world, chen, chronic_disease="hypertension", phone="13900001234")
    record = SourceRecord.objects.latest("pk")
    assert record.owner == world.unit(CHONGCHUAN, "health")
    assert record.collected_by == world.city_window.label
    assert (record.purpose, record.reference, record.source) == ("慢病管理", "file:7", "卫健名单")
    assert set(record.codes) == {"chronic_disease", "phone"}
    assert "13900001234" not in str(record.sealed)
    assert SourceRecord.objects.filter(resident=chen).count() == 2


@pytest.mark.parametrize(
    ("said", "code"),
    [({"source_kind": "rumour"}, "invalid"), ({"collected_on": date(2999, 1, 1)}, "future")],
)
def test_no_unknown_door_and_no_day_to_come(
    world: World, chen: Resident, said: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        record_facts(
            chen,
            values={"employer": "x"},
            by=world.network_admin,
            **{"source_kind": "visit"} | said,
        )
    assert refusal.value.code == code


def test_a_file_does_not_overrule_what_the_community_keeps_itself(
    world: World, chen: Resident
) -> None:
    health_file(world, chen, phone="13900001234")
    chen.refresh_from_db()
    assert chen.phone == LAN["phone"]
    assert (held(chen, "phone").disputed, held(chen, "phone").others) == (False, 1)


def test_the_owner_of_a_field_is_believed_before_the_community(
    world: World, chen: Resident
) -> None:
    change_resident(chen, changes={"chronic_disease": "diabetes"}, by=world.network_admin)
    health_file(world, chen, chronic_disease="hypertension")
    assert held(chen, "chronic_disease").value == "hypertension"


def test_what_a_resident_tells_waits_for_a_person_who_decides(world: World, chen: Resident) -> None:
    record_facts(
        chen, values={"phone": "13900001234"}, source_kind="resident", by=world.network_admin
    )
    chen.refresh_from_db()
    assert (chen.phone, chen.disputed) == (LAN["phone"], ["phone"])
    assert list(Resident.objects.visible_to(world.network_admin).in_dispute()) == [chen]
    told = SourceRecord.objects.latest("pk")
    decide_field(chen, field="phone", record=told.pk, reason="当面核对", by=world.network_admin)
    assert (chen.phone, chen.disputed) == ("13900001234", [])
    decision = SourceRecord.objects.latest("pk")
    assert (decision.nature, decision.about, decision.reason) == (Nature.DECIDED, told, "当面核对")
    line = JournalLine.objects.latest("pk")
    assert (line.act, line.facts["field"], line.reason) == ("residents.decide", "phone", "当面核对")


def test_a_decision_needs_a_reason_and_a_word_that_was_told(world: World, chen: Resident) -> None:
    record, by = SourceRecord.objects.get().pk, world.network_admin
    for field, number, reason, code in (
        ("phone", record, " ", "reason_needed"),
        ("employer", record, "当面核对", "no_such_word"),
        ("phone", record + 99, "当面核对", "no_such_word"),
    ):
        with pytest.raises(Refused) as refusal:
            decide_field(chen, field=field, record=number, reason=reason, by=by)
        assert refusal.value.code == code
    with pytest.raises(PermissionDenied):
        decide_field(chen, field="phone", record=record, reason="当面", by=world.neighbour_admin)
    mark_deceased(chen, on=timezone.localdate(), by=by)
    with pytest.raises(Refused, match="已去世"):
        decide_field(chen, field="phone", record=record, reason="当面核对", by=by)


def test_a_confirmation_by_the_community_verifies_what_a_resident_told(
    world: World, chen: Resident
) -> None:
    by = world.network_admin
    record_facts(chen, values={"employer": "益民超市"}, source_kind="resident", by=by)
    assert not held(chen, "employer").verified
    confirm_field(chen, field="employer", source="resident", by=by)
    assert not held(chen, "employer").verified
    confirm_field(chen, field="employer", by=by)
    assert held(chen, "employer").verified


def test_the_last_word_of_ones_own_is_taken_back(world: World, chen: Resident) -> None:
    by = world.network_admin
    change_resident(chen, changes={"phone": "13900001234", "employer": "益民超市"}, by=by)
    wrong = SourceRecord.objects.latest("pk")
    with pytest.raises(Refused) as refusal:
        undo_record(chen, record=wrong.pk, by=world.city_window.within_act("residents.confirm"))
    assert refusal.value.code == "not_own"
    undo_record(chen, record=wrong.pk, by=by)
    assert (chen.phone, held(chen, "employer")) == (LAN["phone"], None)
    assert SourceRecord.objects.filter(pk=wrong.pk).exists()
    with pytest.raises(Refused) as refusal:
        undo_record(chen, record=SourceRecord.objects.earliest("pk").pk, by=by)
    assert refusal.value.code == "first_record"
    with pytest.raises(PermissionDenied):
        undo_record(chen, record=wrong.pk, by=world.bureau_clerk)


def test_what_was_told_long_ago_or_before_something_else_is_not_taken_back(
    world: World, chen: Resident
) -> None:
    by = world.network_admin
    change_resident(chen, changes={"phone": "13900001234"}, by=by)
    wrong = SourceRecord.objects.latest("pk").pk
    with circumstances(at=timezone.now() + timedelta(days=8)), pytest.raises(Refused) as refusal:
        undo_record(chen, record=wrong, by=by)
    assert refusal.value.code == "too_late"
    confirm_field(chen, field="phone", by=by)
    with pytest.raises(Refused) as refusal:
        undo_record(chen, record=wrong, by=by)
    assert refusal.value.code == "not_the_last"


def test_an_import_leaves_one_record_a_person_with_everything_in_it(world: World) -> None:
    head = ["姓名", "身份证", "手机", "住址", "民族", "紧急联系人电话"]
    liu = "320690194806150025"
    row = ["刘凤英", liu, "13900000001", ADDRESS, "汉族", "13900000009"]
    loaded(
        world,
        workbook([row, ["王强", "", "13900000002", "", "", ""]], head),
    )
    records = SourceRecord.objects.filter(resident__name="刘凤英")
    record = records.get()
    told = {code: record.says(code) for code in record.codes}
    assert told == {
        "name": "刘凤英", "sex": "female", "born_on": "1948-06-15", "identity_number": liu,
        "phone": "13900000001", "home_address": ADDRESS, "ethnicity": "han",
        "emergency_phone": "13900000009",
    }  # fmt: skip
    assert record.owner == world.unit(COMMUNITY, "committee")
    assert record.batch is not None
    for secret in (liu, "13900000001", ADDRESS):
        assert secret not in str((record.values_open, record.sealed))


def test_a_new_order_of_trust_changes_the_register_when_it_is_recomputed(
    world: World, chen: Resident
) -> None:
    health_file(world, chen, phone="13900001234")
    city = world.place(CITY)
    assert recompute_residents(city, by=Actor.system()).changed == 0
    Parameter.objects.create(
        rule_id="residents.trusted.phone", effective_from="2004-01-01", unit="order",
        value=["health", "visit"], source="试行", confidence="ours", name="电话",
    )  # fmt: skip
    forget_law()
    done = recompute_residents(city, by=Actor.system())
    forget_law()
    assert (done.people, done.changed, done.held_back) == (1, 1, ())
    chen.refresh_from_db()
    assert chen.phone == "13900001234"
    with pytest.raises(PermissionDenied):
        recompute_residents(city, by=world.network_admin)


def test_recomputing_leaves_whose_number_another_record_holds(world: World) -> None:
    place, by = world.place(COMMUNITY), world.network_admin
    first = add_resident(place, name="王强", values={"phone": "13900000001"}, by=by)
    taken = {"identity_number": LAN["identity_number"]}
    SourceRecord.objects.put(first, taken, Source("window"))
    add_resident(place, name="陈桂英", values=LAN, by=by)
    other = add_resident(place, name="王二", values={"phone": "13900000003"}, by=by)
    Resident.objects.filter(pk=other.pk).update(sex="male")
    done = recompute_residents(place, by=Actor.system())
    assert (done.changed, done.held_back) == (1, (first.pk,))
    other.refresh_from_db()
    assert other.sex == ""


# ---------- the register is a function of its records ----------

FIELDS = {
    "name": ["陈桂英", "陈佳英", "歐陽娜"],
    "phone": ["13900000001", "13900000002", "13900000003"],
    "home_address": [ADDRESS, "濠东路8号", "群贤村3组5号"],
    "born_on": ["1947-03-12", "1950-01-01"],
    "sex": ["female", "male"],
    "employer": ["益民超市", "市一院"],
    "chronic_disease": ["hypertension", "diabetes"],
}
words = st.sampled_from([(code, value) for code, values in FIELDS.items() for value in values])
people = st.integers(0, 2)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("tell"), people, words, st.sampled_from(
            ["visit", "window", "call", "earlier", "resident", "department"]
        ), st.sampled_from([0, 1, 200, 500])),
        st.tuples(st.just("correct"), people, words),
        st.tuples(st.just("empty"), people, st.sampled_from(["phone", "home_address", "employer"])),
        st.tuples(st.just("confirm"), people, words),
        st.tuples(st.just("decide"), people, words, st.integers(0, 5)),
        st.tuples(st.just("undo"), people),
        st.tuples(st.just("move"), people, st.booleans()),
        st.tuples(st.just("import")),
        st.tuples(st.just("file"), people, words),
        st.tuples(st.just("undo import")),
    ),
    min_size=1, max_size=9,
)  # fmt: skip


class Walk:
    """Random arrivals, one act after the other; what the rules refuse is simply not done."""

    def __init__(self, world: World) -> None:
        self.world, self.by = world, Actor.system()
        self.batches: list[ImportBatch] = []
        self.number = 0
        place = world.place(COMMUNITY)
        add_resident(place, name="陈桂英", values={**LAN, "home_address": ADDRESS},
                     source="visit", by=world.network_admin)  # fmt: skip
        add_resident(place, name="王强", birth_year=1980, by=world.network_admin)
        self.load()

    def load(self) -> None:
        self.number += 1
        born = f"1960{self.number:02d}15"
        body = f"320690{born}001"
        row = [f"刘{'一二三四五六七八九十甲'[self.number % 11]}", body + check_digit(body),
               f"1380000{self.number:04d}", ADDRESS, "益民超市"]  # fmt: skip
        head = ["姓名", "身份证", "手机", "住址", "工作单位"]
        self.batches.append(loaded(self.world, workbook([row], head)))

    def person(self, index: int) -> Resident:
        found = list(Resident.objects.not_withdrawn().select_related("dwelling").order_by("pk"))
        return found[index % len(found)]

    def do(self, step: tuple[Any, ...]) -> None:
        name, *rest = step
        if name == "import":
            self.load()
        elif name == "undo import":
            if self.batches:
                undo_import(self.batches[-1], by=self.by)
                self.batches.pop()
        else:
            getattr(self, name)(self.person(rest[0]), *rest[1:])

    def tell(self, person: Resident, word: tuple[str, str], kind: str, ago: int) -> None:
        owner = self.world.unit(CHONGCHUAN, "health") if kind == "department" else None
        day = timezone.localdate() - timedelta(days=ago)
        record_facts(person, values=dict([word]), source_kind=kind, owner=owner,
                     collected_on=day, by=self.world.network_admin.within_act("residents.confirm"))  # fmt: skip

    def correct(self, person: Resident, word: tuple[str, str]) -> None:
        change_resident(person, changes=dict([word]), by=self.by)

    def empty(self, person: Resident, code: str) -> None:
        change_resident(person, changes={code: ""}, by=self.by)

    def confirm(self, person: Resident, word: tuple[str, str]) -> None:
        confirm_field(person, field=word[0], by=self.by)

    def decide(self, person: Resident, word: tuple[str, str], index: int) -> None:
        records = list(person.source_records.order_by("pk"))
        number = records[index % len(records)].pk
        decide_field(person, field=word[0], record=number, reason="当面核对", by=self.by)

    def undo(self, person: Resident) -> None:
        last = person.source_records.latest("pk")
        mine = self.world.network_admin.within_act("residents.confirm")
        undo_record(person, record=last.pk, by=mine)

    def move(self, person: Resident, with_address: bool) -> None:
        there = NEIGHBOUR if person.division_id == COMMUNITY else COMMUNITY
        address = "濠东路9号" if with_address else ""
        day = timezone.localdate() - timedelta(days=3)
        move_resident(person, to=self.world.place(there), on=day, home_address=address, by=self.by)

    def file(self, person: Resident, word: tuple[str, str]) -> None:
        if self.batches and person.batch_id != self.batches[-1].pk:
            record_facts(person, values=dict([word]), source_kind="department",
                         batch=self.batches[-1], by=self.by)  # fmt: skip


def register() -> list[tuple[Any, ...]]:
    """Everything derived, of everybody, in a form that can be compared."""
    today, rows = timezone.localdate(), []
    for person in Resident.objects.not_withdrawn().select_related("dwelling").order_by("pk"):
        columns = [getattr(person, name) for name in COLUMNS]
        known = known_fields(person, FIELDS, today)
        rows.append((person.pk, person.division_id, columns, known))
    return rows


BLANK = {name: None for name in COLUMNS if name not in {"name_tokens", "disputed"}} | {
    "name": "?", "name_pinyin": "", "name_initials": "", "sex": "", "name_tokens": [],
    "disputed": ["name"], "birth_year": None,
}  # fmt: skip


@given(steps)
@settings(
    max_examples=15, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_the_register_recomputed_from_its_records_is_identical(
    world: World, taken: list[tuple[Any, ...]]
) -> None:
    with transaction.atomic():
        walk = Walk(world)
        for step in taken:
            try:
                with transaction.atomic():
                    walk.do(step)
            except Refused:
                continue
        before = register()
        Resident.objects.not_withdrawn().update(**BLANK)
        done = recompute_residents(world.place(CITY), by=Actor.system())
        assert done.held_back == ()
        assert done.changed == len(before)
        assert register() == before
        assert recompute_residents(world.place(CITY), by=Actor.system()).changed == 0
        transaction.set_rollback(True)
