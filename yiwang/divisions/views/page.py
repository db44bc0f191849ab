"""What the pages on divisions share: who asks, the right, and the day asked about."""

from datetime import date
from typing import Any, Protocol

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django_htmx.middleware import HtmxDetails

from yiwang.core.doors import allowed
from yiwang.divisions.rules import KeyRange

__all__ = ["PAGE_SIZE", "Asker", "StaffRequest", "allowed", "day_faulty", "day_of"]
PAGE_SIZE = 25


class Asker(Protocol):
    """Whoever opens a page, as far as divisions need to know."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def post_id(self) -> int | None: ...
    @property
    def label(self) -> str: ...
    @property
    def division_id(self) -> int: ...
    @property
    def see(self) -> KeyRange: ...

    def must(self, permission: str, subject: Any) -> None: ...
    def may(self, permission: str, subject: Any) -> bool: ...
    def has(self, permission: str) -> bool: ...


class StaffRequest(HttpRequest):
    """A request of someone signed in, acting from a post."""

    actor: Asker
    htmx: HtmxDetails


def day_of(query: QueryDict) -> date | None:
    """The day asked about; None for today, for nonsense and for days to come."""
    try:
        day = parse_date(query.get("as_of", ""))
    except ValueError:
        return None
    return day if day and day < timezone.localdate() else None


def day_faulty(query: QueryDict) -> bool:
    """Something was asked that is no day of the past or today."""
    text = query.get("as_of", "").strip()
    return bool(text) and day_of(query) is None and text != timezone.localdate().isoformat()
