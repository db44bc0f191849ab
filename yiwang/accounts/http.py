"""Requests as our pages see them, and the right a page asks for."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from yiwang.core.doors import allowed

from .actor import Actor
from .models import Post

__all__ = ["PublicRequest", "StaffRequest", "allowed"]


class StaffRequest(HttpRequest):
    """A request of someone signed in, acting from a post."""

    actor: Actor
    post: Post
    htmx: HtmxDetails


class PublicRequest(HttpRequest):
    """A request of anybody; `actor` is None unless staff look at the portal."""

    actor: Actor | None
    htmx: HtmxDetails
