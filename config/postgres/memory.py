"""A few words kept with the schema itself, where every process and every machine finds them."""

import json

import psycopg
from psycopg import sql

from .sites import Site

_READ = "SELECT obj_description(to_regnamespace(%s), 'pg_namespace')"


def remembered(site: Site) -> dict[str, str]:
    """What `remember` kept last; empty for a new schema, or one whose comment is not ours."""
    with psycopg.connect(site.url("owner")) as connection:
        row = connection.execute(_READ, [site.schema]).fetchone()
    try:
        found = json.loads(row[0] or "{}") if row else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def remember(site: Site, words: dict[str, str]) -> None:
    """Keep the words as the schema's comment, in place of the last ones."""
    statement = sql.SQL("COMMENT ON SCHEMA {} IS {}")
    text = json.dumps(words, sort_keys=True)
    with psycopg.connect(site.url("owner")) as connection:
        connection.execute(statement.format(sql.Identifier(site.schema), sql.Literal(text)))
