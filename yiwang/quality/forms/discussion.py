"""What is typed about a case discussion, and how the list is narrowed (QUA-12)."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Post, Unit
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_digits
from yiwang.quality.actions.discussing import Talk
from yiwang.quality.models import Discussion, Promise
from yiwang.quality.reads.discussions import cases_of

from .entry import _area, _Said
from .filters import _Filter


class DiscussionForm(_Said):
    """Which case, when, who took part, what follows."""

    number = forms.CharField(
        label=_("事项编号"), max_length=20,
        help_text=_("被退回、重办或评价不满意，本单位受理或承办过的。"),
    )  # fmt: skip
    held_on = forms.DateField(
        label=_("讨论日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    posts = forms.ModelMultipleChoiceField(
        label=_("参加人"), queryset=Post.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    promise = forms.ModelChoiceField(
        label=_("涉及的服务承诺"), queryset=Promise.objects.none(), required=False,
        empty_label=_("没有"),
    )  # fmt: skip
    lessons = _area(_("原因和教训"), _("不写居民的姓名和联系方式。"))
    measures = _area(_("改进措施"), _("谁、到什么时候、改什么。"))

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit, today = unit, timezone.localdate()
        held = Post.objects.held_on(today).filter(unit=unit).select_related("user")
        self.fields["posts"].queryset = held.order_by("pk")  # type: ignore[attr-defined]
        promises = Promise.objects.current(today).filter(unit=unit)
        self.fields["promise"].queryset = promises  # type: ignore[attr-defined]
        self.fields["held_on"].initial = today

    def clean_number(self) -> str:
        digits = clean_digits(self.cleaned_data["number"]).replace("-", "").replace(" ", "")
        self.matter = cases_of(self.unit).filter(number=digits).first()
        if self.matter is None:
            raise forms.ValidationError(_("只讨论本单位受理或承办、被退回或评价不满意的事项。"))
        return digits

    def talk(self) -> Talk:
        said = dict(self.cleaned_data)
        said.pop("number")
        if self.matter is None:
            raise Refused("not_a_case", str(_("请填写事项编号。")))
        return Talk(matter=self.matter, **{**said, "posts": list(said["posts"])})


class DiscussionFilter(_Filter):
    """Words, and whether a promise was concerned."""

    promise = forms.ChoiceField(
        label=_("涉及的服务承诺"), required=False, choices=[("", _("全部")), ("1", _("有"))]
    )

    def narrowed(self, rows: QuerySet[Discussion]) -> QuerySet[Discussion]:
        text = self.text()
        if "promise" in self.chosen:
            rows = rows.filter(promise__isnull=False)
        if text:
            words = Q(lessons__icontains=text) | Q(measures__icontains=text)
            number = Q(matter__number__contains=text.replace("-", ""))
            rows = rows.filter(words | number | Q(unit__name__icontains=text))
        return rows
