"""The tables of a page of figures: one line a key with its values, small numbers hidden."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from yiwang.accounts.models import Unit
from yiwang.divisions.models import Division
from yiwang.matters.models import Category
from yiwang.matters.rules import Channel
from yiwang.performance.rules import FIGURES, Counts, share, value_of
from yiwang.statistics.rules import hide_small

SHARES: Final = {"on_time": "answered", "prompt": "responded", "satisfied": "rated", "steps_on_time": "steps"}  # fmt: skip
"""Which figures are said as a share, and of what."""


@dataclass(frozen=True)
class Line:
    """One line: what it stands for, and its figures; None where a number is hidden."""

    key: str
    label: str
    values: dict[str, int | None]

    def share(self, code: str) -> float | None:
        return share(self.values.get(code), self.values.get(SHARES[code]))


def lines(cells: Mapping[str, Counts], labels: Mapping[str, str], least: int) -> list[Line]:
    """The most accepted first; numbers below `least` hidden (0: none is)."""
    known = [key for key in cells if any(value_of(one.code, cells[key]) for one in FIGURES)]
    columns = {
        one.code: hide_small({key: value_of(one.code, cells[key]) for key in known}, least)
        for one in FIGURES
    }
    found = [
        Line(key, labels.get(key, key), {code: column[key] for code, column in columns.items()})
        for key in known
    ]
    return sorted(found, key=lambda line: (-cells[line.key].get("accepted", 0), line.label))


def whole_line(counts: Counts, label: str, least: int) -> Line:
    values: dict[str, int | None] = {one.code: value_of(one.code, counts) for one in FIGURES}
    hidden = {code: None for code, count in values.items() if count and count < least}
    return Line("", label, {**values, **hidden})


def unit_labels(keys: Mapping[str, Any]) -> dict[str, str]:
    units = Unit.objects.filter(pk__in=[int(key) for key in keys if key])
    return {"": _("网上、无受理单位"), **{str(one.pk): one.label for one in units}}


def place_labels(keys: Mapping[str, Any]) -> dict[str, str]:
    places = Division.objects.filter(pk__in=[int(key) for key in keys])
    return {str(one.pk): one.label for one in places}


def category_labels(on: date) -> dict[str, str]:
    """The ten by what they were called on a day."""
    return {one.code: one.label_on(on) for one in Category.objects.prefetch_related("names")}


def channel_labels() -> dict[str, str]:
    return {one.value: str(one.label) for one in Channel}
