"""Databases that come and go on the embedded server: templates, copies, scratch ones."""

import contextlib
import hashlib
import importlib.metadata
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from .cluster import Cluster
from .roles import database_statements
from .sites import Site

TEMPLATES_KEPT = 3
_MIGRATING = ("Django", "django-allauth", "procrastinate")
_TEMPLATES = """
    SELECT datname FROM pg_database WHERE datname LIKE %s
    ORDER BY (pg_stat_file('base/' || oid || '/PG_VERSION')).modification DESC
"""


@contextlib.contextmanager
def _administering(cluster: Cluster, turn: str) -> Iterator[psycopg.Connection]:
    """The administrator's connection; those who name the same turn wait for each other."""
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(hashtext(%s))", [turn])
        yield admin


def copy(cluster: Cluster, source: str, name: str) -> Site:
    """A fresh copy of a database under another name; an old one of that name is dropped."""
    drop(cluster, name)
    site = cluster.site().on(name)
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name),
                sql.Identifier(site.role_name("owner")),
                sql.Identifier(source),
            )
        )
        for statement in database_statements(site):
            admin.execute(statement)
    return site


def drop(cluster: Cluster, name: str) -> None:
    """Drop a database with its sessions, if it exists."""
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as admin:
        admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def template(cluster: Cluster, key: str, build: Callable[[str], None]) -> str:
    """The name of the template for this key, built once by `build(database)`.

    A half-built one never bears the name; the oldest of more than a few are dropped.
    """
    name, draft = f"template_{key}", f"building_{key}"
    with _administering(cluster, "yiwang.template") as admin:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        drop(cluster, draft)
        build(draft)
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(draft), sql.Identifier(name)
            )
        )
        _forget_old(admin)
    return name


def _forget_old(admin: psycopg.Connection) -> None:
    found = admin.execute(_TEMPLATES, ["template\\_%"]).fetchall()
    for (name,) in found[TEMPLATES_KEPT:]:
        with contextlib.suppress(psycopg.errors.ObjectInUse):
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def fingerprint(files: Iterable[Path]) -> str:
    """Twelve hex digits over migrations, their data and the packages that migrate too."""
    digest = hashlib.sha256()
    for package in _MIGRATING:
        digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    for file in sorted(files):
        digest.update(f"{file}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
