"""Several counts in one statement."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, QuerySet

from yiwang.core.reads import count_of

__all__ = ["count_of", "count_up_to"]

Rows = QuerySet[Any]


def count_up_to(rows: Rows, most: int) -> Func:
    """How many rows there are, counted no further than `most`."""
    few = ArraySubquery(rows.order_by().values("pk")[:most])
    return Func(few, function="cardinality", output_field=IntegerField())
