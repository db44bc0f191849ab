"""How much of what is asked is held already: counts and shares, never persons (INF-05)."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from yiwang.residents.rules.dictionary import Field


@dataclass
class Share:
    """Of one field: people, and of how many it is fresh, soon due, overdue or not held.

    `soon` counts people whose value is fresh now, so it is part of `fresh`.
    """

    people: int = 0
    fresh: int = 0
    soon: int = 0
    due: int = 0
    missing: int = 0

    @property
    def percent(self) -> int:
        """The fresh share in whole percent, rounded down: 100 is everybody."""
        return 100 * self.fresh // self.people if self.people else 0

    @property
    def left(self) -> int:
        """People who would have to be asked."""
        return self.due + self.missing

    def add(self, other: "Share") -> None:
        for name, figure in asdict(other).items():
            setattr(self, name, getattr(self, name) + figure)

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def is_fresh(since: date | None, days: int | None, on: date) -> bool:
    """Whether a value that stands since a day is still fresh; None days: it does not grow old."""
    return since is not None and (days is None or on <= since + timedelta(days=days))


def shares(
    held: Iterable[Mapping[str, date]],
    days: Mapping[str, int | None],
    on: date,
    warning: int,
) -> dict[str, Share]:
    """The shares of each field over people; `held` gives for each person the days values stand
    since, `days` how long each field stays fresh, `warning` the days before the end that are soon.
    """
    found = {code: Share() for code in days}
    for person in held:
        for code, share in found.items():
            since = person.get(code)
            share.people += 1
            if since is None:
                share.missing += 1
            elif is_fresh(since, days[code], on):
                share.fresh += 1
                share.soon += not is_fresh(since, days[code], on + timedelta(days=warning))
            else:
                share.due += 1
    return found


def parts_left(overlap: Mapping[str, Mapping[str, Any]], fields: Iterable[str]) -> list[str]:
    """The fields that have to be collected from somebody."""
    return [code for code in fields if Share(**overlap.get(code, {"missing": 1})).left]


def label_of(field: Field | None, code: str) -> str:
    """A field's name, or its code when no dictionary knows it any more."""
    return field.label if field else code
