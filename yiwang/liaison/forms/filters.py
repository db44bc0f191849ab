"""GET forms that narrow the lists of liaison."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.reads import NETWORK_ROLES
from yiwang.core.rules.chinese import clean_text
from yiwang.liaison.models import (
    DayLog,
    Device,
    DeviceKind,
    DeviceState,
    Enrolment,
    Receipt,
    WorkNotice,
)

ALL = [("", _("全部"))]
GAP_NAMES = {
    "covered": _("已覆盖"), "uncovered": _("未覆盖"), "unmanned": _("没有管理员"),
    "inactive": _("多日没有登录"), "unequipped": _("设备不达标"), "line": _("网络线路故障"),
}  # fmt: skip


def named_like(text: str, prefix: str = "") -> Q:
    """Places whose name, pinyin or initials fit what was typed."""
    flat = text.replace(" ", "").lower()
    return (
        Q(**{f"{prefix}name__contains": text})
        | Q(**{f"{prefix}pinyin__startswith": flat})
        | Q(**{f"{prefix}initials__startswith": flat})
    )


class Filter(forms.Form):
    """A value nobody offers is left out instead of stopping the page."""

    q = forms.CharField(label=_("区划名称或文字"), required=False, max_length=60)

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


class PlaceFilter(Filter):
    """The gap of a community, and its name."""

    gap = forms.ChoiceField(label=_("覆盖"), required=False, choices=[*ALL, *GAP_NAMES.items()])
    field_order = ("gap", "q")

    def narrowed(self, rows: QuerySet[Any], gaps: dict[str, Q]) -> QuerySet[Any]:
        said, text = self.chosen, self.text()
        if "gap" in said:
            rows = rows.filter(gaps[said["gap"]])
        return rows.filter(named_like(text)) if text else rows


class DeviceFilter(Filter):
    """Kind, state, words."""

    kind = forms.ChoiceField(label=_("种类"), required=False, choices=[*ALL, *DeviceKind.choices])
    state = forms.ChoiceField(label=_("状态"), required=False, choices=[*ALL, *DeviceState.choices])

    def narrowed(self, rows: QuerySet[Device]) -> QuerySet[Device]:
        said, text = self.chosen, self.text()
        rows = rows.filter(**{key: said[key] for key in ("kind", "state") if key in said})
        if text:
            words = Q(name__contains=text) | Q(serial__contains=text) | Q(number__contains=text)
            rows = rows.filter(words | named_like(text, "division__"))
        return rows


class InboxFilter(Filter):
    """What came in: whether it was confirmed, and words."""

    q = forms.CharField(label=_("标题或正文"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[*ALL, ("waiting", _("待确认")), ("confirmed", _("已确认"))],
    )  # fmt: skip

    def narrowed(self, rows: QuerySet[Receipt]) -> QuerySet[Receipt]:
        said, text = self.chosen, self.text()
        if said.get("state") == "waiting":
            rows = rows.waiting()  # type: ignore[attr-defined]
        elif "state" in said:
            rows = rows.filter(confirmed_at__isnull=False)
        if text:
            rows = rows.filter(Q(notice__title__contains=text) | Q(notice__text__contains=text))
        return rows


class OutboxFilter(Filter):
    """What went out: words."""

    q = forms.CharField(label=_("标题或正文"), required=False, max_length=60)

    def narrowed(self, rows: QuerySet[WorkNotice]) -> QuerySet[WorkNotice]:
        text = self.text()
        return rows.filter(Q(title__contains=text) | Q(text__contains=text)) if text else rows


class ReceiptFilter(Filter):
    """How far the places are."""

    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[
            *ALL, ("waiting", _("待确认")), ("unread", _("未读")), ("read", _("已读未确认")),
            ("confirmed", _("已确认")), ("asked", _("提问待答复")),
        ],
    )  # fmt: skip

    def narrowed(self, rows: QuerySet[Receipt], states: dict[str, Q]) -> QuerySet[Receipt]:
        said, text = self.chosen, self.text()
        if "state" in said:
            rows = rows.filter(states[said["state"]])
        return rows.filter(named_like(text, "division__")) if text else rows


class LogFilter(Filter):
    """Logs of a place or a day."""

    on = forms.DateField(label=_("日期"), required=False, widget=forms.DateInput())

    def narrowed(self, rows: QuerySet[DayLog]) -> QuerySet[DayLog]:
        said, text = self.chosen, self.text()
        rows = rows.filter(on=said["on"]) if "on" in said else rows
        if text:
            rows = rows.filter(named_like(text, "division__") | Q(entries__icontains=text))
        return rows


class GapFilter(Filter):
    """Places by name."""

    q = forms.CharField(label=_("区划名称或拼音"), required=False, max_length=60)

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        text = self.text()
        return rows.filter(named_like(text)) if text else rows


class AdministratorFilter(Filter):
    """Tier, state of training, name."""

    q = forms.CharField(label=_("姓名、区划或拼音"), required=False, max_length=60)
    tier = forms.ChoiceField(
        label=_("岗位"), required=False,
        choices=[*ALL, *((role.value, role.label) for role in NETWORK_ROLES.values())],
    )  # fmt: skip
    training = forms.ChoiceField(
        label=_("培训"), required=False,
        choices=[
            *ALL, ("trained", _("持证")), ("waiting", _("在学")), ("late", _("逾期未学完")),
            ("none", _("没有培训")),
        ],
    )  # fmt: skip

    def narrowed(self, rows: QuerySet[Any], states: dict[str, Q]) -> QuerySet[Any]:
        said, text = self.chosen, self.text()
        rows = rows.filter(role=said["tier"]) if "tier" in said else rows
        rows = rows.filter(states[said["training"]]) if "training" in said else rows
        if text:
            rows = rows.filter(Q(user__name__contains=text) | named_like(text, "division__"))
        return rows


class EnrolmentFilter(Filter):
    """What waits, what is late, who passed."""

    q = forms.CharField(label=_("姓名或课程"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[
            *ALL, ("mine", _("我的")), ("open", _("待考核")), ("late", _("逾期")),
            ("passed", _("合格")), ("failed", _("不合格")),
        ],
    )  # fmt: skip

    def narrowed(self, rows: QuerySet[Enrolment], today: Any, user: int) -> QuerySet[Enrolment]:
        states = {
            "mine": Q(post__user_id=user, taken_on__isnull=True),
            "open": Q(taken_on__isnull=True),
            "late": Q(taken_on__isnull=True, due_on__lt=today), "passed": Q(passed=True),
            "failed": Q(passed=False, taken_on__isnull=False),
        }  # fmt: skip
        said, text = self.chosen, self.text()
        rows = rows.filter(states[said["state"]]) if "state" in said else rows
        if text:
            rows = rows.filter(Q(post__user__name__contains=text) | Q(course__title__contains=text))
        return rows
