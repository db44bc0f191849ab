"""How the name of a place is read: pinyin, initials, and its name in English."""

from functools import cache

from yiwang.core.rules import chinese

from .names import english_name


def readings(short: str, *, exact: bool = True) -> tuple[str, str, str]:
    """Pinyin, initials and English name of a short name.

    Not `exact` reads character by character, each looked up once: for hundreds of thousands.
    """
    spoken = _by_phrase if exact else _by_character
    syllables = spoken(short)
    joined = "".join(syllables)
    first = "".join(syllable[0] for syllable in syllables)
    return joined[:200], first[:60], english_name(short, lambda han: "".join(spoken(han)))[:160]


def _by_phrase(text: str) -> list[str]:
    return chinese.syllables(text, person=False)


def _by_character(text: str) -> list[str]:
    return [syllable for char in text for syllable in _one(char)]


@cache
def _one(char: str) -> tuple[str, ...]:
    return tuple(chinese.syllables(char, person=False))
