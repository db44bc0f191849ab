"""What is typed about quality."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.accounts.roles import GRANTS
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.rules import range_of
from yiwang.matters.models import Rating
from yiwang.matters.reads.rating import rating_reasons
from yiwang.matters.rules.rating import CallBackOutcome
from yiwang.organizations.models import Organization
from yiwang.quality.actions.checking import Plan, Seen
from yiwang.quality.actions.promising import Word
from yiwang.quality.models import Check, Promise, Standard
from yiwang.quality.rules.points import CheckKind, Consequence, Point, Verdict
from yiwang.quality.rules.states import Measure

SPARE = 2
MOST_POINTS = 12
CHECKERS = [role for role, grant in GRANTS.items() if "quality.check" in grant.rights]


def _area(label: Any, hint: Any = "", rows: int = 3, most: int = 1000, **more: Any) -> Any:
    return forms.CharField(
        label=label, help_text=hint, max_length=most, widget=forms.Textarea(attrs={"rows": rows}),
        **more,
    )  # fmt: skip


class _Said(forms.Form):
    """A form whose texts are cleaned of what no text may hold."""

    def clean(self) -> dict[str, Any]:
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = clean_text(value, multiline=True)
        return self.cleaned_data


class PointForm(_Said):
    """One point of a standard; a row without a name is left out."""

    name = forms.CharField(label=_("检查点"), max_length=60, required=False)
    name_en = forms.CharField(label=_("检查点英文"), max_length=120, required=False)
    method = forms.ChoiceField(label=_("怎样检查"), choices=CheckKind.choices)
    level = forms.CharField(label=_("合格标准"), max_length=120, required=False)
    level_en = forms.CharField(label=_("合格标准英文"), max_length=200, required=False)
    consequence = forms.ChoiceField(label=_("不合格的后果"), choices=Consequence.choices)

    @property
    def filled(self) -> bool:
        return bool(self.cleaned_data.get("name") or self.cleaned_data.get("level"))


PointRows = forms.formset_factory(PointForm, extra=SPARE, max_num=MOST_POINTS, absolute_max=20)


def rows_of(points: list[Point], data: Any = None) -> Any:
    """The rows of a standard with a few empty ones."""
    return PointRows(data, initial=[one.kept() for one in points], prefix="p")


class DrawForm(forms.Form):
    """Which days, how the drawn ones are checked, and by whom."""

    first = forms.DateField(label=_("办结起"), widget=forms.DateInput())
    last = forms.DateField(label=_("办结止"), widget=forms.DateInput())
    kind = forms.ChoiceField(label=_("检查方式"), choices=CheckKind.choices)
    posts = forms.ModelMultipleChoiceField(
        label=_("轮流分给"), queryset=Post.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("不选就都由您检查。"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = range_of(actor.division_id)
        held = Post.objects.held_on(timezone.localdate()).select_related("user", "unit")
        rows = held.filter(division_id__range=(area.lo, area.hi), role__in=CHECKERS)
        self.fields["posts"].queryset = rows.order_by("division_id", "pk")  # type: ignore[attr-defined]


class PlanForm(_Said):
    """A check that no sample drew."""

    kind = forms.ChoiceField(
        label=_("检查方式"), choices=[one for one in CheckKind.choices if one[0] != "call_back"],
        help_text=_("神秘访客的安排，被检查单位看不到。"),
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        label=_("被检查单位"), queryset=Unit.objects.none(), empty_label=_("请选择")
    )
    provider = forms.ModelChoiceField(
        label=_("服务主体"), queryset=Organization.objects.none(), empty_label=_("不选"), required=False,
        help_text=_("检查受委托的组织或公司时选；整改由上面的单位督促。"),
    )  # fmt: skip
    standard = forms.ModelChoiceField(
        label=_("按哪个标准"),
        queryset=Standard.objects.none(),
        required=False,
        empty_label=_("不选"),
    )
    inspector = forms.CharField(label=_("居民监督员或访客"), max_length=60, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = range_of(actor.division_id)
        units = Unit.objects.open().within(area).exclude(pk=actor.unit_id or 0)
        offered = {
            "unit": units.order_by("division_id", "code"),
            "provider": Organization.objects.filter(
                division_id__range=(area.lo, area.hi), provider__isnull=False
            ),
            "standard": Standard.objects.in_force().select_related("item"),
        }
        for name, rows in offered.items():
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def plan(self) -> Plan:
        return Plan(**self.cleaned_data)


class SeenForm(_Said):
    """What a check saw: each point of the standard, words, other problems, the resident's opinion."""

    def __init__(self, *args: Any, check: Check, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = check.standard.points if check.standard else []
        for point in self.points:
            self.fields[point.code] = forms.ChoiceField(
                label=point.label, choices=Verdict.choices, widget=forms.RadioSelect,
                help_text=f"{point.level_label} · {point.method_label}",
            )  # fmt: skip
        if check.matter_id and check.kind == CheckKind.CALL_BACK:
            self.fields["outcome"] = forms.ChoiceField(
                label=_("回访情况"), choices=CallBackOutcome.choices
            )
            self.fields["grade"] = forms.TypedChoiceField(
                label=_("居民满意程度"), coerce=int, required=False, empty_value=None,
                choices=[("", _("没有表达")), *Rating.Grade.choices],
                help_text=_("居民不满意的，由上一级重新办理一次。"),
            )  # fmt: skip
        self.fields["note"] = _area(_("检查情况"), _("看到、听到什么；有照片的写明在哪里。"))
        promises = Promise.objects.current(timezone.localdate()).filter(unit_id=check.unit_id)
        self.fields["promise"] = forms.ModelChoiceField(
            label=_("违反了哪项服务承诺"), queryset=promises, required=False, empty_label=_("没有")
        )
        self.fields["problem"] = _area(
            _("其他问题"), _("标准以外的问题，也要整改。"), rows=2, most=500, required=False
        )

    def seen(self) -> Seen:
        said = dict(self.cleaned_data)
        results = {one.code: said.pop(one.code) for one in self.points}
        return Seen(results=results, **said)


class CorrectForm(_Said):
    """What was done, with proof."""

    action = _area(_("整改情况"), _("怎样改的、以后怎样不再发生。"))
    upload = forms.FileField(
        label=_("整改证明"), max_length=200, help_text=_("照片或 PDF。"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )  # fmt: skip


class RecheckForm(_Said):
    """Whether it is right now."""

    passed = forms.TypedChoiceField(
        label=_("复查结果"), widget=forms.RadioSelect, coerce=lambda said: said == "yes",
        choices=[("yes", _("合格，销号")), ("no", _("不合格，重新整改"))],
    )  # fmt: skip
    text = _area(_("复查意见"), rows=2, most=500)


class PromiseForm(_Said):
    """What the unit promises, and what it is set against."""

    text = forms.CharField(
        label=_("承诺"), max_length=120, help_text=_("居民看得懂的一句话，如“5 分钟内有人招呼”。")
    )
    text_en = forms.CharField(label=_("英文"), max_length=200, required=False)
    measure = forms.ChoiceField(label=_("对照的数字"), choices=Measure.choices)
    target = forms.FloatField(label=_("承诺值"), min_value=0.1, max_value=480)
    reasons = forms.MultipleChoiceField(
        label=_("违反承诺的评价原因"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("评价里选了这些原因的，计为一次违反。"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        low = [one for one in rating_reasons(actor.division_id) if min(one.grades, default=5) <= 2]
        offered = [(one.words, one.label) for one in low]
        self.fields["reasons"].choices = offered  # type: ignore[attr-defined]

    def word(self) -> Word:
        return Word(**self.cleaned_data)
