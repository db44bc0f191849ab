"""Who acts in this request, how long a log-in lasts, and which pages need a post."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.acts import record_line
from yiwang.core.memory import remember
from yiwang.core.reads import parameter

from .actor import Actor, actor_key
from .models import Delegation, Post, User

SESSION_KEY = "post"
# A change of posts reaches every worker process within this many seconds.
KEEP_SECONDS = 5
# The session notes at most once in so many seconds that its owner is still there.
NOTE_SECONDS = 60
# Pages of the library that have no place here: accounts are opened by administrators.
CLOSED = frozenset(
    {
        "account_signup", "account_email", "account_set_password", "account_reset_password",
        "account_reset_password_done", "account_reset_password_from_key", "account_inactive",
        "account_reset_password_from_key_done", "account_confirm_email", "mfa_signup_webauthn",
        "account_email_verification_sent", "account_signup_by_passkey",
    }
)  # fmt: skip
# Open while the password has to be changed first.
CHANGING = frozenset(
    {"account_change_password", "account_logout", "account_login", "account_reauthenticate",
     "core:display", "core:language", "core:health"}
)  # fmt: skip
# Under /desk/ but open to people without a post.
POSTLESS = frozenset(
    {"accounts:me", "accounts:switch", "accounts:profile", "accounts:first-start",
     "accounts:first-start-step"}
)  # fmt: skip


class ActorMiddleware:
    """Sets `request.actor`: None for visitors and for people without a post in force."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        user = request.user
        if isinstance(user, User):
            if _timed_out(request):
                return _end_session(request) or self.get_response(request)
            if not must_change_password(user):
                chosen = request.session.get(SESSION_KEY)
                request.actor = actor_of(user, chosen)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Close what is closed, and lead those first who must change their password."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in CLOSED:
            raise Http404
        user = request.user
        if not isinstance(user, User) or request.path.startswith(("/api/", "/static/")):
            return None
        if must_change_password(user):
            return None if name in CHANGING else redirect("account_change_password")
        postless = request.actor is None  # type: ignore[attr-defined]
        if postless and request.path.startswith("/desk/") and name not in POSTLESS:
            raise PermissionDenied(
                _("您的账号现在没有任何岗位，还不能办理业务。请单位的管理员为您任命岗位。")
            )
        return None


def must_change_password(user: User) -> bool:
    """A temporary password, or one older than the rules allow (SEC-3)."""
    if user.must_change_password:
        return True
    days = int(parameter("accounts.password_days"))
    changed = user.password_changed_at
    return changed is not None and changed + timedelta(days=days) < timezone.now()


def _timed_out(request: HttpRequest) -> bool:
    """Idle or signed in for too long; notes otherwise that the person is still there."""
    now, session = int(time.time()), request.session
    seen, began = session.get("seen", now), session.setdefault("began", now)
    if now - seen > int(parameter("accounts.idle_minutes")) * 60:
        return True
    if now - began > int(parameter("accounts.session_hours")) * 3600:
        return True
    if now - seen >= NOTE_SECONDS or "seen" not in session:
        session["seen"] = now
        key = session.session_key
        UserSession.objects.filter(session_key=key).update(last_seen_at=timezone.now())
    return False


def _end_session(request: HttpRequest) -> HttpResponse | None:
    """Sign out; what was typed comes back on a page, and a running page only shows a notice."""
    user = request.user
    record_line("accounts.log_out", user, Actor.person(user), {"why": "idle"})
    logout(request)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401)
    if request.method == "POST" and not request.path.startswith(("/api/", "/accounts/")):
        return render(request, "core/csrf.html", {"typed": _typed(request)}, status=403)
    messages.info(
        request, _("您有一段时间没有操作，为了安全已退出。请重新登录，会回到刚才的页面。")
    )
    return None


def _typed(request: HttpRequest) -> list[str]:
    hidden = ("csrfmiddlewaretoken", "_", "next", "password", "code")
    rows = [(name, value) for name, values in request.POST.lists() for value in values]
    return [value for name, value in rows if not name.startswith(hidden) and value.strip()]


def actor_of(user: User, chosen: int | None) -> Actor | None:
    """The actor of the chosen post, else of the first post in force; None without any."""
    return remember(actor_key(user.pk, chosen), KEEP_SECONDS, lambda: _find(user, chosen))


def _find(user: User, chosen: int | None) -> Actor | None:
    offered = posts_of(user)
    for post, acting in offered:
        if post.pk == chosen:
            return Actor.of(post, acting=acting)
    return Actor.of(offered[0][0], acting=offered[0][1]) if offered else None


def posts_of(user: User) -> list[tuple[Post, User | None]]:
    """Every post a person may act from today: the own ones, then those held by delegation."""
    today = timezone.localdate()
    own = Post.objects.held_on(today).filter(user=user).select_related("user", "unit", "division")
    held = Post.objects.filter(ended_at__isnull=True, starts_on__lte=today).exclude(
        ends_on__lt=today
    )
    lent = (
        Delegation.objects.in_force(today)
        .filter(to=user, post__in=held)
        .select_related("post__user", "post__unit", "post__division")
    )
    return [*((post, None) for post in own), *((loan.post, user) for loan in lent)]
