"""Each act on divisions: done, refused, not allowed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.divisions.actions import (
    Classes,
    Decision,
    Followers,
    NewPlace,
    Part,
    Way,
    abolish_division,
    classify_division,
    decide_review,
    establish_division,
    merge_divisions,
    move_division,
    recode_division,
    rename_division,
    split_division,
)
from yiwang.divisions.models import Change, Division, DivisionCode, Review, Succession
from yiwang.divisions.reads import carriers, lineage, named_on, tallies
from yiwang.divisions.rules import range_of

from .conftest import Clerk, place

DAY = date(2024, 1, 1)
RUGAO, DONGCHEN, BAIPU = 320682_000_000, 320682_101_000, 320682_105_000


def refuses(refusal_code: str, act: Any, *args: Any, **kwargs: Any) -> None:
    before = list(Division.objects.values_list("pk", "name", "valid_to"))
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    assert refusal.value.code == refusal_code
    assert list(Division.objects.values_list("pk", "name", "valid_to")) == before
    assert not Change.objects.exists()


def above(name: str) -> str:
    return str(Division.objects.current().get(name=name).parent)


# ---------- the decision behind every change ----------


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (Decision("", DAY), "document_missing"),
        (Decision("文", None), "date_missing"),
        (Decision("文", timezone.localdate() + timedelta(days=1)), "too_early"),
    ],
)
def test_no_change_without_document_and_date(city, clerk, decision, code):
    village = place("南凌村委会")
    refuses(code, rename_division, village, name="甲村委会", decision=decision, by=clerk)


def test_a_county_clerk_cannot_change_the_county_itself(city, decision):
    county_clerk = Clerk(area=range_of(RUGAO))
    doings: list[tuple[Any, dict[str, Any]]] = [
        (rename_division, {"name": "如皋区"}),
        (recode_division, {"code": "320699"}),
        (abolish_division, {}),
    ]
    for act, more in doings:
        with pytest.raises(PermissionDenied):
            act(place("如皋市"), decision=decision, by=county_clerk, **more)
    rename_division(place("东陈镇"), name="东陈街道", decision=decision, by=county_clerk)


def test_a_change_is_journaled_with_its_document(city, clerk, decision):
    rename_division(place("南凌村委会"), name="甲村委会", decision=decision, by=clerk)
    line = JournalLine.objects.filter(act="divisions.change").latest("pk")
    assert line.facts["document"] == decision.document
    assert line.division_key == 320682_101_201


# ---------- establish, abolish ----------


def test_a_place_is_set_up_with_its_code_as_key(city, clerk, decision):
    new = NewPlace("新陈社区居委会", "320682101009")
    change = establish_division(place("东陈镇"), place=new, decision=decision, by=clerk)
    found = change.division
    assert (found.pk, found.kind, found.valid_from) == (320682_101_009, "residents", DAY)
    assert found.codes.get(scheme="nbs").valid_from == DAY


def test_a_place_without_code_gets_a_key_far_from_official_numbers(city, clerk, decision):
    new = NewPlace("新陈社区居委会")
    change = establish_division(place("东陈镇"), place=new, decision=decision, by=clerk)
    assert change.division_id == 320682_101_999
    assert not change.division.codes.exists()


@pytest.mark.parametrize(
    ("parent", "new", "code"),
    [
        ("东陈镇", NewPlace("南凌村委会"), "name_taken"),
        ("东陈镇", NewPlace(" "), "name_missing"),
        ("东陈镇", NewPlace("甲村委会", "320682105201"), "code_elsewhere"),
        ("东陈镇", NewPlace("甲村委会", "32A"), "code_invalid"),
        ("南凌村委会", NewPlace("甲"), "too_deep"),
    ],
)
def test_a_place_that_cannot_be_is_not_set_up(city, clerk, decision, parent, new, code):
    refuses(code, establish_division, place(parent), place=new, decision=decision, by=clerk)


def test_an_abolished_place_ends_on_the_eve_and_frees_its_code(city, clerk, decision):
    village, heir = place("南凌村委会"), place("雪岸村委会")
    abolish_division(village, heir=heir, decision=decision, by=clerk)
    village.refresh_from_db()
    assert village.valid_to == date(2023, 12, 31)
    assert carriers([village.pk], DAY) == {village.pk: (heir.pk,)}
    assert not DivisionCode.objects.filter(division=village, valid_to=None).exists()
    with pytest.raises(Refused, match="已于"):
        abolish_division(village, decision=decision, by=clerk)


def test_a_place_with_places_in_it_is_not_abolished(city, clerk, decision):
    refuses("has_children", abolish_division, place("东陈镇"), decision=decision, by=clerk)


def test_the_heir_must_be_another_place_of_the_same_level(city, clerk, decision):
    village = place("南凌村委会")
    for heir in (village, place("东陈镇")):
        refuses("heir_invalid", abolish_division, village, heir=heir, decision=decision, by=clerk)


# ---------- merge, split ----------


def test_two_towns_merge_with_everything_in_them(city, clerk, decision):
    towns = [place("东陈镇"), place("白蒲镇")]
    county = place("如皋市")
    change = merge_divisions(
        county, merged=towns, into=NewPlace("陈蒲镇", "320682120"), decision=decision, by=clerk
    )
    heirs = Division.objects.current().filter(parent=change.division)
    assert {one.name for one in heirs} == {
        "东陈社区居委会", "雪岸村委会", "南凌村委会", "文峰社区居委会", "朱窑村委会",
    }  # fmt: skip
    assert change.facts["rekeyed"] == 7
    assert place("南凌村委会").pk == 320682_120_201
    assert len({one.pk for one in heirs}) == 5
    assert Succession.objects.filter(change=change).count() == 7
    assert tallies(county, date(2023, 12, 31))[county.pk].townships == 2
    assert tallies(county)[county.pk].townships == 1


def test_one_village_is_merged_into_another_that_stays(city, clerk, decision):
    gone, stays = place("南凌村委会"), place("雪岸村委会")
    merge_divisions(place("东陈镇"), merged=[gone], into=stays, decision=decision, by=clerk)
    stays.refresh_from_db()
    assert stays.valid_to is None
    back, _onward = lineage(stays)
    assert [step.predecessor.pk for step in back] == [gone.pk]


def test_mergers_that_make_no_sense_are_refused(city, clerk, decision):
    county, a, b = place("如皋市"), place("东陈镇"), place("白蒲镇")
    common = {"decision": decision, "by": clerk}
    refuses("too_few", merge_divisions, county, merged=[a], into=NewPlace("甲镇"), **common)
    refuses("twice", merge_divisions, county, merged=[a, a], into=NewPlace("甲镇"), **common)
    refuses("heir_inside", merge_divisions, county, merged=[a, b], into=b, **common)
    refuses("heir_inside", merge_divisions, county, merged=[a], into=place("南凌村委会"), **common)
    stray = [a, place("掘港街道")]
    refuses("other_parent", merge_divisions, county, merged=stray, into=NewPlace("甲镇"), **common)
    level = place("如东县")
    refuses("other_level", merge_divisions, county, merged=[a], into=level, **common)


def test_a_merger_outside_the_area_is_not_allowed(city, decision):
    stranger = Clerk(area=range_of(320623_000_000))
    towns = [place("东陈镇"), place("白蒲镇")]
    with pytest.raises(PermissionDenied):
        merge_divisions(
            place("如皋市"), merged=towns, into=NewPlace("甲镇"), decision=decision, by=stranger
        )


def test_a_town_is_split_and_what_nobody_assigned_is_asked(city, clerk, decision):
    parts = [
        Part(NewPlace("东镇", "320682121"), (320682_101_001,)),
        Part(NewPlace("西镇", "320682122"), (320682_101_200,)),
    ]
    change = split_division(place("东陈镇"), parts=parts, decision=decision, by=clerk)
    assert above("东陈社区居委会") == "东镇"
    assert above("雪岸村委会") == "西镇"
    assert above("南凌村委会") == "东镇"
    assert Review.objects.get(change=change).division.name == "南凌村委会"
    assert carriers([DONGCHEN], DAY)[DONGCHEN] == (320682_121_000, 320682_122_000)


def test_splits_that_make_no_sense_are_refused(city, clerk, decision):
    town, one = place("东陈镇"), Part(NewPlace("东镇"), (320682_101_001,))
    refuses("too_few", split_division, town, parts=[one], decision=decision, by=clerk)
    refuses("twice", split_division, town, parts=[one, one], decision=decision, by=clerk)
    far = Part(NewPlace("西镇"), (320623_100_001,))
    refuses("not_inside", split_division, town, parts=[one, far], decision=decision, by=clerk)


# ---------- move, rename, recode ----------


def test_a_town_moves_to_another_county_with_its_villages(city, clerk, decision):
    move_division(place("东陈镇"), to=place("如东县"), decision=decision, by=clerk)
    moved = place("东陈镇")
    assert above("东陈镇") == "如东县"
    assert Division.objects.current().filter(parent=moved).count() == 3
    assert not Division.objects.current().under(DONGCHEN).exists()
    assert Division.objects.on(date(2023, 6, 1)).under(DONGCHEN).count() == 4


def test_moves_to_where_it_is_or_to_another_level_are_refused(city, clerk, decision):
    town = place("东陈镇")
    common = {"decision": decision, "by": clerk}
    refuses("same_parent", move_division, town, to=place("如皋市"), **common)
    refuses("wrong_level", move_division, town, to=place("白蒲镇"), **common)
    half = Clerk(area=range_of(RUGAO))
    with pytest.raises(PermissionDenied):
        move_division(town, to=place("如东县"), decision=decision, by=half)


def test_a_renamed_place_keeps_its_key_and_its_past_name(city, clerk, decision):
    village = place("南凌村委会")
    rename_division(village, name="南凌社区居委会", decision=decision, by=clerk)
    now = Division.objects.get(pk=village.pk)
    assert (now.name, now.former_name, now.pinyin) == (
        "南凌社区居委会", "南凌村委会", "nanlingshequ",
    )  # fmt: skip
    assert named_on([now], date(2023, 6, 30))[0].name == "南凌村委会"


def test_a_name_that_is_taken_or_the_same_is_refused(city, clerk, decision):
    village = place("南凌村委会")
    common = {"decision": decision, "by": clerk}
    refuses("same_name", rename_division, village, name="南凌村委会", **common)
    refuses("name_taken", rename_division, village, name="雪岸村委会", **common)


def test_a_recoded_county_takes_everything_to_new_keys(city, clerk, decision):
    recode_division(place("如皋市"), code="320615", name="如皋区", decision=decision, by=clerk)
    district = place("如皋区")
    assert (district.pk, district.kind, district.former_name) == (
        320615_000_000, "district", "如皋市",
    )  # fmt: skip
    assert Division.objects.current().under(district.pk).count() == 8
    assert carriers([320682_101_201], DAY) == {320682_101_201: (320615_101_201,)}


def test_a_code_in_use_or_missing_is_refused(city, clerk, decision):
    county = place("如皋市")
    refuses("code_taken", recode_division, county, code="320623", decision=decision, by=clerk)
    refuses("code_missing", recode_division, county, code="", decision=decision, by=clerk)


# ---------- classify, review ----------


def test_a_classification_holds_for_all_inside_and_keeps_the_old_one(city, clerk, decision):
    change = classify_division(
        place("如皋市"), classes=Classes(urban_core=True, kiosk_phase=2), decision=decision,
        reason="市政府会议", by=clerk,
    )  # fmt: skip
    assert place("南凌村委会").urban_core
    assert not place("城中社区居委会").urban_core
    assert change.facts["from"] == {"urban_core": False, "kiosk_phase": None}


def test_a_classification_without_reason_or_change_is_refused(city, clerk, decision):
    village = place("南凌村委会")
    common = {"decision": decision, "by": clerk}
    mixed = Classes(settlement="mixed")
    refuses("reason_missing", classify_division, village, classes=mixed, reason="", **common)
    same = Classes(settlement="rural")
    refuses("nothing_changed", classify_division, village, classes=same, reason="因", **common)
    town = place("东陈镇")
    refuses("settlement_level", classify_division, town, classes=mixed, reason="因", **common)
    looker = Clerk(rights=frozenset())
    with pytest.raises(PermissionDenied):
        classify_division(village, classes=mixed, reason="因", decision=decision, by=looker)


def test_a_question_is_settled_once(city, clerk, decision):
    review = Review.objects.create(division=place("南凌村委会"), topic="absent")
    with pytest.raises(PermissionDenied):
        decide_review(review, way=Way.KEEP, by=Clerk(area=range_of(320623_000_000)))
    with pytest.raises(Refused, match="请选择"):
        decide_review(review, way=Way.HEIR, decision=decision, by=clerk)
    decide_review(review, way=Way.KEEP, reason="仍在", by=clerk)
    assert Review.objects.get(decision__reason="仍在") == review
    with pytest.raises(Refused, match="已经处理"):
        decide_review(review, way=Way.KEEP, by=clerk)


# ---------- records that follow ----------


def test_posts_and_other_live_records_follow_their_division(city, clerk, decision):
    models = Followers.models()
    assert all(hasattr(model, "live_in_division") for model in models)
    assert Followers.move({}) == {}


def test_live_records_move_in_one_statement_and_finished_ones_stay(
    city, clerk, decision, monkeypatch
):
    """Open questions stand in for the records of other apps: they have a division and an end."""
    monkeypatch.setattr(Review, "follows_division", True, raising=False)
    live = classmethod(lambda cls: cls.objects.filter(state="open"))
    monkeypatch.setattr(Review, "live_in_division", live, raising=False)
    village, stays = place("南凌村委会"), place("雪岸村委会")
    Review.objects.create(division=village, topic="absent")
    Review.objects.create(division=village, topic="absent", state="decided")
    with pytest.raises(Refused) as refusal:
        abolish_division(village, decision=decision, by=clerk)
    assert refusal.value.code == "records_live"
    change = merge_divisions(
        place("东陈镇"), merged=[village], into=stays, decision=decision, by=clerk
    )
    assert change.facts["followed"]["divisions.review"] == 1
    assert Review.objects.get(state="open").division == stays
    assert Review.objects.get(state="decided").division == village
