"""The model: comparisons, levels and their weights, read from versioned data; made for Splink."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log2
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

SOURCE: Final = Path(__file__).resolve().parent.parent / "data" / "model.yaml"
_FEWEST: Final = 1000
"""A register so small says nothing about how many people there are."""
_ENOUGH: Final = 5000
"""Names are counted from so many people on; among fewer every name is rare."""
# What a field of the dictionary is called among the columns that are compared.
COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "name",
        "born_on": "born",
        "identity_number": "identity",
        "phone": "phone",
        "home_address": "address",
        "sex": "sex",
    }
)


@dataclass(frozen=True)
class Level:
    """One degree of agreement: how often one person's records show it (m), and two people's (u)."""

    code: str
    m: float
    u: float
    sql: str = "ELSE"
    frequency: str = ""

    @property
    def weight(self) -> float:
        """Bits for (positive) or against (negative) one person; before rarity counts."""
        return log2(self.m / self.u)


@dataclass(frozen=True)
class Comparison:
    """One field with its levels, the strongest agreement first."""

    code: str
    levels: tuple[Level, ...]

    def level(self, gamma: int) -> Level | None:
        """The level Splink numbers from 0 (no agreement) upward; None where a value is missing."""
        return self.levels[len(self.levels) - 1 - gamma] if gamma >= 0 else None


@dataclass(frozen=True)
class Model:
    """A version of the model."""

    version: str
    duplicates_share: float
    blocking: tuple[tuple[str, str], ...]
    comparisons: tuple[Comparison, ...]

    def prior(self, people: int, *, link: bool) -> float:
        """The chance that two records drawn at random are one person, among so many.

        `link`: one of them is of a list whose people are mostly in the register.
        """
        share = 1.0 if link else 2 * self.duplicates_share
        return share / max(people, _FEWEST)

    def settings(self, people: int, *, link: bool = False) -> dict[str, Any]:
        """The settings as Splink reads them; `people` is the size of the register compared."""
        rarity = people >= _ENOUGH and not link
        return {
            "link_type": "link_only" if link else "dedupe_only",
            "unique_id_column_name": "id",
            "probability_two_random_records_match": self.prior(people, link=link),
            "retain_matching_columns": True,
            "retain_intermediate_calculation_columns": True,
            "blocking_rules_to_generate_predictions": [sql for _code, sql in self.blocking],
            "comparisons": [_for_splink(one, rarity=rarity) for one in self.comparisons],
        }


@cache
def current_model() -> Model:
    """The model in the file, read once."""
    told = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    comparisons = tuple(
        Comparison(one["code"], tuple(Level(**level) for level in one["levels"]))
        for one in told["comparisons"]
    )
    blocking = tuple((one["code"], one["sql"]) for one in told["blocking"])
    return Model(told["version"], told["duplicates_share"], blocking, comparisons)


def _for_splink(comparison: Comparison, *, rarity: bool) -> dict[str, Any]:
    column = COLUMNS[comparison.code]
    missing = {
        "sql_condition": f"{column}_l IS NULL OR {column}_r IS NULL",
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    levels = [missing, *(_level(one, rarity=rarity) for one in comparison.levels)]
    return {"output_column_name": comparison.code, "comparison_levels": levels}


def _level(level: Level, *, rarity: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "sql_condition": level.sql,
        "label_for_charts": level.code,
        "m_probability": level.m,
        "u_probability": level.u,
    }
    if rarity and level.frequency:
        made |= {"tf_adjustment_column": level.frequency, "tf_adjustment_weight": 1.0}
    return made
