"""The lines of business a hall may open: data/lines.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import get_language


@dataclass(frozen=True)
class LineOnOffer:
    """A line of business a hall may open: letter, names, categories of the catalogue."""

    letter: str
    name: str
    name_en: str
    categories: tuple[str, ...]
    chosen: bool

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


@cache
def lines_on_offer() -> dict[str, LineOnOffer]:
    """The lines by their letter."""
    file = Path(__file__).parent.parent / "data" / "lines.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        return {
            row["letter"]: LineOnOffer(
                row["letter"], row["name"], row["name_en"],
                tuple(row["categories"].split()), bool(row["chosen"]),
            )
            for row in csv.DictReader(opened)
        }  # fmt: skip
