"""How alike two people are by name, birth and telephone: from a score on, somebody is asked."""

from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Final

from yiwang.core.rules.chinese import pinyin

NAME, BIRTH, PHONE = 0.5, 0.3, 0.2
"""What each part weighs; parts that are not known on both sides weigh nothing."""
HOMOPHONE: Final = 0.95
ONE_SLIP: Final = 0.8
SAME_YEAR: Final = 0.3


@dataclass(frozen=True, slots=True)
class Traits:
    """What people are told apart by; `phone` may be anything that is equal for equal numbers."""

    name: str
    born_on: date | None = None
    phone: bytes | None = None


def likeness(one: Traits, other: Traits) -> int:
    """Percent; 0 when nothing but the name is known to agree, because names repeat.

    Another telephone says nothing (people change it); the same name with the same telephone says
    everything.
    """
    name = name_likeness(one.name, other.name)
    same_phone = one.phone is not None and one.phone == other.phone
    birth = birth_likeness(one.born_on, other.born_on)
    if name == 1 and same_phone:
        return 100
    if not same_phone and not birth:
        return 0
    score, weight = NAME * name, NAME
    if birth is not None:
        score, weight = score + BIRTH * birth, weight + BIRTH
    if same_phone:
        score, weight = score + PHONE, weight + PHONE
    return round(100 * score / weight)


def name_likeness(one: str, other: str) -> float:
    """1 for the same characters, less for the same sound, less for some of them."""
    if one == other:
        return 1.0
    first, second = pinyin(one), pinyin(other)
    if first == second:
        return HOMOPHONE
    letters = SequenceMatcher(None, first, second).ratio()
    return max(SequenceMatcher(None, one, other).ratio(), 0.9 * letters)


def birth_likeness(one: date | None, other: date | None) -> float | None:
    """1 for the same day, less for one wrong digit or day and month exchanged; None: not known."""
    if one is None or other is None:
        return None
    if one == other:
        return 1.0
    exchanged = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    slips = sum(a != b for a, b in zip(one.isoformat(), other.isoformat(), strict=True))
    if slips == 1 or exchanged:
        return ONE_SLIP
    return SAME_YEAR if one.year == other.year else 0.0
