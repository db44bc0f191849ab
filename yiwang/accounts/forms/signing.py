"""Signing in, the second factor and the own password, in words of our own."""

from typing import Any

from allauth.account.forms import ChangePasswordForm as LibraryChangePasswordForm
from allauth.account.forms import LoginForm as LibraryLoginForm
from allauth.account.forms import ReauthenticateForm as LibraryReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as LibraryAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as LibraryCodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm as LibraryActivateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as LibraryAddKeyForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm as LibraryEditKeyForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actions import change_own_password
from yiwang.accounts.actor import Actor
from yiwang.accounts.adapter import count_failure, refuse_when_locked
from yiwang.accounts.models import User
from yiwang.accounts.reads import password_faults_of, password_rules
from yiwang.core.rules.chinese import fullwidth_to_halfwidth


def _plain(field: forms.Field, **attrs: str) -> None:
    """No placeholder stands in for a label (UI.md); the screen keyboard fits the field."""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)


class LoginForm(LibraryLoginForm):  # type: ignore[misc]
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("用户名"), _("密码")
        password.help_text = ""
        _plain(login, autocapitalize="none", spellcheck="false", autofocus="autofocus")
        _plain(password)

    def clean_login(self) -> str:
        return fullwidth_to_halfwidth(str(self.cleaned_data["login"])).strip()


class _CodeMixin:
    """A six-digit code or a recovery code; failures count like wrong passwords."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]
    user: User

    def _name_code(self, label: Any) -> None:
        code = self.fields["code"]
        code.label = label
        _plain(code, inputmode="text", autofocus="autofocus", autocapitalize="none")

    def clean_code(self) -> str:
        refuse_when_locked(self.user.username)
        typed = fullwidth_to_halfwidth(self.cleaned_data["code"])
        self.cleaned_data["code"] = typed.replace(" ", "").replace("-", "")
        try:
            return str(super().clean_code())  # type: ignore[misc]
        except ValidationError:
            count_failure(context.request, self.user.username, "code")
            raise ValidationError(_("验证码不正确，或已经过期。请输入最新的一组。")) from None


class AuthenticateForm(_CodeMixin, LibraryAuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_code(_("动态验证码或恢复码"))


class CodeAgainForm(_CodeMixin, LibraryCodeAgainForm):  # type: ignore[misc]
    """The code once more before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._name_code(_("动态验证码或恢复码"))


class PasswordAgainForm(LibraryReauthenticateForm):  # type: ignore[misc]
    """The password once more before something sensitive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("密码")
        self.fields["password"].help_text = ""
        _plain(self.fields["password"], autofocus="autofocus")


class ActivateTOTPForm(LibraryActivateForm):  # type: ignore[misc]
    """The first code of an authenticator app proves that it was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("应用上显示的 6 位数字")
        _plain(self.fields["code"], inputmode="numeric")

    def clean_code(self) -> str:
        self.cleaned_data["code"] = fullwidth_to_halfwidth(self.cleaned_data["code"]).replace(
            " ", ""
        )
        try:
            return str(super().clean_code())
        except ValidationError:
            raise ValidationError(_("数字不对。请等应用换出新的一组，再输入一次。")) from None


class AddKeyForm(LibraryAddKeyForm):  # type: ignore[misc]
    """A passkey or security key, with a name to know it by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名称")
        self.fields["name"].help_text = _("例如“办公室电脑”“我的手机”，以后好分辨。")
        self.fields["name"].widget.attrs["maxlength"] = 40
        self.initial["name"] = ""
        if "passwordless" in self.fields:
            self.fields["passwordless"].label = _("用它直接登录，不再输密码")
            self.fields["passwordless"].help_text = _(
                "需要指纹、人脸或开机密码。公用电脑请不要勾选。"
            )


class EditKeyForm(LibraryEditKeyForm):  # type: ignore[misc]
    """Another name for a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("名称")
        self.fields["name"].max_length = 40


class ChangePasswordForm(LibraryChangePasswordForm):  # type: ignore[misc]
    """The own password: the present one, the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            "oldpassword": _("现在的密码"),
            "password1": _("新密码"),
            "password2": _("再输一次新密码"),
        }
        for name, label in names.items():
            self.fields[name].label, self.fields[name].help_text = label, ""
            _plain(self.fields[name])
        rules = password_rules()
        self.fields["password1"].help_text = _(
            "至少 %(length)s 个字符，含大写字母、小写字母、数字、符号中的 %(classes)s 种；"
            "不含姓名和用户名；不与最近 %(remembered)s 次用过的相同。"
        ) % {"length": rules.length, "classes": rules.classes, "remembered": rules.remembered}

    def clean_oldpassword(self) -> str:
        refuse_when_locked(self.user.username)
        old = str(self.cleaned_data.get("oldpassword"))
        if not self.user.check_password(old):
            count_failure(context.request, self.user.username, "change")
            raise ValidationError(_("现在的密码不正确。"))
        return old

    def clean_password1(self) -> str:
        password = str(self.cleaned_data["password1"])
        faults = password_faults_of(self.user, password)
        if faults:
            raise ValidationError(faults)
        return password

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = forms.Form.clean(self) or {}
        one, two = data.get("password1"), data.get("password2")
        if one and two and one != two:
            self.add_error("password2", _("两次输入的新密码不一样。"))
        return data

    def save(self) -> None:
        change_own_password(
            self.user, password=self.cleaned_data["password1"], by=Actor.person(self.user)
        )
