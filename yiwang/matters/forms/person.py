"""Who comes: the door, and the one who acts for the applicant (SVC-05)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.matters.rules import Channel
from yiwang.residents.rules.phone import InvalidPhone, normalise

DOORS = (Channel.WINDOW, Channel.PHONE, Channel.VISIT, Channel.KIOSK)


class PersonForm(forms.Form):
    """The channel, who comes, and name, telephone and relation of an agent."""

    channel = forms.ChoiceField(
        label=gettext_lazy("来源"),
        choices=[(one.value, one.label) for one in DOORS],
        initial=Channel.WINDOW.value,
    )
    who = forms.ChoiceField(
        label=gettext_lazy("谁来办"),
        choices=[("self", gettext_lazy("本人")), ("agent", gettext_lazy("代办人"))],
        initial="self",
    )
    agent_name = forms.CharField(label=gettext_lazy("代办人姓名"), max_length=60, required=False)
    agent_phone = forms.CharField(label=gettext_lazy("代办人电话"), max_length=30, required=False)
    agent_relation = forms.CharField(
        label=gettext_lazy("与申请人关系"), max_length=40, required=False
    )

    def clean_agent_phone(self) -> str:
        text = self.cleaned_data["agent_phone"]
        if not text:
            return ""
        try:
            return normalise(text)
        except InvalidPhone as fault:
            raise forms.ValidationError(f"{fault.message}{fault.cure}") from fault

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("who") != "agent":
            return cleaned
        needed = {
            "agent_name": _("请填写代办人姓名。"),
            "agent_phone": _("请填写代办人电话。"),
            "agent_relation": _("请填写与申请人的关系。"),
        }
        for name, message in needed.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, message)
        return cleaned

    def agent(self) -> dict[str, str]:
        """The agent as a draft keeps it; empty when the applicant comes in person."""
        if self.cleaned_data["who"] != "agent":
            return {}
        return {key: self.cleaned_data[f"agent_{key}"] for key in ("name", "phone", "relation")}
