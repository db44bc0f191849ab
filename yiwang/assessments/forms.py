"""Forms of individual assessments."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import yaml
from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.assessments.models import Scale
from yiwang.assessments.rules.scale import ScaleContent
from yiwang.assessments.rules.states import State
from yiwang.residents.rules.dictionary import Field

ALL = [("", _("全部"))]
SHOWN = [
    *ALL, ("mine", _("待我确认")), ("due", _("已到期，要复评")), ("soon", _("即将到期")),
    ("objected", _("有异议，待复评")), *State.choices,
]  # fmt: skip


class Choice(forms.ChoiceField):
    """Must be chosen before it is handed over, which the act asks for; may be left for later."""

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class ScoreForm(forms.Form):
    """Every item, what makes the grade worse, and register fields nobody has told yet."""

    def __init__(
        self, *args: Any, scale: ScaleContent, asked: Iterable[Field], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.scale = scale
        self.facts = [one.code for one in asked]
        for field in asked:
            self.fields[f"fact-{field.code}"] = Choice(
                label=field.label, widget=forms.RadioSelect,
                choices=[(one.code, one.label) for one in field.choices],
            )  # fmt: skip
        for item in scale.items:
            self.fields[item.code] = Choice(label=item.label, help_text=item.help, widget=forms.RadioSelect,
                choices=[(one.score, f"{one.score}　{one.label}") for one in item.options],
            )  # fmt: skip
        self.fields["conditions"] = forms.MultipleChoiceField(
            label=_("有以下情况的，请勾选"), widget=forms.CheckboxSelectMultiple, required=False,
            choices=[(one.code, one.label) for one in scale.conditions],
        )  # fmt: skip
        self.fields["on"] = forms.DateField(
            label=_("评估日期"), widget=forms.DateInput, required=False,
            help_text=_("上门当天。"),
        )  # fmt: skip

    def said(self) -> dict[str, Any]:
        """What was chosen, in the words of the act that keeps it."""
        given = self.cleaned_data
        return {
            "answers": {item.code: given.get(item.code) for item in self.scale.items},
            "conditions": given.get("conditions") or [],
            "facts": {code: given.get(f"fact-{code}") or "" for code in self.facts},
        }

    def blamed(self, faults: dict[str, str]) -> None:
        """Put the sentences of a refusal at their inputs."""
        for code, text in faults.items():
            name = code if code in self.fields else f"fact-{code}"
            self.add_error(name if name in self.fields else None, text)

    def sections(self) -> list[tuple[Any, list[Any]]]:
        return [(one, [self[item.code] for item in one.items]) for one in self.scale.sections]


class WhyForm(forms.Form):
    """A reason, in words."""

    reason = forms.CharField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class ObjectionForm(forms.Form):
    """What is doubted."""

    words = forms.CharField(
        label=_("对哪一项有异议，为什么"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip


class AssessmentFilter(forms.Form):
    """What the list may be narrowed by; unknown values filter nothing."""

    q = forms.CharField(label=_("姓名、电话或身份证号"), max_length=60, required=False)
    place = forms.ChoiceField(label=_("区划"), required=False)
    show = forms.ChoiceField(label=_("状态"), choices=SHOWN, required=False)
    grade = forms.ChoiceField(label=_("等级"), required=False)

    def __init__(self, data: Any, places: Iterable[tuple[str, str]], scale: Scale | None) -> None:
        super().__init__(data)
        grades = scale.form.grades if scale else ()
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]
        self.fields["grade"].choices = [*ALL, *((one.code, one.label) for one in grades)]  # type: ignore[attr-defined]
        self.is_valid()

    def said(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")

    def applied(self) -> list[dict[str, str]]:
        """The filters in use, as chips that take themselves away."""
        shown = []
        for name, field in self.fields.items():
            said = self.said(name)
            if said:
                words = dict(getattr(field, "choices", ())).get(said, said)
                shown.append({"key": name, "label": f"{field.label}：{words}"})
        return shown


class ScaleForm(forms.Form):
    """Another version of a form: its content as text, from a day on."""

    effective_from = forms.DateField(label=_("起用日期"), widget=forms.DateInput)
    content = forms.CharField(
        label=_("内容（YAML）"), max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}),
        help_text=_("项目、分值、等级、补助档次都写在这里；发布前会检查每个总分都有唯一的等级。"),
    )  # fmt: skip

    def clean_content(self) -> dict[str, Any]:
        try:
            found = yaml.safe_load(self.cleaned_data["content"])
        except yaml.YAMLError as fault:
            mark = getattr(fault, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            raise forms.ValidationError(
                _("第 %(line)s 行看不懂。"), params={"line": line}
            ) from fault
        if not isinstance(found, dict):
            raise forms.ValidationError(_("内容要是一份评估表。"))
        return {
            str(key): value.isoformat() if isinstance(value, date) else value
            for key, value in found.items()
        }


def content_as_text(scale: Scale) -> str:
    """The content of a version as it may be changed by hand."""
    return yaml.safe_dump(scale.content, allow_unicode=True, sort_keys=False, width=200)
