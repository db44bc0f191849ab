"""Identity numbers after GB 11643-1999: what is read, what is refused, and why."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yiwang.residents.rules.identity import (
    PROVINCES,
    InvalidIdentity,
    Sex,
    check_digit,
    check_identity,
    upgrade,
)


def number(area: str, born_on: date, serial: int) -> str:
    first17 = f"{area}{born_on:%Y%m%d}{serial:03d}"
    return first17 + check_digit(first17)


counties = st.builds(
    lambda province, county: f"{province}{county:04d}",
    st.sampled_from(sorted(PROVINCES)),
    st.integers(0, 9999),
)
births = st.dates(date(1880, 1, 1), date(2026, 11, 23))
issued = st.builds(number, counties, births, st.integers(0, 999))


def refusal(text: str, as_of: date | None = None) -> InvalidIdentity:
    with pytest.raises(InvalidIdentity) as refused:
        check_identity(text, as_of)
    return refused.value


@pytest.mark.parametrize(
    ("text", "area", "born_on", "sex"),
    [
        # The two examples of the standard.
        ("11010519491231002X", "110105", date(1949, 12, 31), Sex.FEMALE),
        ("440524188001010014", "440524", date(1880, 1, 1), Sex.MALE),
    ],
)
def test_the_examples_of_the_standard_are_read(text, area, born_on, sex):
    assert check_identity(text) == (text, area, born_on, sex)


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ",
        " 110105 19491231 002X ",
        "\ufeff110105\u3000194912\u200b31002X\r\n",
        "'11010519491231002X",
    ],
)
def test_a_number_is_read_however_it_is_typed(text):
    assert check_identity(text).number == "11010519491231002X"


def test_a_county_code_issued_after_the_birth_is_accepted():
    # 320685 (海安市) exists since 2018; its elders of 1947 keep or receive such numbers.
    assert check_identity(number("320685", date(1947, 3, 12), 2)).area == "320685"
    assert check_identity(number("320699", date(1947, 3, 12), 2)).area == "320699"


def test_a_foreigners_permanent_residence_number_names_its_province_after_the_nine():
    assert check_identity(number("932156", date(1980, 5, 6), 1)).born_on == date(1980, 5, 6)
    assert refusal(number("999156", date(1980, 5, 6), 1)).code == "area"


def test_an_old_number_of_fifteen_digits_is_upgraded():
    assert check_identity("110105491231002").number == "11010519491231002X"
    assert upgrade("110105491231002") == "11010519491231002X"


@pytest.mark.parametrize("serial", ["996", "997", "998", "999"])
def test_the_old_serials_of_centenarians_mean_the_century_before(serial):
    assert check_identity(f"320684850312{serial}").born_on == date(1885, 3, 12)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "length"),
        ("1101051949123100", "length"),
        ("11010519491231002X9", "length"),
        ("11010549123100X", "length"),
        ("A1010519491231002X", "characters"),
        ("1101051949123100XX", "characters"),
        ("11010519491231002Y", "characters"),
        ("张1010519491231002X", "characters"),
        ("１１０１０５１９４９１２３１００²X", "characters"),
        ("3.20684194703E+17", "characters"),
        (number("990105", date(1949, 12, 31), 2), "area"),
        (number("010105", date(1949, 12, 31), 2), "area"),
        ("110105194913310028", "birth_date"),
        ("110105194902300023", "birth_date"),
        ("110105000012310021", "birth_date"),
        (number("110105", date(1879, 12, 31), 2), "birth_date"),
        ("110105194912310021", "check_digit"),
    ],
)
def test_a_wrong_number_says_what_is_wrong_and_what_to_do(text, code):
    refused = refusal(text)
    assert refused.code == code
    assert refused.message.endswith("。")
    assert refused.cure.endswith("。")


def test_a_number_cut_by_a_spreadsheet_gets_its_own_cure():
    assert "文本" in refusal("320684194703120000").cure
    assert "文本" in refusal("3.20684E+17").cure
    assert "文本" not in refusal("110105194912310021").cure


def test_a_birth_still_to_come_is_refused_by_the_day_asked():
    text = number("320684", date(2026, 11, 24), 11)
    assert refusal(text, date(2026, 11, 23)).code == "future"
    assert check_identity(text, date(2026, 11, 24)).born_on == date(2026, 11, 24)


@given(counties, births, st.integers(0, 999))
def test_every_issued_number_is_read_back(area, born_on, serial):
    found = check_identity(number(area, born_on, serial))
    assert (found.area, found.born_on) == (area, born_on)
    assert found.sex == ("male" if serial % 2 else "female")


@given(issued, st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(text, at, change):
    wrong = text[:at] + str((int(text[at]) + change) % 10) + text[at + 1 :]
    assert refusal(wrong).code in {"area", "birth_date", "check_digit"}


@given(issued, st.integers(0, 15))
def test_two_neighbours_exchanged_are_always_found(text, at):
    assume(text[at] != text[at + 1])
    wrong = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    assert refusal(wrong).code in {"area", "birth_date", "check_digit"}


def outcome(text: str) -> str:
    try:
        return check_digit(check_identity(text).number[:17])
    except InvalidIdentity as refused:
        return refused.code


codes = {"length", "characters", "area", "birth_date", "check_digit"}


@given(st.one_of(st.text(max_size=30), st.text("0123456789xX", min_size=15, max_size=18)))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    assert outcome(text) in {*codes, *"0123456789X"}
