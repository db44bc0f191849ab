"""The profile of a community: what the register counts beside what was declared (DIV-04)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils import timezone

from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.statistics.models import Indicator, ProfileValue, plain

from .figures import Figures, figures_of

# What the register can count by itself; the rest is known by declaration only.
COUNTED: Final = {
    Indicator.HOUSEHOLDS: "households",
    Indicator.RESIDENTS: "people",
    Indicator.REGISTERED: "registered",
    Indicator.ELDERS: "elders",
    Indicator.SENIORS: "seniors",
}


@dataclass(frozen=True)
class ProfileLine:
    """One indicator: the register's count, the newest declaration, and which of both is used."""

    indicator: Indicator
    counted: int | None
    declared: ProfileValue | None
    old: bool

    @property
    def used(self) -> Decimal | None:
        """A declaration goes before the count, because it is somebody's word with a source."""
        if self.declared is not None:
            return self.declared.plain
        return None if self.counted is None else Decimal(self.counted)

    @property
    def difference(self) -> Decimal | None:
        """How far the declaration is from the register."""
        if self.declared is None or self.counted is None:
            return None
        return plain(self.declared.value - self.counted)


def profile_of(place: Division, on: date | None = None) -> list[ProfileLine]:
    """All denominators of a community on a day (default: today)."""
    day = on or timezone.localdate()
    rows = ProfileValue.objects.on(day).filter(division_id=place.pk).newest()
    declared = {row.indicator: row for row in rows}
    return _lines(figures_of(place, day), declared, day)


def _lines(found: Figures, declared: dict[str, ProfileValue], day: date) -> list[ProfileLine]:
    months = int(parameter("statistics.profile_months"))
    lines = []
    for indicator in Indicator:
        code, said = COUNTED.get(indicator), declared.get(indicator)
        counted = found.value(code) if code else None
        old = said is not None and said.is_old(day, months)
        lines.append(ProfileLine(indicator, counted, said, old))
    return lines


def profiles_of(places: Iterable[Division], on: date) -> dict[int, dict[str, ProfileValue]]:
    """The newest declarations of several communities by place and indicator."""
    keys = [one.pk for one in places]
    found: dict[int, dict[str, ProfileValue]] = {key: {} for key in keys}
    for row in ProfileValue.objects.on(on).filter(division_id__in=keys).newest():
        found[row.division_id][row.indicator] = row
    return found


def required_area(lines: Iterable[ProfileLine]) -> Decimal | None:
    """Usable square metres a community's centre must have for its households (CEN, plan 五(一)1)."""
    households = next(line.used for line in lines if line.indicator == Indicator.HOUSEHOLDS)
    if households is None:
        return None
    each = Decimal(str(parameter("statistics.area_per_100_households")))
    return plain(households * each / 100)
