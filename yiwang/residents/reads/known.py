"""What the register knows of a person, with source, date and freshness (INF-02, INF-04, INF-07)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from yiwang.residents.models import Resident, SourceKind, SourceRecord, all_fields
from yiwang.residents.rules.deriving import Standing
from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.values import mask_value, show_value

from .golden import fresh_days, standings

_MARKS: Final = {
    SourceKind.DEPARTMENT: "lib",
    SourceKind.EARLIER: "prev",
    SourceKind.VISIT: "visit",
    SourceKind.WINDOW: "prev",
    SourceKind.CALL: "prev",
    SourceKind.IMPORT: "import",
    SourceKind.SYSTEM: "lib",
    SourceKind.RESIDENT: "self",
}


@dataclass(frozen=True, slots=True)
class Known:
    """One value: as kept, as it may be shown, whence and when, and until when it is fresh.

    `collected_on` is the day it was last known to be right, `first_on` the day it was first told,
    `verified` whether anybody has checked it. `disputed`: sources differ and no rule decides;
    `others` is the number of sources that say something else. `record` is where it comes from.
    """

    code: str
    value: str
    masked: str
    source_kind: str
    source_label: str
    collected_on: date
    fresh: bool
    due_on: date | None
    first_on: date
    verified: bool
    disputed: bool
    others: int
    record: int

    @property
    def field(self) -> Field:
        return all_fields()[self.code]

    @property
    def shown(self) -> str:
        """The whole value in the reader's words; only for who may see it."""
        return show_value(self.field, self.value)

    @property
    def mark(self) -> str:
        """The kind of provenance mark on pages (furniture's `src`)."""
        return _MARKS[SourceKind(self.source_kind)] if self.fresh else "old"

    @property
    def source(self) -> str:
        """The source in words."""
        return self.source_label or str(SourceKind(self.source_kind).label)

    @property
    def source_line(self) -> str:
        """Source and day for the provenance mark; says so when the value has grown old."""
        line = f"{self.source} · {self.collected_on:%Y-%m-%d}"
        return line if self.fresh else _("%(line)s，已过期，请当面确认") % {"line": line}


def dictionary() -> Mapping[str, Field]:
    """Every field of the data dictionary by code."""
    return all_fields()


def column_value(resident: Resident, code: str) -> str:
    """The value of a core field as it lies in its column; empty when there is none."""
    held = {
        "name": resident.name,
        "sex": resident.sex,
        "born_on": resident.born_on.isoformat() if resident.born_on else "",
        "identity_number": resident.identity,
        "phone": resident.phone,
        "home_address": resident.dwelling.address if resident.dwelling else "",
    }
    return held.get(code) or ""


def known_fields(resident: Resident, codes: Iterable[str], on: date) -> dict[str, Known]:
    """What is held of the fields asked for, by code; what is not held is absent."""
    wanted = [code for code in codes if code in all_fields()]
    found, records = standings(resident, wanted)
    return known_of(found, records, on, wanted)


def known_of(
    found: Mapping[str, Standing],
    records: Mapping[int, SourceRecord],
    on: date,
    codes: Iterable[str] | None = None,
) -> dict[str, Known]:
    """What is held, of what stands; in the order of `codes`, else of the dictionary."""
    wanted = all_fields() if codes is None else codes
    held = ((code, found[code]) for code in wanted if code in found)
    return {code: _known(code, one, records, on) for code, one in held if one.value}


def due_on(code: str, standing: Standing) -> date | None:
    """The day until which what stands of a field is fresh; None when it does not grow old."""
    days = fresh_days(all_fields()[code])
    return standing.since + timedelta(days=days) if days else None


def _known(code: str, standing: Standing, records: Mapping[int, SourceRecord], on: date) -> Known:
    record, due = records[standing.claim.record], due_on(code, standing)
    return Known(
        code=code,
        value=standing.value,
        masked=mask_value(all_fields()[code], standing.value),
        source_kind=record.source_kind,
        source_label=record.source_label,
        collected_on=standing.since,
        fresh=due is None or on <= due,
        due_on=due,
        first_on=standing.first_on,
        verified=standing.verified_on is not None,
        disputed=standing.disputed,
        others=len(standing.others),
        record=record.pk,
    )
