"""Forms of dwellings, buildings, addresses and the groups they belong to."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.residents.models import Dwelling, Group
from yiwang.residents.models.household import PARTS
from yiwang.residents.rules.address import LIMITS

from .register import PlainText

Choices = Iterable[tuple[str, str]]
_LABELS = {
    "road": _("路巷、村组"), "estate": _("小区"), "building": _("幢"), "unit": _("单元"),
    "room": _("室"),
}  # fmt: skip


class GroupForm(forms.Form):
    """A grid or group: what it is called, what it lies under, who looks after it."""

    name = PlainText(label=_("名称"), max_length=60)
    kind = forms.ChoiceField(label=_("类别"), choices=Group.Kind.choices)
    parent = forms.ChoiceField(label=_("上级"), required=False)
    leader_name = PlainText(
        label=_("负责人"), required=False, max_length=100,
        help_text=_("网格员、组长的姓名；在册居民可以写身份证号或电话。"),
    )  # fmt: skip

    def __init__(self, *args: Any, groups: Choices | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if groups is None:
            del self.fields["parent"]
        else:
            self.fields["parent"].choices = [("", _("社区直属")), *groups]  # type: ignore[attr-defined]


class MoveGroupForm(forms.Form):
    """Under which group, or directly under the community."""

    parent = forms.ChoiceField(label=_("移到"), required=False)

    def __init__(self, *args: Any, groups: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = [("", _("社区直属")), *groups]  # type: ignore[attr-defined]


class MergeGroupForm(forms.Form):
    """Into which group, from which day."""

    into = forms.ChoiceField(label=_("并入"))
    on = forms.DateField(label=_("日期"), widget=forms.DateInput, initial=timezone.localdate)

    def __init__(self, *args: Any, groups: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = list(groups)  # type: ignore[attr-defined]


class EndGroupForm(forms.Form):
    """From which day it is no more."""

    on = forms.DateField(label=_("撤销日期"), widget=forms.DateInput, initial=timezone.localdate)


class GroupFileForm(forms.Form):
    """A workbook of groups."""

    file = forms.FileField(label=_("表格文件"), help_text=_("XLSX 或 CSV。"))


class BuildingListForm(forms.Form):
    """What a list of buildings may be narrowed by; unknown values filter nothing."""

    q = forms.CharField(label=_("小区、路名或地址"), required=False, max_length=60)
    group = forms.ChoiceField(label=_("网格、小组"), required=False)
    kind = forms.ChoiceField(
        label=_("房屋情况"), choices=[("", _("全部")), *Dwelling.Kind.choices], required=False
    )

    def __init__(self, data: Any, groups: Choices) -> None:
        super().__init__(data)
        self.fields["group"].choices = list(groups)  # type: ignore[attr-defined]
        self.is_valid()

    def said(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")


class BuildingForm(forms.Form):
    """A building with all its rooms."""

    estate = PlainText(label=_("小区或路名"), max_length=60, help_text=_("例如南园新村。"))
    building = PlainText(label=_("幢号"), max_length=10, help_text=_("只写号，例如 12。"))
    units = forms.IntegerField(label=_("单元数"), min_value=1, max_value=30, initial=1)
    floors = forms.IntegerField(label=_("层数"), min_value=1, max_value=99, initial=6)
    rooms = forms.IntegerField(label=_("每单元每层室数"), min_value=1, max_value=99, initial=2)
    group = forms.ChoiceField(label=_("网格、小组"), required=False)

    def __init__(self, *args: Any, groups: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", _("以后再编")), *groups]  # type: ignore[attr-defined]


class DwellingForm(forms.Form):
    """How a place is used and where it belongs."""

    kind = forms.ChoiceField(
        label=_("房屋情况"), choices=[("", _("未填")), *Dwelling.Kind.choices], required=False
    )
    group = forms.ChoiceField(label=_("网格、小组"), required=False)

    def __init__(self, *args: Any, groups: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", _("不编入")), *groups]  # type: ignore[attr-defined]


class AddressForm(forms.Form):
    """The parts of an address as a person reads them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in PARTS:
            self.fields[name] = PlainText(
                label=_LABELS[name], required=False, max_length=LIMITS[name]
            )
