"""The form as shipped adds up as the standard says; a faulty form is not taken."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yiwang.assessments.rules.scale import InvalidScale, missing_items, outcome, read_scale

FILE = Path(__file__).parents[1] / "data" / "scales.yaml"
RAW: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))[0]
SCALE = read_scale(RAW)
BEST = {item.code: item.most for item in SCALE.items}
POOR = {"living_situation": "with_children", "low_income_status": "subsistence"}


def test_the_form_has_the_twenty_six_items_and_ninety_points_of_the_standard() -> None:
    sizes = [(one.code, len(one.items), one.most) for one in SCALE.sections]
    assert sizes == [
        ("self_care", 8, 32), ("motion", 4, 15), ("mind", 9, 28), ("senses", 5, 15)
    ]  # fmt: skip
    assert SCALE.most == 90
    assert SCALE.assessors == 2


@pytest.mark.parametrize(
    ("total", "grade"),
    [(90, "able"), (89, "mild"), (66, "mild"), (65, "moderate"), (46, "moderate"),
     (45, "severe"), (30, "severe"), (29, "total"), (0, "total")],
)  # fmt: skip
def test_the_grade_follows_the_total_at_every_edge(total: int, grade: str) -> None:
    said, left = dict(BEST), 90 - total
    for item in SCALE.items:
        taken = min(left, item.most)
        if item.option(item.most - taken) is not None:
            said[item.code], left = item.most - taken, left - taken
    assert left == 0
    assert outcome(SCALE, said, [], {}).grade == grade


def test_dementia_makes_the_grade_one_worse_and_coma_the_worst() -> None:
    assert outcome(SCALE, BEST, ["dementia", "incidents"], {}).grade == "mild"
    assert outcome(SCALE, BEST, ["coma"], {}).grade == "total"
    lowest = {item.code: min(o.score for o in item.options) for item in SCALE.items}
    found = outcome(SCALE, lowest, ["dementia"], {})
    assert (found.grade, found.by_score, found.total) == ("total", "total", 0)


def test_grade_and_circumstances_decide_the_subsidy() -> None:
    half = BEST | {item.code: 0 for item in SCALE.sections[0].items}
    assert outcome(SCALE, half, [], POOR).subsidy == "second"
    alone = {"living_situation": "alone", "low_income_status": "none"}
    assert outcome(SCALE, half, [], alone).subsidy == "third"
    assert outcome(SCALE, BEST, [], POOR).subsidy == ""


@given(st.fixed_dictionaries({i.code: st.sampled_from([o.score for o in i.options])
                              for i in SCALE.items}))  # fmt: skip
def test_any_complete_answer_has_a_grade_and_the_parts_make_the_total(said: dict[str, int]) -> None:
    assert missing_items(SCALE, said) == []
    found = outcome(SCALE, said, [], {})
    assert sum(found.parts.values()) == found.total == sum(said.values())
    assert SCALE.grade(found.grade) is not None


def changed(**parts: Any) -> dict[str, Any]:
    return {**RAW, **parts}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (changed(grades=RAW["grades"][:-1]), "没有等级"),
        (changed(grades=[*RAW["grades"], RAW["grades"][0]]), "几个等级"),
        (changed(sections=[*RAW["sections"], RAW["sections"][0]]), "编码重复"),
        (changed(assessors=3), "1 或 2"),
        (changed(conditions=[{"code": "x", "name": "x", "effect": "better"}]), "作用"),
        (changed(subsidies=[{"code": "x", "name": "某档", "grades": ["none"]}]), "某档"),
        ({key: value for key, value in RAW.items() if key != "grades"}, "grades"),
    ],
)
def test_a_faulty_form_is_not_taken(raw: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidScale, match=words):
        read_scale(raw)


def test_an_item_needs_two_different_scores() -> None:
    item = {"code": "one", "name": "一项", "options": [{"score": 1, "text": "是"}]}
    section = {"code": "s", "name": "部分", "items": [item]}
    with pytest.raises(InvalidScale, match="一项"):
        read_scale(changed(sections=[section]))


def test_the_form_has_begun_with_the_standard() -> None:
    assert RAW["effective_from"] == date(2022, 12, 30)
