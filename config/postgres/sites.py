"""Where the application finds its database: addresses, roles, schema and passwords."""

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config.language import _

from .errors import DatabaseError

Role = Literal["owner", "app", "reader"]
ROLES: tuple[Role, ...] = ("owner", "app", "reader")
ALIASES: dict[str, Role] = {"default": "app", "owner": "owner", "reader": "reader"}
EXTENSIONS = ("pg_trgm", "btree_gin", "btree_gist")
DATABASE = "yiwang"
CITY_SCHEMA = "city_320600"
PORT = 5432  # only names the socket file: the embedded server listens on no network address
READER_TIMEOUT = "60s"  # a report that runs longer is a report to be written better
_POOL = {"min_size": 2, "max_size": 16, "timeout": 10}


def schema_name(env: Mapping[str, str] = os.environ) -> str:
    """The city's schema; CITY is the six digits of its division key.

    Raises DatabaseError: the name goes into SQL and must be nothing but digits.
    """
    city = env.get("CITY", CITY_SCHEMA.removeprefix("city_"))
    if not re.fullmatch(r"[0-9]{6}", city):
        raise DatabaseError(_("CITY 应为六位数字，例如 320600。"))
    return f"city_{city}"


@dataclass(frozen=True)
class Site:
    """One installation's database: how each of the three roles logs in, and the schema."""

    logins: Mapping[Role, Mapping[str, Any]]
    schema: str = CITY_SCHEMA
    embedded: bool = True

    def url(self, role: Role) -> str:
        """A libpq connection string (key=value) for the role, with the search path set."""
        return make_conninfo(**self.parameters(role))

    def parameters(self, role: Role) -> dict[str, Any]:
        """The role's connection parameters, with the search path set."""
        options = f"-c search_path={self.schema},public"
        if role == "reader":
            options += f" -c statement_timeout={READER_TIMEOUT}"
        return {**self.logins[role], "options": options}

    def role_name(self, role: Role) -> str:
        """The role's name in the database."""
        return str(self.logins[role]["user"])

    def on(self, database: str) -> "Site":
        """The same server and log-ins, another database."""
        moved = {role: {**login, "dbname": database} for role, login in self.logins.items()}
        return replace(self, logins=moved)

    @property
    def database(self) -> str:
        """The database's name."""
        return str(self.logins["app"]["dbname"])

    @property
    def divided(self) -> bool:
        """Whether the application's role differs from the owner's, as it should."""
        return self.role_name("owner") != self.role_name("app")

    def django(self, role: Role, *, pool: bool = False) -> dict[str, Any]:
        """The entry of DATABASES for a role."""
        rest = dict(self.parameters(role))
        fields = {"NAME": "dbname", "USER": "user", "PASSWORD": "password"}
        entry: dict[str, Any] = {
            "ENGINE": "django.db.backends.postgresql",
            **{ours: rest.pop(theirs, "") for ours, theirs in fields.items()},
            "HOST": rest.pop("host", ""),
            "PORT": str(rest.pop("port", "")),
            # Asked for by the few statements that are always the same text; the ORM never is.
            "OPTIONS": {**rest, "prepare_threshold": 0},
        }
        if pool:
            entry["OPTIONS"]["pool"] = dict(_POOL)
            entry["CONN_HEALTH_CHECKS"] = True  # the server may have been restarted meanwhile
        return entry


def site(data_dir: Path, env: Mapping[str, str] = os.environ) -> Site:
    """The installation's database: DATABASE_URL when it is set, else the embedded server."""
    schema = schema_name(env)
    if "DATABASE_URL" not in env:
        return embedded_site(data_dir, schema)
    app = conninfo_to_dict(env["DATABASE_URL"])
    owner = env.get("DATABASE_OWNER_URL")
    reader = env.get("DATABASE_READER_URL")
    logins: dict[Role, Mapping[str, Any]] = {
        "app": app,
        "owner": conninfo_to_dict(owner) if owner else app,
        "reader": conninfo_to_dict(reader) if reader else app,
    }
    return Site(logins, schema, embedded=False)


def embedded_site(data_dir: Path, schema: str = CITY_SCHEMA) -> Site:
    """The embedded server's log-ins as the last start left them; empty before the first."""
    known = read_secrets(data_dir)
    host = known.get("socket", str(data_dir))
    passwords = known.get("passwords", {})
    logins: dict[Role, Mapping[str, Any]] = {
        role: {
            "host": host,
            "port": PORT,
            "dbname": DATABASE,
            "user": f"yiwang_{role}",
            "password": passwords.get(role, ""),
        }
        for role in ROLES
    }
    return Site(logins, schema)


def read_secrets(data_dir: Path) -> dict[str, Any]:
    """What is needed to log in to the embedded server; empty before the first start."""
    path = data_dir / "secrets.json"
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def write_secrets(data_dir: Path, socket: Path) -> None:
    """Remember the socket folder; make the three passwords when there are none."""
    old = read_secrets(data_dir)
    new = {
        "socket": str(socket),
        "passwords": old.get("passwords") or {role: secrets.token_urlsafe(24) for role in ROLES},
    }
    if new == old:
        return
    draft = data_dir / f".secrets.{os.getpid()}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(new, file, indent=1)
    draft.replace(data_dir / "secrets.json")


def databases(data_dir: Path, env: Mapping[str, str] = os.environ) -> dict[str, dict[str, Any]]:
    """Django's DATABASES: `default` is the application's role, `owner` and `reader` the others.

    Starts nothing; commands start the embedded server. Tests get plain connections, because
    every test closes what it opened.
    """
    found = site(data_dir, env)
    testing = "YIWANG_TEST" in env or "PYTEST_VERSION" in env
    entries = {
        alias: found.django(role, pool=alias == "default" and not testing)
        for alias, role in ALIASES.items()
    }
    for alias in ("owner", "reader"):
        entries[alias]["TEST"] = {"MIRROR": "default"}
    return entries
