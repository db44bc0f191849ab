"""What the register owns is not asked under another name; what it does not own may be asked."""

import pytest

from yiwang.residents.rules.dictionary import shipped_fields
from yiwang.residents.rules.owned import already_held, faults_of, owner_of


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("请问您的出生日期是哪一天？", "born_on"), ("您的手机号码", "phone"), ("身份证号（必填）", "identity_number"),
        ("What is your telephone?", "phone"), ("home_address", "home_address"), ("残疾证号", "disability_certificate"),
        ("家里有几口人？", "household_size"), ("请填写您的姓名", "name"),
    ],
)  # fmt: skip
def test_the_register_knows_its_own_under_other_words(asked, code):
    field = owner_of(asked)
    assert field is not None
    assert field.code == code
    assert code in already_held(asked)


@pytest.mark.parametrize(
    "asked", ["配偶姓名", "子女出生日期", "代办人电话", "有无燃气报警器", "您对社区工作满意吗？", "信息", "您", ""]
)  # fmt: skip
def test_questions_about_other_things_are_free(asked):
    assert already_held(asked) == ""


def test_a_form_that_names_an_alias_is_told_which_item_to_bind():
    (fault,) = faults_of(["name", "手机号"], shipped_fields())
    assert "联系电话" in fault
    assert "phone" in fault
    assert faults_of(["never_heard_of"], shipped_fields()) == ["数据字典里没有“never_heard_of”。"]


def test_no_item_of_applications_is_the_registers_under_another_name():
    assert faults_of(list(shipped_fields()), shipped_fields()) == []
