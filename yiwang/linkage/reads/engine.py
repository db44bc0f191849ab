"""Splink at work: which records are one person, and why."""

import logging
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from django.utils.translation import gettext as _

from yiwang.core import vault
from yiwang.core.errors import Refused
from yiwang.linkage.rules.features import features
from yiwang.linkage.rules.model import Level, Model, current_model

from .backends import BACKENDS

RARE: Final = "rare"
"""The reason that a name is rare or common: not a level of the model, but how often it occurs."""


@dataclass(frozen=True)
class Likeness:
    """Two records, the probability in percent that they are one person, and what speaks for it."""

    left: int
    right: int
    score: float
    weight: float
    reasons: list[dict[str, Any]]


def find_pairs(people: pl.DataFrame, *, lower: float, engine: str = "duckdb") -> list[Likeness]:
    """Pairs within `people` (columns of `features.INPUT`) with at least `lower` percent.

    Raises Refused: engine_failed, spark_missing.
    """
    ready = features(people, vault.keyed_hash)
    return _predict([ready], lower, people.height, engine)


def link_pairs(
    people: pl.DataFrame, others: pl.DataFrame, *, lower: float, register: int
) -> list[Likeness]:
    """Pairs of one of `people` and one of `others`, with at least `lower` percent.

    `others` are those of a register of so many that come into question.
    """
    if people.is_empty() or others.is_empty():
        return []
    ready = [features(frame, vault.keyed_hash) for frame in (people, others)]
    return _predict(ready, lower, register, "duckdb")


def _predict(
    frames: list[pl.DataFrame], lower: float, register: int, engine: str
) -> list[Likeness]:
    from splink import Linker
    from splink.internals.exceptions import SplinkException

    logging.getLogger("splink").setLevel(logging.ERROR)
    model = current_model()
    settings = model.settings(register, link=len(frames) > 1)
    with BACKENDS[engine](sum(frame.height for frame in frames)) as backend:
        # In a fixed order of names: the first table is the left side of every pair.
        tables = [
            backend.api.register(frame.to_arrow(), dataset_display_name=f"side_{at}")
            for at, frame in enumerate(frames)
        ]
        try:
            linker = Linker(tables if len(tables) > 1 else tables[0], settings, log_level=None)
            found = linker.inference.predict(threshold_match_probability=lower / 100)
            columns = _columns(model, [column.name for column in found.columns])
            rows = backend.fetch(found, columns)
        except SplinkException as fault:
            # Its words hold the whole statement; the reader needs the way out.
            sentence = _("比对没有完成，多半是内存不够：请按县区分别查重。")
            raise Refused("engine_failed", sentence) from fault
    return [_likeness(model, dict(zip(columns, row, strict=True))) for row in rows]


def _columns(model: Model, offered: list[str]) -> list[str]:
    found = ["id_l", "id_r", "match_probability", "match_weight"]
    found += [f"gamma_{one.code}" for one in model.comparisons]
    rarities = (f"mw_tf_adj_{one.code}" for one in model.comparisons)
    return found + [name for name in rarities if name in offered]


def _likeness(model: Model, row: dict[str, Any]) -> Likeness:
    reasons = []
    for comparison in model.comparisons:
        level = comparison.level(row[f"gamma_{comparison.code}"])
        if level is None:
            continue
        reasons.append(_reason(comparison.code, level))
        rarity = row.get(f"mw_tf_adj_{comparison.code}") or 0.0
        if abs(rarity) >= _WORTH_SAYING:
            reasons.append({"field": comparison.code, "level": RARE, "weight": round(rarity, 1)})
    score, weight = row["match_probability"] * 100, row["match_weight"]
    return Likeness(row["id_l"], row["id_r"], score, weight, reasons)


_WORTH_SAYING: Final = 0.05


def _reason(field: str, level: Level) -> dict[str, Any]:
    return {"field": field, "level": level.code, "weight": round(level.weight, 1)}
