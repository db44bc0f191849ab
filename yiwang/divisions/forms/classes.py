"""The form on how a place counts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.core.acts import Actor
from yiwang.divisions.actions import Classes, classify_division
from yiwang.divisions.models import Change, Division, Kind, Level, Settlement

from .decision import DecisionForm, last_first


class ClassifyForm(DecisionForm):
    """Kind, urban core, kiosk phase and settlement of one place, with the reason."""

    kind = forms.ChoiceField(label=_("性质"), choices=Kind.choices)
    urban_core = forms.BooleanField(
        label=_("属于市区"), required=False, help_text=_("对全部下级生效")
    )
    kiosk_phase = forms.IntegerField(
        label=_("便民亭批次"), required=False, min_value=1, max_value=9,
        help_text=_("对全部下级生效"),
    )  # fmt: skip
    settlement = forms.ChoiceField(
        label=_("城乡类型"), required=False, choices=[("", _("不分")), *Settlement.choices]
    )
    reason = forms.CharField(label=_("理由"), max_length=300)

    def __init__(self, division: Division, *args: Any, **kwargs: Any) -> None:
        self.division = division
        names = ("kind", "urban_core", "kiosk_phase", "settlement")
        kwargs["initial"] = {name: getattr(division, name) for name in names}
        super().__init__(*args, **kwargs)
        if division.level != Level.COMMUNITY:
            del self.fields["settlement"]
        self.fields["document"].label = _("决定机关和文号")
        last_first(self)

    def act(self, by: Actor) -> Change:
        """Save it. Raises Refused."""
        said = self.cleaned_data
        classes = Classes(
            said["kind"], said["urban_core"], said["kiosk_phase"], said.get("settlement")
        )
        return classify_division(
            self.division, classes=classes, decision=self.decision(), reason=said["reason"], by=by
        )
