"""/health: may this process be given work? For load balancers and monitoring."""

import psycopg
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

SILENT = 120  # seconds without a sign of life after which background work counts as stopped
_WORKERS = """
    SELECT count(*) FROM procrastinate_workers
    WHERE last_heartbeat > now() - make_interval(secs => %s)
"""


@login_not_required
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503; tells also whether background work runs."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(_WORKERS, [SILENT])
            workers = cursor.fetchone()[0]
    except (Error, psycopg.Error):
        return JsonResponse({"database": "down"}, status=503)
    return JsonResponse({"database": "up", "jobs": "up" if workers else "down"})
