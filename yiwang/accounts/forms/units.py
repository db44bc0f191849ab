"""Forms on units."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Unit
from yiwang.accounts.models.unit import UnitClass

from .people import PHONE, Cleaned


class UnitForm(forms.Form):
    """The facts of a unit."""

    name = Cleaned(label=_("名称"), max_length=80)
    short_name = Cleaned(label=_("简称"), max_length=40, required=False)
    name_en = Cleaned(label=_("英文名称"), max_length=120, required=False)
    unit_class = forms.ChoiceField(label=_("职能类别"), choices=UnitClass.choices)
    contact = Cleaned(label=_("联系人"), max_length=40, required=False)
    phone = Cleaned(label=_("电话"), max_length=40, required=False, plain=True, validators=[PHONE])
    office = Cleaned(label=_("地址"), max_length=200, required=False)


class NewUnitForm(UnitForm):
    """A unit that did not exist; its code is what steps of the catalogue name."""

    code = forms.ChoiceField(label=_("类别代码"), help_text=_("事项流程按它找到承办单位。"))
    field_order = ("name", "code", "unit_class")

    def __init__(self, *args: Any, codes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = codes  # type: ignore[attr-defined]


class CloseUnitForm(forms.Form):
    """The end of a unit and which one follows."""

    on = forms.DateField(label=_("撤销日期"), widget=forms.DateInput())
    successor = forms.ModelChoiceField(
        label=_("接续单位"), queryset=Unit.objects.none(), required=False,
        empty_label=_("没有接续单位"),
    )  # fmt: skip
    reason = Cleaned(label=_("依据或原因"), max_length=200)

    def __init__(self, *args: Any, successors: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors  # type: ignore[attr-defined]
        self.initial.setdefault("on", timezone.localdate())
