"""Forms about the resident's word: a rating written down, a call back, what was put right."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.rules.chinese import clean_text
from yiwang.matters.models import Matter, Rating
from yiwang.matters.reads.rating import rating_reasons
from yiwang.matters.rules.rating import ENTERED, CallBackOutcome, RatingChannel

ALL = [("", _("全部"))]
DAYS_SHOWN = 30
GRADES = [(str(value), label) for value, label in Rating.Grade.choices]


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


class EnterRatingForm(_Said):
    """What the resident wrote on the card or said on the telephone."""

    channel = forms.ChoiceField(
        label=_("评价方式"), choices=[(one.value, one.label) for one in ENTERED],
        help_text=_("评价由本人作出，您只代为录入；录入人会留下记录。"),
    )  # fmt: skip
    grade = forms.TypedChoiceField(
        label=_("满意程度"), choices=[("", _("请选择")), *GRADES], coerce=int
    )
    reasons = forms.MultipleChoiceField(
        label=_("原因"), required=False, widget=forms.CheckboxSelectMultiple
    )
    comment = _area(_("居民的话"), rows=2, most=500, required=False)

    def __init__(self, *args: Any, division: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.words, one.label) for one in rating_reasons(division)]
        self.fields["reasons"].choices = offered  # type: ignore[attr-defined]


class CallBackForm(_Said):
    """Whether the resident was reached, and what he says of the result."""

    outcome = forms.ChoiceField(
        label=_("回访情况"), choices=CallBackOutcome.choices,
        help_text=_("居民不满意的，由上一级重新办理一次。"),
    )  # fmt: skip
    grade = forms.TypedChoiceField(
        label=_("满意程度"), choices=[("", _("没有表达")), *GRADES], coerce=int, required=False,
        empty_value=None,
    )  # fmt: skip
    opinion = _area(_("居民意见"), rows=2, most=500, required=False)


class PutRightForm(_Said):
    """What was done about a bad rating; a reason where the resident is still not content."""

    answer = _area(_("核实和整改情况"), _("核实了什么、怎样改、怎样答复居民。"), rows=4)
    reason = _area(
        _("居民不满意仍办结的理由"), _("回访后居民满意的不填。填写的理由会列入上级的名单。"),
        rows=2, most=500, required=False,
    )  # fmt: skip


class RedoForm(_Said):
    """The second result."""

    text = _area(_("重办结果"), _("居民会看到。"), rows=5, most=4000)
    reason = _area(
        _("居民不满意仍办结的理由"), _("回访后居民满意的不填。填写的理由会列入上级的名单。"),
        rows=2, most=500, required=False,
    )  # fmt: skip


class ListFilter(forms.Form):
    """A GET form; a value nobody offers is left out instead of stopping the page."""

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

    def narrowed(self, rows: QuerySet[Any], path: str) -> QuerySet[Any]:
        """By number or title of the matter that stands at `path` of each row."""
        text = clean_text(self.chosen.get("q", ""))
        if not text:
            return rows
        number = Q(**{f"{path}number__contains": text.replace("-", "")})
        return rows.filter(number | Q(**{f"{path}title__icontains": text}))


class RatingFilter(ListFilter):
    """Number or title, grade, way, unit that accepted, and the days in which matters ended."""

    q = forms.CharField(label=_("编号或标题"), required=False, max_length=60)
    grade = forms.ChoiceField(label=_("满意程度"), required=False, choices=[*ALL, *GRADES])
    channel = forms.ChoiceField(
        label=_("评价方式"), required=False, choices=[*ALL, *RatingChannel.choices]
    )
    unit = forms.ChoiceField(label=_("受理单位"), required=False)
    first = forms.DateField(label=_("办结起"), required=False, widget=forms.DateInput())
    last = forms.DateField(label=_("办结止"), required=False, widget=forms.DateInput())

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        held = Matter.objects.visible_to(actor).filter(rating__isnull=False).order_by()
        units = Unit.objects.filter(pk__in=held.values("acceptor_unit")).order_by("division", "pk")
        offered = [(str(one.pk), one.label) for one in units]
        self.fields["unit"].choices = [*ALL, *offered]  # type: ignore[attr-defined]

    def days(self) -> tuple[date, date]:
        """The period of the figures: as chosen, else the last weeks."""
        last = self.chosen.get("last") or timezone.localdate()
        return self.chosen.get("first") or last - timedelta(days=DAYS_SHOWN - 1), last

    def period(self) -> tuple[datetime, datetime]:
        """The first moment of those days, and the first after them."""
        first, last = self.days()
        ends = (first, last + timedelta(days=1))
        since, until = (timezone.make_aware(datetime.combine(day, time.min)) for day in ends)
        return since, until

    def ratings(self, rows: QuerySet[Rating]) -> QuerySet[Rating]:
        said = self.chosen
        wanted = {
            "grade": said.get("grade"), "channel": said.get("channel"),
            "matter__acceptor_unit_id": said.get("unit"),
            "matter__finished_at__date__gte": said.get("first"),
            "matter__finished_at__date__lte": said.get("last"),
        }  # fmt: skip
        rows = rows.filter(**{key: value for key, value in wanted.items() if value})
        return self.narrowed(rows, "matter__")


class OwedFilter(ListFilter):
    """Number or title, and whether it is open, late or done."""

    q = forms.CharField(label=_("编号或标题"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[*ALL, ("open", _("待办")), ("late", _("超期")), ("done", _("已办结"))],
    )  # fmt: skip

    def owed(self, rows: QuerySet[Any], path: str = "matter__") -> QuerySet[Any]:
        state = self.chosen.get("state")
        if state:
            rows = rows.filter(done_at__isnull=state != "done")
        if state == "late":
            rows = rows.filter(due_at__lt=timezone.now())
        return self.narrowed(rows, path)
