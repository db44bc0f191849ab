"""What is due where, and who is asked whether she is entered already."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.world import COMMUNITY, NEIGHBOUR, STREET, World
from yiwang.core.errors import Refused
from yiwang.divisions.rules import range_of
from yiwang.residents.actions import add_resident, confirm_field, record_facts
from yiwang.residents.models import Resident
from yiwang.residents.reads import due_counts, due_fields, due_people, likely_duplicates
from yiwang.residents.rules.likeness import Traits, birth_likeness, likeness, name_likeness

BORN = date(1947, 3, 12)


def settled(world: World, number: int, address: str, days: int) -> Resident:
    """Somebody whose telephone and address were last verified some days ago."""
    person = add_resident(
        world.place(COMMUNITY), name="王强", values={"born_on": f"1960-01-{number:02d}"},
        surely_new=True, by=world.network_admin,
    )  # fmt: skip
    record_facts(
        person, values={"phone": f"1390000{number:04d}", "home_address": address},
        source_kind="visit", collected_on=timezone.localdate() - timedelta(days=days),
        by=world.network_admin,
    )  # fmt: skip
    return person


def test_due_people_stand_in_the_order_one_walks(world: World) -> None:
    today = timezone.localdate()
    far = settled(world, 1, "易家桥新村3幢302室", 400)
    near = settled(world, 2, "易家桥新村3幢201室", 366)
    settled(world, 3, "易家桥新村3幢101室", 365)
    other = settled(world, 4, "易家桥新村12幢101室", 500)
    by = world.network_admin
    assert list(due_people(by, today, building="3")) == [near, far]
    assert set(due_people(by, today, division=STREET)) == {far, near, other}
    assert not due_people(world.neighbour_admin, today)
    counts = due_counts(range_of(STREET), today)
    assert [(one.division_id, one.people, one.due) for one in counts] == [(COMMUNITY, 4, 3)]
    houses = due_counts(range_of(COMMUNITY), today, by_building=True)
    assert {one.building: (one.people, one.due) for one in houses} == {"3": (3, 2), "12": (1, 1)}
    assert counts[0].fresh_share == 0.25


def test_a_confirmation_takes_a_person_off_the_list_at_once(world: World) -> None:
    today, by = timezone.localdate(), world.network_admin
    person = settled(world, 1, "易家桥新村3幢302室", 400)
    assert {one.code for one in due_fields([person], today)[person.pk]} == {"phone", "home_address"}
    for field in ("phone", "home_address"):
        assert person in due_people(by, today)
        confirm_field(person, field=field, by=by)
    assert not due_people(by, today)
    assert person.fresh_until == today + timedelta(days=365)


@pytest.mark.parametrize(
    ("other", "least", "most"),
    [
        (Traits("陈桂英", BORN), 100, 100),
        (Traits("陈桂瑛", BORN), 85, 99),
        (Traits("陈桂英", date(1947, 12, 3)), 85, 99),
        (Traits("陈桂英", date(1947, 3, 11)), 85, 99),
        (Traits("陈桂英", date(1947, 8, 1)), 50, 84),
        (Traits("陈桂英", date(1951, 8, 22)), 0, 0),
        (Traits("陈桂英", phone=b"1"), 100, 100),
        (Traits("王强", BORN), 0, 84),
        (Traits("王强", phone=b"1"), 0, 84),
        (Traits("陈桂英"), 0, 0),
    ],
)
def test_likeness_asks_about_slips_and_not_about_namesakes(
    other: Traits, least: int, most: int
) -> None:
    assert least <= likeness(Traits("陈桂英", BORN, b"1"), other) <= most


def test_the_same_sound_is_alike_and_unknown_births_say_nothing() -> None:
    assert name_likeness("陈桂英", "陈桂瑛") > name_likeness("陈桂英", "陈佳英") > 0.5
    assert birth_likeness(BORN, None) is None


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("陈桂瑛", {"born_on": "1947-03-12"}),
        ("陈桂英", {"born_on": "1947-12-03"}),
        ("陈桂英", {"phone": "15400008830"}),
    ],
)
def test_a_homophone_an_exchanged_day_and_a_telephone_ask_city_wide(
    world: World, name: str, values: dict[str, str]
) -> None:
    known: dict[str, Any] = {"born_on": "1947-03-12", "phone": "15400008830"}
    chen = add_resident(world.place(COMMUNITY), name="陈桂英", values=known, by=world.network_admin)
    with pytest.raises(Refused) as refusal:
        add_resident(world.place(NEIGHBOUR), name=name, values=values, by=world.neighbour_admin)
    assert refusal.value.code == "maybe_collected"
    assert "%" in str(refusal.value)
    born = date.fromisoformat(values["born_on"]) if "born_on" in values else None
    found = likely_duplicates(name=name, born_on=born, phone=values.get("phone", ""))
    assert [one.resident for one in found] == [chen]
    assert found[0].percent >= 85
