"""Forms on bundles: the city's own, and the choice of parts at the counter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.matters.models import Bundle, ServiceItem

from .lists import DATES, item_choices


class BundleForm(forms.Form):
    """What it is called and which items go along."""

    code = forms.SlugField(label=_("编码"), max_length=60, help_text=_("英文小写，例如 newborn。"))
    title = forms.CharField(label=_("名称"), max_length=120)
    title_en = forms.CharField(label=_("英文名称"), max_length=200, required=False)
    summary = forms.CharField(
        label=_("说明"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    summary_en = forms.CharField(
        label=_("英文说明"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    items = forms.MultipleChoiceField(
        label=_("包含事项"), widget=forms.CheckboxSelectMultiple,
        help_text=_("至少两项；相同的信息项和材料只要一次。"),
    )  # fmt: skip
    always = forms.MultipleChoiceField(
        label=_("必办事项"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("居民不能去掉的。"),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("施行日期"), widget=forms.DateInput(attrs=DATES))

    def __init__(self, *args: Any, bundle: Bundle | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = item_choices()
        for name in ("items", "always"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        if bundle is not None:
            del self.fields["code"]


class PartsForm(forms.Form):
    """Which of the items this applicant wants."""

    parts = forms.MultipleChoiceField(
        label=_("要办的事项"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个要办的事项。")},
    )  # fmt: skip

    def __init__(self, *args: Any, items: list[ServiceItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parts"].choices = [(one.code, one.label) for one in items]  # type: ignore[attr-defined]
