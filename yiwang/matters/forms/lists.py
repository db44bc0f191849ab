"""Filters of the lists of rules, entrustments and bundles, and the fields their forms share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Unit
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.matters.models import ServiceItem

ALL = [("", _("全部"))]
DATES = {"type": "date"}


class ListFilter(forms.Form):
    """A GET form; a value nobody offers is left out instead of stopping the page."""

    q = forms.CharField(label=_("名称"), required=False, max_length=60)

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


class RuleFilter(ListFilter):
    """Unit or item, kind of rule, in force or not."""

    q = forms.CharField(label=_("单位、事项或理由"), required=False, max_length=60)
    kind = forms.ChoiceField(
        label=_("种类"), required=False,
        choices=[*ALL, ("rule", _("分办规则")), ("fallback", _("兜底规则"))],
    )  # fmt: skip
    when = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[*ALL, ("now", _("施行中")), ("later", _("未施行")), ("over", _("已终止"))],
    )  # fmt: skip


class EntrustmentFilter(ListFilter):
    """Unit or item, and whether it holds."""

    q = forms.CharField(label=_("单位、编号或事项"), required=False, max_length=60)
    when = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[
            *ALL, ("now", _("有效")), ("soon", _("即将到期")), ("later", _("未生效")),
            ("over", _("已到期、已终止")),
        ],
    )  # fmt: skip
    side = forms.ChoiceField(
        label=_("本单位"), required=False,
        choices=[*ALL, ("agent", _("本单位受托")), ("authority", _("本单位委托"))],
    )  # fmt: skip


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One unit of the city, found by typing its name; nothing is loaded into the page."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            Unit.objects.none(), widget=forms.RadioSelect, empty_label=None,
            error_messages={"required": _("请搜索并选一个单位。")}, **more,
        )  # fmt: skip

    def at(self, division: int) -> None:
        """The open units of the city a division lies in may be chosen."""
        self.queryset = Unit.objects.open().within(range_of(division))


class PlaceChoice(forms.CharField):
    """A place by its name or code; `found` are the places meant when it is not plain."""

    found: list[Division]

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        self.found = []
        if not text:
            return None
        rows = Division.objects.current().served()
        named = rows.filter(pk=int(text)) if text.isdecimal() else rows.filter(name=text)
        self.found = list(named[:2]) or list(rows.filter(name__contains=text)[:9])
        if len(self.found) == 1:
            return self.found[0]
        names = "、".join(f"{one.label}（{one.pk}）" for one in self.found)
        if self.found:
            raise forms.ValidationError(_("有几处同名，请填代码：%(names)s") % {"names": names})
        raise forms.ValidationError(_("没有这个地方，请填镇（街道）、村（居）的名称或 12 位代码。"))


def item_choices() -> list[tuple[str, str]]:
    """The items of the catalogue by code."""
    return [(one.code, one.label) for one in ServiceItem.objects.public()]
