"""Matter numbers that can be read out on the telephone, with a check digit."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext

from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth

LENGTH = 15
SERIALS = 10**6

# Quasigroup of order 10, totally anti-symmetric: one wrong digit and two neighbours exchanged are
# always found. Source: H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004.
_QUASIGROUP = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


class InvalidNumber(ValueError):
    """A text is no matter number; `code` is characters, length, date or check_digit."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


def check_digit(digits: str) -> str:
    """The digit that closes a chain of digits."""
    state = "0"
    for digit in digits:
        state = _QUASIGROUP[int(state)][int(digit)]
    return state


def compose(day: date, serial: int) -> str:
    """15 digits: date, serial of the day (modulo a million), check digit.

    Raises ValueError for a negative serial.
    """
    if serial < 0:
        raise ValueError("a serial cannot be negative")
    digits = f"{day:%Y%m%d}".zfill(8) + f"{serial % SERIALS:06d}"
    return digits + check_digit(digits)


def display(number: str) -> str:
    """In groups, as printed and read out: 20261118-0000-473."""
    return f"{number[:8]}-{number[8:12]}-{number[12:]}"


def short(number: str) -> str:
    """Without the year, for lists: 1118-0000473."""
    return f"{number[4:8]}-{number[8:]}"


def parse(text: str) -> str:
    """The 15 digits of a number as someone typed it: spaces, hyphens, full-width digits allowed.

    Raises InvalidNumber.
    """
    digits = fullwidth_to_halfwidth(clean_text(text))
    for mark in " -‐‑‒–—―−_":
        digits = digits.replace(mark, "")
    if not all(char in "0123456789" for char in digits):
        raise InvalidNumber("characters", gettext("编号只由数字组成，请去掉其他字符。"))
    if len(digits) != LENGTH:
        raise InvalidNumber(
            "length",
            gettext("编号应为 %(length)s 位数字，现为 %(found)s 位。")
            % {"length": LENGTH, "found": len(digits)},
        )
    _check_date(digits[:8])
    if check_digit(digits[:-1]) != digits[-1]:
        raise InvalidNumber(
            "check_digit", gettext("编号有误：校验位不符，可能有一位数字写错或相邻两位写反。")
        )
    return digits


def _check_date(digits: str) -> None:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise InvalidNumber(
            "date", gettext("编号有误：前八位 %(digits)s 不是日期。") % {"digits": digits}
        ) from None
