"""What staff fill in: codes, agents, requests at the counter, answers, rules, findings."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.core.rules.chinese import clean_text
from yiwang.personal.models import Basis, Finding, RightsRequest, Scope
from yiwang.personal.models.account import Manner
from yiwang.residents.reads import dictionary

from .own import PhoneField, PlainText


class LongText(forms.CharField):
    """Text of several lines, without control characters."""

    widget = forms.Textarea({"rows": 4})

    def to_python(self, value: Any) -> str:
        return clean_text(str(value or ""), multiline=True)


class CodeForm(forms.Form):
    """What was checked before a code is told or sent."""

    phone = PhoneField(
        label=_("登录手机号"),
        max_length=30,
        required=False,
        help_text=_("不填就用档案里登记的手机号。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    manner = forms.ChoiceField(
        label=_("怎样交给本人"), choices=Manner.choices, widget=forms.RadioSelect
    )
    document = PlainText(
        label=_("当面核验的证件"), max_length=60, required=False,
        help_text=_("例如：居民身份证。只写证件名称，不写号码。"),
    )  # fmt: skip


class AgentForm(forms.Form):
    """An authorisation recorded at the counter, with its evidence."""

    name = PlainText(label=_("代理人姓名"), max_length=100)
    phone = PhoneField(
        label=_("代理人手机号"), max_length=30, help_text=_("与代理人在册的手机号一致。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    relation = PlainText(label=_("关系"), max_length=40)
    basis = forms.ChoiceField(
        label=_("授权方式"), widget=forms.RadioSelect,
        choices=[one for one in Basis.choices if one[0] != Basis.HERSELF],
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=_("可以办理"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    evidence = PlainText(
        label=_("证明材料"), max_length=200,
        help_text=_("例如：本人到场签字的委托书；户口簿、监护人指定书。"),
    )  # fmt: skip
    ends_on = forms.DateField(
        label=_("到期日期"), required=False, widget=forms.DateInput(),
        help_text=_("不填按规定的年限；监护到孩子成年为止。"),
    )  # fmt: skip


class AskForm(forms.Form):
    """A request made at the window or by telephone."""

    kind = forms.ChoiceField(
        label=_("请求"), choices=RightsRequest.Kind.choices, widget=forms.RadioSelect
    )
    field = forms.ChoiceField(label=_("信息项"), required=False)
    proposed = PlainText(
        label=_("更正为"), max_length=500, required=False, help_text=_("只有更正才填。")
    )
    words = LongText(label=_("理由"), max_length=1000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = dictionary().items()
        choices = [
            ("", _("全部信息")),
            *((code, one.label) for code, one in fields if one.register),
        ]
        self.fields["field"].choices = choices  # type: ignore[attr-defined]


class DecideForm(forms.Form):
    answer = LongText(
        label=_("答复"), max_length=2000, required=False,
        help_text=_("会原样给居民看。不同意的必须写明理由和依据。"),
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = PlainText(label=_("原因"), max_length=200)


class RuleForm(forms.Form):
    """Another period for one class of data, from a day on."""

    days = forms.IntegerField(label=_("保存天数"), min_value=1, max_value=36500)
    by_itself = forms.BooleanField(label=_("到期自动执行，不用审批"), required=False)
    source = PlainText(label=_("依据"), max_length=300)
    starts_on = forms.DateField(label=_("施行日期"), widget=forms.DateInput())


class ListForm(forms.Form):
    why = PlainText(
        label=_("说明"), max_length=300, required=False, help_text=_("有保留的，写明理由。")
    )


class SettleForm(forms.Form):
    """What became of an unusual look-up."""

    explanation = LongText(label=_("核实情况"), max_length=500)
    outcome = forms.ChoiceField(
        label=_("结论"), widget=forms.RadioSelect,
        choices=[(Finding.State.EXPLAINED, _("工作需要，已说明")),
                 (Finding.State.MISUSE, _("认定不当，另行处理"))],
    )  # fmt: skip


class NoticeForm(forms.Form):
    text = LongText(label=_("中文文本"), max_length=20000, widget=forms.Textarea({"rows": 16}))
    text_en = LongText(label=_("英文"), max_length=20000, widget=forms.Textarea({"rows": 16}))
    starts_on = forms.DateField(label=_("施行日期"), widget=forms.DateInput())


class FilterForm(forms.Form):
    """What a list of requests may be narrowed by; unknown values filter nothing."""

    kind = forms.ChoiceField(
        label=_("请求"), choices=[("", _("全部")), *RightsRequest.Kind.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("状态"), choices=[("", _("全部")), *RightsRequest.State.choices], required=False
    )

    def said(self) -> Iterable[tuple[str, str]]:
        """The filters that are set and mean something."""
        self.is_valid()
        return [(key, value) for key, value in self.cleaned_data.items() if value]
