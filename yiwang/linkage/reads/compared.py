"""A pair side by side: what each record holds, masked, and what speaks for and against."""

from dataclasses import dataclass
from typing import Any

from yiwang.linkage.models import Pair
from yiwang.linkage.rules.model import current_model
from yiwang.linkage.rules.words import said
from yiwang.residents.models import Resident, all_fields
from yiwang.residents.reads.known import column_value
from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.values import mask_value


@dataclass(frozen=True)
class Reason:
    """One thing that was compared, in words, with its weight in bits."""

    words: str
    weight: float

    @property
    def kind(self) -> str:
        """The tint: for, against, or neither to speak of."""
        if abs(self.weight) < 1:
            return ""
        return "ok" if self.weight > 0 else "danger"

    @property
    def signed(self) -> str:
        return f"{self.weight:+.1f}"


@dataclass(frozen=True)
class Line:
    """One field of both records; None for a side that is not shown."""

    field: Field
    left: str | None
    right: str | None
    reasons: list[Reason]


def lines_of(pair: Pair, seen: tuple[bool, bool]) -> list[Line]:
    """Every field compared, in the order of the model."""
    told = reasons_of(pair)
    return [
        Line(
            all_fields()[one.code],
            _shown(pair.left, one.code) if seen[0] else None,
            _shown(pair.right, one.code) if seen[1] else None,
            told.get(one.code, []),
        )
        for one in current_model().comparisons
    ]


def reasons_of(pair: Pair) -> dict[str, list[Reason]]:
    """What was compared, by field."""
    found: dict[str, list[Reason]] = {}
    for one in pair.reasons:
        reason = Reason(said(one["field"], one["level"]), one["weight"])
        found.setdefault(one["field"], []).append(reason)
    return found


def strongest(pair: Pair) -> list[Reason]:
    """What speaks loudest, for or against; for lists."""
    every: list[Any] = [one for held in reasons_of(pair).values() for one in held]
    return sorted(every, key=lambda one: -abs(one.weight))[:3]


def _shown(person: Resident, code: str) -> str:
    return mask_value(all_fields()[code], column_value(person, code))
