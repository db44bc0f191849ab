"""One-time codes: digits only, so that they can be told at a window and typed by an elder."""

import secrets
from typing import Final

from yiwang.core.rules.chinese import clean_digits

DIGITS: Final = 8
GROUP: Final = 4


def new_code() -> str:
    """Eight random digits; with five tries a guess succeeds once in twenty million."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def spoken(code: str) -> str:
    """The digits in groups of four, as they are read out and printed."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def typed(text: str) -> str:
    """The digits of what somebody typed; spaces and full-width forms do not matter."""
    return clean_digits(text)
