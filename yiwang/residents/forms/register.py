"""Forms of the register: filters, entering and correcting people, workbooks."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division, Level
from yiwang.divisions.rules import KeyRange
from yiwang.residents.models import Relation, Sex, SourceKind, Standing
from yiwang.residents.reads import Known, dictionary
from yiwang.residents.rules.dictionary import Field

AGES = [("", _("全部")), ("minor", _("未成年人")), ("adult", _("成年人")), ("elder", _("老年人")),
        ("senior", _("高龄老人"))]  # fmt: skip
FRESHNESS = [("", _("全部")), ("due", _("已过期")), ("soon", _("即将到期")), ("fresh", _("未到期"))]
LACKS = [("", _("全部")), ("identity", _("缺身份证号")), ("phone", _("缺电话")),
         ("birth", _("缺出生日期")), ("address", _("缺现住址"))]  # fmt: skip
HOMES = [("", _("全部")), ("with", _("已编入家庭")), ("without", _("未编入家庭"))]


class FilterForm(forms.Form):
    """What a list of residents may be narrowed by; unknown values filter nothing."""

    q = forms.CharField(label=_("姓名、拼音、身份证号、电话"), required=False, max_length=60)
    place = forms.ChoiceField(label=_("区划"), required=False)
    age = forms.ChoiceField(label=_("年龄段"), choices=AGES, required=False)
    standing = forms.ChoiceField(
        label=_("居住状态"), choices=[("", _("全部")), *Standing.choices], required=False
    )
    fresh = forms.ChoiceField(label=_("信息时效"), choices=FRESHNESS, required=False)
    lacks = forms.ChoiceField(label=_("缺少信息"), choices=LACKS, required=False)
    home = forms.ChoiceField(label=_("家庭"), choices=HOMES, required=False)
    group = forms.ChoiceField(label=_("网格、小组"), required=False)

    def __init__(
        self,
        data: Any,
        places: Iterable[tuple[str, str]],
        groups: Iterable[tuple[str, str]] = (("", ""),),
    ) -> None:
        super().__init__(data)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]
        self.fields["group"].choices = list(groups)  # type: ignore[attr-defined]
        self.is_valid()

    def said(self, name: str) -> str:
        """The answer to one filter, empty when there is none or it is none of the choices."""
        return str(self.cleaned_data.get(name) or "")

    def words(self, name: str) -> str:
        choices = dict(self.fields[name].choices)  # type: ignore[attr-defined]
        return str(choices.get(self.said(name), ""))


class PlainText(forms.CharField):
    """Text without control characters, in NFC."""

    def to_python(self, value: Any) -> str:
        return clean_text(str(value or ""))


class ResidentForm(forms.Form):
    """A new resident. What is right is decided by the act, so that the API decides alike."""

    name = PlainText(label=_("姓名"), max_length=200)
    identity_number = PlainText(
        label=_("公民身份号码"), required=False, max_length=40,
        help_text=_("填了号码，性别和出生日期可以不填。"),
    )  # fmt: skip
    phone = PlainText(label=_("联系电话"), required=False, max_length=40)
    born_on = forms.DateField(label=_("出生日期"), required=False, widget=forms.DateInput)
    sex = forms.ChoiceField(
        label=_("性别"), choices=[("", _("未填")), *Sex.choices], required=False
    )
    home_address = PlainText(label=_("现住址"), required=False, max_length=200)
    standing = forms.ChoiceField(
        label=_("居住状态"), choices=Standing.choices, initial=Standing.REGISTERED
    )
    household = PlainText(
        label=_("户号"), required=False, max_length=40, help_text=_("已有的户号；新户请先建家庭。")
    )
    relation = forms.ChoiceField(
        label=_("与户主关系"), choices=[("", _("未填")), *Relation.choices], required=False
    )
    source = forms.ChoiceField(
        label=_("信息来源"),
        choices=[(SourceKind.VISIT, _("走访采集")), (SourceKind.WINDOW, _("窗口采集"))],
        initial=SourceKind.VISIT,
    )
    place = forms.ModelChoiceField(label=_("社区"), queryset=Division.objects.none())
    surely_new = forms.BooleanField(
        label=_("已核对，确是另一个人"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, area: KeyRange, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Division.objects.within(area).filter(level=Level.COMMUNITY).current().served()
        place = self.fields["place"]
        place.queryset = places  # type: ignore[attr-defined]
        only = list(places[:2])
        if len(only) == 1:
            place.initial, place.widget = only[0].pk, forms.HiddenInput()

    def ask_if_new(self) -> None:
        """Show the question that a likeness raises."""
        self.fields["surely_new"].widget = forms.CheckboxInput()

    def values(self) -> dict[str, str]:
        """The answers that are fields of the dictionary."""
        said = self.cleaned_data
        born = said.get("born_on")
        return {
            "identity_number": said["identity_number"],
            "phone": said["phone"],
            "born_on": born.isoformat() if born else "",
            "sex": said["sex"],
            "home_address": said["home_address"],
        }


class FactsForm(forms.Form):
    """Fields of the dictionary to be corrected; what is masked stays as it is when left empty."""

    source = forms.ChoiceField(
        label=_("信息来源"), choices=SourceKind.choices, initial=SourceKind.VISIT
    )

    def __init__(self, *args: Any, codes: Iterable[str], known: Mapping[str, Known], **kw: Any):
        super().__init__(*args, **kw)
        self.codes = list(codes)
        fields = dictionary()
        asked = {code: _asked(fields[code], known.get(code)) for code in self.codes}
        self.fields = {**asked, **self.fields}
        self.masked = {code for code in self.codes if fields[code].mask != "none"}

    def changes(self) -> dict[str, str]:
        """What was answered; an empty answer to a masked field says nothing."""
        said: dict[str, str] = {}
        for code in self.codes:
            value = self.cleaned_data.get(code)
            text = ",".join(value) if isinstance(value, list) else str(value or "")
            if text or code not in self.masked:
                said[code] = text
        return said


def _asked(field: Field, known: Known | None) -> forms.Field:
    """The control of one field; a masked value is shown masked beside it, never inside."""
    hidden = field.mask != "none"
    held = known.value if known and not hidden else None
    shown: dict[str, Any] = {"label": field.label, "required": False, "initial": held}
    if known and hidden:
        shown["help_text"] = _("现为 %(value)s；不改就留空。") % {"value": known.masked}
    choices = [(choice.code, choice.label) for choice in field.choices]
    if field.type == "choice":
        return forms.ChoiceField(choices=[("", _("未填")), *choices], **shown)
    if field.type == "multichoice":
        shown["initial"] = held.split(",") if held else []
        return forms.MultipleChoiceField(
            choices=choices, widget=forms.CheckboxSelectMultiple, **shown
        )
    if field.type == "boolean":
        answers = [("", _("未填")), ("true", _("是")), ("false", _("否"))]
        return forms.ChoiceField(choices=answers, **shown)
    if field.type == "date":
        return forms.DateField(widget=forms.DateInput, **shown)
    return PlainText(max_length=500, **shown)


class RevealForm(forms.Form):
    """Why someone looks behind the mask."""

    reason = PlainText(label=_("查看原因"), max_length=200)


class DecideForm(forms.Form):
    """Which source's word is to stand, and why."""

    record = forms.IntegerField(widget=forms.HiddenInput)
    reason = PlainText(label=_("核定理由"), max_length=300, initial=_("当面核对"))


class ImportForm(forms.Form):
    """A workbook, and the place it is for."""

    file = forms.FileField(label=_("表格文件"), help_text=_("XLSX 或 CSV。"))
    place = forms.ModelChoiceField(label=_("社区"), queryset=Division.objects.none())

    def __init__(self, *args: Any, area: KeyRange, own: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Division.objects.within(area).filter(level__gte=Level.TOWNSHIP).current().served()
        if not Division.objects.filter(pk=own, level__gte=Level.TOWNSHIP).exists():
            places = Division.objects.filter(pk=own)
        field = self.fields["place"]
        field.queryset, field.initial = places, own  # type: ignore[attr-defined]
        if places.count() == 1:
            field.widget = forms.HiddenInput()
