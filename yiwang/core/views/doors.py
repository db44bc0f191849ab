"""The right a page of the core asks for; the actor comes with the request."""

from typing import Any, Protocol
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from yiwang.core.doors import allowed
from yiwang.core.models.journal import Range

__all__ = ["Staff", "StaffRequest", "allowed", "download"]


class Staff(Protocol):
    """What the core needs to know of whoever looks."""

    user_id: int | None
    post_id: int | None
    label: str
    division_id: int
    see: Range

    def has(self, permission: str) -> bool: ...
    def must(self, permission: str, subject: Any) -> None: ...
    def may(self, permission: str, subject: Any) -> bool: ...


class StaffRequest(HttpRequest):
    """A request of someone who acts from a post."""

    actor: Staff


def download(name: str, content: str) -> HttpResponse:
    """A CSV file with a Chinese name."""
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.csv"
    return response
