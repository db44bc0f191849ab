"""PostgreSQL: the embedded server, its three roles, and where the application finds it."""

from .cluster import Cluster
from .errors import DatabaseError
from .memory import remember, remembered
from .privileges import acting_as_owner, append_only_tables, close_connections, protect
from .roles import prepare
from .sites import CITY_SCHEMA, EXTENSIONS, Site, databases, schema_name, site

__all__ = [
    "CITY_SCHEMA",
    "EXTENSIONS",
    "Cluster",
    "DatabaseError",
    "Site",
    "acting_as_owner",
    "append_only_tables",
    "close_connections",
    "databases",
    "prepare",
    "protect",
    "remember",
    "remembered",
    "schema_name",
    "site",
]
