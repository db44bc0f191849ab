"""The application for browser tests: one process serves file after file, each in a new database.

A server takes seconds to start. Between two files of tests it is told to let go of its
connections and of all it remembers, as if it had just been started.
"""

from collections.abc import Callable, Iterable
from typing import Any

from config.postgres import close_connections
from config.wsgi import application as site

LET_GO = "/let-go-of-everything"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site, and one address more."""
    if environ["PATH_INFO"] != LET_GO:
        return site(environ, start_response)
    from yiwang.core.memory import forget
    from yiwang.matters.actions import acceptance

    forget("")
    acceptance._block.clear()
    close_connections()
    start_response("204 No Content", [])
    return []
