"""Pages of the furniture itself: display settings, and the ways the site says no."""

from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from yiwang.core.context import DISPLAY_CHOICES
from yiwang.core.errors import Refused

COOKIE_AGE: Final = 365 * 24 * 3600  # seconds: a reader chooses once a year
NEVER_SHOWN: Final = ("csrfmiddlewaretoken", "next", "_", "password", "code", "pin")


@login_not_required
@require_POST
def display_settings(request: HttpRequest) -> HttpResponse:
    """Keep the chosen size or contrast in a cookie and go back to where the reader was."""
    response = HttpResponseRedirect(_way_back(request))
    for kind, choices in DISPLAY_CHOICES.items():
        value = request.POST.get(kind)
        if value in choices:
            _keep(response, f"yw-{kind}", value, secure=request.is_secure())
    return response


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long: say so, and give back what was typed so that nothing is lost."""
    typed = _typed(request) if _is_ours(request) else []
    return render(request, "core/csrf.html", {"typed": typed}, status=403)


@login_not_required
def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The right is missing; the sentence names who can grant it."""
    return render(request, "403.html", {"exception": str(exception)}, status=403)


def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """A rule said no outside any form: the sentence, on a page of its own (409)."""
    context = {"message": str(error), "back_url": _way_back(request)}
    return render(request, "core/refused.html", context, status=409)


def _typed(request: HttpRequest) -> list[str]:
    return [
        value.strip()
        for name, values in request.POST.lists()
        for value in values
        if not name.startswith(NEVER_SHOWN) and "password" not in name
        if len(value.strip()) > 1 and not value.startswith("data:")
    ]


def _is_ours(request: HttpRequest) -> bool:
    """Whether the form was one of our pages: a stranger's text is not shown as the reader's own."""
    came_from = request.headers.get("Origin") or request.headers.get("Referer")
    return _is_safe(request, came_from or "")


def _is_safe(request: HttpRequest, address: str) -> bool:
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def _keep(response: HttpResponse, name: str, value: str, *, secure: bool) -> None:
    # Readable by scripts on purpose: the page switches without a round trip.
    response.set_cookie(name, value, max_age=COOKIE_AGE, samesite="Lax", secure=secure)


def _way_back(request: HttpRequest) -> str:
    """The address to return to, ours only, without a size that would outvote the cookie."""
    target = request.POST.get("next") or request.META.get("HTTP_REFERER", "")
    if not _is_safe(request, target):
        return "/"
    parts = urlsplit(target)
    query = [pair for pair in parse_qsl(parts.query, True) if pair[0] not in DISPLAY_CHOICES]
    return urlunsplit(("", "", parts.path or "/", urlencode(query), ""))
