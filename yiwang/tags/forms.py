"""Forms of the tags: setting one on a person, the filters of lists, kinds and their rules."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.roles import GRANTS, Role
from yiwang.residents.models import Standing
from yiwang.residents.reads import Known
from yiwang.tags.models import KindGroup, Roll, TagKind
from yiwang.tags.reads import Asked
from yiwang.tags.rules import HOMES

ALL = [("", _("全部"))]
ROLES = [(role.value, role.label) for role in Role if "tags.view" in GRANTS[role].rights]
DUE = [*ALL, ("expiring", _("即将到期")), ("review", _("待复核"))]


class SetForm(forms.Form):
    """A tag on a person; what is asked depends on the kind."""

    since = forms.DateField(label=_("起始日期"), widget=forms.DateInput)
    variant = forms.ChoiceField(label=_("细类"), required=False)
    grade = forms.ChoiceField(label=_("等级"), required=False)
    evidence = forms.CharField(label=_("依据"), max_length=200, required=False)
    valid_until = forms.DateField(
        label=_("有效至"), required=False, widget=forms.DateInput,
        help_text=_("不填时按标签的有效期计算。"),
    )  # fmt: skip
    guardian = forms.CharField(label=_("同意的监护人"), max_length=100, required=False)

    def __init__(
        self, *args: Any, kind: TagKind, minor: bool, held: Known | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, among in (("variant", kind.variants), ("grade", kind.grades)):
            if among:
                field = self.fields[name]
                codes = [(one["code"], kind.choice_label(f"{name}s", one["code"])) for one in among]
                field.choices = [("", _("请选择")), *codes]  # type: ignore[attr-defined]
                field.required = True
            else:
                del self.fields[name]
        if kind.evidence:
            self.fields["evidence"].label = kind.evidence_label
            self.fields["evidence"].required = held is None
            if held is not None:
                self.fields["evidence"].help_text = _(
                    "居民档案里已有：%(value)s（%(source)s）。没有变化就不用填。"
                ) % {"value": held.masked, "source": held.source_line}
        if not (minor and kind.sensitive):
            del self.fields["guardian"]


class EndForm(forms.Form):
    """When and why a tag ends."""

    on = forms.DateField(label=_("结束日期"), widget=forms.DateInput)
    reason = forms.CharField(label=_("原因"), max_length=200)


class ConfirmForm(forms.Form):
    """Still right: new evidence where there is some, and until when."""

    evidence = forms.CharField(label=_("新的依据"), max_length=200, required=False)
    valid_until = forms.DateField(
        label=_("有效至"), required=False, widget=forms.DateInput,
        help_text=_("不填时从今天起按标签的有效期计算。"),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why: for exceptions from rules and for looking behind the mask."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class PeopleFilter(forms.Form):
    """What a list of tagged people may be narrowed by; unknown values filter nothing."""

    place = forms.ChoiceField(label=_("区划"), required=False)
    house = forms.CharField(label=_("小区、幢、组"), max_length=40, required=False)
    variant = forms.ChoiceField(label=_("细类"), required=False)
    grade = forms.ChoiceField(label=_("等级"), required=False)
    age_from = forms.IntegerField(label=_("年龄从"), min_value=0, max_value=150, required=False)
    age_below = forms.IntegerField(label=_("年龄不满"), min_value=0, max_value=150, required=False)
    since_from = forms.DateField(label=_("设置日期从"), required=False, widget=forms.DateInput)
    since_to = forms.DateField(label=_("设置日期到"), required=False, widget=forms.DateInput)
    due = forms.ChoiceField(label=_("期限"), choices=DUE, required=False)
    unvisited = forms.IntegerField(
        label=_("多少天没有走访"), min_value=1, max_value=3650, required=False
    )

    def __init__(self, data: Any, *, kind: TagKind, places: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]
        for name, among in (("variant", kind.variants), ("grade", kind.grades)):
            codes = [(one["code"], kind.choice_label(f"{name}s", one["code"])) for one in among]
            self.fields[name].choices = [*ALL, *codes]  # type: ignore[attr-defined]
            if not codes:
                del self.fields[name]
        self.is_valid()

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name)

    def asked(self) -> Asked:
        """The filters as the read takes them."""
        place = self.said("place")
        return Asked(
            place=int(place) if place else None,
            house=str(self.said("house") or ""),
            variant=str(self.said("variant") or ""),
            grade=str(self.said("grade") or ""),
            age_from=self.said("age_from"),
            age_below=self.said("age_below"),
            since_from=self.said("since_from"),
            since_to=self.said("since_to"),
            due=str(self.said("due") or ""),
            unvisited_days=self.said("unvisited"),
        )

    def applied(self) -> list[dict[str, str]]:
        """The filters in use, as chips that take themselves away."""
        chips = []
        for name, field in self.fields.items():
            value = self.said(name)
            if value not in (None, ""):
                choices = dict(getattr(field, "choices", ()))
                words = choices.get(str(value), value)
                chips.append({"key": name, "label": f"{field.label}：{words}"})
        return chips


class VisitListForm(forms.Form):
    """A visit list out of the list as filtered."""

    title = forms.CharField(label=_("走访单名称"), max_length=80, required=False)
    due_on = forms.DateField(label=_("走访期限"), required=False, widget=forms.DateInput)


class VisitForm(forms.Form):
    """One visit of a list."""

    stop = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("走访情况"), max_length=300, required=False)


class KindForm(forms.Form):
    """A kind of tag with its rule; choices are lines of `code name English`."""

    code = forms.CharField(
        label=_("编码"), max_length=40, help_text=_("小写英文字母、数字和下划线；以后不能改。")
    )
    name = forms.CharField(label=_("名称"), max_length=40)
    name_en = forms.CharField(label=_("英文名称"), max_length=80)
    group = forms.ChoiceField(label=_("类别"), choices=KindGroup.choices)
    order = forms.IntegerField(label=_("序号"), min_value=0, max_value=999, initial=100)
    source = forms.CharField(label=_("政策依据"), max_length=200, required=False)
    sensitive = forms.BooleanField(
        label=_("敏感：只有下面列出的岗位知道有这个标签"), required=False
    )
    seen_by = forms.MultipleChoiceField(
        label=_("谁可以看"), choices=ROLES, required=False, widget=forms.CheckboxSelectMultiple
    )
    set_by = forms.MultipleChoiceField(
        label=_("谁可以设置"), choices=ROLES, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("不选时，有设置权限的岗位都可以。"),
    )  # fmt: skip
    evidence = forms.CharField(
        label=_("需要的依据"), max_length=80, required=False, help_text=_("留空表示不要依据。")
    )
    evidence_en = forms.CharField(label=_("需要的依据（英文）"), max_length=160, required=False)
    variants = forms.CharField(
        label=_("细类"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一类：编码 名称 英文名称，用空格隔开。"),
    )  # fmt: skip
    grades = forms.CharField(
        label=_("等级"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写法与细类相同。"),
    )  # fmt: skip
    validity_months = forms.IntegerField(
        label=_("有效期（月）"), min_value=1, max_value=600, required=False
    )
    review_days = forms.IntegerField(
        label=_("复核周期（天）"), min_value=1, max_value=3650, required=False
    )
    age_from = forms.CharField(
        label=_("自动设置：年满"), max_length=60, required=False,
        help_text=_("数字，或参数编号，如 residents.senior_age。"),
    )  # fmt: skip
    age_below = forms.CharField(label=_("自动设置：不满"), max_length=60, required=False)
    home = forms.ChoiceField(
        label=_("自动设置：家庭"), choices=[("", _("不看")), *HOMES.items()], required=False
    )
    standing = forms.MultipleChoiceField(
        label=_("自动设置：居住状态"), choices=Standing.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    ends_from = forms.CharField(
        label=_("自动结束：年满"), max_length=60, required=False,
        help_text=_("人工设置的标签到这个年龄也结束。"),
    )  # fmt: skip
    active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def clean_variants(self) -> list[dict[str, str]]:
        return _choices(self.cleaned_data["variants"])

    def clean_grades(self) -> list[dict[str, str]]:
        return _choices(self.cleaned_data["grades"])

    def content(self, before: TagKind | None = None) -> dict[str, Any]:
        """The fields of a version; parts of the rule this form does not show stay as they are."""
        said = dict(self.cleaned_data)
        said.pop("code")
        rule = dict(before.rule) if before else {}
        sets = dict(rule.get("sets") or {})
        for name in ("age_from", "age_below", "home", "standing"):
            sets[name] = _number(said.pop(name))
        ends = {**(rule.get("ends") or {}), "age_from": _number(said.pop("ends_from"))}
        sets, ends = _filled(sets), _filled(ends)
        said["rule"] = {
            **({"sets": sets} if sets else {}),
            **({"ends": ends} if ends else {}),
        }
        return said


def initial_of(kind: TagKind) -> dict[str, Any]:
    """A kind as the form shows it."""
    held = {name: getattr(kind, name) for name in KindForm.base_fields if hasattr(kind, name)}
    for name in ("variants", "grades"):
        rows = getattr(kind, name)
        held[name] = "\n".join(f"{one['code']} {one['name']} {one['name_en']}" for one in rows)
    sets, ends = kind.rule.get("sets") or {}, kind.rule.get("ends") or {}
    held |= {name: sets.get(name) for name in ("age_from", "age_below", "home", "standing")}
    return {**held, "ends_from": ends.get("age_from")}


def _choices(text: str) -> list[dict[str, str]]:
    rows = []
    for line in text.splitlines():
        parts = line.split(maxsplit=2)
        if not parts:
            continue
        if len(parts) < 3 or len(parts[0]) > 20 or not parts[0].isascii():
            raise forms.ValidationError(_("看不懂这一行：%(line)s"), params={"line": line[:40]})
        rows.append(dict(zip(("code", "name", "name_en"), parts, strict=True)))
    return rows


def _number(said: Any) -> Any:
    return int(said) if isinstance(said, str) and said.isdecimal() else said


def _filled(table: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in table.items() if value not in (None, "", [])}


class RollForm(forms.Form):
    """Which tag a department's list is carried into; variants and grades as `kind:code`."""

    kind = forms.ModelChoiceField(
        TagKind.objects.none(), label=_("标签"), to_field_name="code", empty_label=None
    )
    complete = forms.BooleanField(
        label=_("这是完整名单：本范围内不在名单上的人，结束这个标签"), required=False
    )
    variant = forms.ChoiceField(
        label=_("细类"), required=False, help_text=_("标签分细类的才选，名单上的人都设成这一类。")
    )
    grade = forms.ChoiceField(label=_("等级"), required=False)

    def __init__(self, *args: Any, kinds: Iterable[TagKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(kinds)
        chosen: Any = self.fields["kind"]
        chosen.queryset = TagKind.objects.filter(pk__in=[one.pk for one in known])
        for name, among in (("variant", "variants"), ("grade", "grades")):
            rows = [
                (code["code"], f"{kind.label} · {kind.choice_label(among, code['code'])}")
                for kind in known
                for code in getattr(kind, among)
            ]
            control: Any = self.fields[name]
            control.choices = [("", _("没有")), *dict(rows).items()]
            if not rows:
                control.widget = forms.HiddenInput()


class RollFilter(forms.Form):
    """What the departments' lists are narrowed by."""

    kind = forms.ChoiceField(label=_("标签"), required=False)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *Roll.State.choices]
    )

    def __init__(self, *args: Any, kinds: Iterable[TagKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [("", _("全部")), *((one.code, one.label) for one in kinds)]
        self.fields["kind"].choices = rows  # type: ignore[attr-defined]
