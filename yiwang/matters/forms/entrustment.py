"""Forms on the entrustment register."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.matters.actions.entrustment import Terms
from yiwang.matters.models import Category

from .lists import DATES, UnitChoice, item_choices


def _area(label: Any, hint: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=hint, max_length=1000, widget=widget)


class EntrustmentForm(forms.Form):
    """Who entrusts what to whom, for how long, with which duties and rights over data."""

    authority = UnitChoice(label=_("委托单位"))
    agent = UnitChoice(label=_("受托单位"))
    categories = forms.MultipleChoiceField(
        label=_("委托类别"), required=False, widget=forms.CheckboxSelectMultiple
    )
    items = forms.MultipleChoiceField(
        label=_("委托事项"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("选了类别的，类别内的事项都在内，不用再选。"),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("开始日期"), widget=forms.DateInput(attrs=DATES))
    ends_on = forms.DateField(
        label=_("到期日期"), widget=forms.DateInput(attrs=DATES),
        help_text=_("过了这一天自动失效，不用再办手续。"),
    )  # fmt: skip
    duties = _area(_("职责"), _("受托单位做什么、不做什么。"))
    data_rights = _area(_("数据权限"), _("可以看到和记下哪些信息。"))
    basis = forms.CharField(label=_("委托书文号"), required=False, max_length=120)

    def __init__(self, *args: Any, city: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].choices = [  # type: ignore[attr-defined]
            (one.pk, one.label) for one in Category.objects.all()
        ]
        self.fields["items"].choices = item_choices()  # type: ignore[attr-defined]
        for name in ("authority", "agent"):
            self.fields[name].at(city)  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        """What is agreed, in the words of the act."""
        said = {key: value for key, value in self.cleaned_data.items()
                if key not in ("authority", "agent")}  # fmt: skip
        return Terms(**said)


class RenewForm(forms.Form):
    """Until when it goes on."""

    ends_on = forms.DateField(label=_("续期到"), widget=forms.DateInput(attrs=DATES))
    basis = forms.CharField(label=_("续期文号"), required=False, max_length=120)


class EndEntrustmentForm(forms.Form):
    """Why it ends before its time, and its last day."""

    last = forms.DateField(
        label=_("最后一天"), required=False, widget=forms.DateInput(attrs=DATES),
        help_text=_("受托单位的工作台会提前看到；不填就是立即终止。"),
    )  # fmt: skip
    reason = forms.CharField(label=_("终止理由"), max_length=500)
