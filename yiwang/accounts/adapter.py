"""Signing in by user name: lock-out, journal lines and sentences of our own (SEC-3, EXP-10, 11)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.core.acts import record_line

from .actor import Actor
from .models import LogInFailure, User
from .reads import lock_of, lock_rules


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by administrators; a wrong password says the same for everyone."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不正确。请核对后再试。"),
        "incorrect_password": _("密码不正确。请核对后再试。"),
        "enter_current_password": _("请输入现在的密码。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while the user name is locked; raises ValidationError."""
        refuse_when_locked(credentials.get("username") or "")

    def _rollback_login_failed_rl_usage(self) -> None:
        """Failures are counted in the database, for all worker processes together."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The user of a right password; a temporary one that is too old opens nothing."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        if (
            isinstance(user, User)
            and user.temporary_until
            and user.temporary_until < timezone.now()
        ):
            raise ValidationError(_("初始密码已过期，请管理员重新设置。"), code="expired")
        return user

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        count_failure(request, credentials.get("username") or "", "password")

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        assert isinstance(user, User)  # noqa: S101 - the only user model there is
        LogInFailure.objects.filter(username=user.username.lower()).delete()
        record_line("accounts.log_in", user, Actor.person(user), _devices(request))

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            record_line("accounts.log_out", request.user, Actor.person(request.user), {})
        super().logout(request)

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Accounts have no mail address; changes stand in the journal."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return str(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104 - unknown


def refuse_when_locked(username: str) -> None:
    """Raises ValidationError while too many failures lock this name, known or not."""
    until = lock_of(username)
    if until is not None:
        raise ValidationError(
            _("连续输错太多次，这个用户名已锁定，%(time)s 后再试，或请管理员解锁。"),
            code="too_many_login_attempts",
            params={"time": timezone.localtime(until).strftime("%H:%M")},
        )


def count_failure(request: HttpRequest, username: str, factor: str) -> None:
    """Keep one failed log-in and write it to the journal; the last one allowed locks the name."""
    failure = LogInFailure.objects.create(
        username=username.strip().lower()[:150],
        address=str(request.META.get("REMOTE_ADDR") or "")[:45],
    )
    facts = {"username": failure.username, "factor": factor}
    if lock_of(username) is not None:
        facts["locked"] = f"{lock_rules().minutes} min"
    record_line("accounts.log_in_failed", failure, Actor.public(label=username[:60]), facts)


def _devices(request: HttpRequest) -> dict[str, str]:
    """How and with what someone signed in."""
    records = request.session.get("account_authentication_methods") or []
    methods = [str(record.get("type") or record.get("method")) for record in records]
    return {
        "methods": "+".join(dict.fromkeys(methods)),
        "device": request.headers.get("User-Agent", "")[:120],
    }
