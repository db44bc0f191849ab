"""Signing in to the API: a system's bearer token, or the session of someone at a page."""

import secrets
import time
from collections import deque

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer, SessionAuth

from yiwang.core.memory import remember
from yiwang.core.vault import keyed_hash

from .actor import Actor
from .middleware import KEEP_SECONDS
from .models import ApiToken

PREFIX = "yw_"
_calls: dict[int, deque[float]] = {}


def new_secret() -> str:
    """A fresh token; shown once, stored only as a keyed hash."""
    return PREFIX + secrets.token_urlsafe(32)


def token_key(digest: bytes) -> str:
    """Where a token's actor is kept for a few seconds."""
    return f"accounts.token.{digest.hex()}"


class TokenAuth(HttpBearer):
    """`Authorization: Bearer yw_…`; the actor is the token's post within the token's scopes."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        digest = keyed_hash("token", token)
        found = remember(token_key(digest), KEEP_SECONDS, lambda: _look_up(digest))
        if found is None:
            return None
        actor, token_id, per_minute = found
        _count(token_id, per_minute)
        request.actor = actor  # type: ignore[attr-defined]
        return actor


class StaffSession(SessionAuth):
    """The session cookie of someone at a page, with the CSRF check of pages."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        return getattr(request, "actor", None)


def _look_up(digest: bytes) -> tuple[Actor, int, int] | None:
    today = timezone.localdate()
    token = (
        ApiToken.objects.filter(digest=digest, revoked_at__isnull=True, expires_on__gte=today)
        .select_related("post__user", "post__unit")
        .first()
    )
    if token is None or not (token.post.is_held(today) and token.post.user.is_active):
        return None
    actor = Actor.of(token.post).limited_to(token.scopes)
    return actor, token.pk, token.per_minute


def _count(token_id: int, per_minute: int) -> None:
    """The quota of INF-11, counted in each worker process; 429 past it."""
    now = time.monotonic()
    calls = _calls.setdefault(token_id, deque())
    while calls and calls[0] < now - 60:
        calls.popleft()
    if len(calls) >= per_minute:
        raise HttpError(429, "quota")
    calls.append(now)


TOKEN_OR_SESSION = [TokenAuth(), StaffSession(csrf=True)]
