"""Since when each value of the register stands: the one place that reads it for many people."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from yiwang.collection.rules.overlap import Share, shares
from yiwang.core.reads import parameter
from yiwang.residents.models import Resident
from yiwang.residents.reads.golden import fresh_days
from yiwang.residents.rules.dictionary import CORE, shipped_fields

_COLUMNS: Final = {
    "name": "name",
    "sex": "sex",
    "born_on": "born_on",
    "identity_number": "identity_hash",
    "phone": "phone_hash",
    "home_address": "dwelling_id",
}

_NEWEST: Final = """
    WITH asked (id) AS ({people}), person AS (
        SELECT id, id AS heir FROM asked
        UNION ALL SELECT m.id, m.merged_into_id
        FROM residents_resident m JOIN asked ON asked.id = m.merged_into_id
    )
    SELECT DISTINCT ON (p.heir, said.code) p.heir, said.code, r.verified_on, said.holds
    FROM person p JOIN residents_sourcerecord r ON r.resident_id = p.id
    LEFT JOIN residents_importbatch b ON b.id = r.batch_id
    CROSS JOIN LATERAL (
        SELECT key AS code, value <> '' AS holds FROM jsonb_each_text(r.values_open)
        UNION ALL SELECT jsonb_object_keys(r.sealed), true
    ) said
    WHERE said.code = ANY(%s)
      AND r.verified_on IS NOT NULL AND r.nature <> 'undone' AND b.state IS DISTINCT FROM 'undone'
      AND NOT EXISTS (
        SELECT 1 FROM residents_sourcerecord u
        WHERE u.resident_id = r.resident_id AND u.about_id = r.id AND u.nature = 'undone')
    ORDER BY p.heir, said.code, r.verified_on DESC, r.id DESC
"""


def of_age(
    people: QuerySet[Resident], age_from: int | None, age_to: int | None, on: date
) -> QuerySet[Resident]:
    """People of some ages in full years; who has no birth date is known by the year."""
    if age_from is not None:
        day = _years_before(on, age_from)
        people = people.filter(
            Q(born_on__lte=day) | Q(born_on__isnull=True, birth_year__lte=on.year - age_from)
        )
    if age_to is not None:
        day = _years_before(on, age_to + 1)
        people = people.filter(
            Q(born_on__gt=day) | Q(born_on__isnull=True, birth_year__gte=on.year - age_to)
        )
    return people


def _years_before(on: date, years: int) -> date:
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February
        return on.replace(year=on.year - years, day=28)


def holdings(people: QuerySet[Resident], codes: Iterable[str]) -> dict[int, dict[str, date]]:
    """For each person the day since which each held value stands; for one community at a time.

    Freshness asks when somebody last verified a field: the newest verified word of any source
    counts, an empty one holds nothing, and a core field nobody spoke of stands since the record
    was made.
    """
    wanted = list(codes)
    columns = [_COLUMNS[code] for code in wanted if code in CORE]
    found: dict[int, dict[str, date]] = {}
    for row in people.order_by().values("pk", "created_at", *columns):
        day = timezone.localdate(row["created_at"])
        held = {code for code in wanted if code in CORE and row[_COLUMNS[code]]}
        found[row["pk"]] = dict.fromkeys(held, day)
    for resident, code, since, holds in _newest_words(people, wanted):
        if resident in found:
            if holds:
                found[resident][code] = since
            else:
                found[resident].pop(code, None)
    return found


def _newest_words(people: QuerySet[Resident], codes: list[str]) -> list[Any]:
    """Resident, field, day and whether something is held, of each field's newest verified word.

    Records merged into one of these people speak for her. What was taken back, and what came with an import that was undone, says nothing.
    """
    inner, values = people.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST.format(people=inner), [*values, codes])
        rows: list[Any] = cursor.fetchall()
        return rows


def days_of(codes: Iterable[str]) -> dict[str, int | None]:
    """How long each field stays fresh, in days; None for ever."""
    fields = shipped_fields()
    return {code: fresh_days(fields[code]) for code in codes if code in fields}


def share_of(people: QuerySet[Resident], codes: Iterable[str], on: date) -> dict[str, Share]:
    """The shares of each field over the people, live; for one community at a time."""
    days = days_of(codes)
    held = holdings(people, days)
    return shares(held.values(), days, on, int(parameter("residents.fresh_warning_days")))
