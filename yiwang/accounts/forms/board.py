"""Forms of the board and of opening hours."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models.board import Body, Manner
from yiwang.accounts.rules.hours import KINDS, HoursInvalid, Spans, read_spans, spans_text

from .people import PHONE, Cleaned


class OfficerForm(forms.Form):
    """One line of the board."""

    body = forms.ChoiceField(label=_("组织"), choices=Body.choices)
    position = Cleaned(label=_("职务"), max_length=40, help_text=_("例如书记、主任、委员、站长。"))
    name = Cleaned(label=_("姓名"), max_length=60)
    manner = forms.ChoiceField(label=_("产生方式"), choices=Manner.choices)
    starts_on = forms.DateField(label=_("任期开始"), widget=forms.DateInput())
    ends_on = forms.DateField(
        label=_("任期届满"), required=False, widget=forms.DateInput(),
        help_text=_("没有任期的可以不填。"),
    )  # fmt: skip
    phone = Cleaned(
        label=_("办公电话"), max_length=20, required=False, plain=True, validators=[PHONE],
        help_text=_("居民看得到，不要填私人号码。"),
    )  # fmt: skip
    published = forms.BooleanField(
        label=_("在居民网站公示"), required=False, help_text=_("不勾选时只有工作人员看得到。")
    )


class LeaveForm(forms.Form):
    """From which day the office is left."""

    on = forms.DateField(label=_("离任日期"), widget=forms.DateInput())
    reason = Cleaned(label=_("原因"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())


class SpansField(Cleaned):
    """The hours of one kind of day, as people write them."""

    def clean(self, value: Any) -> Any:
        try:
            return read_spans(super().clean(value))
        except HoursInvalid as fault:
            raise forms.ValidationError(str(fault)) from fault


class HoursForm(forms.Form):
    """Opening hours by kind of day, and a sentence about them."""

    note = Cleaned(
        label=_("说明"), max_length=100, required=False, help_text=_("例如：夏季下午 14:30 开始。")
    )

    def __init__(self, *args: Any, hours: dict[str, Spans], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in KINDS.items():
            self.fields[kind] = SpansField(
                label=label, required=False, max_length=60,
                initial=spans_text(hours.get(kind, [])),
            )  # fmt: skip
        self.fields["work"].help_text = _("例如 8:30-12:00，14:00-17:30；空着表示不开门。")
        self.fields["work"].required = True
        self.order_fields([*KINDS, "note"])

    def hours(self) -> dict[str, Spans]:
        """Hours as the act takes them."""
        return {kind: self.cleaned_data[kind] for kind in KINDS}
