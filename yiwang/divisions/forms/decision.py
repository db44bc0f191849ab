"""What every decision asks for: document, day, note."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.core.errors import Refused
from yiwang.divisions.actions import Decision


class DecisionForm(forms.Form):
    """Document number and effective date, with the refusals of the act beside their fields."""

    document = forms.CharField(
        label=_("文号"),
        max_length=120,
        help_text=_("批准文件的文号，例如：通政发〔2024〕1号"),
    )
    effective_on = forms.DateField(
        label=_("生效日期"), widget=forms.DateInput, help_text=_("新区划从这一天起生效")
    )
    note = forms.CharField(label=_("说明"), max_length=500, required=False)

    def decision(self) -> Decision:
        """The decision as the acts take it."""
        said = self.cleaned_data
        return Decision(
            said.get("document") or "", said.get("effective_on"), said.get("note") or ""
        )

    def refuse(self, refusal: Refused) -> None:
        """Show the refusal at its field, or above the form."""
        named = {name: text for name, text in refusal.fields.items() if name in self.fields}
        for name, text in named.items():
            self.add_error(name, text)
        if not named:
            self.add_error(None, str(refusal))

    def kept(self) -> list[tuple[str, Any]]:
        """What was filled in, for the page that asks to confirm."""
        data: Any = self.data
        skip = {"csrfmiddlewaretoken", "confirm", "_key"}
        return [(name, value) for name in data if name not in skip for value in data.getlist(name)]


def last_first(form: forms.Form) -> None:
    """The decision's own fields come after what is decided."""
    own = ["rows", "document", "effective_on", "note"]
    form.order_fields([name for name in form.fields if name not in own] + own)
