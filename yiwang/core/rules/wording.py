"""How the reader's language joins words: lists, a second name in brackets, sentences to be kept."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _


def listed(words: Iterable[object]) -> str:
    """Several words in a row: 甲、乙 in Chinese, A, B in English."""
    return pgettext("between words of a list", "、").join(str(word) for word in words)


def bracketed(name: object, other: object) -> str:
    """A name and beside it what else tells it: 窗口（W1）, Window (W1)."""
    return _("%(name)s（%(other)s）") % {"name": name, "other": other}


def grouped(code: str, size: int = 4) -> str:
    """A code in groups, as it is printed and read out: ABCD-EFGH-JKLM."""
    return "-".join(code[at : at + size] for at in range(0, len(code), size))


class Said(str):
    """A sentence in the language of whoever hears it now that is kept by its source text and what
    fills its blanks, and read back in the language of whoever reads it then.
    """

    source: str
    words: Mapping[str, Any]

    def __new__(cls, source: str, words: Mapping[str, Any] | None = None) -> Self:
        text = _(source)
        told = super().__new__(cls, text % words if words else text)
        told.source, told.words = source, dict(words or {})
        return told

    def __mod__(self, words: Any) -> "Said":
        return Said(self.source, words)

    def kept(self) -> dict[str, Any]:
        return {"text": self.source, "words": {name: kept(one) for name, one in self.words.items()}}


class Either(str):
    """Words that are given in both languages, such as the names of codes."""

    both: tuple[str, str]

    def __new__(cls, chinese: str, english: str) -> Self:
        told = super().__new__(cls, english if (get_language() or "").startswith("en") else chinese)
        told.both = (chinese, english)
        return told

    def kept(self) -> dict[str, Any]:
        return {"zh": self.both[0], "en": self.both[1]}


said = Said
"""What a rule says of a value: as gettext, but it may be kept."""


def kept(told: Any) -> Any:
    """A sentence, or any other value, as JSON keeps it."""
    return told.kept() if isinstance(told, (Said, Either)) else told


def read_back(told: Any) -> Any:
    """What `kept` gave, in the reader's language; a text that was kept as such stays as it is."""
    if not isinstance(told, Mapping):
        return told
    if "text" not in told:
        return Either(told["zh"], told["en"])
    return Said(told["text"], {name: read_back(one) for name, one in told["words"].items()})


def read_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of kept sentences and other values, in the reader's language."""
    return [{name: read_back(one) for name, one in row.items()} for row in rows]
