"""A bank card number: what is wrong with it is said in digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.matters.forms.answers import AnswersForm
from yiwang.matters.rules.bank_card import CardFault, card_fault, luhn

RIGHT = "6228480402564890018"


def test_a_right_number_has_no_fault():
    assert luhn(RIGHT)
    assert card_fault(RIGHT) is None


@pytest.mark.parametrize(
    ("digits", "fault"),
    [
        (RIGHT[:-1], (CardFault.SHORT, 1)),
        (RIGHT[:-3], (CardFault.SHORT, 3)),
        (RIGHT + "12", (CardFault.LONG, 2)),
        (RIGHT[:-1] + "9", (CardFault.WRONG, 0)),
        ("4", (CardFault.SHORT, 15)),
    ],
)
def test_a_wrong_number_says_what_is_wrong(digits, fault):
    assert card_fault(digits) == fault


def test_a_passbook_account_of_twelve_digits_has_no_check_digit():
    assert card_fault("102030405060") is None


@given(st.text("0123456789", min_size=18, max_size=18), st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body, place, shift):
    number = next(f"{body}{last}" for last in range(10) if luhn(f"{body}{last}"))
    wrong = str((int(number[place]) + shift) % 10)
    assert not luhn(number[:place] + wrong + number[place + 1 :])


@given(st.text(max_size=60))
def test_any_text_in_the_card_field_gets_a_sentence_or_is_a_number(text):
    form = AnswersForm.of_draft(["bank_account"], {"bank_account": text})
    if form.is_valid():
        assert form.answers()["bank_account"].isdecimal()
    else:
        assert all(str(error) for error in form.errors["bank_account"])


def test_a_card_one_digit_short_is_told_so_with_full_width_digits_and_spaces():
    form = AnswersForm.of_draft(["bank_account"], {"bank_account": "６２２８ 4804 0256 4890 01"})
    assert form.errors["bank_account"] == ["卡号少 1 位，请核对卡面 19 位数字"]
