"""What the pages of figures ask: a place and a day; the denominators of a community."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.accounts.actor import Actor
from yiwang.divisions.models import Division
from yiwang.divisions.rules import depth_of

from .models import Indicator


class ScopeForm(forms.Form):
    """Place and day; anything unreadable in the address falls back to the own place today."""

    place = forms.TypedChoiceField(
        label=gettext_lazy("区划"), coerce=int, required=False, empty_value=None
    )
    on = forms.DateField(label=gettext_lazy("日期"), required=False, widget=forms.DateInput())

    def __init__(self, data: Any, *, actor: Actor, home: int) -> None:
        self.home = home
        super().__init__({"place": home, "on": timezone.localdate().isoformat(), **data.dict()})
        chosen = self._asked()
        shown = [key for key in {home, chosen} if key and actor.see.holds(key)]
        rows = [
            *Division.objects.visible_to(actor).filter(pk__in=shown),
            *Division.objects.visible_to(actor).current().served().filter(parent_id__in=shown),
        ]
        known = sorted({one.pk: one for one in rows}.values(), key=lambda one: one.pk)
        top = depth_of(home)
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (one.pk, "　" * (depth_of(one.pk) - top) + one.label) for one in known
        ]

    def _asked(self) -> int:
        text = str(self.data.get("place", ""))
        return int(text) if text.isdecimal() and len(text) == 12 else 0

    def clean_on(self) -> date | None:
        day: date | None = self.cleaned_data["on"]
        if day is not None and day > timezone.localdate():
            raise forms.ValidationError(_("这一天还没有到。"))
        return day

    @property
    def said_place(self) -> int:
        self.is_valid()
        return int(self.cleaned_data.get("place") or self.home)

    @property
    def said_day(self) -> date:
        self.is_valid()
        day: date | None = self.cleaned_data.get("on")
        return day or timezone.localdate()

    def query(self) -> dict[str, Any]:
        """The scope as an address says it, so that lists and files ask for the same."""
        return {"place": self.said_place, "on": self.said_day.isoformat()}


class ProfileForm(forms.Form):
    """The denominators of a community as of a day; what stays empty is not said."""

    as_of = forms.DateField(label=gettext_lazy("统计日期"), widget=forms.DateInput())
    source = forms.CharField(
        label=gettext_lazy("数据来源"), max_length=200,
        help_text=gettext_lazy("例如“2026年人口年报”或文件名称、文号。"),
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"as_of": timezone.localdate()})
        for indicator in Indicator:
            whole = indicator != Indicator.AREA
            self.fields[indicator.value] = forms.DecimalField(
                label=indicator.label,
                required=False,
                min_value=0,
                max_digits=12,
                decimal_places=0 if whole else 3,
            )

    @property
    def indicators(self) -> list[forms.BoundField]:
        return [self[indicator.value] for indicator in Indicator]

    def said(self) -> dict[str, Any]:
        """The values that were filled in, by indicator."""
        return {one.value: self.cleaned_data.get(one.value) for one in Indicator}
