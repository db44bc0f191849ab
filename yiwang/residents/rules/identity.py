"""Citizens' identity numbers, checked after GB 11643-1999.

Our own check: the county code is not looked up, because codes change and a person keeps the number
of the day it was issued; a list that only knows today's codes rejects living people.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth
from yiwang.core.rules.wording import said as gettext

LENGTH = 18
OLD_LENGTH = 15
EARLIEST_BIRTH = date(1880, 1, 1)
"""Nobody born before could receive a number: they have been issued since 1984."""

# GB/T 2260, first two digits; 83 is used on residence permits of Taiwan residents.
_PROVINCE_RANGES = ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
PROVINCES = frozenset(code for first, last in _PROVINCE_RANGES for code in range(first, last + 1))
_PERMANENT_RESIDENT = "9"  # foreigners' permanent residence: 9, then the province of issue
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_CENTENARIANS = ("996", "997", "998", "999")


class Sex(StrEnum):
    """Sex as the seventeenth digit tells it."""

    MALE = "male"
    FEMALE = "female"


class Identity(NamedTuple):
    """What an identity number says."""

    number: str
    area: str
    born_on: date
    sex: Sex


class InvalidIdentity(ValueError):
    """No identity number; `code` is length, characters, area, birth_date, future or check_digit."""

    def __init__(self, code: str, message: str, cure: str) -> None:
        self.code, self.message, self.cure = code, message, cure
        super().__init__(message)


def check_identity(text: str, as_of: date | None = None) -> Identity:
    """Read a number as someone typed it: small x, full-width digits and spaces are accepted.

    Numbers of 15 digits are upgraded. With `as_of`, births after that day are refused.
    Raises InvalidIdentity.
    """
    number = _plain(text)
    if re.fullmatch(rf"[0-9]{{{OLD_LENGTH}}}", number):
        number = upgrade(number)
    _check_form(number)
    _check_area(number)
    born_on = _birth_date(number[6:14], as_of)
    _check_last(number)
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return Identity(number, number[:6], born_on, sex)


def check_digit(first17: str) -> str:
    """The eighteenth character (ISO 7064, MOD 11-2) of seventeen digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, first17, strict=True))
    return _CHECK_DIGITS[total % 11]


def upgrade(old: str) -> str:
    """A number of 15 digits (before 1999) as one of 18.

    Births are of the twentieth century, save the serials 996 to 999, which GB 11643-1989 kept for
    people of more than a hundred years.
    """
    century = "18" if old[-3:] in _CENTENARIANS else "19"
    first17 = old[:6] + century + old[6:]
    return first17 + check_digit(first17)


def _plain(text: str) -> str:
    plain = fullwidth_to_halfwidth(clean_text(text)).upper()
    return re.sub(r"[\s'\"]", "", plain)  # spreadsheets put a quotation mark before text


def _check_form(number: str) -> None:
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", number):
        raise InvalidIdentity(
            "characters",
            gettext("身份证号被表格软件改成了科学计数法，原号码已丢失。"),
            gettext("把该列设为“文本”格式后重新填写号码。"),
        )
    if len(number) != LENGTH:
        raise InvalidIdentity(
            "length",
            gettext("身份证号应为 18 位，现为 %(found)s 位。") % {"found": len(number)},
            gettext("对照证件补全号码；旧证可填 15 位。"),
        )
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise InvalidIdentity(
            "characters",
            gettext("身份证号前 17 位应为数字，末位为数字或 X。"),
            gettext("检查是否混入字母或其他符号，例如把 0 写成了 O。"),
        )


def _check_area(number: str) -> None:
    province = number[1:3] if number[0] == _PERMANENT_RESIDENT else number[:2]
    if int(province) not in PROVINCES:
        raise InvalidIdentity(
            "area",
            gettext("身份证号开头的 %(code)s 不是省级行政区划代码。") % {"code": number[:2]},
            gettext("对照证件核对号码的前两位。"),
        )


def _birth_date(digits: str, as_of: date | None) -> date:
    cure = gettext("对照证件核对第 7 至 14 位。")
    try:
        born_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        born_on = date.min
    if born_on < EARLIEST_BIRTH:
        message = gettext("身份证号中的出生日期 %(digits)s 不存在。") % {"digits": digits}
        raise InvalidIdentity("birth_date", message, cure)
    if as_of is not None and born_on > as_of:
        message = gettext("身份证号中的出生日期 %(digits)s 还没有到。") % {"digits": digits}
        raise InvalidIdentity("future", message, cure)
    return born_on


def _check_last(number: str) -> None:
    if check_digit(number[:17]) == number[17]:
        return
    # Spreadsheets keep 15 digits of a number and turn the others into zeros.
    if number.endswith("000"):
        cure = gettext("号码可能被表格软件截断：把该列设为“文本”格式后重新填写。")
    else:
        cure = gettext("对照证件逐位核对，常见的是一位写错或相邻两位写反。")
    raise InvalidIdentity("check_digit", gettext("身份证号的校验位不符，号码有误。"), cure)
