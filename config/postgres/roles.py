"""Three roles, one schema: who owns, who writes, who only reads."""

from collections.abc import Callable

import psycopg
from psycopg import sql

from config.language import _

from .cluster import Cluster
from .errors import DatabaseError
from .sites import DATABASE, EXTENSIONS, READER_TIMEOUT, ROLES, Site

NOTHING = "template0"  # the empty database that new ones are copied from


def prepare(where: Cluster | Site, database: str = DATABASE, *, template: str = NOTHING) -> Site:
    """Make roles, database, schema, extensions and privileges; safe to repeat.

    On the embedded server everything is made here. On a server of others the owner's log-in
    makes the schema and the extensions (all three are trusted ones) and grants what it may.
    Raises DatabaseError that names the statements an administrator has to run.
    """
    if isinstance(where, Site):
        _prepare_schema(where, where.url("owner"))
        return where
    site = where.site().on(database)
    with psycopg.connect(where.superuser_url(), autocommit=True) as admin:
        # Two commands that prepare at once take turns.
        admin.execute("SELECT pg_advisory_lock(hashtext('yiwang.prepare'))")
        for role in ROLES:
            _make_role(admin, site.role_name(role), str(site.logins[role]["password"]))
        _make_database(admin, site, template)
        for statement in database_statements(site):
            admin.execute(statement)
        _prepare_schema(site, where.superuser_url(database))
    return site


def _make_role(admin: psycopg.Connection, name: str, password: str) -> None:
    found = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = sql.SQL("ALTER" if found else "CREATE")
    admin.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
            verb, sql.Identifier(name), sql.Literal(password)
        )
    )


def _make_database(admin: psycopg.Connection, site: Site, template: str) -> None:
    name = site.database
    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return
    admin.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(site.role_name("owner")), sql.Identifier(template)
        )
    )


def _prepare_schema(site: Site, url: str) -> None:
    """Schema, extensions and privileges inside the database, in one transaction."""
    statements = _statements(site)
    try:
        with psycopg.connect(url) as it:
            for statement in statements:
                it.execute(statement)
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported) as refusal:
        with psycopg.connect(url) as it:
            script = "\n".join(f"{statement.as_string(it)};" for statement in statements)
        raise DatabaseError(
            _("数据库账号权限不足（{reason}）。请由数据库管理员在该库中运行：\n{script}").format(
                reason=str(refusal).strip(), script=script
            )
        ) from None


def _statements(site: Site) -> list[sql.Composed]:
    names = {role: sql.Identifier(site.role_name(role)) for role in ROLES}
    words = {"schema": sql.Identifier(site.schema), "database": sql.Identifier(site.database)}

    def say(text: str) -> sql.Composed:
        return sql.SQL(text).format(**names, **words)

    extensions = [
        sql.SQL("CREATE EXTENSION IF NOT EXISTS {} SCHEMA public").format(sql.Identifier(name))
        for name in EXTENSIONS
    ]
    schema = [
        say("CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner}"),
        *extensions,
        say("REVOKE ALL ON SCHEMA {schema} FROM PUBLIC"),
    ]
    return schema + (_grants(say, site) if site.divided else [])


def _grants(say: Callable[[str], sql.Composed], site: Site) -> list[sql.Composed]:
    """Privileges that are kept inside the database."""
    defaults = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA {schema} "
    grants = [
        say("GRANT USAGE ON SCHEMA {schema} TO {app}, {reader}"),
        say(defaults + "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}"),
        say(defaults + "GRANT USAGE, SELECT ON SEQUENCES TO {app}"),
    ]
    if site.role_name("reader") != site.role_name("app"):
        grants.append(say(defaults + "GRANT SELECT ON TABLES TO {reader}"))
    return grants


def database_statements(site: Site) -> list[sql.Composed]:
    """Privileges and settings of the database as a whole; a copied database lacks them."""
    names = {role: sql.Identifier(site.role_name(role)) for role in ROLES}
    words = {"schema": sql.Identifier(site.schema), "database": sql.Identifier(site.database)}
    texts = [
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {owner}, {app}",
        "GRANT CONNECT ON DATABASE {database} TO {reader}",
        "ALTER ROLE {owner} IN DATABASE {database} SET search_path = {schema}, public",
        "ALTER ROLE {app} IN DATABASE {database} SET search_path = {schema}, public",
        "ALTER ROLE {reader} IN DATABASE {database} SET search_path = {schema}, public",
        "ALTER ROLE {reader} IN DATABASE {database} SET statement_timeout = {timeout}",
    ]
    timeout = sql.Literal(READER_TIMEOUT)
    return [sql.SQL(text).format(**names, **words, timeout=timeout) for text in texts]
