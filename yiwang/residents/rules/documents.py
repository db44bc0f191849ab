"""The kinds of documents a person's file keeps for later matters (SVC-06)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from django.utils.translation import get_language

SOURCE: Final = Path(__file__).resolve().parent.parent / "data" / "documents.csv"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind; `expires`: it bears a last day, without which it is not used again."""

    code: str
    name: str
    name_en: str
    expires: bool

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "").startswith("en") else self.name


@cache
def document_kinds() -> Mapping[str, DocumentKind]:
    """Every kind by code: the code a service item names the document by."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        rows = [
            DocumentKind(row["code"], row["name"], row["name_en"], row["expires"] == "yes")
            for row in csv.DictReader(file)
        ]
    return MappingProxyType({one.code: one for one in rows})


def is_valid(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """Whether a document holds on a day; both ends count, an open end has no limit."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)
