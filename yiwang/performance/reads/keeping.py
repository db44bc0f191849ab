"""Summaries of days, made and compared set by set: no row of a matter comes into Python."""

from datetime import date
from typing import Final

from django.conf import settings
from django.db import connection

from yiwang.divisions.rules import range_of
from yiwang.performance.rules import COLUMNS, Period

from .facts import EVENTS, Scope, said, with_facts

_NAMES: Final = ", ".join(COLUMNS)
_SUMS: Final = ", ".join(f"sum(f.{name}) AS {name}" for name in COLUMNS)
# Each leaf once, then added to the township, the county and the city above it.
_ROWS: Final = f"""
leaves AS (
    SELECT on_, division, unit, category, channel, {_SUMS} FROM facts f GROUP BY 1, 2, 3, 4, 5
), fresh AS (
    SELECT p.place AS division_id, f.on_ AS "on", d.dimension, d.key, {_SUMS} FROM leaves f
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(ARRAY[f.division - f.division %% 1000,
        f.division - f.division %% 1000000, f.division - f.division %% 100000000])) p(place)
    CROSS JOIN LATERAL (VALUES ('all', ''), ('category', f.category), ('channel', f.channel),
        ('unit', coalesce(f.unit::text, ''))) d(dimension, key)
    GROUP BY 1, 2, 3, 4
)"""  # noqa: S608 - our own texts


def _begin() -> tuple[Scope, str]:
    scope = Scope(range_of(settings.CITY))
    return scope, f"{with_facts(scope, EVENTS)}, {_ROWS}"


def first_day() -> date | None:
    """The day of the oldest matter; None while there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (min(accepted_at) AT TIME ZONE %s)::date FROM matters_matter",
            [settings.TIME_ZONE],
        )
        found: date | None = cursor.fetchone()[0]
    return found


def write_days(period: Period, days: list[date] | None = None) -> int:
    """Count the days of a period, or the named ones of it, and put the rows in; gives how many."""
    scope, begin = _begin()
    only = ' WHERE "on" = ANY(%(only)s)' if days is not None else ""
    columns = f'division_id, "on", dimension, key, {_NAMES}'
    text = (
        f"{begin} INSERT INTO performance_daysummary ({columns}) SELECT {columns} FROM fresh{only}"  # noqa: S608
    )
    with connection.cursor() as cursor:
        cursor.execute(text, {**said(scope, period), "only": days})
        return int(cursor.rowcount)


def days_that_differ(period: Period) -> list[date]:
    """Kept days whose summaries are no longer what the matters say."""
    scope, begin = _begin()
    text = f"""{begin}, kept AS (
        SELECT * FROM performance_daysummary WHERE "on" BETWEEN %(first)s AND %(last)s
    ) SELECT DISTINCT coalesce(f."on", k."on") FROM fresh f
      FULL JOIN kept k ON (k.division_id, k."on", k.dimension, k.key)
        = (f.division_id, f."on", f.dimension, f.key)
      WHERE ({", ".join(f"f.{name}" for name in COLUMNS)})
        IS DISTINCT FROM ({", ".join(f"k.{name}" for name in COLUMNS)}) ORDER BY 1"""  # noqa: S608
    values = {**said(scope, period), "first": period.first, "last": period.last}
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return [day for (day,) in cursor.fetchall()]
