"""People of the register as the columns that are compared; in memory only."""

from typing import Any, Final

import polars as pl
from django.db.models import QuerySet

from yiwang.linkage.rules.features import INPUT
from yiwang.residents.models import Resident

_AT_ONCE: Final = 10_000
SCHEMA: Final = {"id": pl.Int64, **dict.fromkeys(INPUT[1:], pl.String)}


def people_of(people: QuerySet[Resident]) -> pl.DataFrame:
    """Their columns of `features.INPUT`; what is not held is an empty text."""
    rows = people.order_by().values_list(
        "pk", "name", "sex", "born_on", "identity", "phone", "dwelling__address"
    )
    told = [_texts(row) for row in rows.iterator(chunk_size=_AT_ONCE)]
    return pl.DataFrame(told, schema=SCHEMA, orient="row")


def _texts(row: tuple[Any, ...]) -> tuple[Any, ...]:
    key, *values = row
    return key, *("" if value is None else str(value) for value in values)
