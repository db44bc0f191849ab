"""Masks for personal data: what may be shown in lists, notices and receipts.

A mask that meets a form it does not know hides more, never less.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from yiwang.core.rules.chinese import (
    clean_digits,
    clean_text,
    fullwidth_to_halfwidth,
    is_han,
    split_name,
)

STAR = "*"
_IDENTITY = re.compile(r"\d{17}[\dX]|\d{15}")
_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(
    r"(?:(?:(?:\+|00)860?|0)(10|2\d|[3-9]\d\d))?([2-9]\d{6,7})(?:[转x#*]\d{1,6})?"
)
_NUMERAL = "0-9A-Za-z〇零一二两三四五六七八九十百千甲乙丙丁"
_ROOM = re.compile(rf"[#{_NUMERAL}]+(?:[-之#][{_NUMERAL}]+)*(号?[室户房])")
_NUMBER = re.compile(
    rf"[A-Za-z]*\d[0-9A-Za-z]*(号楼|单元|[室户房号幢栋座楼层组队弄巷])?"
    rf"|[{_NUMERAL}]+(号楼|单元|[室户房号幢栋座楼层组队])"
)
_LONG_NUMBER = re.compile(r"\d{7}")
_PLACE = re.compile(r".*(?:街道|社区|小区|新村|花园|[省市区县镇乡村街路巷弄庄])")


def mask_name(name: str) -> str:
    """张桂兰 as 张*兰, 张三 as 张*, 欧阳锋 as 欧阳*, John Smith as J*** S****.

    Other names keep the first character of the first word alone.
    """
    plain = clean_text(name)
    letters = _letters(plain.replace(" ", ""))
    if letters and all(is_han(letter[0]) for letter in letters):
        return _mask_chinese(letters)
    words = plain.split(" ")
    if all(_is_latin(word) for word in words):
        return " ".join(_mask_tail(_letters(word)) for word in words)
    return _mask_tail(_letters(plain))


def mask_young_name(name: str) -> str:
    """What lists show of a child's name: the surname alone, 张桂兰 as 张**."""
    plain = clean_text(name)
    letters = _letters(plain.replace(" ", ""))
    if letters and all(is_han(letter[0]) for letter in letters):
        surname = split_name("".join(letter[0] for letter in letters))[0]
        return "".join(letters[: len(surname) or 1]) + STAR * 2
    return mask_name(plain)


def mask_identity(number: str) -> str:
    """320684194703120028 as 3206**********0028; other documents keep their last two characters."""
    plain = re.sub(r"\s", "", fullwidth_to_halfwidth(clean_text(number))).upper()
    if not _IDENTITY.fullmatch(plain):
        return _keep_last(plain, 2)
    tail = 4 if len(plain) == 18 else 3
    return plain[:4] + STAR * (len(plain) - 4 - tail) + plain[-tail:]


def mask_phone(number: str) -> str:
    """13812342207 as 138****2207, 0513-85216622 as 0513-****6622; others keep two digits."""
    plain = re.sub(r"[\s()-]", "", fullwidth_to_halfwidth(clean_text(number)))
    if mobile := _MOBILE.fullmatch(plain):
        digits = mobile[1]
        return f"{digits[:3]}****{digits[-4:]}"
    if landline := _LANDLINE.fullmatch(plain):
        area, digits = landline[1], landline[2]
        hidden = STAR * (len(digits) - 4) + digits[-4:]
        return f"0{area}-{hidden}" if area else hidden
    return _keep_last(plain, 2)


def mask_address(address: str) -> str:
    """Down to road and building, the room hidden: 易家桥新村15幢3单元402室 ends in 3单元**室.

    An address without any number is kept down to its last place name.
    """
    plain = fullwidth_to_halfwidth(clean_text(address))
    if long_number := _LONG_NUMBER.search(plain):  # a telephone number has slipped in
        plain = plain[: long_number.start()]
    found = _ROOM.search(plain) or _last(_NUMBER, plain)
    if found:
        unit = next((group for group in found.groups() if group), "")
        return plain[: found.start()] + STAR * 2 + unit
    place = _PLACE.match(plain)
    kept = place[0] if place else ""
    return kept if kept == plain and not long_number else kept + STAR * 2


def mask_bank(number: str) -> str:
    """A bank account by its last four digits alone."""
    return _keep_last(clean_digits(number), 4)


def mask_money(amount: Decimal | int | str) -> str:
    """3286.50 as 3,2**: at most two leading digits and the size; cents are left out."""
    try:
        yuan = Decimal(re.sub(r"[\s,¥￥元]", "", fullwidth_to_halfwidth(str(amount))))
    except InvalidOperation:
        return STAR * 2
    if not yuan.is_finite() or yuan.adjusted() > 15:
        return STAR * 2
    digits = f"{abs(int(yuan)):,}"
    shown, kept = 0, min(2, len(digits.replace(",", "")) // 2)
    masked = ""
    for char in digits:
        masked += char if char == "," or shown < kept else STAR
        shown += char != ","
    return masked


def _mask_chinese(letters: list[str]) -> str:
    surname, given = split_name("".join(letter[0] for letter in letters))
    if not given:
        return STAR
    last = letters[-1] if len(given) > 1 else STAR
    return "".join(letters[: len(surname)]) + STAR * (len(given) - 1) + last


def _mask_tail(letters: list[str]) -> str:
    if len(letters) < 2:
        return STAR * len(letters)
    return letters[0] + STAR * (len(letters) - 1)


def _keep_last(plain: str, kept: int) -> str:
    """The last characters, when what stays hidden is at least as long as twice what is shown."""
    shown = kept if len(plain) >= 3 * kept else 0
    return STAR * (len(plain) - shown) + plain[len(plain) - shown :]


def _letters(text: str) -> list[str]:
    """Characters as people see them: a base with the marks that belong to it."""
    letters: list[str] = []
    for char in text:
        if letters and unicodedata.category(char) in ("Mn", "Me", "Mc"):
            letters[-1] += char
        else:
            letters.append(char)
    return letters


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    matches = list(pattern.finditer(text))
    return matches[-1] if matches else None


def _is_latin(word: str) -> bool:
    """Whether a word is written in Latin letters (Unicode blocks up to Latin Extended-B)."""
    return all((char.isalpha() and ord(char) < 0x250) or char in "-'’." for char in word)
