"""A record and everything that hangs on it, inserted by one statement.

A hot act costs what its round trips cost (ARCHITECTURE §5): accepting a matter writes a matter, its
steps, its documents and its first event, and this sends them as one. The rows travel as JSON, one
parameter a table, so that the statement is always the same text: PostgreSQL does the casting, and
plans it once for each connection.
"""

import json
from collections.abc import Sequence
from datetime import date, time
from functools import cache
from itertools import groupby
from typing import Any

import psycopg
from django.db import connection, models
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import DatabaseDefault

_PLAIN = (str, int, bool, type(None))
_Shape = tuple[tuple[type[models.Model], tuple[str, ...]], ...]


def insert_together(record: models.Model, children: Sequence[models.Model] = ()) -> None:
    """Insert `record` and its `children`, all or nothing: records with a foreign key to it, and
    such as only belong to the same act.

    The record gets its key; the children's keys stay unknown. Columns whose value the database
    makes are left to it. Every value passes through its field, as in `save`.
    """
    groups = [[record], *(list(g) for _, g in groupby(children, key=type))]
    shape: list[tuple[type[models.Model], tuple[str, ...]]] = []
    rows: list[str] = []
    for group in groups:
        first = group[0]
        fields = _own_fields(first, None if first is record else type(record))
        shape.append((type(first), tuple(field.column for field in fields)))
        said = [{field.column: _value(field, row) for field in fields} for row in group]
        rows.append(json.dumps(said, default=_plain, ensure_ascii=False))
    with _prepared() as cursor:
        cursor.execute(_statement(tuple(shape)), rows)
        record.pk = cursor.fetchone()[0]
    record._state.adding, record._state.db = False, connection.alias
    for child in children:
        if (tie := _tie_of(type(child), type(record))) is not None:
            setattr(child, tie.name, record)


def _prepared() -> CursorWrapper:
    """A cursor whose statements are kept by the server; Django's own send their values as text.

    Where statements are listed it is Django's, which lists them with their values.
    """
    if connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    return connection.make_cursor(psycopg.Cursor(connection.connection))  # type: ignore[arg-type]


def _own_fields(row: models.Model, parent: type[models.Model] | None) -> list[Any]:
    """The columns we write: not the key, not what the database makes, not the tie to the parent."""
    return [
        field
        for field in row._meta.local_concrete_fields
        if not field.primary_key
        and not isinstance(getattr(row, field.attname), DatabaseDefault)
        and (parent is None or field.related_model is not parent)
    ]


@cache
def _as_it_stands(field: Any) -> bool:
    """Whether saving takes the attribute itself, and plain values of it go as they are."""
    kind = type(field)
    return (
        kind.pre_save is models.Field.pre_save
        and kind in {models.CharField, models.TextField, models.BooleanField}
    ) or isinstance(field, models.IntegerField | models.ForeignKey)


def _value(field: Any, row: models.Model) -> Any:
    if _as_it_stands(field):
        plain = getattr(row, field.attname)
        if type(plain) in _PLAIN:
            return plain
    value = field.pre_save(row, True)
    if isinstance(field, models.BinaryField):  # encrypted texts become bytes only here
        prepared = field.get_db_prep_save(value, connection)
        return getattr(prepared, "obj", prepared)  # the driver wraps bytes
    return field.get_prep_value(value)


def _plain(value: Any) -> str:
    """What JSON has no word for, as PostgreSQL reads it."""
    if isinstance(value, (date, time)):  # moments are dates too
        return value.isoformat()
    if isinstance(value, (bytes, memoryview)):
        return "\\x" + bytes(value).hex()
    return str(value)


def _tie_of(child: type[models.Model], parent: type[models.Model]) -> Any:
    ties = (f for f in child._meta.local_concrete_fields if f.related_model is parent)
    return next(ties, None)


@cache
def _statement(shape: _Shape) -> str:
    """One WITH query. All names come from our own models, all values go in as parameters."""
    (parent, own), *rest = shape
    columns, key = _columns(own), _quoted(str(parent._meta.pk.column))
    parts = [
        f"record AS (INSERT INTO {_table(parent)} ({columns}) "  # noqa: S608
        f"SELECT {columns} FROM {_rows(parent)} RETURNING {key} AS key)"
    ]
    for number, (child, own_of_child) in enumerate(rest):
        columns, tie = _columns(own_of_child), _tie_of(child, parent)
        to, key_of = (f", {_quoted(tie.column)}", ", record.key") if tie else ("", "")
        parts.append(
            f"child{number} AS (INSERT INTO {_table(child)} ({columns}{to}) "  # noqa: S608
            f"SELECT {columns}{key_of} FROM record, {_rows(child)})"
        )
    return f"WITH {', '.join(parts)} SELECT key FROM record"  # noqa: S608


def _rows(model: type[models.Model]) -> str:
    return f"jsonb_populate_recordset(NULL::{_table(model)}, %s)"


def _table(model: type[models.Model]) -> str:
    return _quoted(model._meta.db_table)


def _columns(names: Sequence[str]) -> str:
    return ", ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
