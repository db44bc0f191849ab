"""The residents' door: a cookie of its own, never the session of staff (docs/adr/0008)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from ninja.security import APIKeyCookie

from yiwang.core.reads import parameter
from yiwang.personal import actions
from yiwang.personal.models import ResidentAccount, ResidentSession, Scope
from yiwang.personal.reads import (
    holder_of_session,
    notice_in_force,
    own_actor,
    people_acted_for,
    scopes_held,
)
from yiwang.personal.reads.actor import ResidentActor
from yiwang.residents.models import Resident
from yiwang.residents.reads.duplicates import telephone_of

COOKIE: Final = "yw-resident"
NOTED_AFTER: Final = timedelta(minutes=1)
MENU: Final = (
    ("front", _("首页"), "home", "portal:home", ""),
    ("data", _("我的信息"), "id", "my:data", Scope.DATA),
    ("apply", _("办事"), "file-text", "apply:mine", Scope.APPLY),
    ("agents", _("代办"), "users", "my:agents", Scope.DATA),
    ("account", _("账号"), "user", "my:account", ""),
)
"""Key, label, icon, address, and the scope whoever acts for another needs."""


@dataclass(frozen=True)
class Entry:
    """One entry of the menu at the top and of the bar below."""

    label: Any
    icon: str
    url: str
    current: bool


@dataclass(frozen=True)
class Visit:
    """Who is signed in, whom it is about, what she may do for that person, and the actor."""

    session: ResidentSession
    account: ResidentAccount
    holder: Resident
    person: Resident
    scopes: frozenset[str]
    actor: ResidentActor

    def may(self, scope: str) -> bool:
        """Whether a page of this scope is open; an empty one asks nothing."""
        return not (self.for_another and scope) or scope in self.scopes

    @property
    def for_another(self) -> bool:
        return self.holder.pk != self.person.pk


class OwnRequest(HttpRequest):
    """A request of a resident who is signed in."""

    visit: Visit


View = Callable[..., HttpResponseBase]


def visit_of(request: HttpRequest) -> Visit | None:
    """The resident behind the cookie; acting for another only while that is allowed."""
    session = holder_of_session(request.COOKIES.get(COOKIE, ""))
    if session is None:
        return None
    now, holder = timezone.now(), session.account.resident
    person = session.acting_for or holder
    scopes = scopes_held(holder, person, timezone.localdate())
    if person.pk != holder.pk and not scopes:
        person, session.acting_for = holder, None
        session.save(update_fields=["acting_for"])
    if now - session.seen_at > NOTED_AFTER:
        session.seen_at = now
        session.save(update_fields=["seen_at"])
    return Visit(session, session.account, holder, person, scopes, own_actor(holder, person))


def page_of(scope: str) -> Callable[[View], View]:
    """A page of a resident who has read the notice; who acts for another needs the scope."""
    return lambda view: _guarded(view, read=True, scope=scope)


own_page: Final = page_of(Scope.DATA)
anybodys_page: Final = page_of("")
"""Of the account, or where each part asks for its own scope."""


def before_reading(view: View) -> View:
    """A page that is open before the notice has been read: the notice itself, signing out."""
    return _guarded(view, read=False, scope="")


def _guarded(view: View, *, read: bool, scope: str) -> View:
    @wraps(view)
    def guarded(request: OwnRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visit = visit_of(request)
        if visit is None:
            asked = request.path if request.method == "GET" else ""
            query = f"?{urlencode({'next': asked})}" if asked else ""
            return redirect(f"{reverse('my:sign-in')}{query}")
        request.visit = visit
        if read and not has_read(visit):
            return redirect("my:read")
        if not visit.may(scope):
            what = {"what": Scope(scope).label}
            messages.error(
                request, str(_("这位家人没有授权您“%(what)s”，请本人在“代办”里加上。")) % what
            )
            return redirect("my:home")
        return view(request, *args, **kwargs)

    return login_not_required(guarded)


def has_read(visit: Visit) -> bool:
    """Whether the holder has read the notice that is in force today."""
    notice = notice_in_force(timezone.localdate())
    return notice is None or visit.account.notice_id == notice.pk


def sign_in(request: HttpRequest, response: HttpResponse, account: ResidentAccount) -> HttpResponse:
    """Begin a session and put its cookie on the answer."""
    session = actions.begin_session(
        account, device=request.headers.get("User-Agent", ""), by=own_actor(account.resident)
    )
    response.set_cookie(
        COOKIE,
        session.secret,
        max_age=3600 * int(parameter("personal.session_hours")),
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE_COOKIES,
    )
    return response


def sign_out(response: HttpResponse) -> HttpResponse:
    """Nothing of a person stays in the browser: the cookie goes, caches and storage are cleared."""
    response.delete_cookie(COOKIE)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def page(
    request: HttpRequest, template: str, tab: str = "", *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a resident's page with its menu, and whom to ring in the own community.

    `template` is a page of this app by its short name, or one of another app by its path.
    """
    visit: Visit | None = getattr(request, "visit", None)
    around: dict[str, Any] = {"visit": visit}
    if visit is not None:
        place = visit.person.division
        around |= {
            "portal_menu": [
                Entry(label, icon, reverse(name), key == tab)
                for key, label, icon, name, scope in MENU
                if visit.may(scope)
            ],
            "place": place,
            "place_phone": telephone_of(place.pk),
            "others": people_acted_for(visit.holder, timezone.localdate()),
        }
    name = template if "/" in template else f"personal/my/{template}.html"
    return render(request, name, {**around, **context}, status=status)


class ResidentCookie(APIKeyCookie):
    """The residents' cookie, with the CSRF check of pages; a staff session opens nothing here."""

    param_name = COOKIE

    def authenticate(self, request: HttpRequest, key: str | None) -> ResidentSession | None:
        return holder_of_session(key) if key else None


def own_session(request: Any) -> ResidentSession:
    """The session behind an operation of the API. Raises PermissionDenied before the notice is read."""
    session: ResidentSession = request.auth
    notice = notice_in_force(timezone.localdate())
    if notice is not None and session.account.notice_id != notice.pk:
        raise PermissionDenied(str(_("请先在网页上看过个人信息告知书。")))
    return session


def who(request: Any, scope: str = Scope.DATA) -> tuple[Resident, Resident, ResidentActor]:
    """The holder, whom it is about, and the actor that names both.

    Raises PermissionDenied where the holder may act for that person, but not in this.
    """
    session = own_session(request)
    holder = session.account.resident
    person = session.acting_for or holder
    scopes = scopes_held(holder, person, timezone.localdate())
    if person.pk != holder.pk and not scopes:
        person = holder
    elif person.pk != holder.pk and scope and scope not in scopes:
        what = {"what": Scope(scope).label}
        raise PermissionDenied(str(_("这位家人没有授权您“%(what)s”。")) % what)
    return holder, person, own_actor(holder, person)
