"""Forms of linkage: filters, answers, files and their columns, checks on the spot."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Unit
from yiwang.divisions.models import Division
from yiwang.linkage.models import CheckTask, Pair
from yiwang.linkage.rules.model import current_model
from yiwang.linkage.rules.words import said
from yiwang.residents.models import all_fields

BANDS = [("", _("全部")), ("strong", _("很可能同一人")), ("check", _("需要仔细核对"))]


def _reasons() -> list[tuple[str, Any]]:
    levels = [
        (f"{one.code}:{level.code}", said(one.code, level.code))
        for one in current_model().comparisons
        for level in one.levels
        if level.code != "other"
    ]
    return [("", _("全部")), *levels]


class PairFilter(forms.Form):
    """What the queue may be narrowed by; unknown values filter nothing."""

    place = forms.ChoiceField(label=_("区划"), required=False)
    band = forms.ChoiceField(label=_("把握"), choices=BANDS, required=False)
    reason = forms.ChoiceField(label=_("依据"), choices=_reasons, required=False)
    answer = forms.ChoiceField(label=_("核对结果"), choices=Pair.Answer.choices, required=False)

    def __init__(self, data: Any, places: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.is_valid()

    def said(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")


class AnswerForm(forms.Form):
    """What somebody says about a pair."""

    answer = forms.ChoiceField(choices=Pair.Answer.choices)
    survivor = forms.IntegerField(required=False)
    surely_same = forms.BooleanField(required=False)


class RevealForm(forms.Form):
    """Which field to look at in full, and why."""

    field = forms.ChoiceField(label=_("查看哪一项"))
    reason = forms.CharField(label=_("查看原因"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        masked = [all_fields()[one.code] for one in current_model().comparisons]
        self.fields["field"].choices = [  # type: ignore[attr-defined]
            (one.code, one.label) for one in masked if one.mask != "none"
        ]


class FileForm(forms.Form):
    """A department's list."""

    unit = forms.ModelChoiceField(label=_("报送单位"), queryset=Unit.objects.none())
    file = forms.FileField(
        label=_("名单文件"),
        help_text=_("XLSX 或 CSV；要有“姓名”列，最好有身份证号。"),
        error_messages={"empty": _("文件是空的。")},
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["unit"]
        chosen.queryset = units  # type: ignore[attr-defined]
        only = list(units[:2])
        if len(only) == 1:
            chosen.initial, chosen.widget = only[0].pk, forms.HiddenInput()


class ColumnsForm(forms.Form):
    """What each column of a file means."""

    def __init__(self, data: Any, columns: dict[str, str]) -> None:
        super().__init__(data)
        places = [("community", _("社区")), ("division_code", _("社区代码"))]
        held = [(one.code, one.label) for one in all_fields().values() if one.register]
        choices = [("", _("不读这一列")), *held, *places]
        self.titles = list(columns)
        for at, (title, code) in enumerate(columns.items()):
            self.fields[f"c{at}"] = forms.ChoiceField(
                label=title, choices=choices, initial=code, required=False
            )

    def clean(self) -> dict[str, Any]:
        said_codes = [code for code in self.cleaned_data.values() if code]
        if "name" not in said_codes:
            raise ValidationError(_("请指出哪一列是姓名。"))
        if len(said_codes) != len(set(said_codes)):
            raise ValidationError(_("两列不能是同一项，请把其中一列改为不读。"))
        return self.cleaned_data

    def columns(self) -> dict[str, str]:
        return {title: self.cleaned_data[f"c{at}"] for at, title in enumerate(self.titles)}


class TaskForm(forms.Form):
    """What a community found out."""

    answer = forms.ChoiceField(
        label=_("核查结果"),
        choices=[one for one in CheckTask.Answer.choices if one[0] != CheckTask.Answer.OPEN],
        widget=forms.RadioSelect,
    )
    resident = forms.CharField(
        label=_("居民"), required=False, max_length=60,
        help_text=_("已在册或已登记的，填姓名、身份证号或电话找到档案。"),
    )  # fmt: skip
    note_text = forms.CharField(label=_("说明"), required=False, max_length=200)


def places_under(division: Division) -> list[tuple[str, str]]:
    """The choices of a filter by place: all of the area, and what lies directly below."""
    rows = Division.objects.filter(parent_id=division.pk).current().served()
    return [("", str(_("全部"))), *((str(one.pk), one.label) for one in rows)]
