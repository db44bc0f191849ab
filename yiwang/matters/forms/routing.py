"""Forms on routing: a rule, its place in the order, its end, a dry run."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Post
from yiwang.matters.actions.routing import Sending
from yiwang.matters.models import Category, ServiceItem
from yiwang.matters.rules import Channel
from yiwang.matters.rules.routing import Pick

from .lists import ALL, DATES, PlaceChoice, UnitChoice, item_choices


class RuleForm(forms.Form):
    """What the rule asks for, and where it sends."""

    place = PlaceChoice(
        label=_("适用地方"), max_length=40,
        help_text=_("填名称或 12 位代码；下级都适用。"),
    )  # fmt: skip
    fallback = forms.BooleanField(
        label=_("这是兜底规则"), required=False,
        help_text=_("没有规则、也没有承办单位时才用，使每件事都有人管。"),
    )  # fmt: skip
    category = forms.ModelChoiceField(
        Category.objects.all(), label=_("类别"), required=False, empty_label=_("全部")
    )
    item = forms.ChoiceField(label=_("事项"), required=False)
    step = forms.CharField(
        label=_("环节代码"), required=False, max_length=60,
        help_text=_("只管一个环节时填，例如 township_review；须先选事项。"),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("来源"), required=False, choices=[*ALL, *Channel.choices])
    unit = UnitChoice(label=_("承办单位"))
    pick = forms.ChoiceField(label=_("经办人"), choices=Pick.choices, initial=Pick.UNIT)
    person = forms.CharField(
        label=_("指定经办人姓名"), required=False, max_length=60,
        help_text=_("选“指定经办人”时填这个单位在任人员的姓名。"),
    )  # fmt: skip
    order = forms.IntegerField(
        label=_("次序"), min_value=1, max_value=9999, initial=100,
        help_text=_("数小的先用。"),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("开始日期"), widget=forms.DateInput(attrs=DATES))
    ends_on = forms.DateField(
        label=_("结束日期"), required=False, widget=forms.DateInput(attrs=DATES)
    )
    reason = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("“为什么在这里”会显示这句话和制定人。"),
    )  # fmt: skip

    def __init__(self, *args: Any, city: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"starts_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [*ALL, *item_choices()]  # type: ignore[attr-defined]
        self.fields["unit"].at(city)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        unit, person = said.get("unit"), said.get("person")
        said["post"] = None
        if said.get("pick") == Pick.POST and unit:
            held = Post.objects.held_on(timezone.localdate())
            said["post"] = held.filter(unit=unit, user__name=person).first()
            if said["post"] is None:
                self.add_error("person", _("这个单位没有这位在任人员。"))
        return said

    def sending(self) -> Sending:
        """The rule in the words of the act."""
        said = self.cleaned_data
        item = ServiceItem.objects.filter(code=said["item"]).first() if said["item"] else None
        kept = ("unit", "reason", "category", "step", "channel", "pick", "post", "fallback",
                "order", "starts_on", "ends_on")  # fmt: skip
        return Sending(item=item, **{key: said[key] for key in kept})


class OrderRuleForm(forms.Form):
    order = forms.IntegerField(label=_("次序"), min_value=1, max_value=9999)


class EndRuleForm(forms.Form):
    """The last day, and why."""

    on = forms.DateField(
        label=_("最后一天"), required=False, widget=forms.DateInput(attrs=DATES),
        help_text=_("不填就是立即终止。"),
    )  # fmt: skip
    reason = forms.CharField(label=_("理由"), max_length=300)


class TryForm(forms.Form):
    """Which item, for a resident of which place, by which door."""

    item = forms.ChoiceField(label=_("事项"))
    place = PlaceChoice(
        label=_("居民所在村（居）"), max_length=40, help_text=_("填名称或 12 位代码。")
    )
    channel = forms.ChoiceField(label=_("来源"), choices=Channel.choices, initial="window")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = item_choices()  # type: ignore[attr-defined]
