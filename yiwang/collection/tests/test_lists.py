"""Due lists, people nobody has met, and freshness (INF-07, XCT-07)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.corners import accepted
from tests.world import CHONGCHUAN, COMMUNITY, STREET
from yiwang.collection import actions
from yiwang.collection.jobs import freshness, leave_the_departed
from yiwang.collection.models import FreshnessDay, Purpose
from yiwang.collection.reads.due import due_buildings
from yiwang.collection.reads.freshness import freshness_below, freshness_of
from yiwang.collection.reads.held import of_age, share_of
from yiwang.collection.reads.sheet import sheets_of
from yiwang.collection.reads.unreached import unreached
from yiwang.collection.rules.overlap import Share, is_fresh, shares
from yiwang.core.errors import Refused
from yiwang.linkage.actions import merge_residents
from yiwang.residents.actions import (
    add_resident,
    confirm_field,
    mark_deceased,
    move_resident,
    record_facts,
)
from yiwang.residents.models import Resident, UseLimit
from yiwang.residents.reads import known_fields

from .place import checker, form_for, items_of, opened, settled, task_of, worker

TODAY = timezone.localdate


def test_a_due_list_is_read_by_building(world):
    people = settled(world, 12)
    rows = due_buildings(COMMUNITY, ["phone", "home_address"], TODAY())
    assert [(one.name, one.people, len(one.households)) for one in rows] == [
        ("南园新村1幢", 10, 10),
        ("南园新村2幢", 2, 2),
    ]
    assert rows[0].fields == {"phone": 10, "home_address": 10}
    confirm_field(people[0], field="phone", by=worker(world))
    confirm_field(people[0], field="home_address", by=worker(world))
    assert due_buildings(COMMUNITY, ["phone"], TODAY())[0].people == 9


def test_a_list_of_one_building_leaves_the_others(world):
    settled(world, 12)
    campaign = opened(world, purpose=Purpose.DUE, building="南园新村2幢")
    assert {one.building for one in items_of(campaign)} == {"南园新村2幢"}


def test_freshness_says_what_the_resident_page_says(world):
    """The set-based read and `known_fields` must never differ."""
    people = settled(world, 3)
    record_facts(people[0], values={"phone": "15411112222"}, source_kind="visit", by=worker(world))
    record_facts(
        people[1], values={"employer": "船厂", "pension": "2000"}, source_kind="window",
        by=worker(world),
    )  # fmt: skip
    record_facts(people[2], values={"sex": "male"}, source_kind="visit", by=worker(world))
    codes = ["phone", "home_address", "employer", "pension", "sex", "identity_number"]
    rows = Resident.objects.live().filter(division_id=COMMUNITY)
    found = share_of(rows, codes, TODAY())
    for code in codes:
        known = [known_fields(person, [code], TODAY()).get(code) for person in rows]
        fresh = sum(1 for one in known if one and one.fresh)
        missing = sum(1 for one in known if one is None)
        share = found[code]
        assert (share.fresh, share.missing, share.due) == (fresh, missing, 3 - fresh - missing)


def test_freshness_is_measured_at_night_and_added_up(world):
    settled(world, 3)
    assert freshness_of(world.place(STREET)).shares == {}
    assert freshness() == 3
    assert freshness() == 3
    street = freshness_of(world.place(STREET))
    live = freshness_of(world.place(COMMUNITY))
    assert street.on == TODAY()
    assert {code: share.as_dict() for code, share in street.shares.items()} == {
        code: share.as_dict() for code, share in live.shares.items()
    }
    assert (street.shares["phone"].people, street.shares["phone"].due) == (3, 3)
    below = freshness_below(world.place(CHONGCHUAN), ["phone"])
    assert [(place.pk, share.people) for place, share in below] == [(STREET, 3)]
    assert FreshnessDay.objects.filter(division_id=COMMUNITY, field="phone").count() == 1


def test_whom_nobody_met_becomes_a_visit_list(world):
    """XCT-07, with 37 people: a visit, a matter or a word of the resident takes one off it."""
    people = settled(world, 39)
    record_facts(people[0], values={"phone": "15411112222"}, source_kind="visit", by=worker(world))
    confirm_field(people[1], field="phone", by=worker(world))
    rows = Resident.objects.live().filter(division_id=COMMUNITY)
    assert unreached(rows, TODAY()).count() == 37
    campaign = opened(world, purpose=Purpose.UNREACHED, only_due=False)
    items = items_of(campaign)
    assert len(items) == 37
    actions.fill_item(items[0], key="v", answers=form_for(items[0]), base=0, by=worker(world))
    actions.submit_items(task_of(campaign), by=worker(world))
    actions.check_items(task_of(campaign), by=checker(world))
    assert unreached(rows, TODAY()).count() == 36


def test_a_file_of_a_department_is_no_contact_and_a_matter_is_one(world, catalogue):
    person, other = settled(world, 2)
    record_facts(
        person, values={"phone": "15411112222"}, source_kind="department", by=worker(world)
    )
    rows = Resident.objects.live().filter(division_id=COMMUNITY)
    assert set(unreached(rows, TODAY())) == {person, other}
    accepted(world.place(COMMUNITY), other, worker(world))
    assert set(unreached(rows, TODAY())) == {person}


@pytest.mark.parametrize(
    ("born", "age"),
    [("2020-11-20", 6), ("2020-11-21", 5), ("2019-11-21", 6), ("2019-11-20", 7)],
)
def test_ages_are_full_years(world, born, age):
    add_resident(world.place(COMMUNITY), name="小甲", values={"born_on": born}, by=worker(world))
    on, everyone = date(2026, 11, 20), Resident.objects.all()
    inside = [years for years in range(3, 10) if of_age(everyone, years, years, on).exists()]
    assert inside == [age]


DAYS = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2026, 11, 20)))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(DAYS, max_size=30), st.one_of(st.none(), st.integers(1, 900)))
def test_shares_add_up_to_the_people(days, limit):
    on = date(2026, 11, 20)
    held = [{"phone": day} if day else {} for day in days]
    share = shares(held, {"phone": limit}, on, 30)["phone"]
    assert share.people == len(days) == share.fresh + share.due + share.missing
    assert share.soon <= share.fresh
    assert share.fresh == sum(is_fresh(day, limit, on) for day in days)
    assert 0 <= share.percent <= 100


def test_a_value_is_fresh_on_its_last_day_and_not_after():
    since = date(2026, 1, 1)
    assert is_fresh(since, 30, since + timedelta(days=30))
    assert not is_fresh(since, 30, since + timedelta(days=31))
    assert is_fresh(since, None, date(2090, 1, 1))
    assert not is_fresh(None, None, since)
    assert Share().percent == 0


def test_who_may_not_manage_does_not_measure(world):
    with pytest.raises(PermissionDenied):
        actions.measure_freshness(world.place(COMMUNITY), by=world.bureau_clerk)


def test_a_visit_told_to_a_merged_record_is_a_visit_to_the_one_that_goes_on(world):
    person, twin, other = settled(world, 3)
    record_facts(twin, values={"phone": "15411112222"}, source_kind="visit", by=worker(world))
    merge_residents(person, other=twin, by=worker(world))
    rows = Resident.objects.live().filter(division_id=COMMUNITY)
    assert set(unreached(rows, TODAY())) == {other}


def test_nobody_is_sent_to_the_dead_and_departed(world):
    dead, gone, stays = settled(world, 3)
    campaign = opened(world, target="person")
    items = {one.resident_id: one for one in items_of(campaign)}
    assert len(items) == 3
    mark_deceased(dead, on=TODAY(), by=worker(world))
    move_resident(gone, to=None, on=TODAY(), by=worker(world))
    item = items[dead.pk]
    with pytest.raises(Refused) as refusal:
        actions.fill_item(item, key="k", answers={"people": {}}, by=worker(world))
    assert refusal.value.code == "departed"
    assert [one.item.resident_id for one in sheets_of(items_of(campaign))] == [stays.pk]
    assert leave_the_departed() == 1
    states = {one.resident_id: one.state for one in items_of(campaign)}
    assert states == {dead.pk: "dropped", gone.pk: "dropped", stays.pk: "todo"}


def test_a_household_nobody_is_left_in_is_dropped_and_the_work_ends(world):
    (person,) = settled(world, 1)
    campaign = opened(world)
    mark_deceased(person, on=TODAY(), by=worker(world))
    leave_the_departed()
    campaign.refresh_from_db()
    assert (items_of(campaign)[0].state, campaign.state) == ("dropped", "closed")


def test_what_was_restricted_is_neither_shown_nor_asked(world):
    (person,) = settled(world, 1)
    campaign = opened(world)
    UseLimit.objects.create(
        resident=person, kind="restrict", field="phone", reference="request:1", since=TODAY()
    )
    sheet = sheets_of(items_of(campaign))[0].people[0]
    told = {one.field.code: one for one in sheet.fields}
    assert "限制使用" in told["phone"].now
    assert sheet.needed == ["home_address"]
