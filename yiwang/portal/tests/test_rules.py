"""Words and sums of the public pages."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from yiwang.matters.rules import EventKind, State
from yiwang.portal.rules.audiences import AUDIENCES, audience
from yiwang.portal.rules.figures import percent, published
from yiwang.portal.rules.rating import MOUTHS
from yiwang.portal.rules.words import (
    EVENTS,
    STATE_CHIPS,
    STATES,
    dialable,
    greeting,
    left_words,
    span,
)


@pytest.mark.parametrize(
    ("hour", "said"),
    [(0, "上午好"), (11, "上午好"), (12, "下午好"), (18, "晚上好"), (23, "晚上好")],
)
def test_the_greeting_follows_the_hour(hour, said):
    assert greeting(hour) == said


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("0513-0000 0134", "051300000134"),
        ("+86 513 0000 0134", "+8651300000134"),
        ("0513-00000134转802", "051300000134"),
        ("", ""),
    ],
)
def test_a_telephone_is_dialled_without_its_decoration(written, dialled):
    assert dialable(written) == dialled


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("working_days", "3 个工作日"),
        ("working_hours", "3 个工作小时"),
        ("calendar_days", "3 天"),
        ("calendar_hours", "3 小时"),
    ],
)
def test_a_period_is_said_in_its_own_unit(unit, said):
    assert span(3, unit) == said


def test_what_is_left_is_said_before_on_and_after_the_last_day():
    assert left_words(2, "working_days") == "还有 2 个工作日"
    assert left_words(0, "working_days") == "今天到期"
    assert left_words(-1, "working_days") == "比承诺晚了 1 个工作日"


def test_every_state_and_every_event_has_plain_words():
    assert set(STATES) == set(STATE_CHIPS) == set(State)
    assert set(EVENTS) == set(EventKind)


def test_one_day_is_singular_in_english():
    with translation.override("en"):
        assert span(1, "working_days") == "1 working day"
        assert span(2, "working_days") == "2 working days"


@given(count=st.integers(0, 10**6), least=st.integers(1, 50))
def test_a_number_of_few_is_never_published(count, least):
    assert (published(count, least) is None) == (count < least)


@given(whole=st.integers(0, 10**6), least=st.integers(0, 50), data=st.data())
def test_a_share_lies_between_none_and_all_and_is_whole_only_when_nothing_is_missing(
    whole, least, data
):
    part = data.draw(st.integers(0, whole))
    share = percent(part, whole, least)
    if whole < max(1, least):
        assert share is None
    else:
        assert share is not None
        assert 0 <= share <= 100
        assert (share == 100) == (part == whole)


def test_an_audience_is_known_by_its_words_alone():
    elders = audience("elders")
    assert elders is not None
    assert elders.is_meant(["高龄津贴", "年满80周岁的本市户籍老年人"])
    assert not elders.is_meant(["义务兵家庭"])
    assert audience("nobody") is None
    assert len({one.code for one in AUDIENCES}) == len(AUDIENCES)


def test_each_of_the_five_grades_has_a_face():
    assert sorted(MOUTHS) == [1, 2, 3, 4, 5]
