"""The tables of a city's schema as streams of text, out and in."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import psycopg
from psycopg import sql

from .manifest import CHUNK, Table

# What has been migrated is recorded in the manifest, and made anew by migrating.
_NOT_COPIED = ["django_migrations"]
_COLUMNS = """
    SELECT c.relname, array_agg(a.attname ORDER BY a.attnum)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = current_schema::regnamespace AND c.relkind = 'r'
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      AND NOT c.relname = ANY(%s)
    GROUP BY 1 ORDER BY 1
"""
_SEQUENCES = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = current_schema::regnamespace AND c.relkind = 'S' ORDER BY 1
"""
_FOREIGN_KEYS = """
    SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.contype = 'f' AND c.relnamespace = current_schema::regnamespace
      AND k.conparentid = 0
"""

Connection = psycopg.Connection[tuple[Any, ...]]


def user_tables(connection: Connection) -> dict[str, list[str]]:
    """Names and columns of every table in the schema, except what migrating makes."""
    found = connection.execute(_COLUMNS, [_NOT_COPIED]).fetchall()
    return {name: list(columns) for name, columns in found}


def copy_out(connection: Connection, name: str, columns: list[str], target: IO[bytes]) -> Table:
    """Write the table's rows and give their number and digest.

    Text COPY escapes line breaks, so lines are rows.
    """
    digest, rows = hashlib.sha256(), 0
    # Otherwise a large table read by two at once starts in the middle, and digests differ.
    connection.execute("SET synchronize_seqscans = off")
    statement = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(name), _list(columns))
    with connection.cursor().copy(statement) as stream:
        for block in stream:
            target.write(block)
            digest.update(block)
            rows += bytes(block).count(b"\n")
    return Table(columns, rows, digest.hexdigest())


def copy_in(connection: Connection, name: str, columns: list[str], source: IO[bytes]) -> None:
    """Read rows written by `copy_out`."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(name), _list(columns))
    with connection.cursor().copy(statement) as stream:
        while block := source.read(CHUNK):
            stream.write(block)


def sequences(connection: Connection) -> dict[str, tuple[int, bool]]:
    """Where every sequence stands."""
    found = {}
    for (name,) in connection.execute(_SEQUENCES).fetchall():
        query = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))
        row = connection.execute(query).fetchone()
        if row:
            found[str(name)] = (int(row[0]), bool(row[1]))
    return found


def set_sequences(connection: Connection, values: dict[str, tuple[int, bool]]) -> None:
    """Put every sequence where it stood."""
    for name, (at, called) in values.items():
        quoted = sql.Identifier(name).as_string(connection)
        connection.execute("SELECT setval(%s, %s, %s)", [quoted, at, called])


@contextmanager
def bare(connection: Connection, names: Iterable[str]) -> Iterator[None]:
    """The tables empty and without foreign keys and triggers; all come back afterwards.

    Foreign keys are added again at the end, which checks every row once and in bulk.
    """
    names = list(names)
    keys = connection.execute(_FOREIGN_KEYS).fetchall()
    for table, key, _definition in keys:
        _alter(connection, table, sql.SQL("DROP CONSTRAINT {}").format(sql.Identifier(key)))
    for name in names:
        _alter(connection, name, sql.SQL("DISABLE TRIGGER USER"))
        connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(name)))
    yield
    for name in names:
        _alter(connection, name, sql.SQL("ENABLE TRIGGER USER"))
    for table, key, definition in keys:
        words = sql.SQL("ADD CONSTRAINT {} ").format(sql.Identifier(key))
        _alter(connection, table, words + sql.SQL(definition))


def _alter(connection: Connection, table: str, change: sql.Composable) -> None:
    connection.execute(sql.SQL("ALTER TABLE {} ").format(sql.Identifier(table)) + change)


def _list(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(column) for column in columns)
