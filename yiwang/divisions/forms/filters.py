"""Filters of the lists, read from the address."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from yiwang.divisions.models import Change, Review

Chips = list[dict[str, str]]


class ChangeFilter(forms.Form):
    """Changes by type, year, and words in place or document."""

    q = forms.CharField(label=_("区划或文号"), max_length=60, required=False)
    type = forms.ChoiceField(
        label=_("类型"), required=False, choices=[("", _("全部类型")), *Change.Type.choices]
    )
    year = forms.IntegerField(label=_("年份"), required=False, min_value=1949, max_value=2100)

    def narrow(self, rows: QuerySet[Change]) -> QuerySet[Change]:
        """The rows asked for; a faulty filter filters nothing."""
        said = self._said()
        if said.get("type"):
            rows = rows.filter(type=said["type"])
        if said.get("year"):
            rows = rows.filter(effective_on__year=said["year"])
        if text := said.get("q"):
            words = Q(document__icontains=text) | Q(division__name__icontains=text)
            rows = rows.filter(words | Q(successions__predecessor__name__icontains=text)).distinct()
        return rows

    def chips(self) -> Chips:
        """The filters in force."""
        said, chips = self._said(), []
        if said.get("q"):
            chips.append({"key": "q", "label": said["q"]})
        if said.get("type"):
            chips.append({"key": "type", "label": str(Change.Type(said["type"]).label)})
        if said.get("year"):
            chips.append({"key": "year", "label": str(said["year"])})
        return chips

    def _said(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data


class ReviewFilter(forms.Form):
    """Questions by state and topic."""

    state = forms.ChoiceField(required=False, choices=[("", ""), *Review.State.choices])
    topic = forms.ChoiceField(
        label=_("问题"), required=False, choices=[("", _("全部问题")), *Review.Topic.choices]
    )

    def narrow(self, rows: QuerySet[Review]) -> QuerySet[Review]:
        """The rows asked for, open ones unless the decided are asked for."""
        rows = rows.filter(state=self.shown)
        topic = self._said().get("topic")
        return rows.filter(topic=topic) if topic else rows

    @property
    def shown(self) -> str:
        """open or decided."""
        return str(self._said().get("state") or Review.State.OPEN)

    def chips(self) -> Chips:
        """The filters in force."""
        topic = self._said().get("topic")
        return [{"key": "topic", "label": str(Review.Topic(topic).label)}] if topic else []

    def _said(self) -> dict[str, Any]:
        self.is_valid()
        return self.cleaned_data
