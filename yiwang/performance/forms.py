"""What the pages of figures ask: a place, a period, perhaps one unit."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.divisions.models import Division
from yiwang.divisions.rules import ancestors, depth_of

from .rules import Period, PeriodKind, before, period_of

LONGEST = 366 * 6


class ScopeForm(forms.Form):
    """Anything unreadable in the address falls back to the own place in this month."""

    place = forms.TypedChoiceField(label=_("区划"), coerce=int, required=False, empty_value=None)
    kind = forms.ChoiceField(label=_("期间"), choices=PeriodKind.choices, required=False)
    on = forms.DateField(
        label=_("其中一天"), required=False, widget=forms.DateInput,
        help_text=_("这一天所在的日、周、月、季度或年。"),
    )  # fmt: skip
    first = forms.DateField(
        label=_("自选：从"), required=False, widget=forms.DateInput,
    )  # fmt: skip
    last = forms.DateField(label=_("自选：到"), required=False, widget=forms.DateInput)
    unit = forms.TypedChoiceField(label=_("单位"), coerce=int, required=False, empty_value=None)

    def __init__(self, data: Any, *, actor: Actor, home: int) -> None:
        self.actor, self.home, self.today = actor, home, timezone.localdate()
        given = {key: value for key, value in data.items() if value}
        super().__init__({"place": home, "kind": PeriodKind.MONTH, **given})
        self.fields["place"].choices = self._places()  # type: ignore[attr-defined]
        self.fields["unit"].choices = [("", _("全部单位")), *self._units()]  # type: ignore[attr-defined]
        self.is_valid()

    def _asked(self) -> int:
        text = str(self.data.get("place", ""))
        return int(text) if text.isdecimal() and len(text) == 12 else 0

    def _places(self) -> list[tuple[int, str]]:
        """The own place, the one asked for, what lies between and what lies below."""
        see, asked = self.actor.see, self._asked()
        shown = {self.home, asked, *(ancestors(asked) if asked else [])}
        shown = {key for key in shown if key >= self.home and see.holds(key)}
        rows = Division.objects.visible_to(self.actor).current().served()
        known = {one.pk: one for one in rows.filter(parent_id__in=shown)}
        known |= {
            one.pk: one for one in Division.objects.visible_to(self.actor).filter(pk__in=shown)
        }
        top = depth_of(self.home)
        return [
            (key, "　" * max(0, depth_of(key) - top) + known[key].label) for key in sorted(known)
        ]

    def _units(self) -> list[tuple[int, str]]:
        if self.actor.by_unit:
            own = Unit.objects.filter(pk=self.actor.unit_id or 0)
            return [(one.pk, one.label) for one in own]
        place = self._asked() or self.home
        units = Unit.objects.offices().filter(division_id__in=[*ancestors(place), place])
        return [(one.pk, one.label) for one in units.order_by("-division_id", "pk")]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("kind") == PeriodKind.FREE:
            first, last = said.get("first"), said.get("last")
            if not first or not last:
                self.add_error("first", _("自选日期请写明从哪天到哪天。"))
            elif last < first:
                self.add_error("last", _("结束日期不能早于开始日期。"))
            elif first > self.today:
                self.add_error("first", _("这一天还没有到。"))
            elif (last - first).days > LONGEST:
                self.add_error("last", _("一次最多看六年。"))
        elif said.get("on") and period_of(said.get("kind") or "", said["on"]).first > self.today:
            self.add_error("on", _("这一天还没有到。"))
        return said

    @property
    def place_key(self) -> int:
        return int(self.cleaned_data.get("place") or self.home)

    @property
    def unit_key(self) -> int | None:
        found: int | None = self.cleaned_data.get("unit")
        return found

    @property
    def kind_said(self) -> str:
        return str(self.cleaned_data.get("kind") or PeriodKind.MONTH)

    @property
    def whole(self) -> Period:
        """The period as asked, its days to come as well."""
        if self.kind_said == PeriodKind.FREE:
            first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
            if first and last and not {"first", "last"} & set(self.errors):
                return Period(first, last)
            return period_of(PeriodKind.MONTH, self.today)
        on: date = self.cleaned_data.get("on") or self.today
        return period_of(self.kind_said, on)

    @property
    def period(self) -> Period:
        return self.whole.until(self.today)

    @property
    def previous(self) -> Period:
        return before(self.kind_said, self.whole, self.today).until(self.today)

    def query(self) -> dict[str, Any]:
        """The scope as an address says it."""
        said: dict[str, Any] = {"place": self.place_key, "kind": self.kind_said}
        if self.kind_said == PeriodKind.FREE:
            said |= {"first": self.whole.first.isoformat(), "last": self.whole.last.isoformat()}
        else:
            said["on"] = self.whole.first.isoformat()
        return {**said, **({"unit": self.unit_key} if self.unit_key else {})}
