"""What a hall lets people book, the time somebody takes, and filters of lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.queues.models import BookingPlan
from yiwang.queues.reads.booking import KEYS, Slot
from yiwang.queues.rules.hall import Claim
from yiwang.queues.rules.lines import lines_on_offer
from yiwang.queues.rules.slots import Booking, Door


class PlanForm(forms.Form):
    """Lines, slot, room, days ahead."""

    is_open = forms.BooleanField(label=_("开放预约"), required=False)
    letters = forms.MultipleChoiceField(
        label=_("可以预约的业务"), widget=forms.CheckboxSelectMultiple
    )
    slot_minutes = forms.IntegerField(
        label=_("每段多少分钟"), min_value=5, max_value=240,
        help_text=_("按办公时间切成这么长的段，午休和下班不约。"),
    )  # fmt: skip
    capacity = forms.IntegerField(
        label=_("每段几个人"), min_value=1, max_value=50,
        help_text=_("每项业务分别计算，留一部分窗口给没有预约的人。"),
    )  # fmt: skip
    days_ahead = forms.IntegerField(label=_("可以提前几天约"), min_value=1, max_value=60)

    def __init__(self, data: Any, plan: BookingPlan | None) -> None:
        initial = {
            "is_open": plan.is_open if plan else True,
            "letters": plan.letters if plan else ["A"],
            "slot_minutes": plan.slot_minutes if plan else 30,
            "capacity": plan.capacity if plan else 2,
            "days_ahead": plan.days_ahead if plan else 14,
        }
        super().__init__(data, initial=initial)
        offered = lines_on_offer().values()
        choices = [(one.letter, f"{one.letter} {one.label}") for one in offered]
        self.fields["letters"].choices = choices  # type: ignore[attr-defined]


class BookForm(forms.Form):
    """One of the free times; when it is new also why the person goes first, and by which way."""

    starts_at = forms.ChoiceField(
        label=_("时间"), widget=forms.RadioSelect, error_messages={"required": _("请选一个时间。")}
    )
    claim = forms.ChoiceField(
        label=_("优先照顾"), choices=Claim.choices, required=False, widget=forms.RadioSelect,
        help_text=_("凭证件或本人说明，到窗口核对。"),
    )  # fmt: skip
    door = forms.ChoiceField(
        label=_("预约途径"),
        choices=[(one.value, one.label) for one in (Door.WINDOW, Door.PHONE)],
        initial=Door.WINDOW,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any, slots: Sequence[Slot], *, new: bool = False) -> None:
        super().__init__(data)
        choices = [(one.value, self._text(one)) for one in slots if one.free]
        self.fields["starts_at"].choices = choices  # type: ignore[attr-defined]
        if not new:
            del self.fields["door"], self.fields["claim"]

    @staticmethod
    def _text(slot: Slot) -> str:
        left = gettext("%(slot)s（余 %(free)s）")
        return left % {"slot": slot.label, "free": slot.free}

    def clean_starts_at(self) -> datetime | None:
        return parse_datetime(self.cleaned_data["starts_at"])


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("取消原因"), required=False, max_length=200)


class AppointmentsForm(forms.Form):
    """Which appointments of the area: by day, state, number or name of the hall."""

    q = forms.CharField(label=_("预约号或大厅"), required=False, max_length=60)
    on = forms.DateField(label=_("日期"), required=False, widget=forms.DateInput())
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[("", _("全部")), *Booking.choices]
    )

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name) if self.is_valid() else None


class WaitsForm(forms.Form):
    """From when to when, which hall, and added up by what."""

    q = forms.CharField(label=_("大厅名称"), required=False, max_length=60)
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput())
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput())
    by = forms.ChoiceField(
        label=_("按什么统计"), required=False,
        choices=[("hour", _("钟点")), ("day", _("日期")), ("unit", _("大厅")),
                 ("unit-day", _("大厅和日期")), ("unit-day-hour", _("大厅、日期和钟点"))],
    )  # fmt: skip

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name) if self.is_valid() else None

    @property
    def keys(self) -> list[str]:
        """What figures are added up by."""
        chosen = str(self.said("by") or "hour").split("-")
        return [one for one in chosen if one in KEYS]
