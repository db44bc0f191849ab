"""Masks show what the rule says and never more, whatever they are given."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.core.rules import masking

han = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
names = st.text(han, min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张桂兰", "张*兰"),
        ("张三", "张*"),
        ("张", "*"),
        ("", ""),
        ("王小二三", "王**三"),
        ("欧阳锋", "欧阳*"),
        ("欧阳娜娜", "欧阳*娜"),
        ("欧阳", "欧*"),
        ("𠮷田一", "𠮷*一"),
        ("张𠮷", "张*"),
        ("张\U000e0100三四", "张\U000e0100*四"),  # a variation selector stays with its character
        (" 张　三 ", "张*"),
        ("\ufeff张\u200b三", "张*"),
        ("阿依古丽·买买提", "阿*******"),
        ("John Smith", "J*** S****"),
        ("Li Na", "L* N*"),
        ("Müller Bo", "M***** B*"),
        ("J", "*"),
        ("😀😀", "😀*"),
        ("张三13800000000", "张************"),
    ],
)
def test_a_name_keeps_its_surname_and_last_character(name, masked):
    assert masking.mask_name(name) == masked


@given(names)
def test_a_chinese_name_of_two_or_more_always_hides_a_character(name):
    assert "*" in masking.mask_name(name)
    assert len(masking.mask_name(name)) == len(name)


@given(st.text(max_size=30))
def test_no_more_than_three_characters_of_an_unknown_name_are_shown(name):
    masked = masking.mask_name(name)
    shown = sum(char != "*" for word in masked.split(" ") for char in word if char.isalnum())
    assert shown <= max(3, len(masked.split(" ")))


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("320684194703120028", "3206**********0028"),
        ("32068419470312002x", "3206**********002X"),
        (" ３２０６８４ 19470312 0028 ", "3206**********0028"),
        ("320684470312002", "3206********002"),
        ("E12345678", "*******78"),
        ("张桂兰", "***"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_an_identity_number_shows_its_ends(number, masked):
    assert masking.mask_identity(number) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812342207", "138****2207"),
        ("+86 138-1234-2207", "138****2207"),
        ("008613812342207", "138****2207"),
        ("０５１３－８５２１６６２２", "0513-****6622"),
        ("(0513)85216622", "0513-****6622"),
        ("051385216622转801", "0513-****6622"),
        ("010-62345678", "010-****5678"),
        ("85216622", "****6622"),
        ("8521662", "***1662"),
        ("138123422071", "**********71"),
        ("12345", "*****"),
        ("110", "***"),
        ("", ""),
    ],
)
def test_a_telephone_shows_its_ends(number, masked):
    assert masking.mask_phone(number) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("易家桥新村15幢3单元402室", "易家桥新村15幢3单元**室"),
        ("易家桥新村 15 幢 3 单元 402", "易家桥新村 15 幢 3 单元 **"),
        ("易家桥新村15-3-402", "易家桥新村15-3-**"),
        ("Ａ座１２０３", "A座**"),
        ("三单元四零二室", "三单元**室"),
        ("崇川区五一社区3幢502室张三", "崇川区五一社区3幢**室"),
        ("3幢402室 13800001111", "3幢**室"),
        ("群贤村八组张家宅", "群贤村**组"),
        ("濠东花园张家楼上", "濠东花园**"),
        ("唐闸镇街道公园社区", "唐闸镇街道公园社区"),
        ("张家", "**"),
        ("", ""),
    ],
)
def test_an_address_hides_the_room(address, masked):
    assert masking.mask_address(address) == masked


@given(st.text(han, max_size=8), st.integers(1, 60), st.integers(101, 3299))
def test_the_room_number_never_shows(road, building, room):
    masked = masking.mask_address(f"{road}路{building}幢{room}室")
    assert str(room) not in masked.replace(str(building), "")


@given(st.text(max_size=20))
def test_a_telephone_number_never_hides_in_an_address(address):
    assert "13812342207" not in masking.mask_address(f"{address}13812342207")


def test_a_bank_account_shows_its_last_four_digits():
    assert masking.mask_bank("6222 0211 1111 0123") == "************0123"
    assert masking.mask_bank("0123") == "****"


@pytest.mark.parametrize(
    ("amount", "masked"),
    [
        (3286, "3,2**"),
        (Decimal("3286.50"), "3,2**"),
        ("￥3,286.50元", "3,2**"),
        (100000, "10*,***"),
        (987, "9**"),
        (12, "1*"),
        (9, "*"),
        (0, "*"),
        (-3286, "3,2**"),
        ("不详", "**"),
        ("NaN", "**"),
        ("Infinity", "**"),
        ("1e99", "**"),
        ("", "**"),
    ],
)
def test_money_shows_its_size_and_at_most_two_digits(amount, masked):
    assert masking.mask_money(amount) == masked


numbers = st.text("0123456789Xx+-() 转", max_size=24)


@given(numbers)
def test_at_least_a_third_of_any_number_stays_hidden(number):
    for mask in (masking.mask_identity, masking.mask_phone, masking.mask_bank):
        masked = mask(number)
        assert masked.count("*") * 3 >= sum(char.isalnum() for char in masked)


@given(st.text(max_size=60))
def test_a_mask_takes_any_text(text):
    for mask in (
        masking.mask_name,
        masking.mask_identity,
        masking.mask_phone,
        masking.mask_address,
        masking.mask_bank,
        masking.mask_money,
    ):
        assert isinstance(mask(text), str)
