"""Whether the site lives, for monitoring: public, and without anything worth hiding."""

from importlib.metadata import PackageNotFoundError, version

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from yiwang.core.reads import seal_state


@login_not_required
def health(request: HttpRequest) -> JsonResponse:
    """Database, version and how far the journal is sealed; 503 when the database is silent."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        seals = seal_state()
    except DatabaseError:
        return JsonResponse({"ok": False, "database": False, "version": _version()}, status=503)
    journal = {"unsealed": seals.unsealed, "oldest_unsealed_seconds": seals.lag_seconds}
    return JsonResponse({"ok": True, "database": True, "version": _version(), "journal": journal})


def _version() -> str:
    try:
        return version("yiwang")
    except PackageNotFoundError:
        return ""
