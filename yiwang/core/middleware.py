"""Security headers on every answer, and the circumstances every act is journaled with."""

import json
from collections.abc import Callable, Mapping
from secrets import token_hex
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from .acts import circumstances
from .errors import Refused
from .vault import decrypt, encrypt

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
Next = Callable[[HttpRequest], HttpResponse]


class HeadersMiddleware:
    """The strict content policy of UI.md; personal pages are never cached by anyone else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", POLICY)
        response.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
        if request.method == "POST" and _is_log_out(request):
            # What pages kept for work without a network goes with the session, script or not.
            response["Clear-Site-Data"] = '"storage"'
        return response


def _is_log_out(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name == "account_logout"


class CircumstancesMiddleware:
    """Channel, address and idempotency key of the request, for the journal."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        channel = "api" if request.path.startswith("/api/") else "page"
        key = request.headers.get("Idempotency-Key", "") or _form_key(request)
        with circumstances(
            channel=channel,
            address=request.META.get("REMOTE_ADDR", ""),
            idempotency_key=key[:80],
        ):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal no form has shown gets a page of its own: the sentence, and the way back."""
        if not isinstance(error, Refused):
            return None
        from .views import refused

        return refused(request, error)


def _form_key(request: HttpRequest) -> str:
    """Forms carry their own key, so that a double click or the back button does nothing twice."""
    sent = request.method == "POST" and _is_form(request)
    return request.POST.get("_key", "") if sent else ""


def _is_form(request: HttpRequest) -> bool:
    """Other bodies, as those of the API, are left unread."""
    return request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}


class Words(QueryDict):
    """An address's parameters and beside them words that stand in no address: read like the
    others, never written into a link.
    """

    hidden: Mapping[str, str] = {}

    def __getitem__(self, key: str) -> Any:
        return self.hidden[key] if key in self.hidden else super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        return key in self.hidden or super().__contains__(key)


class SearchWordsMiddleware:
    """Whom somebody looks for stands in no address, history or log: searches for people are sent.

    A form with `_words` sends them. A list filled in as one types is answered at once; a page is
    found again by `w`, a number for words that lie sealed in the session until the log-out.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """After the check of the form's token."""
        if "w" in request.GET:
            held = request.session.get(_WORDS, {}).get(request.GET["w"], "")
            words = json.loads(decrypt(bytes.fromhex(held))) if held else {}
            request.GET = _with_words(request.GET, words)
        elif _sends_words(request):
            return _sent(request)
        return None


# Under which names words of a search are sent; a name of its own in the session for each shape.
WORDS: Final = frozenset({"q", "who", "person_q"})
_WORDS: Final = "words_by_name"
_MOST_WORDS: Final = 20
_NO_FILTERS: Final = WORDS | {"_words", "csrfmiddlewaretoken"}


def _sends_words(request: HttpRequest) -> bool:
    return request.method == "POST" and _is_form(request) and "_words" in request.POST


def _sent(request: HttpRequest) -> HttpResponse | None:
    rest = request.POST.copy()
    words = {name: text for name in WORDS if (text := request.POST.get(name, "").strip())}
    for name, value in request.POST.items():
        if name in _NO_FILTERS or not value:
            rest.pop(name)
    if getattr(request, "htmx", False):
        request.method, request.GET = "GET", _with_words(rest, words)
        return None
    if words:
        rest["w"] = token_hex(4)
        held = [*request.session.get(_WORDS, {}).items()][1 - _MOST_WORDS :]
        request.session[_WORDS] = dict(held) | {rest["w"]: encrypt(json.dumps(words)).hex()}
    return redirect(f"{request.path}?{rest.urlencode()}")


def _with_words(query: QueryDict, words: Mapping[str, str]) -> Any:
    told: Any = Words(query.urlencode())
    told.hidden = {"q": "", **words}
    return told
