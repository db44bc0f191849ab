"""The golden record: what stands of each field after all source records of a person (INF-02)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from yiwang.core.reads import parameter
from yiwang.residents.models import (
    IN_PERSON,
    Arrival,
    Resident,
    SourceRecord,
    standing_records,
)
from yiwang.residents.rules.deriving import Claim, Standing, Turn, derive, rank_of
from yiwang.residents.rules.dictionary import Field, shipped_fields

TRUST: Final = "residents.trusted."
"""Parameters that say whom to believe: by field, else by its owner, else `default`."""

# Parameters that speak of several fields at once.
_FRESH: Final = {
    "home_address": "address",
    "domicile_address": "address",
    "monthly_income": "income",
    "household_income": "income",
    "pension": "income",
    "employment_status": "employment",
    "employer": "employment",
    "household_size": "household",
    "emergency_phone": "emergency_contact",
}


class Trust:
    """Orders of trust as far as they were asked for: one of these lasts as long as one piece of
    work, so that a whole register asks for each order once.

    Of residents; a register with a dictionary of its own overrides `order`, `owner` and `days`.
    """

    def __init__(self) -> None:
        self._orders: dict[tuple[str, date, int], Sequence[Any]] = {}
        self._days: dict[str, int | None] = {}

    def order(self, code: str, on: date, division: int) -> Sequence[Any]:
        return trusted_order(code, on, division)

    def owner(self, code: str) -> str:
        """The department the field belongs to."""
        field = shipped_fields().get(code)
        return (field.owner or "") if field else ""

    def days(self, code: str) -> int | None:
        """Days a value of the field stays fresh."""
        field = shipped_fields().get(code)
        return fresh_days(field) if field else None

    def rank(self, code: str, record: Arrival, division: int) -> int:
        """The place of a record's source for a field, by the order in force on its day."""
        key = (code, record.collected_on, division)
        order = self._orders.get(key)
        if order is None:
            order = self._orders[key] = self.order(code, record.collected_on, division)
        owner = self.owner(code)
        return rank_of(order, owner=owner, unit=record.owner_code, kind=record.source_kind)

    def fresh_days(self, code: str) -> int | None:
        if code not in self._days:
            self._days[code] = self.days(code)
        return self._days[code]


def trusted_order(code: str, on: date, division: int) -> Sequence[Any]:
    """Whom to believe about a field on a day in a place, the most trusted first."""
    field = shipped_fields().get(code)
    for name in (code, field.owner if field else None, "default"):
        try:
            order: Sequence[Any] = parameter(f"{TRUST}{name}", on=on, division=division)
        except LookupError:
            continue
        return order
    return ()


def fresh_days(field: Field) -> int | None:
    """Days a value stays fresh: the parameter of the city, else the dictionary; None for ever."""
    try:
        return int(parameter(f"residents.fresh.{_FRESH.get(field.code, field.code)}"))
    except LookupError:
        return field.fresh_days


def standings_of(
    records: Iterable[Arrival],
    division: int,
    codes: Iterable[str] | None = None,
    trust: Trust | None = None,
) -> dict[str, Standing]:
    """What stands of each field (of `codes`, else of every field spoken of) after the records of
    one person or organisation, oldest first.

    Where somebody lives is said by records of the place alone: an address in another community,
    from a record merged into this one, is none here.
    """
    counted = standing_records(records)
    wanted = set(codes) if codes is not None else {code for one in counted for code in one.codes}
    trust = trust or Trust()
    found: dict[str, Standing] = {}
    for code in sorted(wanted):
        told = [one for one in counted if code in set(one.codes)]
        if code == "home_address":
            told = [one for one in told if one.place == division]
        claims = [_claim(one, code, division, trust) for one in told]
        standing = derive(claims, trust.fresh_days(code))
        if standing is not None:
            found[code] = standing
    return found


def effects_of(
    records: Iterable[SourceRecord], told: SourceRecord, division: int, trust: Trust
) -> dict[str, Turn]:
    """What would become of each value of a record that is not kept yet, after those of a person."""
    told.place = division
    found = standings_of([*records, told], division, told.codes, trust)
    return {code: standing.turns[-1] for code, standing in found.items()}


def _claim(record: Arrival, code: str, division: int, trust: Trust) -> Claim:
    return Claim(
        record=record.pk,
        value=record.says(code) or "",
        source=record.source_key,
        rank=trust.rank(code, record, division),
        collected_on=record.collected_on,
        verified_on=record.verified_on,
        word=record.nature,
        in_person=record.source_kind in IN_PERSON,
    )


def standings(
    resident: Resident, codes: Iterable[str] | None = None
) -> tuple[dict[str, Standing], Mapping[int, SourceRecord]]:
    """What stands of a resident, and the records it comes from by number; one statement."""
    records = list(SourceRecord.objects.of([resident]))
    found = standings_of(records, resident.division_id, codes)
    return found, {one.pk: one for one in records}
