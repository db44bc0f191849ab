"""Forms on joint handling, contacts and merging: one file, more than one voice."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.accounts.models import Unit
from yiwang.core.reads import parameter
from yiwang.core.rules import numbers
from yiwang.matters.models import Matter
from yiwang.matters.rules import Channel

from .handling import HandlingForm, _area


class ConsultForm(HandlingForm):
    """Which unit is asked for its opinion, what, and for how long."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("请谁会办"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    question = _area(gettext_lazy("会办要求"), hint=gettext_lazy("请对方看什么；居民看不到。"))
    days = forms.IntegerField(label=gettext_lazy("几个工作日内答复"), min_value=1, max_value=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.open()  # type: ignore[attr-defined]
        self.fields["unit"].error_messages["required"] = _("请搜索并选一个会办单位。")
        self.fields["days"].initial = int(parameter("matters.opinion_days"))


class WaiveForm(HandlingForm):
    reason = _area(gettext_lazy("理由"), hint=gettext_lazy("为什么不再等；留在办理经过里。"))


class ContactForm(HandlingForm):
    """How the applicant got in touch, and what was said."""

    channel = forms.ChoiceField(
        label=gettext_lazy("怎么联系的"), choices=Channel.choices, initial="phone"
    )
    text = _area(gettext_lazy("说了什么"), hint=gettext_lazy("居民查进度时也能看到这段话。"))


class MergeForm(HandlingForm):
    """The number of the matter that is the same."""

    other = forms.CharField(
        label=gettext_lazy("另一件的编号"), max_length=40,
        help_text=gettext_lazy("同一位申请人、还没有办完的事项；那一件会结束，这一件继续办。"),
    )  # fmt: skip
    reason = _area(gettext_lazy("理由"))

    def clean_other(self) -> Matter:
        try:
            number = numbers.parse(self.cleaned_data["other"])
        except numbers.InvalidNumber as fault:
            raise forms.ValidationError(fault.message) from fault
        rows = Matter.objects.filter(resident_id=self.matter.resident_id, number=number)
        found = rows.exclude(pk=self.matter.pk).first()
        if found is None:
            raise forms.ValidationError(_("这位申请人没有这个编号的其他事项。"))
        return found


class SplitForm(HandlingForm):
    """Why what was merged is two matters after all."""

    reason = _area(gettext_lazy("理由"))


class OpinionForm(forms.Form):
    """Agree or not, and why: what the own unit was asked."""

    agreed = forms.ChoiceField(
        label=gettext_lazy("意见"),
        choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    text = _area(gettext_lazy("会办意见"), hint=gettext_lazy("牵头单位会看到，居民看不到。"))
