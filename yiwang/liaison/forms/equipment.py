"""What is entered of equipment."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Unit
from yiwang.liaison.actions.equipment import Facts
from yiwang.liaison.models import Device, DeviceKind

FACTS = ("kind", "name", "serial", "number", "place", "since_on")


class FactsForm(forms.Form):
    """A device as it stands there."""

    kind = forms.ChoiceField(label=_("种类"), choices=DeviceKind.choices)
    name = forms.CharField(label=_("品牌型号"), max_length=80)
    serial = forms.CharField(label=_("编号"), max_length=60, required=False)
    number = forms.CharField(
        label=_("号码或地址"), max_length=60, required=False,
        help_text=_("电话写号码，线路写宽带账号，电脑可写网络地址。"),
    )  # fmt: skip
    place = forms.CharField(label=_("放置位置"), max_length=80, required=False)
    since_on = forms.DateField(label=_("启用日期"), widget=forms.DateInput())

    def __init__(self, data: Any = None, *, device: Device | None = None) -> None:
        today = {"since_on": timezone.localdate()}
        initial = {name: getattr(device, name) for name in FACTS} if device else today
        super().__init__(data, initial=initial)

    def facts(self) -> Facts:
        return Facts(**{name: self.cleaned_data[name] for name in FACTS})


class DeviceForm(FactsForm):
    """A new device, with the unit that uses it."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("使用单位"), empty_label=None)
    field_order = ("unit", *FACTS)

    def __init__(self, data: Any = None, *, place: int) -> None:
        super().__init__(data)
        units = Unit.objects.open().filter(division_id=place).order_by("pk")
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class ReplaceForm(FactsForm):
    """The device that comes instead, and why."""

    text = forms.CharField(label=_("处理情况"), max_length=300)
    field_order = ("text", *FACTS)


class ProblemForm(forms.Form):
    """What is broken."""

    problem = forms.CharField(
        label=_("故障"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class RepairForm(forms.Form):
    """What was done."""

    text = forms.CharField(
        label=_("处理情况"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class RetireForm(forms.Form):
    """Why it is out of use."""

    reason = forms.CharField(label=_("停用原因"), max_length=300)
