"""What the pages of the console ask: filters of supervision, and the typed confirmation."""

from datetime import date
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.accounts.actor import Actor
from yiwang.divisions.models import Division
from yiwang.divisions.rules import depth_of
from yiwang.matters.models import Category

from .reads.supervision import Scope

GROUPINGS: Final = (("unit", gettext_lazy("按单位")), ("place", gettext_lazy("按区划")))


class SuperviseForm(forms.Form):
    """Place, category and period; anything unreadable in the address is left out."""

    division = forms.TypedChoiceField(
        label=gettext_lazy("区划"), coerce=int, required=False, empty_value=None
    )
    category = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    first = forms.DateField(
        label=gettext_lazy("从"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=gettext_lazy("到"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    by = forms.ChoiceField(
        label=gettext_lazy("统计口径"), choices=GROUPINGS, required=False, initial="unit"
    )

    def __init__(self, data: Any, *, actor: Actor) -> None:
        today = timezone.localdate()
        month = {"first": today.replace(day=1).isoformat(), "last": today.isoformat()}
        super().__init__({**month, "by": "unit", **data.dict()})
        self.home = _home(actor)
        self.fields["division"].choices = _places(self.home, self._asked(), actor)  # type: ignore[attr-defined]
        categories = [(one.pk, one.label) for one in Category.objects.all()]
        self.fields["category"].choices = [("", _("全部类别")), *categories]  # type: ignore[attr-defined]

    def _asked(self) -> int:
        text = str(self.data.get("division", ""))
        return int(text) if text.isdecimal() and len(text) == 12 else 0

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and first > last:
            self.add_error("last", _("结束日期不能早于开始日期。"))
        return found

    def scope(self) -> Scope:
        """What was asked for; whatever was wrong falls back to this month in the own area."""
        self.is_valid()
        said, today = self.cleaned_data, timezone.localdate()
        last: date = said.get("last") or today
        first: date = said.get("first") or min(last, today).replace(day=1)
        return Scope(
            division=said.get("division") or self.home,
            first=first,
            last=last,
            category=said.get("category") or "",
            by=said.get("by") or "unit",
        )

    def query(self) -> dict[str, Any]:
        """The scope as an address says it, so that lists and files ask for the same."""
        scope = self.scope()
        return {
            "division": scope.division,
            "category": scope.category,
            "first": scope.first.isoformat(),
            "last": scope.last.isoformat(),
            "by": scope.by,
        }


def _home(actor: Actor) -> int:
    """Where an actor begins: the own place, inside the city."""
    return max(actor.division_id, int(settings.CITY))


def _places(home: int, chosen: int, actor: Actor) -> list[tuple[int, str]]:
    """The own place and those below it, and the chosen one with those below that."""
    shown = [key for key in {home, chosen} if key and actor.see.holds(key)]
    places = Division.objects.visible_to(actor).current().filter(parent_id__in=shown)
    own = Division.objects.visible_to(actor).filter(pk__in=shown)
    rows = sorted({place.pk: place for place in (*own, *places)}.values(), key=lambda one: one.pk)
    top = depth_of(home)
    return [(one.pk, "　" * (depth_of(one.pk) - top) + one.label) for one in rows]


class RemoveDemonstrationForm(forms.Form):
    """Removing cannot be undone: the name of the city has to be typed."""

    typed = forms.CharField(
        label=gettext_lazy("请输入城市名称"), max_length=60, strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, names: set[str]) -> None:
        super().__init__(data)
        self.names = names

    def clean_typed(self) -> str:
        typed = str(self.cleaned_data["typed"])
        if typed not in self.names:
            raise forms.ValidationError(_("与城市名称不一致，什么都没有清除。"))
        return typed


class DigestForm(forms.Form):
    """Where the counts of the morning go."""

    email = forms.CharField(
        label=gettext_lazy("邮箱"), max_length=120, required=False,
        help_text=gettext_lazy("留空就不再发。邮件里只有件数，没有姓名和内容。"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )  # fmt: skip
