"""The merger of 2020, from the list before it to the list after it (issue 2, point 5)."""

from datetime import date

import pytest

from yiwang.divisions.actions import (
    Decision,
    NewPlace,
    Way,
    decide_review,
    merge_divisions,
    recode_division,
)
from yiwang.divisions.models import Division, Review, Succession
from yiwang.divisions.reads import carriers, predecessors_on, successors_on, tallies
from yiwang.divisions.sheets import load_city, read_listed

from .conftest import DATA, place

DAY = date(2020, 7, 3)
BEFORE = date(2019, 12, 31)
DECISION = Decision("国函〔2020〕79号；苏政发〔2020〕60号", DAY)
CHONGCHUAN_OLD, GANGZHA, HAIMEN_OLD = 320602_000_000, 320611_000_000, 320684_000_000
CHONGCHUAN, HAIMEN = 320613_000_000, 320614_000_000


@pytest.fixture
def listing():
    return read_listed(DATA / "nantong_divisions.csv")


@pytest.fixture
def changes(nantong_2020, clerk, listing):
    merged = [Division.objects.get(pk=key) for key in (CHONGCHUAN_OLD, GANGZHA)]
    into = NewPlace("崇川区", "320613")
    merger = merge_divisions(
        nantong_2020, merged=merged, into=into, listing=listing, decision=DECISION, by=clerk
    )
    recoding = recode_division(
        place("海门市"), code="320614", name="海门区", listing=listing, decision=DECISION, by=clerk
    )
    return merger, recoding


def communities(*counties: int):
    for county in counties:
        yield from Division.objects.under(county).filter(level=5)


def test_every_place_of_the_old_areas_has_a_successor(changes):
    old = Division.objects.filter(valid_to=date(2020, 7, 2))
    assert old.count() == 207 + 332
    assert not old.filter(successors_by=None).exists()


def test_places_the_new_list_names_equal_are_equal_in_name_key_and_code(changes, listing):
    county_rows = [row for row in listing if row.key // 10**6 in (320613, 320614)]
    found = Division.objects.current().in_bulk([row.key for row in county_rows])
    assert {key: one.name for key, one in found.items()} == {
        row.key: row.name for row in county_rows
    }
    names = {row.name: row.key for row in county_rows if row.key % 1000}
    equal = [one for one in communities(CHONGCHUAN_OLD, GANGZHA, HAIMEN_OLD) if one.name in names]
    assert len(equal) == 161 + 293
    for one in equal:
        heir = Succession.objects.get(predecessor=one).successor
        assert (heir.pk, heir.name) == (names[one.name], one.name)


def test_what_names_cannot_decide_waits_for_a_person(changes):
    merger, recoding = changes
    topics = Review.objects.values_list("topic", "change_id")
    assert list(topics).count(("unmatched", merger.pk)) == 21
    assert list(topics).count(("newcomer", merger.pk)) == 17
    assert list(topics).count(("unmatched", recoding.pk)) == 5
    assert list(topics).count(("newcomer", recoding.pk)) == 3
    assert all(review.division.valid_to is None for review in Review.objects.all())


def test_a_report_for_2019_still_shows_gangzha(changes):
    counties = Division.objects.on(BEFORE).filter(level=3).values_list("name", flat=True)
    assert {"港闸区", "海门市"} <= set(counties)
    assert "海门区" not in counties
    assert Division.objects.on(BEFORE).filter(level=5).count() == 2002


def test_figures_bound_to_gangzha_are_carried_by_chongchuan(changes):
    assert carriers([GANGZHA, CHONGCHUAN_OLD], date(2021, 1, 1)) == {
        GANGZHA: (CHONGCHUAN,),
        CHONGCHUAN_OLD: (CHONGCHUAN,),
    }
    assert carriers([GANGZHA], BEFORE) == {GANGZHA: (GANGZHA,)}
    assert [one.pk for one in successors_on(GANGZHA, date(2021, 1, 1))] == [CHONGCHUAN]
    assert [one.pk for one in predecessors_on(CHONGCHUAN, BEFORE)] == [CHONGCHUAN_OLD, GANGZHA]


def test_old_codes_end_on_the_eve_and_new_ones_begin_on_the_day(changes):
    old = Division.objects.get(pk=GANGZHA).codes.get(scheme="nbs")
    new = Division.objects.get(pk=CHONGCHUAN).codes.get(scheme="nbs")
    assert (old.valid_to, new.valid_from) == (date(2020, 7, 2), DAY)
    assert Division.objects.get(pk=HAIMEN).codes.get(scheme="gbt2260").code == "320614"


def test_a_person_joins_a_carried_place_to_its_newcomer(changes, clerk):
    review = Review.objects.get(division__name="果园社区", topic="unmatched")
    heir = Division.objects.get(pk=review.candidates[0])
    decision = Decision("崇政发〔2021〕8号", date(2021, 5, 1))
    decide_review(review, way=Way.HEIR, heir=heir, decision=decision, by=clerk)
    assert heir.name == "果园村社区"
    assert Review.objects.get(pk=review.pk).state == "decided"
    assert carriers([320602_008_017], date(2022, 1, 1)) == {320602_008_017: (heir.pk,)}


def test_the_city_with_its_history_arrives_at_the_list_of_2023(db, listing):
    load_city()
    now = Division.objects.current().in_city()
    assert {one.pk: one.name for one in now} == {row.key: row.name for row in listing}
    assert Division.objects.on(date(2017, 1, 1)).filter(pk=320685_000_000).exists()
    assert Division.objects.get(name="海安市").former_name == "海安县"
    assert not Review.objects.filter(topic__in=("renamed", "absent")).exists()
    core = Division.objects.current().filter(level=3, urban_core=True)
    assert set(core.values_list("short_name", flat=True)) == {"崇川区", "开发区"}


def test_loading_the_city_again_changes_nothing(db):
    load_city()
    before = list(Division.objects.values_list("pk", "name", "valid_from", "valid_to"))
    again = load_city()
    assert again.changes == 0
    assert list(Division.objects.values_list("pk", "name", "valid_from", "valid_to")) == before


def test_an_ended_place_still_counts_what_lay_in_it(changes):
    gangzha = Division.objects.get(pk=GANGZHA)
    assert tallies(gangzha, gangzha.valid_to)[GANGZHA].communities == 78
