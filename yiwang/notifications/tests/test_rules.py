"""By which ways, when, and in which words: the rules alone."""

from datetime import datetime, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from yiwang.notifications.rules.kinds import BY_LETTER, OPTIONAL, Channel, Kind
from yiwang.notifications.rules.ways import Reach, after_quiet, next_attempt, ways
from yiwang.notifications.rules.wording import allowed_blanks, fault_of, fill, first_text

EVERY = frozenset({Channel.SMS, Channel.EMAIL, Channel.PRINT})


@pytest.mark.parametrize(
    ("kind", "reach", "found"),
    [
        (Kind.FINISHED, Reach(open=EVERY), ["app", "sms"]),
        (Kind.FINISHED, Reach("email", open=EVERY), ["app", "email"]),
        (Kind.FINISHED, Reach("email", open={Channel.PRINT}), ["app", "print"]),
        (Kind.FINISHED, Reach("print", open=EVERY), ["app", "print"]),
        (Kind.FINISHED, Reach("app", open=EVERY), ["app"]),
        (Kind.FINISHED, Reach(), ["app"]),
        (Kind.ACCEPTED, Reach(open={Channel.PRINT}), ["app"]),
        (Kind.RATING, Reach(optional=False, open=EVERY), []),
        (Kind.FINISHED, Reach(optional=False, open=EVERY), ["app", "sms"]),
    ],
)  # fmt: skip
def test_the_account_and_one_way_beside_it(kind, reach, found):
    assert ways(kind, reach) == found


@given(st.sampled_from(Kind), st.sampled_from(["", *Channel.values]), st.sets(st.sampled_from(
    sorted(EVERY))), st.booleans())  # fmt: skip
def test_no_way_is_taken_that_does_not_lead_there(kind, chosen, open_, optional):
    found = ways(kind, Reach(chosen, optional, open_))
    assert set(found) <= {Channel.APP, *open_}
    assert len(found) <= 2
    assert Channel.PRINT not in found or kind in BY_LETTER
    assert found or (kind in OPTIONAL and not optional)


@given(st.datetimes(), st.integers(0, 23), st.integers(0, 23))
def test_after_quiet_is_never_quiet_and_never_far(at, begins, ends):
    then = after_quiet(at, begins, ends)
    assert at <= then < at + timedelta(days=1)
    assert after_quiet(then, begins, ends) == then


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-11-30 22:00", "2026-12-01 07:00"),
        ("2026-12-01 06:59", "2026-12-01 07:00"),
        ("2026-12-01 07:00", "2026-12-01 07:00"),
        ("2026-12-01 21:59", "2026-12-01 21:59"),
    ],
)
def test_the_night_from_ten_to_seven(at, then):
    assert after_quiet(datetime.fromisoformat(at), 22, 7) == datetime.fromisoformat(then)


def test_pauses_grow_until_it_is_given_up():
    pauses = [next_attempt(turn, [1, 5, 30]) for turn in (1, 2, 3, 4)]
    assert pauses == [*(timedelta(minutes=n) for n in (1, 5, 30)), None]


@pytest.mark.parametrize("channel", Channel.values)
@pytest.mark.parametrize("kind", Kind.values)
def test_the_built_in_words_keep_the_rules(kind, channel):
    words = first_text(kind, channel)
    assert not fault_of(words["text"], channel, 134)
    assert not fault_of(words["text_en"], channel, 268)
    said = dict.fromkeys(allowed_blanks(channel), "一")
    assert "{" not in fill(words["text"] + words["title"], said)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{name}：{item}已办结", "不能用 {item}"),
        ("{phone}", "不能用 {phone}"),
        ("{name", "花括号"),
        ("字" * 135, "134"),
        ("{name}：{number} {due} {days} {site}", ""),
    ],
)
def test_a_text_message_says_neither_what_it_is_about_nor_more_than_fits(text, fault):
    with override("zh-hans"):
        found = fault_of(text, Channel.SMS, 134)
    assert fault in found if fault else found == ""
    assert not fault_of("{item}", Channel.PRINT, 134)
