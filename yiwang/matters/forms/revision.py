"""The forms of a draft: a part each. What is missing is no error here, the linter asks for it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from yiwang.core.rules.calendar import Unit as TimeUnit
from yiwang.matters.models import Category
from yiwang.matters.rules import Channel
from yiwang.matters.rules.editing import is_beside, new_code, steps_of
from yiwang.matters.rules.lint import MOST_BACK
from yiwang.residents.rules.documents import document_kinds

UNITS = [
    (TimeUnit.WORKING_DAYS.value, _("个工作日")),
    (TimeUnit.CALENDAR_DAYS.value, _("天")),
    (TimeUnit.WORKING_HOURS.value, _("个工作小时")),
]
LEVEL_NAMES = {
    "community": _("村（居）"),
    "township": _("乡镇（街道）"),
    "county": _("县（市、区）"),
    "city": _("市"),
}
KINDS = [
    ("check", _("核实")),
    ("review", _("审核")),
    ("notice", _("公示")),
    ("decide", _("决定")),
    ("deliver", _("送达")),
]
PAPER_KINDS = [
    ("original", _("原件")),
    ("copy", _("复印件")),
    ("photo", _("照片")),
    ("form", _("表格")),
]
RESULTS = [
    ("approval", _("批准")),
    ("certificate", _("证明、证件")),
    ("money", _("资金")),
    ("service", _("服务")),
    ("answer", _("答复")),
]
TEXTS = ("title", "title_en", "summary", "summary_en", "audience", "audience_en")


class Later:
    """Needed before publishing and shown so; a draft is saved without it all the same."""

    def validate(self, value: Any) -> None:
        if value not in {"", None}:
            super().validate(value)  # type: ignore[misc]


class LaterText(Later, forms.CharField):
    pass


class LaterAmount(Later, forms.IntegerField):
    pass


class LaterChoice(Later, forms.ChoiceField):
    pass


def _text(label: Any, length: int, *, needed: bool = False, hint: Any = "") -> forms.CharField:
    kind = LaterText if needed else forms.CharField
    return kind(label=label, max_length=length, required=needed, help_text=hint)


def _long(label: Any, hint: Any = "", *, needed: bool = False) -> forms.CharField:
    kind, widget = LaterText if needed else forms.CharField, forms.Textarea(attrs={"rows": 3})
    return kind(label=label, required=needed, widget=widget, help_text=hint)


class BasicsForm(forms.Form):
    """Texts, limits and result of a version."""

    category = forms.ChoiceField(label=_("服务类别"), required=False)
    title = _text(_("名称"), 120, needed=True)
    title_en = _text(_("英文名称"), 200)
    audience = _text(_("服务对象"), 200, needed=True, hint=_("谁可以申请。"))
    audience_en = _text(_("服务对象（英文）"), 200)
    summary = _long(_("简介"), _("一两句话，居民在办事指南里首先看到。"), needed=True)
    summary_en = _long(_("英文简介"))
    conditions = _long(_("条件"), _("每行一条。"))
    conditions_en = _long(_("条件（英文）"), _("每行一条，与中文对应。"))
    promised_amount = LaterAmount(label=_("承诺时限"), min_value=1, max_value=999)
    promised_unit = forms.ChoiceField(label=_("承诺时限单位"), choices=UNITS, required=False)
    statutory_amount = forms.IntegerField(
        label=_("法定时限"), min_value=1, max_value=999, required=False
    )
    statutory_unit = forms.ChoiceField(label=_("法定时限单位"), choices=UNITS, required=False)
    fee = forms.DecimalField(
        label=_("费用（元）"),
        min_value=0,
        max_digits=8,
        decimal_places=2,
        required=False,
        help_text=_("不收费的不用填。"),
    )
    fee_note = _text(_("收费说明"), 200)
    result_kind = forms.ChoiceField(label=_("结果种类"), choices=RESULTS, required=False)
    result_name = _text(_("结果名称"), 120, hint=_("办结后发给居民的文书或证件叫什么。"))
    result_name_en = _text(_("结果名称（英文）"), 200)
    legal_basis = _long(_("依据"), _("每行一条：文件名称，空一格，写条款。"))
    questions = _long(_("常见问题"), _("问题一行，回答一行，一组接一组。"))
    channels = forms.MultipleChoiceField(
        label=_("从哪里可以申请"),
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    keywords = _text(_("搜索词"), 300, hint=_("居民可能用的叫法，用顿号或逗号隔开。"))
    common = forms.BooleanField(label=_("常用"), required=False)
    confidential = forms.BooleanField(
        label=_("保密"), required=False, help_text=_("只有承办单位和受理人能看到办理情况。")
    )
    after_death = forms.BooleanField(
        label=_("身后事项"),
        required=False,
        help_text=_("丧葬、身后结算等，可以为已去世的居民受理。"),
    )

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.code, one.label) for one in Category.objects.all()]
        self.fields["category"].choices = named  # type: ignore[attr-defined]
        if fixed:
            del self.fields["category"]

    def content(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The content before with what this form says put over it."""
        data = self.cleaned_data
        said: dict[str, Any] = {key: data[key] for key in TEXTS}
        said |= {key: data[key] for key in ("common", "confidential", "after_death", "channels")}
        words = data["keywords"].replace("、", ",").replace("，", ",").split(",")
        said["keywords"] = [one.strip() for one in words if one.strip()]
        said["promised"] = _limit(data, "promised", before)
        said["statutory"] = _limit(data, "statutory", before)
        names = {"name": data["result_name"], "name_en": data["result_name_en"]}
        kind = data["result_kind"] or "answer"
        said["result"] = {**(before.get("result") or {}), "kind": kind, **names}
        said["fee"] = _number(data["fee"])
        said["fee_note"] = data["fee_note"]
        said["legal_basis"] = _bases(data["legal_basis"], before)
        said["questions"] = _questions(data["questions"], before)
        said["conditions"] = _paired(data["conditions"], data["conditions_en"])
        return {**before, **said}


def _limit(data: Mapping[str, Any], name: str, before: Mapping[str, Any]) -> dict[str, Any] | None:
    if not data[f"{name}_amount"]:
        return None
    unit = data[f"{name}_unit"] or TimeUnit.WORKING_DAYS.value
    return {**(before.get(name) or {}), "amount": data[f"{name}_amount"], "unit": unit}


def _number(amount: Decimal | None) -> int | str:
    if not amount:
        return 0
    return int(amount) if amount == int(amount) else str(amount)


def _bases(text: str, before: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A line each; what the version before said of the same line (English, confidence) is kept."""
    known = {_basis_line(one): one for one in before.get("legal_basis") or []}
    rows = []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        name, mark, article = line.partition(" 第")
        rows.append(known.get(line) or {"name": name, "article": f"第{article}" if mark else ""})
    return rows


def _basis_line(one: Mapping[str, Any]) -> str:
    return f"{one['name']} {one.get('article') or ''}".strip()


def _questions(text: str, before: Mapping[str, Any]) -> list[dict[str, Any]]:
    known = {(one["q"], one["a"]): one for one in before.get("questions") or []}
    lines = [one.strip() for one in text.splitlines() if one.strip()]
    pairs = list(zip_longest(lines[::2], lines[1::2], fillvalue=""))
    return [known.get((q, a)) or {"q": q, "a": a} for q, a in pairs]


def _paired(chinese: str, english: str) -> list[dict[str, str]]:
    lines = [one.strip() for one in chinese.splitlines() if one.strip()]
    others = [one.strip() for one in english.splitlines() if one.strip()]
    others += lines[len(others) :]
    return [{"zh": zh, "en": en} for zh, en in zip(lines, others, strict=False)]


def basics_of(content: Mapping[str, Any], category: str) -> dict[str, Any]:
    """What the form of the basics shows of a content."""
    promised, statutory = content.get("promised") or {}, content.get("statutory") or {}
    result, conditions = content.get("result") or {}, content.get("conditions") or []
    return {
        **content,
        "category": category,
        "promised_amount": promised.get("amount"),
        "promised_unit": promised.get("unit"),
        "statutory_amount": statutory.get("amount"),
        "statutory_unit": statutory.get("unit"),
        "result_kind": result.get("kind"),
        "result_name": result.get("name"),
        "result_name_en": result.get("name_en"),
        "legal_basis": "\n".join(_basis_line(one) for one in content.get("legal_basis") or []),
        "questions": "\n".join(f"{one['q']}\n{one['a']}" for one in content.get("questions") or []),
        "conditions": "\n".join(one["zh"] for one in conditions),
        "conditions_en": "\n".join(one["en"] for one in conditions),
        "keywords": "、".join(content.get("keywords") or []),
    }


class MaterialRow(forms.Form):
    """One document."""

    code = forms.SlugField(required=False, widget=forms.HiddenInput)
    name = _text(_("名称"), 120, needed=True)
    name_en = _text(_("英文名称"), 200)
    kind = forms.ChoiceField(label=_("形式"), choices=PAPER_KINDS, required=False)
    held_as = forms.ChoiceField(label=_("一网已有的证照"), required=False)
    required = forms.BooleanField(label=_("必交"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = [(code, kind.label) for code, kind in document_kinds().items()]
        known = self.initial.get("held_as") or self.data.get(self.add_prefix("held_as"))
        strange = [(known, known)] if known and known not in document_kinds() else []
        self.fields["held_as"].choices = [("", _("没有")), *held, *strange]  # type: ignore[attr-defined]

    def row(self, code: str) -> dict[str, Any]:
        data = self.cleaned_data
        return {**data, "code": data["code"] or code, "held_as": data["held_as"] or None}


class VariantRow(forms.Form):
    """One form in which an item is given, and the grades that open it."""

    code = forms.SlugField(required=False, widget=forms.HiddenInput)
    name = _text(_("名称"), 120, needed=True)
    name_en = _text(_("英文名称"), 200)
    grades = forms.MultipleChoiceField(
        label=_("哪些评估等级可以选"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一个都不选，就是都可以选。"),
    )

    def __init__(self, *args: Any, grades: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {code for code, _name in grades}
        strange = [one for one in self.initial.get("grades") or [] if one not in known]
        self.fields["grades"].choices = [*grades, *((one, one) for one in strange)]  # type: ignore[attr-defined]

    def row(self, code: str) -> dict[str, Any]:
        return {**self.cleaned_data, "code": self.cleaned_data["code"] or code}


Materials: Any = formset_factory(MaterialRow, extra=0, max_num=60, absolute_max=60)
Variants: Any = formset_factory(VariantRow, extra=0, max_num=20, absolute_max=20)


def rows_of(formset: Any, prefix: str) -> list[dict[str, Any]]:
    """The rows as a content keeps them; a new one gets a code of its own."""
    found: list[dict[str, Any]] = []
    taken = {form.cleaned_data["code"] for form in formset.forms} - {""}
    for form in formset.forms:
        row = form.row(new_code(prefix, taken))
        taken.add(row["code"])
        found.append(row)
    return found


class StepForm(forms.Form):
    """One step: what, who may, how long, with which documents, and when it goes back."""

    name = _text(_("环节名称"), 80, needed=True)
    name_en = _text(_("英文名称"), 120)
    level = forms.ChoiceField(label=_("哪一级"), choices=list(LEVEL_NAMES.items()))
    unit = LaterChoice(label=_("哪一类单位"), help_text=_("具体哪个单位，按居民所在地自动确定。"))
    kind = forms.ChoiceField(
        label=_("性质"), choices=KINDS, help_text=_("“决定”和“送达”可以作出结果、办结事项。")
    )
    amount = forms.IntegerField(label=_("时限"), min_value=1, max_value=999)
    limit_unit = forms.ChoiceField(label=_("时限单位"), choices=UNITS)
    beside = forms.BooleanField(label=_("与上一个环节同时办理"), required=False)
    papers = forms.MultipleChoiceField(
        label=_("核对哪些材料"), required=False, widget=forms.CheckboxSelectMultiple
    )
    back_to = forms.ChoiceField(label=_("退回到"), required=False)
    back_on = forms.ChoiceField(
        label=_("什么时候退回"),
        choices=[("declined", _("不同意时")), ("agreed", _("同意时"))],
        required=False,
    )
    back_most = forms.IntegerField(
        label=_("最多退回几次"), min_value=1, max_value=MOST_BACK, required=False
    )

    def __init__(
        self,
        *args: Any,
        content: Mapping[str, Any],
        code: str,
        kinds: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        self.steps, self.code = steps_of(content), code
        self.step = next(one for one in self.steps if one["code"] == code)
        kwargs["initial"] = self._initial()
        super().__init__(*args, **kwargs)
        known = {one for one, _name in kinds}
        held = self.step.get("unit")
        strange = [(held, held)] if held and held not in known else []
        self._offer("unit", [("", _("请选择")), *kinds, *strange])
        self._offer(
            "papers", [(one["code"], one["name"]) for one in content.get("materials") or []]
        )
        before = [one for one in self.steps if one["stage"] < self.step["stage"]]
        self._offer("back_to", [("", _("不退回")), *_named(before)])
        if self.step["stage"] == 1 and not is_beside(self.steps, code):
            del self.fields["beside"]

    def _offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def _initial(self) -> dict[str, Any]:
        step, back = self.step, self.step.get("back") or {}
        return {
            **step,
            "amount": step["limit"]["amount"],
            "limit_unit": step["limit"]["unit"],
            "beside": is_beside(self.steps, self.code),
            "back_to": back.get("to"),
            "back_on": back.get("on") or "declined",
            "back_most": back.get("most") or 1,
        }

    def changes(self) -> dict[str, Any]:
        """The parts of the step as a content keeps them."""
        data = self.cleaned_data
        said = {key: data[key] for key in ("name", "name_en", "level", "unit", "kind")}
        back = {
            "to": data["back_to"],
            "on": data["back_on"] or "declined",
            "most": data["back_most"],
        }
        return {
            **said,
            "limit": {"amount": data["amount"], "unit": data["limit_unit"]},
            "papers": data["papers"] or None,
            "back": {key: value for key, value in back.items() if value}
            if data["back_to"]
            else None,
        }


def _named(steps: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(one["code"], one["name"] or one["code"]) for one in steps]


class BeginForm(forms.Form):
    """How a new item is begun: its name and category, and what to begin with."""

    title = forms.CharField(
        label=_("名称"), max_length=120, help_text=_("居民叫得出的名字，例如“住房修缮补助”。")
    )
    category = forms.ChoiceField(label=_("服务类别"))
    copied = forms.ChoiceField(
        label=_("从哪里开始"), required=False, help_text=_("照着相近的事项改，比从空白开始快。")
    )
    file = forms.FileField(
        label=_("或从流程文件开始（BPMN 2.0）"),
        required=False,
        help_text=_("在其他画图工具里导出的 .bpmn 文件，1 MB 以内。"),
    )

    def __init__(self, *args: Any, items: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(one.code, one.label) for one in Category.objects.all()]
        self.fields["category"].choices = [("", _("请选择")), *named]  # type: ignore[attr-defined]
        self.fields["copied"].choices = [("", _("从空白开始")), *items]  # type: ignore[attr-defined]


class CategoryForm(forms.Form):
    """What one of the ten categories is called from today on."""

    name = forms.CharField(label=_("名称"), max_length=40)
    name_en = forms.CharField(label=_("英文名称"), max_length=80)
    reason = forms.CharField(
        label=_("改名依据"), max_length=200, help_text=_("写明文件名称或文号；会留在改名记录里。")
    )
