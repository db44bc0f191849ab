"""What the pages of orders ask: an order, an answer, a proof, a code, a filter, an account."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.core.rules.chinese import clean_digits
from yiwang.divisions.models import Division, Level
from yiwang.matters.models import Matter, Rating
from yiwang.organizations.models import Organization, Provider

from .models import ServiceOrder
from .reads import open_to
from .rules import Shared, State

ALL = [("", _("全部"))]


class OrderForm(forms.Form):
    """The work, by when, where, for whom, and what of her goes along."""

    organization = forms.ModelChoiceField(
        label=_("服务单位"), queryset=Organization.objects.none(),
        help_text=_("已接纳、证照有效、在这里服务并开通了工作区的单位。"),
    )  # fmt: skip
    place = forms.ModelChoiceField(label=_("社区"), queryset=Division.objects.none())
    what = forms.CharField(
        label=_("做什么"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("只写活计，不写姓名、病情等个人信息。"),
    )  # fmt: skip
    resident = forms.CharField(
        label=_("服务对象"), max_length=60, required=False,
        help_text=_("本社区居民的姓名、身份证号或电话；公共场所的活计不填。"),
    )  # fmt: skip
    place_text = forms.CharField(
        label=_("地点"), max_length=200, required=False,
        help_text=_("没有服务对象时必填，例如：新城社区 3 幢楼道。"),
    )  # fmt: skip
    shared = forms.MultipleChoiceField(
        label=_("提供给服务单位的信息"), choices=Shared.choices, required=False,
        widget=forms.CheckboxSelectMultiple, initial=list(Shared.values),
        help_text=_("接单以前都是隐去的；接单以后到确认以前可以查看，每次查看都有记录。"),
    )  # fmt: skip
    due_on = forms.DateField(label=_("完成期限"), widget=forms.DateInput)

    def __init__(
        self, data: Any, *, actor: Actor, today: date, matter: Matter | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=initial)
        where = matter.division_id if matter else actor.division_id
        self.fields["organization"].queryset = open_to(where, today)  # type: ignore[attr-defined]
        places = Division.objects.within(actor.see).filter(level=Level.COMMUNITY)
        places = places.current().served()
        field = self.fields["place"]
        field.queryset = places  # type: ignore[attr-defined]
        if matter:
            del self.fields["resident"], self.fields["place"]
            return
        only = list(places[:2])
        if len(only) == 1:
            field.initial, field.widget = only[0].pk, forms.HiddenInput()


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class TextForm(forms.Form):
    """How far the work is, or what was done."""

    text = forms.CharField(
        label=_("说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class ProofForm(forms.Form):
    """A photo or PDF of the work."""

    upload = forms.FileField(
        label=_("照片或 PDF"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )


class CodeForm(forms.Form):
    """The six digits the resident was sent."""

    code = forms.CharField(
        label=_("居民的确认码"), max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_code(self) -> str:
        return clean_digits(self.cleaned_data["code"])


class HolderForm(CodeForm):
    """Number and code, as the message to the resident says them."""

    number = forms.CharField(
        label=_("工单编号"), max_length=20, help_text=_("短信里的 13 位数字。"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("number", "code")

    def clean_number(self) -> str:
        return clean_digits(self.cleaned_data["number"])


class HolderAnswerForm(HolderForm):
    """The same, with a rating."""

    grade = forms.TypedChoiceField(
        label=_("这次服务怎么样"), coerce=int, choices=Rating.Grade.choices,
        widget=forms.RadioSelect, required=False, empty_value=None,
    )  # fmt: skip
    comment = forms.CharField(
        label=_("想说的话"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("number", "code"):
            self.fields[name].widget = forms.HiddenInput()


class OrderFilter(forms.Form):
    """A GET form; a value nobody offers is left out instead of stopping the page."""

    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[*ALL, ("waiting", _("等本单位处理")), *State.choices],
    )  # fmt: skip
    late = forms.ChoiceField(
        label=_("期限"), required=False, choices=[*ALL, ("1", _("超过完成期限"))]
    )
    organization = forms.ChoiceField(label=_("服务单位"), required=False)
    since = forms.DateField(label=_("派单起"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("派单止"), required=False, widget=forms.DateInput)
    q = forms.CharField(label=_("编号、内容或地点"), required=False, max_length=60)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        mine = ServiceOrder.objects.visible_to(actor).order_by().values("organization")
        known = Organization.objects.filter(pk__in=mine)
        offered = [(str(one.pk), one.name) for one in known.order_by("name_pinyin", "pk")]
        self.fields["organization"].choices = [*ALL, *offered]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value}

    def applied(self) -> list[dict[str, str]]:
        """The filters in force, as chips that take themselves away."""
        return [
            {"key": key, "label": f"{self.fields[key].label}：{self._word(key, value)}"}
            for key, value in self.chosen.items()
        ]

    def _word(self, key: str, value: Any) -> str:
        choices = dict(getattr(self.fields[key], "choices", []))
        return str(choices.get(value, value))


class WorkerForm(forms.Form):
    """Who signs in for an organisation."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    username = forms.CharField(
        label=_("登录名"), max_length=40, help_text=_("字母和数字，全市不能重复。")
    )
    phone = forms.CharField(label=_("手机"), max_length=20, required=False)


class WorkplaceForm(WorkerForm):
    """The organisation and its first account."""

    organization = forms.ModelChoiceField(
        label=_("服务单位"), queryset=Organization.objects.none(),
        help_text=_("已接纳、证照有效，还没有开通工作区的服务主体。"),
    )  # fmt: skip
    field_order = ("organization", "name", "username", "phone")

    def __init__(self, data: Any, *, actor: Actor, today: date) -> None:
        super().__init__(data)
        admitted = Provider.objects.visible_to(actor).public(today)
        found = Organization.objects.visible_to(actor).filter(
            pk__in=admitted.values("organization"), workplace__isnull=True
        )
        self.fields["organization"].queryset = found.order_by("name_pinyin", "pk")  # type: ignore[attr-defined]
