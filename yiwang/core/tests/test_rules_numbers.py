"""Matter numbers: what the check digit finds and what people may type."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yiwang.core.rules import numbers

days = st.dates(date(1000, 1, 1), date(9999, 12, 31))
serials = st.integers(0, 10**7)
issued = st.builds(numbers.compose, days, serials)


def test_a_number_is_date_serial_and_check_digit():
    number = numbers.compose(date(2026, 11, 18), 47)
    assert number[:14] == "20261118000047"
    assert len(number) == 15
    assert numbers.display(number) == f"20261118-0000-47{number[-1]}"
    assert numbers.short(number) == f"1118-000047{number[-1]}"


def test_the_check_digit_is_the_published_one():
    assert numbers.check_digit("572") == "4"  # the example of Damm's thesis


def test_a_serial_beyond_a_million_begins_again_and_a_negative_one_is_refused():
    day = date(2026, 11, 18)
    assert numbers.compose(day, 10**6 + 47) == numbers.compose(day, 47)
    with pytest.raises(ValueError, match="negative"):
        numbers.compose(day, -1)


@given(issued)
def test_a_number_is_read_back_however_it_is_written(number):
    full_width = number.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    spaced = " ".join(number)
    for text in (number, numbers.display(number), spaced, full_width, f"\ufeff {number}\u200b\n"):
        assert numbers.parse(text) == number


@given(issued, st.integers(0, 14), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(number, at, change):
    wrong = number[:at] + str((int(number[at]) + change) % 10) + number[at + 1 :]
    with pytest.raises(numbers.InvalidNumber) as refusal:
        numbers.parse(wrong)
    assert refusal.value.code in {"date", "check_digit"}


@given(issued, st.integers(0, 13))
def test_two_neighbours_exchanged_are_always_found(number, at):
    assume(number[at] != number[at + 1])
    wrong = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    with pytest.raises(numbers.InvalidNumber) as refusal:
        numbers.parse(wrong)
    assert refusal.value.code in {"date", "check_digit"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "length"),
        ("2026111800004", "length"),
        ("20261118-0000-4711", "length"),
        ("事项20261118000047", "characters"),
        ("²0261118000047x", "characters"),
        ("202613180000470", "date"),
        ("202602300000470", "date"),
        ("000011180000470", "date"),
    ],
)
def test_a_wrong_number_says_what_is_wrong(text, code):
    with pytest.raises(numbers.InvalidNumber) as refusal:
        numbers.parse(text)
    assert refusal.value.code == code
    assert str(refusal.value) == refusal.value.message


def outcome(text: str) -> str:
    try:
        return numbers.check_digit(numbers.parse(text))
    except numbers.InvalidNumber as refusal:
        return refusal.code


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    assert outcome(text) in {"0", "characters", "length", "date", "check_digit"}
