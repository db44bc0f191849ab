"""The data that a restore replaces: refused, or set aside until the restore has succeeded."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from config.language import _
from config.postgres import Site
from yiwang.core.errors import Refused

from . import tables

_SESSIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = %s AND pid <> pg_backend_pid()
"""


@contextmanager
def set_aside(site: Site, *, force: bool) -> Iterator[None]:
    """The schema is empty meanwhile; if anything fails, the old one is back.

    Raises Refused while the site is in use, and when there are tables and no `force`.
    """
    with psycopg.connect(site.url("owner"), autocommit=True) as connection:
        _refuse_sessions(connection, site)
        occupied = bool(tables.user_tables(connection))
        if occupied and not force:
            raise Refused(
                "database_not_empty",
                _("数据库里已有数据。要用备份取代全部现有数据，请加 --force。"),
            )
    old = f"{site.schema}_before"
    if occupied:
        _run(site, "DROP SCHEMA IF EXISTS {old} CASCADE", old)
        _run(site, "ALTER SCHEMA {schema} RENAME TO {old}", old)
    try:
        yield
    except BaseException:
        _run(site, "DROP SCHEMA IF EXISTS {schema} CASCADE", old)
        if occupied:
            _run(site, "ALTER SCHEMA {old} RENAME TO {schema}", old)
        raise
    if occupied:
        _run(site, "DROP SCHEMA {old} CASCADE", old)


def _refuse_sessions(connection: tables.Connection, site: Site) -> None:
    found = connection.execute(_SESSIONS, [site.role_name("app")]).fetchone()
    if found and found[0]:
        raise Refused("site_in_use", _("网站还在运行，请先停止它，再恢复。"))


def _run(site: Site, statement: str, old: str) -> None:
    names = {"schema": sql.Identifier(site.schema), "old": sql.Identifier(old)}
    with psycopg.connect(site.url("owner"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(**names))
