"""Counting the register on a day, set by set; one statement counts and lists (INF-22)."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from yiwang.core.reads import parameter
from yiwang.divisions.rules import KeyRange
from yiwang.residents.models import LifeState, Resident
from yiwang.statistics.rules import (
    DEFINITION_OF,
    HOUSEHOLDS,
    PEOPLE,
    UNKNOWN,
    Ages,
    band_cell,
    cuts_of,
)

# Full years as people count them: day and month of the birthday reached or not.
_AGE: Final = """
    CASE WHEN r.born_on IS NOT NULL THEN
        (%(day_number)s - (extract(year FROM r.born_on) * 10000
            + extract(month FROM r.born_on) * 100 + extract(day FROM r.born_on))::int) / 10000
    ELSE %(year)s - r.birth_year END
"""
_NOW: Final = f"""
    SELECT r.id, r.division_id AS place, r.sex, r.standing, {_AGE} AS age
    FROM residents_resident r
    WHERE r.state = 'live' AND r.division_id BETWEEN %(lo)s AND %(hi)s
"""  # noqa: S608 - our own texts
# Where someone was on a day: what the first change after that day says she came from; without one
# where she is. Nobody counts before the register knew of her, or once an import was undone;
# a second record of somebody is nobody.
_THEN: Final = f"""
    WITH later AS (
        SELECT DISTINCT ON (resident_id) resident_id, from_division_id
        FROM residents_statuschange WHERE "on" > %(on)s ORDER BY resident_id, "on", id
    ), known AS (
        SELECT r.*, CASE WHEN l.resident_id IS NULL THEN r.division_id ELSE l.from_division_id END
            AS place
        FROM residents_resident r LEFT JOIN later l ON l.resident_id = r.id
        WHERE (l.resident_id IS NOT NULL OR r.state = 'live')
          AND r.state <> ALL(%(never)s)
          AND ((r.created_at AT TIME ZONE %(zone)s)::date <= %(on)s OR EXISTS (
              SELECT 1 FROM residents_statuschange c
              WHERE c.resident_id = r.id AND c."on" <= %(on)s))
    )
    SELECT r.id, r.place, r.sex, r.standing, {_AGE} AS age
    FROM known r WHERE r.place BETWEEN %(lo)s AND %(hi)s
"""  # noqa: S608 - our own texts
_COUNT: Final = """
    SELECT place, sex, CASE WHEN age >= 0 THEN (%(cuts)s::int[])[width_bucket(age, %(cuts)s::int[])]
        END AS edge, standing, count(*)
    FROM ({people}) AS p GROUP BY 1, 2, 3, 4
"""
_HOUSEHOLDS: Final = """
    SELECT h.division_id, count(*) FROM residents_household h
    WHERE h.division_id BETWEEN %s AND %s AND EXISTS (
        SELECT 1 FROM residents_resident r WHERE r.household_id = h.id AND r.state = 'live')
    GROUP BY 1
"""
_NEVER: Final = [LifeState.WITHDRAWN.value, LifeState.MERGED.value]


def ages() -> Ages:
    """The ages of law that groups begin at."""
    return Ages(*(int(parameter(f"residents.{name}_age")) for name in ("adult", "elder", "senior")))


def cuts() -> list[int]:
    """The lower edges of the age bands counted today."""
    return cuts_of([int(edge) for edge in parameter("statistics.age_cuts")], ages())


def leaf_cells(area: KeyRange, on: date) -> dict[int, dict[str, int]]:
    """The cells of every community of an area on a day, counted from the register itself.

    Households are known for today only: their history is not part of the register.
    """
    found: dict[int, dict[str, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(people=_people(on)), {**_said(area, on), "cuts": cuts()})
        for place, sex, edge, standing, count in cursor.fetchall():
            cells = found.setdefault(place, {})
            for cell in (PEOPLE, band_cell(sex, edge), f"standing:{standing}"):
                cells[cell] = cells.get(cell, 0) + count
        if on >= timezone.localdate():
            cursor.execute(_HOUSEHOLDS, [area.lo, area.hi])
            for place, count in cursor.fetchall():
                found.setdefault(place, {})[HOUSEHOLDS] = count
    return found


def _people(on: date) -> str:
    return _NOW if on >= timezone.localdate() else _THEN


def _said(area: KeyRange, on: date) -> dict[str, Any]:
    return {
        "lo": area.lo,
        "hi": area.hi,
        "on": on,
        "year": on.year,
        "day_number": on.year * 10000 + on.month * 100 + on.day,
        "zone": settings.TIME_ZONE,
        "never": _NEVER,
    }


def people_in_cell(code: str, area: KeyRange, on: date) -> QuerySet[Resident]:
    """The residents behind a figure or a band: as many as it counts, wherever they live now.

    `code` is the code of a figure or a cell. The caller narrows to what the reader may see.
    """
    condition, more = _condition(code)
    statement = f"SELECT p.id FROM ({_people(on)}) AS p WHERE {condition}"  # noqa: S608 - our texts
    return Resident.objects.filter(pk__in=_raw(statement, {**_said(area, on), **more}))


def _raw(statement: str, said: dict[str, Any]) -> RawSQL:
    """Named places as the positional ones that Django passes on."""
    order: list[Any] = []

    class Names(dict[str, str]):
        def __missing__(self, name: str) -> str:
            order.append(said[name])
            return "%s"

    text = statement % Names()
    return RawSQL(text, order)  # noqa: S611 - our own text, values are parameters


def _condition(code: str) -> tuple[str, dict[str, Any]]:
    if code in DEFINITION_OF:
        return _CONDITIONS[code](ages())
    kind, _colon, value = code.partition(":")
    if kind == "standing":
        return "standing = %(value)s", {"value": value}
    sex = "" if kind == UNKNOWN else kind
    if value == UNKNOWN:
        return "sex = %(sex)s AND (age IS NULL OR age < 0)", {"sex": sex}
    edges = [*cuts(), None]
    edge = int(value)
    top = edges[edges.index(edge) + 1] if edge in edges else edge + 1
    least = "sex = %(sex)s AND age >= %(least)s"
    if top is None:
        return least, {"sex": sex, "least": edge}
    return f"{least} AND age < %(top)s", {"sex": sex, "least": edge, "top": top}


_CONDITIONS: Final[dict[str, Callable[[Ages], tuple[str, dict[str, Any]]]]] = {
    PEOPLE: lambda ages: ("TRUE", {}),
    "registered": lambda ages: ("standing IN ('registered', 'away')", {}),
    "minors": lambda ages: ("age >= 0 AND age < %(adult)s", {"adult": ages.adult}),
    "elders": lambda ages: ("age >= %(elder)s", {"elder": ages.elder}),
    "seniors": lambda ages: ("age >= %(senior)s", {"senior": ages.senior}),
}
