"""Telephone numbers as people write them, in one form for storage and look-up."""

from __future__ import annotations

import re

from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth
from yiwang.core.rules.wording import said as gettext

_NOISE = re.compile(r"[\s()‐‑–—―_.·-]")
_CHINA = re.compile(r"(?:\+|00)86|86(?=1[3-9]\d{9}$)")
_MOBILE = re.compile(r"0?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:0?(10|2\d|[3-9]\d\d))?([2-9]\d{6,7})(?:(?:转|EXT|X|#|,)(\d{1,6}))?")
_ABROAD = re.compile(r"(?:\+|00)([1-9]\d{6,14})")


class InvalidPhone(ValueError):
    """No telephone number; `code` is empty, characters, mobile, area_code or length."""

    def __init__(self, code: str, message: str, cure: str) -> None:
        self.code, self.message, self.cure = code, message, cure
        super().__init__(message)


def normalise(text: str, area_code: str = "") -> str:
    """13812342207, 0513-85216622 or 0513-85216622-801; numbers abroad as +85261234567.

    A landline without area code takes `area_code` (0513) when one is given.
    Raises InvalidPhone.
    """
    written = fullwidth_to_halfwidth(clean_text(text)).upper().strip("'\"")
    extension = re.search(r"\d{7}-(\d{1,6})$", written)
    if extension:
        written = f"{written[: extension.start(1) - 1]}#{extension[1]}"
    plain = _NOISE.sub("", written)
    home, of_china = _CHINA.subn("", plain, count=1) if _CHINA.match(plain) else (plain, 0)
    if mobile := _MOBILE.fullmatch(home):
        return mobile[1]
    if landline := _landline(home, area_code):
        return landline
    if not of_china and (abroad := _ABROAD.fullmatch(plain)):
        return f"+{abroad[1]}"
    raise _reason(home)


def is_mobile(number: str) -> bool:
    """Whether a normalised number is a mobile one of the mainland."""
    return re.fullmatch(r"1[3-9]\d{9}", number) is not None


def _landline(plain: str, area_code: str) -> str:
    found = _LANDLINE.fullmatch(plain)
    if not found:
        return ""
    area, number, extension = found.groups()
    area = area or area_code.lstrip("0")
    if not area:
        raise InvalidPhone(
            "area_code",
            gettext("固定电话缺少区号。"),
            gettext("在号码前加区号，例如 0513-85216622。"),
        )
    return f"0{area}-{number}" + (f"-{extension}" if extension else "")


def _reason(plain: str) -> InvalidPhone:
    if not plain:
        return InvalidPhone("empty", gettext("没有填写电话号码。"), gettext("填写手机或固定电话。"))
    if not plain.isdecimal():
        return InvalidPhone(
            "characters",
            gettext("电话号码含有数字以外的字符。"),
            gettext("一格只填一个号码，去掉文字说明。"),
        )
    if plain.startswith("1"):
        return InvalidPhone(
            "mobile",
            gettext("手机号应为 11 位，以 13 至 19 开头，现为 %(found)s 位。")
            % {"found": len(plain)},
            gettext("对照原始记录核对号码。"),
        )
    return InvalidPhone(
        "length",
        gettext("固定电话应为区号加 7 或 8 位号码，现为 %(found)s 位。") % {"found": len(plain)},
        gettext("对照原始记录核对号码，例如 0513-85216622。"),
    )
