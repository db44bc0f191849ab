"""The filters of the work list: a GET form whose address can be shared."""

import re
from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.memory import remember
from yiwang.core.rules import numbers
from yiwang.core.rules.chinese import clean_digits, clean_text
from yiwang.divisions.models import Division
from yiwang.divisions.rules import ancestors, range_of
from yiwang.matters.models import Category, Matter, ServiceItem
from yiwang.matters.rules import RUNNING, Channel, State
from yiwang.matters.rules.priority import Priority
from yiwang.residents.reads import find_residents

Choices = list[tuple[str, str]]
KEEP_SECONDS = 60
PEOPLE = 200
SHORT_DIGITS = 11
YEARS_BACK = 4


class MatterFilter(forms.Form):
    """Text, category, item, state, colour, door, unit, place below, accepted from and to."""

    q = forms.CharField(label=gettext_lazy("编号、姓名、电话、标题"), required=False, max_length=60)
    category = forms.ChoiceField(label=gettext_lazy("类别"), required=False)
    item = forms.ChoiceField(label=gettext_lazy("事项"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    tone = forms.ChoiceField(label=gettext_lazy("时限"), required=False)
    priority = forms.ChoiceField(label=gettext_lazy("优先"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("来源"), required=False)
    unit = forms.ChoiceField(label=gettext_lazy("办理单位"), required=False)
    division = forms.ChoiceField(label=gettext_lazy("下级区划"), required=False)
    since = forms.DateField(
        label=gettext_lazy("受理起"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("受理止"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        offered = _offered(actor)
        offered["state"] = [(one.value, str(one.label)) for one in State]
        offered["channel"] = [(one.value, str(one.label)) for one in Channel]
        offered["priority"] = [
            ("any", _("优先办理的")),
            *((one.value, str(one.label)) for one in Priority if one),
        ]
        offered["tone"] = [
            ("danger", _("已超期")),
            ("warn", _("预警")),
            ("ok", pgettext("clock", "正常")),
        ]
        for name, choices in offered.items():
            self.fields[name].choices = [("", _("全部")), *choices]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "input"

    @property
    def chosen(self) -> dict[str, Any]:
        """What is asked for; a value nobody offers is left out instead of stopping the page."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {key: value for key, value in self.cleaned_data.items() if value}

    @property
    def chips(self) -> list[dict[str, str]]:
        """The filters in force, as chips that take themselves away."""
        joint = _("：")
        return [
            {"key": key, "label": f"{self.fields[key].label}{joint}{self._said(key, value)}"}
            for key, value in self.chosen.items()
        ]

    def _said(self, key: str, value: Any) -> str:
        choices = getattr(self.fields[key], "choices", None)
        return str(dict(choices).get(value, value)) if choices else str(value)

    def narrow(self, rows: QuerySet[Matter], now: datetime) -> QuerySet[Matter]:
        """The rows that meet every filter."""
        for key, value in self.chosen.items():
            rows = rows.filter(self._condition(key, value, now))
        return rows

    def _condition(self, key: str, value: Any, now: datetime) -> Q:
        if key == "q":
            return text_condition(value, self.actor)
        if key == "tone":
            return _tone(value, now)
        if key == "priority":
            return Q(priority=value) if value in Priority.values else ~Q(priority="")
        if key in {"since", "until"}:
            edge = timezone.make_aware(
                datetime.combine(value, time.min if key == "since" else time.max)
            )
            return Q(accepted_at__gte=edge) if key == "since" else Q(accepted_at__lte=edge)
        if key == "division":
            area = range_of(int(value))
            return Q(division_id__range=(area.lo, area.hi))
        if key == "unit":
            return Q(units__contains=[int(value)])
        paths = {"category": "item__category_id", "item": "item__code"}
        return Q(**{paths.get(key, key): value})


def text_condition(text: str, actor: Actor) -> Q:
    """What someone typed into the search: a number, a person, a telephone or words of the title."""
    digits = re.sub(r"[-\s]", "", clean_digits(text))
    if len(digits) == numbers.LENGTH:
        return Q(number=digits)
    if len(digits) == SHORT_DIGITS and "-" in text:
        year = timezone.localdate().year
        return Q(number__in=[f"{one}{digits}" for one in range(year, year - YEARS_BACK, -1)])
    people = [one.pk for one in find_residents(text, actor, everywhere=True, limit=PEOPLE)]
    return Q(resident__in=people) | Q(title__icontains=clean_text(text))


def _tone(tone: str, now: datetime) -> Q:
    working = Q(state__in=RUNNING)
    if tone == "danger":
        return working & Q(due_at__lt=now)
    if tone == "warn":
        return working & Q(amber_at__lte=now, due_at__gte=now)
    return working & Q(amber_at__gt=now)


def _offered(actor: Actor) -> dict[str, Choices]:
    """Choices that come from the database, kept a minute for everyone of the same place."""
    key = f"matters.filters.{actor.division_id}.{get_language()}"
    return dict(remember(key, KEEP_SECONDS, lambda: _choices(actor)))


def _choices(actor: Actor) -> dict[str, Choices]:
    return {
        "category": [(one.code, one.label) for one in Category.objects.all()],
        "item": [(one.code, one.label) for one in ServiceItem.objects.public()],
        "unit": _units(actor),
        "division": _places(actor),
    }


def _units(actor: Actor) -> Choices:
    places = [*ancestors(actor.division_id), actor.division_id]
    rows: Iterable[Unit] = (
        Unit.objects.offices().filter(division_id__in=places).order_by("-division", "pk")
    )
    return [(str(one.pk), one.label) for one in rows]


def _places(actor: Actor) -> Choices:
    below = Division.objects.visible_to(actor).current().filter(parent_id=actor.division_id)
    return [(str(one.pk), one.label) for one in below]
