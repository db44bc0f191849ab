"""The application for browser tests: one process serves file after file, each in a new database.

A server takes seconds to start. Between two files of tests it is told to let go of its
connections and of all it remembers, as if it had just been started.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Files do not change under a running test: found once, kept by the browser.
settings.WHITENOISE_AUTOREFRESH, settings.WHITENOISE_MAX_AGE = False, 86400

from config.postgres import close_connections  # noqa: E402
from config.wsgi import application as site  # noqa: E402

LET_GO = "/let-go-of-everything"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The site, and one address more."""
    if environ["PATH_INFO"] != LET_GO:
        return site(environ, start_response)
    from tests.world import let_go

    let_go()
    close_connections()
    start_response("204 No Content", [])
    return []
