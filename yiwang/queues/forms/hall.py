"""Forms of the hall: opening, drawing a number, sitting down at a window, filtering days."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Unit
from yiwang.queues.models import Line
from yiwang.queues.rules.hall import Claim
from yiwang.queues.rules.lines import lines_on_offer


def _name(one: Any) -> str:
    english = (get_language() or "").startswith("en")
    return f"{one.letter} {one.name_en if english and one.name_en else one.name}"


class OpenForm(forms.Form):
    """Which hall, which lines of business, how many windows."""

    unit = forms.ChoiceField(label=_("大厅"))
    letters = forms.MultipleChoiceField(
        label=_("今天办理的业务"), widget=forms.CheckboxSelectMultiple
    )
    windows = forms.IntegerField(label=_("窗口数"), min_value=1, max_value=99, initial=3)

    def __init__(self, data: Any, units: Iterable[Unit]) -> None:
        offered = lines_on_offer().values()
        chosen = [one.letter for one in offered if one.chosen]
        super().__init__(data, initial={"letters": chosen})
        choices = [(str(one.pk), one.label) for one in units]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]
        self.fields["letters"].choices = [(one.letter, _name(one)) for one in offered]  # type: ignore[attr-defined]


class TakeForm(forms.Form):
    """A number for somebody: the line, why she goes first, and what helps to find her."""

    letter = forms.ChoiceField(label=_("办什么业务"), widget=forms.RadioSelect)
    claim = forms.ChoiceField(
        label=_("优先照顾"),
        choices=Claim.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("凭证件或本人说明，到窗口核对。"),
    )
    phone_tail = forms.CharField(
        label=_("手机号后四位"),
        required=False,
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("可以不填，只给窗口人员核对用，屏幕上不显示。"),
    )

    def __init__(self, data: Any, lines: Iterable[Line]) -> None:
        held = list(lines)
        super().__init__(data, initial={"letter": held[0].letter if held else "", "claim": ""})
        self.fields["letter"].choices = [(one.letter, _name(one)) for one in held]  # type: ignore[attr-defined]


class WindowForm(forms.Form):
    """The lines a window calls."""

    letters = forms.MultipleChoiceField(label=_("本窗口办理"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, lines: Iterable[Line], chosen: Iterable[str]) -> None:
        super().__init__(data, initial={"letters": list(chosen)})
        self.fields["letters"].choices = [(one.letter, _name(one)) for one in lines]  # type: ignore[attr-defined]


class DaysForm(forms.Form):
    """From when to when, and which hall by its name."""

    q = forms.CharField(label=_("大厅名称"), required=False, max_length=60)
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput())
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput())

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name) if self.is_valid() else None
