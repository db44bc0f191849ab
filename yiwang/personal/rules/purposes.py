"""What residents' data are used for: each purpose with its legal basis (PIPL 13, rule PI-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import yaml
from django.utils.translation import get_language

from yiwang.residents.rules.dictionary import Field

SOURCE: Final = Path(__file__).resolve().parent.parent / "data" / "purposes.yaml"
CONSENT: Final = "consent"
_CARE: Final = frozenset({"health"})
_REGISTER: Final = frozenset({"identity", "contact", "household", "housing"})


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose: its words, its basis, the version of its text, whether it is sensitive."""

    code: str
    name: str
    name_en: str
    text: str
    text_en: str
    basis: str
    version: int
    sensitive: bool = False

    @property
    def label(self) -> str:
        return self.name_en if _english() else self.name

    @property
    def words(self) -> str:
        """What one agrees to."""
        return self.text_en if _english() else self.text

    @property
    def asks(self) -> bool:
        """Whether it rests on consent; a duty by law is told and not asked."""
        return self.basis == CONSENT


@cache
def purposes() -> Mapping[str, Purpose]:
    """Every purpose by code, in the order of the file."""
    rows = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return MappingProxyType({row["code"]: Purpose(**row) for row in rows})


def purpose_of(field: Field) -> Purpose:
    """What a field of the dictionary is kept for, by its group."""
    if field.group in _CARE:
        return purposes()["care"]
    return purposes()["register" if field.group in _REGISTER else "matters"]


def _english() -> bool:
    return (get_language() or "").startswith("en")
