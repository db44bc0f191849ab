"""Forms on keys of other systems, and of the first start."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.core.rules.rights import name_of
from yiwang.core.rules.wording import bracketed

from .people import USERNAME, Cleaned


class TokenForm(forms.Form):
    """A key: name, scopes, quota, expiry. The post is chosen before."""

    name = Cleaned(label=_("对方系统名称"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("权限范围"), widget=forms.CheckboxSelectMultiple,
        help_text=_("只给对方系统确实要用的。"),
    )  # fmt: skip
    per_minute = forms.IntegerField(label=_("每分钟上限"), min_value=1, max_value=6000)
    expires_on = forms.DateField(label=_("到期日期"), widget=forms.DateInput())

    def __init__(self, *args: Any, rights: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(right, bracketed(name_of(right), right)) for right in rights]
        self.fields["scopes"].choices = choices  # type: ignore[attr-defined]


class FirstStartForm(forms.Form):
    """The first administrator."""

    name = Cleaned(label=_("管理员姓名"), max_length=60)
    username = Cleaned(label=_("用户名"), max_length=30, plain=True, validators=[USERNAME])
    password1 = forms.CharField(
        label=_("密码"), strip=False, max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    password2 = forms.CharField(
        label=_("再输一次密码"), strip=False, max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("password1") != data.get("password2"):
            self.add_error("password2", _("两次输入的密码不一样。"))
        return data
