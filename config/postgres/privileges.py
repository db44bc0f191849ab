"""Privileges on tables: what the application's role may do once the tables exist."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg import sql

from .sites import Site


def append_only_tables() -> list[str]:
    """Tables of the models that say `append_only = True`: journal, events, source records."""
    models = apps.get_models(include_auto_created=True)
    return sorted(
        {model._meta.db_table for model in models if getattr(model, "append_only", False)}
    )


def protect(connection: BaseDatabaseWrapper, site: Site) -> list[str]:
    """Grant the application and the reader their tables, and close the append-only ones.

    Run as the owner after every migration. Gives the tables that the application can no longer
    change; none when it owns them itself (one single log-in), because an owner cannot be bound.
    """
    if not site.divided:
        return []
    closed = append_only_tables()
    names = {"schema": site.schema, "app": site.role_name("app"), "table": "django_migrations"}
    texts = [
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {app}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {app}",
        "REVOKE INSERT, UPDATE, DELETE ON {table} FROM {app}",
    ]
    statements = [_composed(text, **names) for text in texts]
    if (reader := site.role_name("reader")) != names["app"]:
        text = "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {reader}"
        statements.append(_composed(text, schema=site.schema, reader=reader))
    for table in closed:
        text = "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {app}"
        statements.append(_composed(text, table=table, app=names["app"]))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return closed


def _composed(text: str, **names: str) -> sql.Composed:
    identifiers = {word: sql.Identifier(name) for word, name in names.items()}
    return sql.SQL(text).format(**identifiers)


@contextlib.contextmanager
def acting_as_owner(site: Site) -> Iterator[None]:
    """The default connection logs in as the owner meanwhile, without a pool.

    Data migrations that do not name a connection therefore write through the same one as the
    migration itself.
    """
    before = dict(settings.DATABASES["default"])
    log_in({**before, **site.django("owner")})
    try:
        yield
    finally:
        log_in(before)


def log_in(entry: Mapping[str, Any], alias: str = "default") -> None:
    """Close this thread's connection; from now on every thread connects as the entry says."""
    _close(connections[alias])
    shared = connections.settings[alias]
    shared.clear()
    shared.update(entry)


def close_connections() -> None:
    """Close this thread's connections and the pool, in a process that only supervises others."""
    for connection in connections.all(initialized_only=True):
        _close(connection)


def _close(connection: BaseDatabaseWrapper) -> None:
    connection.close()
    if isinstance(connection, DatabaseWrapper):
        connection.close_pool()
