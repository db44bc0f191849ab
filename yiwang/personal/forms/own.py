"""What residents fill in: large fields, few of them, words as people say them."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from yiwang.core.rules.chinese import clean_text
from yiwang.personal.models import RightsRequest, Scope
from yiwang.personal.rules.codes import typed
from yiwang.residents.reads import dictionary
from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.phone import InvalidPhone, normalise


class PlainText(forms.CharField):
    """Text without control characters, in NFC."""

    def to_python(self, value: Any) -> str:
        return clean_text(str(value or ""))


class WayForm(forms.Form):
    """By which way one wants to be told."""

    channel = forms.ChoiceField(
        label=_("怎么通知您"), widget=forms.RadioSelect,
        choices=[("sms", _("短信")), ("email", _("电子邮件")), ("print", _("寄信")), ("app", _("只在网上看"))],
    )  # fmt: skip
    email = forms.CharField(
        label=_("电子邮箱"), max_length=254, required=False,
        widget=forms.EmailInput({"autocomplete": "email"}), help_text=_("选电子邮件时填写。"),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)
    optional = forms.BooleanField(
        label=_("也收评价邀请和提醒"), required=False,
        help_text=_("补正、延期、办结等通知依法要告诉您，不能不收。"),
    )  # fmt: skip


class ObjectionForm(forms.Form):
    """Why the grade of an assessment is wrong."""

    words = PlainText(
        label=_("哪里不对"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("例如：评估那天正生病，平时能自己走路。"),
    )  # fmt: skip


class PhoneField(forms.CharField):
    """A telephone number in its one form."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "username"})

    def clean(self, value: Any) -> str:
        text = str(super().clean(value) or "")
        try:
            return normalise(text) if text else ""
        except InvalidPhone as fault:
            raise forms.ValidationError(f"{fault.message}{fault.cure}") from fault


def _password(label: Any, complete: str, hint: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": complete})
    return forms.CharField(label=label, max_length=128, widget=widget, help_text=hint, strip=False)


class SignInForm(forms.Form):
    phone = PhoneField(label=_("手机号"), max_length=30)
    password = _password(_("密码"), "current-password")


class CodeForm(forms.Form):
    """The code from the community, and the password from now on."""

    phone = PhoneField(label=_("手机号"), max_length=30)
    code = forms.CharField(
        label=_("登录码"), max_length=20, help_text=_("社区告诉您的 8 位数字，或信上印的数字。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip
    password = _password(_("设一个密码"), "new-password", _("至少 8 位，字母和数字都要有。"))
    again = _password(_("再输一次密码"), "new-password")

    def clean_code(self) -> str:
        return typed(self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            self.add_error("again", _("两次输入的密码不一样。"))
        return said


class PasswordForm(forms.Form):
    old = _password(_("现在的密码"), "current-password")
    password = _password(_("新密码"), "new-password", _("至少 8 位，字母和数字都要有。"))


class CorrectForm(forms.Form):
    """One field: what it should be, and why."""

    proposed = PlainText(label=_("应当是"), max_length=500)
    words = PlainText(
        label=_("说明"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("例如：今年换了手机号。可以不填。"),
    )  # fmt: skip

    def __init__(self, field: Field, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proposed = self.fields["proposed"]
        proposed.label = field.label
        if field.choices and field.type == "choice":
            choices = [("", "—"), *((one.code, one.label) for one in field.choices)]
            self.fields["proposed"] = forms.ChoiceField(label=field.label, choices=choices)
        elif field.type == "boolean":
            answers = [("", "—"), ("true", _("是")), ("false", _("否"))]
            self.fields["proposed"] = forms.ChoiceField(label=field.label, choices=answers)
        elif field.type == "date":
            proposed.widget = forms.DateInput()


class AskForm(forms.Form):
    """Object, restrict, delete or complain; about one item or about everything."""

    kind = forms.ChoiceField(
        label=_("您要求什么"), widget=forms.RadioSelect,
        choices=[one for one in RightsRequest.Kind.choices if one[0] != "correct"],
    )  # fmt: skip
    field = forms.ChoiceField(label=_("哪一项信息"), required=False)
    words = PlainText(
        label=_("理由"), max_length=1000, widget=forms.Textarea({"rows": 4}),
        help_text=_("写明您的情况和要求，社区据此办理。"),
    )  # fmt: skip

    def __init__(self, codes: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = dictionary()
        self.fields["field"].choices = [  # type: ignore[attr-defined]
            ("", _("全部信息")),
            *((code, fields[code].label) for code in codes),
        ]


class AgentForm(forms.Form):
    """Who may act for me, in what, until when."""

    name = PlainText(label=_("代办人姓名"), max_length=100)
    phone = PhoneField(
        label=_("代办人手机号"), max_length=30, help_text=_("与代办人在社区登记的手机号一致。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    relation = PlainText(label=_("和您的关系"), max_length=40)
    scopes = forms.MultipleChoiceField(
        label=_("可以代办什么"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    ends_on = forms.DateField(
        label=_("到哪一天"), required=False, widget=forms.DateInput(),
        help_text=_("不填就是一年；随时可以撤销。"),
    )  # fmt: skip
