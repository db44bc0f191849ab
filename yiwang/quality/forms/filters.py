"""GET forms that narrow the lists of quality."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.core.rules.chinese import clean_text
from yiwang.quality.models import Check, Finding
from yiwang.quality.rules.points import CheckKind
from yiwang.quality.rules.states import FindingState

ALL = [("", _("全部"))]


class _Filter(forms.Form):
    """A value nobody offers is left out instead of stopping the page."""

    q = forms.CharField(label=_("单位、编号或文字"), required=False, max_length=60)

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

    def text(self) -> str:
        return clean_text(self.chosen.get("q", ""))


class CheckFilter(_Filter):
    """Words, how it was checked, and whether it was."""

    kind = forms.ChoiceField(
        label=_("检查方式"), required=False, choices=[*ALL, *CheckKind.choices]
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[*ALL, ("mine", _("待我检查")), ("open", _("待检查")), ("done", _("已检查"))],
    )  # fmt: skip

    def narrowed(self, rows: QuerySet[Check], post: int | None) -> QuerySet[Check]:
        said, text = self.chosen, self.text()
        if "kind" in said:
            rows = rows.filter(kind=said["kind"])
        if "state" in said:
            rows = rows.filter(done_at__isnull=said["state"] != "done")
        if said.get("state") == "mine":
            rows = rows.filter(post_id=post or 0)
        if text:
            number = Q(matter__number__contains=text.replace("-", ""))
            rows = rows.filter(number | Q(unit__name__icontains=text) | Q(note__icontains=text))
        return rows


class FindingFilter(_Filter):
    """Words, where it stands, and whether it came back."""

    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[*ALL, *FindingState.choices, ("missed", _("逾期，已上报")),
                 ("held", _("暂缓结算"))],
    )  # fmt: skip
    repeated = forms.ChoiceField(
        label=_("重复"), required=False, choices=[*ALL, ("1", _("重复发生"))]
    )

    def narrowed(self, rows: QuerySet[Finding]) -> QuerySet[Finding]:
        said, text = self.chosen, self.text()
        state = said.get("state", "")
        if state in FindingState.values:
            rows = rows.filter(state=state)
        if state in ("missed", "held"):
            rows = rows.filter(told_at__isnull=False).exclude(state=FindingState.CLOSED)
        if state == "held":
            rows = rows.exclude(consequence="correct")
        if "repeated" in said:
            rows = rows.filter(repeated=True)
        if text:
            words = Q(unit__name__icontains=text) | Q(point__icontains=text)
            rows = rows.filter(words | Q(text__icontains=text))
        return rows


class BoardFilter(forms.Form):
    """The month of the scoreboard; by default the one that runs."""

    month = forms.DateField(
        label=_("月份"), required=False, input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )  # fmt: skip

    def days(self) -> tuple[date, date]:
        """The first and the last day of the month."""
        chosen = self.cleaned_data.get("month") if self.is_valid() else None
        first = (chosen or timezone.localdate()).replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
