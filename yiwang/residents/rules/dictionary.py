"""The data dictionary: every item of the register and of forms, defined once (INF-02)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml
from django.utils.translation import get_language

from yiwang.core.rules.wording import listed

SOURCE: Final = Path(__file__).resolve().parent.parent / "data" / "fields.yaml"

CORE: Final = ("name", "sex", "born_on", "identity_number", "phone", "home_address")
"""Fields that are columns of the resident as well as facts."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a field of choices."""

    code: str
    name: str
    name_en: str

    @property
    def label(self) -> str:
        return self.name_en if _english() else self.name


@dataclass(frozen=True, slots=True)
class Field:
    """One item: what it is called, how it is written, masked and owned, how long it is fresh.

    `fresh_days` is None for what does not grow old; `owner` the unit whose register is trusted;
    `register` is true for what is kept of a person and false for what each application asks.
    `choices` are offered, `withdrawn` no longer, but still read. `aliases` are other words for it,
    `standard` the national standard it follows; a `fixed` list is extended by no city.
    """

    code: str
    name: str
    name_en: str
    type: str
    group: str
    choices: tuple[Choice, ...]
    fresh_days: int | None
    sensitive: bool
    mask: str
    owner: str | None
    register: bool
    aliases: tuple[str, ...] = ()
    standard: str = ""
    fixed: bool = False
    withdrawn: tuple[Choice, ...] = ()

    @property
    def label(self) -> str:
        """The field's name in the reader's language."""
        return self.name_en if _english() else self.name

    def choice_label(self, code: str) -> str:
        """The words of one choice, or of several joined by commas."""
        labels = {choice.code: choice.label for choice in (*self.withdrawn, *self.choices)}
        return listed(labels.get(one, one) for one in code.split(",") if one)


@cache
def shipped_fields() -> Mapping[str, Field]:
    """The dictionary by code as shipped, in the order of the file, read once.

    What a city has added to its lists of codes stands in the database: see `models.all_fields`.
    """
    rows = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return MappingProxyType({row["code"]: _field(row) for row in rows})


def _field(row: Mapping[str, Any]) -> Field:
    choices = tuple(Choice(**choice) for choice in row.get("choices", ()))
    return Field(**{**row, "choices": choices, "aliases": tuple(row.get("aliases", ()))})


def _english() -> bool:
    return (get_language() or "").startswith("en")
