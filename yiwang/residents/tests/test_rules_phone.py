"""Telephone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.residents.rules.phone import InvalidPhone, is_mobile, normalise


def refusal(text: str) -> InvalidPhone:
    with pytest.raises(InvalidPhone) as refused:
        normalise(text)
    return refused.value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13812342207", "13812342207"),
        ("138 1234 2207", "13812342207"),
        ("138-1234-2207", "13812342207"),
        ("１３８１２３４２２０７", "13812342207"),
        ("+8613812342207", "13812342207"),
        ("+86 138 1234 2207", "13812342207"),
        ("008613812342207", "13812342207"),
        ("8613812342207", "13812342207"),
        ("013812342207", "13812342207"),
        ("\ufeff13812342207\r\n", "13812342207"),
        ("0513-85216622", "0513-85216622"),
        ("051385216622", "0513-85216622"),
        ("(0513) 8521 6622", "0513-85216622"),
        ("（０５１３）８５２１６６２２", "0513-85216622"),
        ("+86-513-85216622", "0513-85216622"),
        ("+86 0513 85216622", "0513-85216622"),
        ("0513-85216622-801", "0513-85216622-801"),
        ("0513-85216622转801", "0513-85216622-801"),
        ("0513-85216622 ext. 801", "0513-85216622-801"),
        ("010-62345678", "010-62345678"),
        ("0719-8521662", "0719-8521662"),
        ("+852 6123 4567", "+85261234567"),
        ("0085261234567", "+85261234567"),
    ],
)
def test_a_number_gets_one_form(text, number):
    assert normalise(text) == number
    assert normalise(number) == number


def test_a_local_landline_takes_the_area_code_of_the_place():
    assert normalise("8521 6622", "0513") == "0513-85216622"
    assert normalise("010-62345678", "0513") == "010-62345678"
    assert refusal("85216622").code == "area_code"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (" - ", "empty"),
        ("无", "characters"),
        ("13812342207或13912342207", "characters"),
        ("13812342207/13912342207", "characters"),
        ("1381234220", "mobile"),
        ("138123422071", "mobile"),
        ("12812342207", "mobile"),
        ("+8612812342207", "mobile"),
        ("0513-852166", "length"),
        ("0513-852166221", "length"),
        ("0513-05216622", "length"),
    ],
)
def test_a_wrong_number_says_what_is_wrong_and_what_to_do(text, code):
    refused = refusal(text)
    assert refused.code == code
    assert refused.message.endswith("。")
    assert refused.cure.endswith("。")


def test_a_mobile_number_is_told_from_the_others():
    assert is_mobile("13812342207")
    assert not is_mobile("0513-85216622")
    assert not is_mobile("+85261234567")


@given(st.integers(3, 9), st.integers(0, 10**9 - 1), st.sampled_from(["", "+86", "0086", "0"]))
def test_every_mobile_number_is_read_back(second, rest, prefix):
    number = f"1{second}{rest:09d}"
    assert normalise(prefix + number) == number


def outcome(text: str) -> str:
    try:
        return "same" if normalise(normalise(text)) == normalise(text) else "changed"
    except InvalidPhone as refused:
        return refused.code


@given(st.one_of(st.text(max_size=24), st.text("0123456789+- ()转", max_size=20)))
def test_any_text_gets_one_lasting_form_or_a_reason(text):
    assert outcome(text) in {"same", "empty", "characters", "mobile", "area_code", "length"}
