"""What someone typed into the one search box, told by its shape."""

import re
from dataclasses import dataclass
from enum import StrEnum

from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth, is_han

from .identity import InvalidIdentity, check_identity
from .phone import InvalidPhone, normalise


class Shape(StrEnum):
    """What a text can only be; `nothing` finds nobody."""

    NOTHING = "nothing"
    NAME = "name"
    LETTERS = "letters"
    IDENTITY = "identity"
    PHONE = "phone"
    TAIL = "tail"


@dataclass(frozen=True, slots=True)
class Query:
    """The shape of a text and the form it is looked up in."""

    shape: Shape
    text: str


def read_query(text: str) -> Query:
    """Identity number, telephone, last four digits, name or letters of its pinyin.

    An identity number with a fault is looked up as typed, so that nothing else is guessed.
    """
    plain = fullwidth_to_halfwidth(clean_text(text))[:100]
    digits = re.sub(r"[\s-]", "", plain).upper()
    if re.fullmatch(r"\d{4}|\d{3}X", digits):
        return Query(Shape.TAIL, digits)
    if re.fullmatch(r"\d{17}[\dX]|\d{15}", digits):
        return Query(Shape.IDENTITY, _identity(digits))
    if re.fullmatch(r"[\d+()#-]+", digits):
        return _phone(plain)
    if any(is_han(char) for char in plain):
        return Query(Shape.NAME, plain)
    letters = re.sub(r"[^a-z]", "", plain.lower().replace("ü", "v"))
    if letters:
        return Query(Shape.LETTERS, letters)
    return Query(Shape.NAME, plain) if any(map(str.isalpha, plain)) else Query(Shape.NOTHING, "")


def _identity(digits: str) -> str:
    try:
        return check_identity(digits).number
    except InvalidIdentity:
        return digits


def _phone(plain: str) -> Query:
    try:
        return Query(Shape.PHONE, normalise(plain))
    except InvalidPhone:
        return Query(Shape.NOTHING, "")
