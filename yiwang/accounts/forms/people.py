"""Forms on people and their posts."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Post, Unit
from yiwang.accounts.roles import Role
from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth

USERNAME = RegexValidator(
    r"^[a-z][a-z0-9._-]{2,29}$", _("用小写字母开头，3 至 30 位，可用小写字母、数字、点、横线。")
)
PHONE = RegexValidator(r"^[0-9+\- ]{5,20}$", _("电话只写数字，可用横线。"))


class Cleaned(forms.CharField):
    """Text without control characters; full-width digits and letters become plain ones."""

    def __init__(self, *, plain: bool = False, **kwargs: Any) -> None:
        self.plain = plain
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = clean_text(str(value or ""))
        return fullwidth_to_halfwidth(text) if self.plain else text


class PersonForm(forms.Form):
    """A new account."""

    name = Cleaned(label=_("姓名"), max_length=60)
    username = Cleaned(
        label=_("用户名"), max_length=30, plain=True, validators=[USERNAME],
        help_text=_("登录用，定了不再改。建议用姓名拼音。"),
    )  # fmt: skip
    phone = Cleaned(label=_("电话"), max_length=20, required=False, plain=True, validators=[PHONE])


class PersonChangeForm(forms.Form):
    """What an administrator may correct."""

    name = Cleaned(label=_("姓名"), max_length=60)
    phone = Cleaned(label=_("电话"), max_length=20, required=False, plain=True, validators=[PHONE])
    is_active = forms.BooleanField(
        label=_("账号在用"), required=False, help_text=_("不勾选就停用，本人不能再登录。")
    )
    reason = Cleaned(label=_("原因"), max_length=200, required=False)


class AppointForm(forms.Form):
    """A post in a unit of the chosen division."""

    unit = forms.ModelChoiceField(label=_("单位"), queryset=Unit.objects.none())
    role = forms.ChoiceField(label=_("岗位"))
    starts_on = forms.DateField(label=_("到岗日期"), widget=forms.DateInput())
    ends_on = forms.DateField(
        label=_("任期届满"), required=False, widget=forms.DateInput(),
        help_text=_("没有期限可以不填。"),
    )  # fmt: skip
    manner = Cleaned(
        label=_("任用方式"), max_length=40, required=False, help_text=_("例如任命、选举、聘用。")
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], roles: list[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        choices = [("", "—"), *((role.value, role.label) for role in roles)]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("starts_on", timezone.localdate())

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class EndPostForm(forms.Form):
    """The end of a post and who goes on with its work."""

    on = forms.DateField(
        label=_("离岗日期"), widget=forms.DateInput(),
        help_text=_("今天或以前的日期立即生效；以后的日期到那天为止。"),
    )  # fmt: skip
    successor = forms.ModelChoiceField(
        label=_("接任人"), queryset=Post.objects.none(), required=False,
        empty_label=_("暂无接任人，工作留在单位"),
    )  # fmt: skip
    reason = Cleaned(label=_("原因"), max_length=200)

    def __init__(self, *args: Any, successors: QuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors  # type: ignore[attr-defined]
        self.initial.setdefault("on", timezone.localdate())


class LoanForm(forms.Form):
    """A delegation: to whom, from when to when, why."""

    username = Cleaned(
        label=_("代理人的用户名"), max_length=150, plain=True,
        help_text=_("请同事在“我的账号”里看自己的用户名。"),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("开始日期"), widget=forms.DateInput())
    ends_on = forms.DateField(label=_("结束日期"), widget=forms.DateInput())
    reason = Cleaned(label=_("原因"), max_length=200)


class LanguageSelect(forms.Select):
    """Each language is named in itself, and says so to whoever reads it aloud."""

    def create_option(self, name: str, value: Any, *args: Any, **keywords: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **keywords)
        if value:
            option["attrs"]["lang"] = value
        return option


class ProfileForm(forms.Form):
    """What everyone may change of the own account."""

    phone = Cleaned(label=_("电话"), max_length=20, required=False, plain=True, validators=[PHONE])
    language = forms.ChoiceField(
        label=_("语言"), required=False, widget=LanguageSelect(),
        choices=[("", _("跟随浏览器")), ("zh-hans", "中文"), ("en", "English")],
    )  # fmt: skip
