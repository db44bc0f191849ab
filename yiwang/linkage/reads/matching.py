"""Whom the rows of a file mean: by identity number, else by how alike name, birth and phone are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl
from django.db import connection

from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import pinyin
from yiwang.core.vault import keyed_hash
from yiwang.divisions.rules import KeyRange
from yiwang.linkage.models import FileRow
from yiwang.linkage.rules.features import folded
from yiwang.residents.models import Resident
from yiwang.residents.rules.reading import ROW

from .engine import link_pairs
from .register import SCHEMA, people_of

BY_NUMBER: Final = "number"
BY_SCORE: Final = "score"
BY_PERSON: Final = "person"
# Each half goes along an index; together they are everybody who may be meant.
_CANDIDATES: Final = """
    WITH sent AS (
        SELECT * FROM unnest(%s::text[], %s::int[], %s::bytea[]) AS sent (sound, year, phone)
    )
    SELECT r.id FROM sent JOIN residents_resident r
        ON r.name_pinyin = sent.sound AND r.birth_year = sent.year
    WHERE r.state = 'live' AND r.division_id BETWEEN %s AND %s
    UNION
    SELECT r.id FROM sent JOIN residents_resident r ON r.phone_hash = sent.phone
    WHERE r.state = 'live' AND r.division_id BETWEEN %s AND %s
"""


@dataclass(frozen=True)
class Match:
    """What a row means: the state of the row, the resident where one is meant, and why."""

    state: str
    how: str = ""
    resident: int | None = None
    score: float | None = None


def matches(rows: pl.DataFrame, area: KeyRange, taken: Iterable[int]) -> dict[int, Match]:
    """By row the match; `taken` are residents whom earlier rows of the file mean already."""
    found = _by_number(rows, area)
    rest = rows.filter(~pl.col(ROW).is_in(list(found)))
    found |= _by_likeness(rest, area, {*taken, *(one.resident or 0 for one in found.values())})
    nobody = Match(FileRow.State.UNMATCHED)
    return {row: found.get(row, nobody) for row in rows[ROW]}


def _by_number(rows: pl.DataFrame, area: KeyRange) -> dict[int, Match]:
    given = rows.filter(pl.col("identity_number") != "")
    hashes = {
        keyed_hash("identity", number): row
        for row, number in given.select(ROW, "identity_number").iter_rows()
    }
    people = Resident.objects.live().filter(division_id__range=(area.lo, area.hi))
    held = people.filter(identity_hash__in=list(hashes)).values_list("identity_hash", "pk")
    return {
        hashes[bytes(digest)]: Match(FileRow.State.MATCHED, BY_NUMBER, key)
        for digest, key in held.iterator()
        if digest is not None
    }


def _by_likeness(rows: pl.DataFrame, area: KeyRange, taken: set[int]) -> dict[int, Match]:
    """The likeliest person from the lower threshold on; certain only where nobody else is."""
    if rows.is_empty():
        return {}
    people = Resident.objects.filter(pk__in=_candidates(rows, area))
    lower, upper = parameter("linkage.lower_percent"), parameter("linkage.upper_percent")
    register = Resident.objects.live().filter(division_id__range=(area.lo, area.hi)).count()
    likely: dict[int, list[tuple[float, int]]] = {}
    for one in link_pairs(_as_people(rows), people_of(people), lower=lower, register=register):
        # A row is a negative number, so that it is never taken for a resident.
        row, person = -min(one.left, one.right), max(one.left, one.right)
        likely.setdefault(row, []).append((one.score, person))
    found: dict[int, Match] = {}
    for row in sorted(likely):
        (score, person), *others = sorted(likely[row], reverse=True)
        sure = score >= upper and not others and person not in taken
        state = FileRow.State.MATCHED if sure else FileRow.State.DOUBTFUL
        taken.add(person)
        found[row] = Match(state, BY_SCORE, person, score)
    return found


def _candidates(rows: pl.DataFrame, area: KeyRange) -> list[int]:
    sounds = [pinyin(folded(name)) for name in rows["name"]]
    years = [int(year) if year else None for year in rows["birth_year"]]
    phones = [keyed_hash("phone", phone) if phone else None for phone in rows["phone"]]
    bounds = [area.lo, area.hi]
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [sounds, years, phones, *bounds, *bounds])
        return [key for (key,) in cursor.fetchall()]


def _as_people(rows: pl.DataFrame) -> pl.DataFrame:
    address = pl.col("home_address") if "home_address" in rows.columns else pl.lit("")
    return rows.select(
        (-pl.col(ROW)).alias("id"),
        "name",
        "sex",
        "born_on",
        pl.col("identity_number").alias("identity"),
        "phone",
        address.alias("address"),
    ).cast(SCHEMA)  # type: ignore[arg-type]
