"""Who may look at a matter: who named number and digits a while ago, or is signed in as its person."""

import time
from typing import Final

from django.http import Http404, HttpRequest

from yiwang.core.reads import parameter
from yiwang.matters.models import Matter
from yiwang.personal.http import visit_of
from yiwang.portal.reads.tracking import matter_of

KEY: Final = "tracked"
MOST: Final = 5  # numbers one visitor may keep open at a time


class NotOpen(Exception):
    """The number was not proved in this session, or too long ago."""


def open_up(request: HttpRequest, number: str) -> None:
    """Let this visitor look at one number for the minutes of `portal.tracking_minutes`."""
    until = time.time() + 60 * int(parameter("portal.tracking_minutes"))
    kept = {key: end for key, end in _kept(request).items() if key != number}
    latest = dict(list(kept.items())[-(MOST - 1) :])
    request.session[KEY] = {**latest, number: until}


def close(request: HttpRequest, number: str) -> None:
    """Forget a number, as people do at a shared computer."""
    request.session[KEY] = {key: end for key, end in _kept(request).items() if key != number}


def opened(request: HttpRequest, number: str) -> Matter:
    """The matter of a number this visitor has proved to hold, or her own once she is signed in.

    Raises NotOpen, Http404.
    """
    proved = number in _kept(request)
    visit = None if proved else visit_of(request)
    if not proved and visit is None:
        raise NotOpen
    matter = matter_of(number)
    if visit is not None and (matter is None or matter.resident_id != visit.person.pk):
        raise NotOpen
    if matter is None:
        raise Http404
    return matter


def _kept(request: HttpRequest) -> dict[str, float]:
    now = time.time()
    kept: dict[str, float] = request.session.get(KEY, {})
    return {number: until for number, until in kept.items() if until > now}
