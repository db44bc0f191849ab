"""Forms of needs, surveys and assessments."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.divisions.models import Division, Level
from yiwang.divisions.rules import KeyRange
from yiwang.needs.models import Assessment, Channel, Survey, Urgency
from yiwang.needs.rules.categories import Category
from yiwang.needs.rules.questionnaire import Question
from yiwang.needs.rules.states import MOVES, State

ALL = [("", _("全部"))]
QUESTION_KINDS = [
    ("single", _("单选")), ("multi", _("多选")), ("number", _("数字")), ("text", _("文字")),
]  # fmt: skip


class _OfCommunity(forms.Form):
    """Something of one community of the area; not asked where there is only one."""

    place = forms.ModelChoiceField(label=_("社区"), queryset=Division.objects.none())

    def __init__(self, *args: Any, area: KeyRange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Division.objects.within(area).filter(level=Level.COMMUNITY).current().served()
        field = self.fields["place"]
        field.queryset = places  # type: ignore[attr-defined]
        only = list(places[:2])
        if len(only) == 1:
            field.initial, field.widget = only[0].pk, forms.HiddenInput()


class NeedForm(_OfCommunity):
    """A need of a resident, or of a group."""

    resident = forms.CharField(
        label=_("居民"), max_length=60, required=False,
        help_text=_("本社区居民的姓名、身份证号或电话；是群体的需求就不填。"),
    )  # fmt: skip
    group = forms.CharField(
        label=_("群体"), max_length=80, required=False,
        help_text=_("例如：12 幢的老人、小区里的家长。"),
    )  # fmt: skip
    people = forms.IntegerField(label=_("人数"), min_value=1, max_value=1_000_000, initial=1)
    category = forms.ChoiceField(label=_("类别"), choices=[("", _("请选择")), *Category.choices])
    text = forms.CharField(
        label=_("需要什么"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    urgency = forms.ChoiceField(
        label=_("缓急"), choices=Urgency.choices, initial=Urgency.ORDINARY,
        widget=forms.RadioSelect,
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("来源"), choices=Channel.choices, initial=Channel.VISIT)


class MoveForm(forms.Form):
    """What becomes of a need."""

    to = forms.ChoiceField(label=_("结果"), widget=forms.RadioSelect)
    service = forms.CharField(label=_("对应服务"), max_length=120, required=False)
    matter_number = forms.CharField(label=_("事项编号"), max_length=20, required=False)
    text = forms.CharField(label=_("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [(one.value, one.label) for one in State if one in MOVES[state]]
        self.fields["to"].choices = ways  # type: ignore[attr-defined]


class NeedFilter(forms.Form):
    """What the list of needs may be narrowed by; unknown values filter nothing."""

    place = forms.ChoiceField(label=_("区划"), required=False)
    category = forms.ChoiceField(label=_("类别"), choices=[*ALL, *Category.choices], required=False)
    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[*ALL, ("open", _("未了结")), ("late", _("超过答复期限")), *State.choices],
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("来源"), choices=[*ALL, *Channel.choices], required=False)

    def __init__(self, data: Any, places: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]
        self.is_valid()

    def said(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")

    def applied(self) -> list[dict[str, str]]:
        """The filters in use, as chips that take themselves away."""
        return [
            {
                "key": name,
                "label": f"{field.label}：{dict(field.choices)[self.said(name)]}",  # type: ignore[attr-defined]
            }
            for name, field in self.fields.items()
            if self.said(name)
        ]


class SurveyForm(_OfCommunity):
    """A survey: where, how many households, until when."""

    title = forms.CharField(label=_("名称"), max_length=80)
    method = forms.ChoiceField(
        label=_("方式"), choices=Survey.Method.choices, initial=Survey.Method.SAMPLE,
        widget=forms.RadioSelect,
    )  # fmt: skip
    percent = forms.IntegerField(label=_("抽样比例（%）"), min_value=1, max_value=100)
    least = forms.IntegerField(label=_("最少户数"), min_value=1, max_value=100_000)
    due_on = forms.DateField(label=_("截止日期"), required=False, widget=forms.DateInput)


class QuestionForm(forms.Form):
    """One question; an empty text takes it away."""

    code = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    text = forms.CharField(label=_("题目"), max_length=200, required=False)
    text_en = forms.CharField(label=_("英文题目"), max_length=300, required=False)
    kind = forms.ChoiceField(label=_("题型"), choices=QUESTION_KINDS)
    choices = forms.CharField(
        label=_("选项"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一个：编码 名称 英文名称，用空格隔开；英文可以不写。"),
    )  # fmt: skip
    required = forms.BooleanField(label=_("必须回答"), required=False)
    when_question = forms.IntegerField(
        label=_("只在第几题"), min_value=1, required=False, help_text=_("留空则总是问。")
    )
    when_any = forms.CharField(
        label=_("选了这些编码时问"), max_length=100, required=False, help_text=_("用逗号隔开。")
    )
    category = forms.ChoiceField(
        label=_("说明哪类需求"), choices=[("", _("不用于评估")), *Category.choices], required=False
    )
    wants = forms.CharField(
        label=_("表示需要的选项编码"), max_length=100, required=False, help_text=_("用逗号隔开。")
    )

    def clean_choices(self) -> list[dict[str, str]]:
        rows = []
        for line in str(self.cleaned_data["choices"]).splitlines():
            parts = line.split(maxsplit=2)
            if not parts:
                continue
            if len(parts) < 2 or len(parts[0]) > 20:
                raise forms.ValidationError(_("看不懂这一行：%(line)s"), params={"line": line[:40]})
            rows.append(dict(zip(("code", "name", "name_en"), parts, strict=False)))
        return rows


MOST_QUESTIONS = 60
"""Nobody answers more; and a page that claims a thousand rows must not be drawn."""
QuestionFormSet = forms.formset_factory(
    QuestionForm, extra=2, max_num=MOST_QUESTIONS, absolute_max=MOST_QUESTIONS
)


def content_of(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The questions as a version keeps them; each keeps its code, new ones get the next."""
    said = [dict(row) for row in rows if row and row.get("text")]
    used = {row.get("code") for row in said}
    free = (f"q{number}" for number in range(1, 1000) if f"q{number}" not in used)
    for row in said:
        row["code"] = row.get("code") or next(free)
    return [_row(row, said) for row in said]


def _row(row: Mapping[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    kept = {name: row[name] for name in ("code", "kind", "text", "text_en", "choices", "category")}
    kept["required"] = bool(row["required"])
    kept["wants"] = _codes(row["wants"])
    at = row.get("when_question")
    if at:
        asked = rows[at - 1]["code"] if at <= len(rows) else ""
        kept["when"] = {"question": asked, "any": _codes(row["when_any"])}
    return kept


def _codes(text: str) -> list[str]:
    return [one.strip() for one in text.replace("，", ",").split(",") if one.strip()]


def initial_questions(content: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Kept questions as the forms show them."""
    rows = list(content)
    numbers = {row["code"]: at for at, row in enumerate(rows, 1)}
    shown = []
    for row in rows:
        when = row.get("when") or {}
        lines = [" ".join(str(part) for part in one.values()) for one in row.get("choices", ())]
        shown.append(
            {
                **row,
                "choices": "\n".join(lines),
                "wants": ",".join(row.get("wants", ())),
                "when_question": numbers.get(when.get("question")),
                "when_any": ",".join(when.get("any", [])),
            }
        )
    return shown


class AnswerForm(forms.Form):
    """The questions of a version; what must be answered is decided by the act."""

    def __init__(self, *args: Any, questions: list[Question], paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[question.code] = _asked(question)
        if paper:
            self.fields["on"] = forms.DateField(label=_("调查日期"), widget=forms.DateInput)
            self.fields["interviewer"] = forms.CharField(label=_("调查员"), max_length=80)


def _asked(question: Question) -> forms.Field:
    # What depends on another answer is asked for by the act alone.
    must = question.required and question.when is None
    shown: dict[str, Any] = {"label": question.label, "required": must}
    choices = [(one.code, one.label) for one in question.choices]
    if question.kind == "single":
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **shown)
    if question.kind == "multi":
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, **shown
        )
    if question.kind == "number":
        return forms.CharField(
            max_length=7, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **shown
        )
    return forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}), **shown)


class CompileForm(_OfCommunity):
    """Which community and year to assess."""

    year = forms.IntegerField(label=_("年度"), min_value=2004, max_value=2999)


class AssessmentListFilter(forms.Form):
    """Which year and state of assessments to list."""

    year = forms.IntegerField(label=_("年度"), min_value=2004, max_value=2999, required=False)
    state = forms.ChoiceField(
        label=_("状态"), choices=[*ALL, *Assessment.State.choices], required=False
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()

    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class ReturnForm(forms.Form):
    """Why the township sends an assessment back."""

    reason = forms.CharField(
        label=_("退回原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class CommentForm(forms.Form):
    """What a representative of the residents says."""

    representative = forms.CharField(label=_("居民代表"), max_length=60)
    text = forms.CharField(
        label=_("意见"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class SubmitForm(forms.Form):
    """The community's own words to its assessment."""

    text = forms.CharField(
        label=_("评估意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
