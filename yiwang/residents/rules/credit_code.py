"""Unified social credit codes of organisations, checked after GB 32100-2015."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.utils.translation import gettext

from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth

LENGTH = 18
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FORM = re.compile(rf"[{_ALPHABET[1:]}][{_ALPHABET[1:]}]\d{{6}}[{_ALPHABET}]{{10}}")


class CreditCode(NamedTuple):
    """The parts of a credit code; `department` registered it (5 civil affairs, N, Y …)."""

    number: str
    department: str
    kind: str
    area: str
    organisation: str


class InvalidCreditCode(ValueError):
    """No credit code; `code` is length, characters or check_digit."""

    def __init__(self, code: str, message: str, cure: str) -> None:
        self.code, self.message, self.cure = code, message, cure
        super().__init__(message)


def check_credit_code(text: str) -> CreditCode:
    """Read a code as someone typed it: small letters, full-width forms, spaces and hyphens.

    The registering department is not looked up: the standard's table has grown since 2015.
    Raises InvalidCreditCode.
    """
    number = re.sub(r"[\s'\"-]", "", fullwidth_to_halfwidth(clean_text(text)).upper())
    if len(number) != LENGTH:
        raise InvalidCreditCode(
            "length",
            gettext("统一社会信用代码应为 18 位，现为 %(found)s 位。") % {"found": len(number)},
            gettext("对照登记证书补全代码。"),
        )
    if not _FORM.fullmatch(number):
        raise InvalidCreditCode(
            "characters",
            gettext("统一社会信用代码含有不允许的字符。"),
            gettext("代码不用 I、O、Z、S、V 五个字母，第 3 至 8 位为数字；检查 0 与 O、1 与 I。"),
        )
    if check_character(number[:17]) != number[17]:
        raise InvalidCreditCode(
            "check_digit",
            gettext("统一社会信用代码的校验位不符，代码有误。"),
            gettext("对照登记证书逐位核对。"),
        )
    return CreditCode(number, number[0], number[1], number[2:8], number[8:17])


def check_character(first17: str) -> str:
    """The eighteenth character of seventeen: weights are the powers of 3, modulo 31."""
    total = sum(pow(3, at, 31) * _ALPHABET.index(char) for at, char in enumerate(first17))
    return _ALPHABET[-total % 31]
