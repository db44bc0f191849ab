"""Forms of supervision: the filter of late steps, an order, an answer, a circular."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.matters.models import ServiceItem, Step
from yiwang.matters.rules import Stage

from .models import OrderState
from .reads import Wanted

ALL = [("", _("全部"))]
TONES = [("red", _("超期")), ("amber", _("预警")), ("still", _("计时暂停"))]


class _Filter(forms.Form):
    """A GET form; a value nobody offers is left out instead of stopping the page."""

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


class LateFilter(_Filter):
    """Number or title, stage, colour, unit, item, place."""

    q = forms.CharField(label=_("编号或标题"), required=False, max_length=60)
    stage = forms.ChoiceField(label=_("上报到"), required=False, choices=[*ALL, *Stage.choices])
    tone = forms.ChoiceField(label=_("时限"), required=False, choices=[*ALL, *TONES])
    unit = forms.ChoiceField(label=_("承办单位"), required=False)
    item = forms.ChoiceField(label=_("事项"), required=False)
    division = forms.ChoiceField(label=_("区划"), required=False)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        # Only units that have late work to show: a county has hundreds.
        held = Step.objects.visible_to(actor).active().order_by().values("unit")
        units = Unit.objects.filter(pk__in=held).order_by("-division", "pk")
        items = ServiceItem.objects.public()
        below = Division.objects.visible_to(actor).current().filter(parent_id=actor.division_id)
        offered = {
            "unit": [(str(one.pk), one.label) for one in units],
            "item": [(one.code, one.label) for one in items],
            "division": [(str(one.pk), one.label) for one in below],
        }
        for name, choices in offered.items():
            self.fields[name].choices = [*ALL, *choices]  # type: ignore[attr-defined]

    def wanted(self, sort: str) -> Wanted:
        said = self.chosen
        return Wanted(
            stage=said.get("stage", ""),
            tone=said.get("tone", ""),
            unit=int(said.get("unit", 0)) or None,
            item=said.get("item", ""),
            division=int(said.get("division", 0)) or None,
            q=said.get("q", ""),
            sort=sort,
        )


class OrderFilter(_Filter):
    """State, unit, and whether the answer is overdue."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=[*ALL, *OrderState.choices])
    late = forms.ChoiceField(
        label=_("答复"), required=False, choices=[*ALL, ("1", _("超过答复期限"))]
    )
    q = forms.CharField(label=_("编号、单位或要求"), required=False, max_length=60)


class OrderForm(forms.Form):
    """What is asked, and how long the unit has to answer."""

    text = forms.CharField(
        label=_("督办要求"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明要做什么、为什么催；被督办单位会看到，居民看不到。"),
    )  # fmt: skip
    days = forms.IntegerField(label=_("几个工作日内答复"), min_value=1)

    def __init__(self, data: Any) -> None:
        super().__init__(data, initial={"days": parameter("supervision.answer_days")})
        self.fields["days"].widget.attrs["max"] = parameter("supervision.most_days")


class AnswerForm(forms.Form):
    """What was done."""

    text = forms.CharField(
        label=_("答复"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明超时原因、已采取的措施和办完的时间。"),
    )  # fmt: skip


class ReturnForm(forms.Form):
    """Why the answer does not do."""

    reason = forms.CharField(
        label=_("退回原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class CompileForm(forms.Form):
    """The period of a circular."""

    first = forms.DateField(label=_("从"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("到"), widget=forms.DateInput(attrs={"type": "date"}))


class CircularForm(forms.Form):
    """Title and text of a draft."""

    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(
        label=_("正文"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8})
    )
