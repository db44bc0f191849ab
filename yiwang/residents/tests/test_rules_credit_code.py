"""Unified social credit codes after GB 32100-2015."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.residents.rules.credit_code import (
    InvalidCreditCode,
    check_character,
    check_credit_code,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(first17: str) -> str:
    return first17 + check_character(first17)


issued = st.builds(
    lambda head, area, organisation: code(f"{head}{area:06d}{organisation}"),
    st.text(ALPHABET[1:], min_size=2, max_size=2),
    st.integers(0, 999999),
    st.text(ALPHABET, min_size=9, max_size=9),
)


def refusal(text: str) -> InvalidCreditCode:
    with pytest.raises(InvalidCreditCode) as refused:
        check_credit_code(text)
    return refused.value


@pytest.mark.parametrize("text", ["91350100M000100Y43", "91110000600037341L"])
def test_published_codes_are_read(text):
    assert check_credit_code(text).number == text


def test_a_code_falls_into_its_parts():
    parts = check_credit_code("91350100M000100Y43")
    assert parts == ("91350100M000100Y43", "9", "1", "350100", "M000100Y4")


@pytest.mark.parametrize("department", "1259ANY")
def test_every_registering_department_is_accepted(department):
    text = code(f"{department}1320600M000100Y4")
    assert check_credit_code(text).department == department


@pytest.mark.parametrize(
    "text", ["91350100m000100y43", " ９１３５０１００ M000100Y43", "91350100-M000100Y4-3"]
)
def test_a_code_is_read_however_it_is_typed(text):
    assert check_credit_code(text).number == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "length"),
        ("91350100M000100Y4", "length"),
        ("9135O100M000100Y43", "characters"),
        ("91350100M000100I43", "characters"),
        ("01350100M000100Y43", "characters"),
        ("张1350100M000100Y43", "characters"),
        ("91350100M000100Y44", "check_digit"),
    ],
)
def test_a_wrong_code_says_what_is_wrong_and_what_to_do(text, reason):
    refused = refusal(text)
    assert refused.code == reason
    assert refused.message.endswith("。")
    assert refused.cure.endswith("。")


@given(issued)
def test_every_issued_code_is_read_back(text):
    assert check_credit_code(text).number == text


@given(issued, st.integers(8, 17), st.integers(1, 30))
def test_every_single_wrong_character_is_found(text, at, change):
    wrong = ALPHABET[(ALPHABET.index(text[at]) + change) % 31]
    assert refusal(text[:at] + wrong + text[at + 1 :]).code == "check_digit"
