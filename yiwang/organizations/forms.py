"""Forms of organisations, of what they share, and of service subjects."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.divisions.models import Division, Level
from yiwang.divisions.models.division import DivisionQuerySet
from yiwang.divisions.rules import KeyRange
from yiwang.needs.rules.categories import Category
from yiwang.organizations.actions import Offer
from yiwang.organizations.models import Organization, Provider
from yiwang.organizations.reads import offered_areas
from yiwang.organizations.rules.fields import FIELDS, NO, YES
from yiwang.organizations.rules.kinds import (
    checks,
    choices,
    legal_forms,
    paper_kinds,
    resource_kinds,
)
from yiwang.organizations.rules.states import LIFE_MOVES, LifeState, ProviderState
from yiwang.residents.models import SourceKind

ALL = [("", _("全部"))]
CHOOSE = [("", _("请选择"))]
SOURCES = [
    (one.value, one.label)
    for one in (SourceKind.VISIT, SourceKind.WINDOW, SourceKind.CALL, SourceKind.DEPARTMENT)
]


def communities(area: KeyRange) -> DivisionQuerySet:
    """Where an organisation may be entered: the communities of an area."""
    rows = Division.objects.within(area).filter(level=Level.COMMUNITY)
    return rows.current().served()


class _ValuesForm(forms.Form):
    """The items of an organisation; what is not filled is not told."""

    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("按证照上的全称写。"))
    legal_form = forms.ChoiceField(label=_("类型"))
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=40, required=False,
        help_text=_("18 位，证照上有；没有代码的队伍和窗口不填。"),
    )  # fmt: skip
    address = forms.CharField(
        label=_("地址"), max_length=200, required=False, help_text=_("从路名或小区写起，写到门牌。")
    )
    contact_name = forms.CharField(label=_("联系人"), max_length=60, required=False)
    contact_phone = forms.CharField(
        label=_("联系电话"), max_length=40, required=False,
        help_text=_("工作人员联系用，不公开。"), widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    point = forms.CharField(
        label=_("坐标（经度，纬度）"), max_length=40, required=False,
        help_text=_("可以不填；填了居民才能按距离找到，例如 120.8646,32.0162。"),
    )  # fmt: skip
    located = forms.ChoiceField(
        label=_("驻社区单位"), choices=[(YES, _("是")), (NO, _("否"))], initial=NO,
        widget=forms.RadioSelect, help_text=_("机关、企事业、学校、部队、物业等驻在社区、可以共建的单位。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["legal_form"].choices = [*CHOOSE, *choices(legal_forms())]  # type: ignore[attr-defined]

    def values(self) -> dict[str, str]:
        """By the codes of the items."""
        return {code: str(self.cleaned_data.get(code) or "") for code in FIELDS}


class NewForm(_ValuesForm):
    """One more organisation."""

    place = forms.ModelChoiceField(label=_("社区"), queryset=Division.objects.none())
    source = forms.ChoiceField(label=_("来源"), choices=SOURCES, initial=SourceKind.VISIT)
    surely_new = forms.BooleanField(
        label=_("确实是另一家"), required=False, widget=forms.HiddenInput()
    )

    field_order = ("place", "name", "legal_form", "credit_code", "address")

    def __init__(self, *args: Any, area: KeyRange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = communities(area)
        field = self.fields["place"]
        field.queryset = places  # type: ignore[attr-defined]
        only = list(places[:2])
        if len(only) == 1:
            field.initial, field.widget = only[0].pk, forms.HiddenInput()

    def ask_whether_new(self) -> None:
        """Show the question that a likeness raised."""
        self.fields["surely_new"].widget = forms.CheckboxInput()

    def values(self) -> dict[str, str]:
        return {code: text for code, text in super().values().items() if text}


class ChangeForm(_ValuesForm):
    """Corrections; the contact is shown only to who fills it anew, so empty means unchanged."""

    source = forms.ChoiceField(label=_("来源"), choices=SOURCES, initial=SourceKind.VISIT)
    no_contact = forms.BooleanField(label=_("不再有联系人"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("contact_name", "contact_phone"):
            self.fields[name].help_text = _("不改就留空。")

    def values(self) -> dict[str, str]:
        told = super().values()
        for code in ("contact_name", "contact_phone"):
            if not told[code] and not self.cleaned_data.get("no_contact"):
                del told[code]
        return told

    @staticmethod
    def held(one: Organization) -> dict[str, str]:
        """What the form begins with."""
        point = one.point
        return {
            "name": one.name, "legal_form": one.legal_form, "credit_code": one.credit_code,
            "address": one.address, "located": YES if one.located else NO,
            "point": f"{point.longitude:.6f},{point.latitude:.6f}" if point else "",
        }  # fmt: skip


class StateForm(forms.Form):
    """What becomes of an organisation."""

    to = forms.ChoiceField(label=_("改为"), widget=forms.RadioSelect)
    on = forms.DateField(label=_("日期"), required=False, widget=forms.DateInput)
    reason = forms.CharField(label=_("原因"), max_length=300)

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = LIFE_MOVES.get(state, frozenset())
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in LifeState if one in ways
        ]


class RelocateForm(forms.Form):
    """To another community of the area."""

    to = forms.ModelChoiceField(label=_("迁到"), queryset=Division.objects.none())
    reason = forms.CharField(label=_("原因"), max_length=300)

    def __init__(self, *args: Any, area: KeyRange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = communities(area)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=300)


class DecideForm(ReasonForm):
    """Which word stands, and why."""

    record = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput())


class ResourceForm(forms.Form):
    """What a unit shares."""

    kind = forms.ChoiceField(label=_("种类"))
    name = forms.CharField(label=_("名称"), max_length=80, help_text=_("例如：校园操场、报告厅。"))
    hours = forms.CharField(
        label=_("开放时间"), max_length=120, help_text=_("例如：周六、周日 8:00–17:00。")
    )
    conditions = forms.CharField(
        label=_("使用条件"), max_length=300, required=False,
        help_text=_("例如：凭证件登记，活动前三天预约，免费。"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    capacity = forms.IntegerField(
        label=_("可容纳人数"), required=False, min_value=1, max_value=1_000_000
    )
    phone = forms.CharField(
        label=_("联系电话（公开）"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [*CHOOSE, *choices(resource_kinds())]  # type: ignore[attr-defined]


class CooperationForm(forms.Form):
    """What was done together."""

    on = forms.DateField(label=_("日期"), widget=forms.DateInput)
    what = forms.CharField(label=_("合作内容"), max_length=200)
    people = forms.IntegerField(
        label=_("参加人数"), required=False, min_value=1, max_value=1_000_000
    )


class OfferForm(forms.Form):
    """What a service subject offers."""

    categories = forms.MultipleChoiceField(
        label=_("服务类别"), choices=Category.choices, widget=forms.CheckboxSelectMultiple
    )
    services = forms.CharField(
        label=_("服务内容"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("居民按这些词查找，例如：洗衣、干洗、被褥清洗。"),
    )  # fmt: skip
    hours = forms.CharField(label=_("服务时间"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("服务电话（公开）"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    areas = forms.MultipleChoiceField(
        label=_("服务区域"), widget=forms.CheckboxSelectMultiple,
        help_text=_("选乡镇（街道）就包括它的全部社区。"),
    )  # fmt: skip

    def __init__(self, *args: Any, place: Division, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["areas"].choices = [  # type: ignore[attr-defined]
            (str(area.pk), area.label) for area in offered_areas(place)
        ]

    def offer(self) -> Offer:
        said = self.cleaned_data
        areas = list(Division.objects.filter(pk__in=map(int, said["areas"])))
        return Offer(said["categories"], said["services"], said["phone"], said["hours"], areas)

    @staticmethod
    def held(one: Organization, provider: Provider | None) -> dict[str, Any]:
        if provider is None:
            return {"areas": [str(one.division_id)]}
        return {
            "categories": provider.categories, "services": provider.services,
            "hours": provider.hours, "phone": provider.phone,
            "areas": [str(key) for key in provider.served.values_list("division_id", flat=True)],
        }  # fmt: skip


class PaperForm(forms.Form):
    """A licence or certificate."""

    kind = forms.ChoiceField(label=_("证照"))
    number = forms.CharField(label=_("编号"), max_length=60, required=False)
    issued_on = forms.DateField(label=_("发证日期"), required=False, widget=forms.DateInput)
    expires_on = forms.DateField(
        label=_("有效期至"), required=False, widget=forms.DateInput, help_text=_("长期有效就不填。")
    )
    scan = forms.FileField(
        label=_("扫描件"), required=False, help_text=_("照片或 PDF，可以以后再补。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [*CHOOSE, *choices(paper_kinds())]  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Admitted, refused, suspended, removed."""

    checked = forms.MultipleChoiceField(
        label=_("核查"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("原因"), max_length=300, required=False,
        help_text=_("不通过、暂停、退出都要写明，对方能看到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["checked"].choices = choices(checks())  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A workbook of organisations."""

    file = forms.FileField(label=_("文件"), help_text=_("XLSX 或 CSV，最多 2,000 行。"))
    partly = forms.BooleanField(label=_("有错误的行先不导入，其余导入"), required=False)


class ListFilter(forms.Form):
    """What the list may be narrowed by; unknown values filter nothing."""

    q = forms.CharField(label=_("查找"), max_length=60, required=False)
    place = forms.ChoiceField(label=_("区划"), required=False)
    form = forms.ChoiceField(label=_("类型"), required=False)
    category = forms.ChoiceField(
        label=_("服务类别"), choices=[*ALL, *Category.choices], required=False
    )
    standing = forms.ChoiceField(
        label=_("服务主体"), choices=[*ALL, *ProviderState.choices], required=False
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False,
        choices=[*ALL, *[(one.value, one.label) for one in LifeState if one in LIFE_MOVES]],
    )  # fmt: skip

    def __init__(self, data: Any, places: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]
        self.fields["form"].choices = [*ALL, *choices(legal_forms())]  # type: ignore[attr-defined]
        self.is_valid()

    def said(self) -> dict[str, str]:
        return {name: str(self.cleaned_data.get(name) or "") for name in self.fields}

    def applied(self) -> list[dict[str, str]]:
        """The filters in use, as chips that take themselves away."""
        found = []
        for name, text in self.said().items():
            field = self.fields[name]
            words = dict(field.choices)[text] if hasattr(field, "choices") and text else text
            if text:
                found.append({"key": name, "label": f"{field.label}：{words}"})
        return found
