"""Questionnaires, samples and small figures as pure rules."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.matters.sheets import DATA, _parsed
from yiwang.needs.rules.categories import Category
from yiwang.needs.rules.questionnaire import (
    InvalidQuestion,
    clean_answers,
    is_asked,
    read_questions,
    wanted,
)  # fmt: skip
from yiwang.needs.rules.sampling import draw, sample_size
from yiwang.needs.rules.small import without_small

# A busy machine draws its examples slowly; that says nothing about the rule.
QUIET = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
YES_NO = [{"code": "yes", "name": "要", "name_en": "Yes"}, {"code": "no", "name": "不要"}]
ROWS: list[dict[str, Any]] = [
    {"code": "q1", "kind": "single", "text": "家里有老人要助餐吗？", "choices": YES_NO,
     "required": True, "category": "eldercare", "wants": ["yes"]},
    {"code": "q2", "kind": "multi", "text": "哪几餐？", "required": True,
     "choices": [{"code": "noon", "name": "午餐"}, {"code": "eve", "name": "晚餐"}],
     "when": {"question": "q1", "any": ["yes"]}},
    {"code": "q3", "kind": "number", "text": "几个人？", "when": {"question": "q1", "any": ["yes"]}},
    {"code": "q4", "kind": "text", "text": "还有什么意见？"},
]  # fmt: skip


def test_the_ten_categories_are_those_of_the_catalogue() -> None:
    rows = _parsed(DATA / "categories.yaml")
    assert [(row["code"], row["name"]) for row in rows] == [
        (one.value, str(one.label)) for one in Category
    ]


def test_a_condition_decides_what_is_asked() -> None:
    questions = read_questions(ROWS)
    kept, faults = clean_answers(questions, {"q1": "no", "q2": ["noon"], "q4": " 好 "})
    assert (kept, faults) == ({"q1": "no", "q4": "好"}, {})
    kept, faults = clean_answers(questions, {"q1": "yes", "q3": "x"})
    assert set(faults) == {"q2", "q3"}
    assert not is_asked(questions[1], {})
    assert is_asked(questions[1], {"q1": "yes"})


def test_answers_tell_which_categories_are_wanted() -> None:
    questions = read_questions(ROWS)
    assert wanted(questions, {"q1": "yes"}) == {"eldercare"}
    assert wanted(questions, {"q1": "no"}) == set()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "song"}, {"text": " "}, {"code": ""}, {"choices": YES_NO[:1]},
        {"choices": [YES_NO[0], YES_NO[0]]}, {"when": {"question": "q9", "any": ["yes"]}},
        {"category": "castle"}, {"wants": ["maybe"], "category": "health"},
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(InvalidQuestion, match="第 1 题"):
        read_questions([{**ROWS[0], **change}])


@pytest.mark.parametrize(
    ("said", "fault"),
    [({"q1": "maybe"}, "q1"), ({}, "q1"), ({"q1": "yes", "q2": ["x"]}, "q2"),
     ({"q1": "yes", "q2": ["noon"], "q3": "-1"}, "q3"), ({"q1": "no", "q4": "字" * 501}, "q4")],
)  # fmt: skip
def test_a_wrong_answer_is_named(said: dict[str, Any], fault: str) -> None:
    assert set(clean_answers(read_questions(ROWS), said)[1]) == {fault}


def test_no_questions_is_no_questionnaire() -> None:
    with pytest.raises(InvalidQuestion):
        read_questions([])


@pytest.mark.parametrize(
    ("households", "size"), [(40, 40), (100, 100), (1500, 100), (2001, 101), (3600, 180)]
)
def test_five_percent_and_at_least_a_hundred(households: int, size: int) -> None:
    assert sample_size(households, percent=5, least=100) == size


@QUIET
@given(st.sets(st.integers(1, 10_000), min_size=20, max_size=60), st.integers(0, 2**31))
def test_the_same_seed_draws_the_same_households(frame: set[int], seed: int) -> None:
    first = draw(list(frame), 10, seed)
    assert first == draw(sorted(frame, reverse=True), 10, seed)
    assert len(set(first)) == 10
    assert set(first) <= frame


@QUIET
@given(st.lists(st.integers(0, 30), min_size=2, max_size=8), st.integers(2, 9))
def test_a_hidden_figure_cannot_be_worked_out_from_the_total(
    figures: list[int], least: int
) -> None:
    shown = without_small({str(at): count for at, count in enumerate(figures)}, least)
    hidden = [code for code, count in shown.items() if count is None]
    assert all(count is None or count == 0 or count >= least for count in shown.values())
    assert len(hidden) != 1 or not any(shown[code] for code in shown if code not in hidden)
