"""What visitors type: number and digits, a rating, the answer to a correction."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yiwang.core.reads import parameter
from yiwang.core.rules import numbers
from yiwang.core.rules.chinese import clean_digits, clean_text
from yiwang.divisions.models import Division
from yiwang.matters.models import Rating
from yiwang.matters.rules.rating import Reason
from yiwang.needs.rules.categories import Category
from yiwang.organizations.actions import Offer
from yiwang.organizations.reads import offered_areas
from yiwang.organizations.rules.fields import FIELDS
from yiwang.organizations.rules.kinds import choices, legal_forms, paper_kinds
from yiwang.residents.reads import dictionary

ANSWER_LENGTH = 200
COMMENT_LENGTH = 500
FILE_NAME_LENGTH = 200
# What the picker of files offers; what a file really is, is read from its first bytes.
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf"


class TrackForm(forms.Form):
    """A matter's number, as printed or read out, and the last digits of the telephone."""

    number = forms.CharField(
        label=_("编号"),
        max_length=40,
        help_text=_("回执上的 15 位数字，中间的横线可不填。"),
        error_messages={"required": _("请填写编号，在受理回执的上方。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    last_four = forms.CharField(
        label=_("手机号末四位"),
        max_length=12,
        help_text=_("申请时登记的手机号的最后四位数字。"),
        error_messages={"required": _("请填写手机号的最后四位。")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        try:
            return numbers.parse(self.cleaned_data["number"])
        except numbers.InvalidNumber as wrong:
            raise forms.ValidationError(str(wrong), code=wrong.code) from wrong

    def clean_last_four(self) -> str:
        digits = clean_digits(self.cleaned_data["last_four"])
        wanted = int(parameter("matters.tracking_digits"))
        if len(digits) != wanted:
            sentence = gettext("请只填最后 %(count)s 位数字。") % {"count": wanted}
            raise forms.ValidationError(sentence, code="length")
        return digits


class AppointmentForm(forms.Form):
    """The number of an appointment and the last digits of the telephone."""

    number = forms.CharField(
        label=_("预约号"),
        max_length=20,
        help_text=_("Y 开头，后面 8 位数字，在短信或预约单上。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    last_four = forms.CharField(
        label=_("手机号末四位"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_last_four(self) -> str:
        return clean_digits(self.cleaned_data["last_four"])


class ApplyForm(forms.Form):
    """An organisation says who it is, whom to ring, and what it offers where."""

    name = forms.CharField(label=_("名称"), max_length=120, help_text=_("按证照上的全称写。"))
    legal_form = forms.ChoiceField(label=_("类型"))
    credit_code = forms.CharField(
        label=_("统一社会信用代码"), max_length=40, required=False,
        help_text=_("18 位，证照上有；没有代码的队伍和窗口不填。"),
    )  # fmt: skip
    address = forms.CharField(
        label=_("地址"), max_length=200, required=False, help_text=_("从路名或小区写起，写到门牌。")
    )
    contact_name = forms.CharField(label=_("联系人"), max_length=60)
    contact_phone = forms.CharField(
        label=_("联系电话"), max_length=40, help_text=_("只供审核联系，不公开；查申请时核对末四位。"),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
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
        fields: dict[str, Any] = self.fields
        fields["legal_form"].choices = [("", _("请选择")), *choices(legal_forms())]
        fields["areas"].choices = [(str(one.pk), one.label) for one in offered_areas(place)]

    def values(self) -> dict[str, str]:
        """What the register keeps, by the codes of its items."""
        return {code: str(self.cleaned_data.get(code) or "") for code in FIELDS}

    def offer(self) -> Offer:
        said = self.cleaned_data
        areas = list(Division.objects.in_city().filter(pk__in=map(int, said["areas"])))
        return Offer(said["categories"], said["services"], said["phone"], said["hours"], areas)


class ApplyCorrectionForm(ApplyForm):
    """The same again; the contact is not shown, so empty means unchanged."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("contact_name", "contact_phone"):
            self.fields[name].required = False
            self.fields[name].help_text = gettext("不改就留空。")


class ApplyPaperForm(forms.Form):
    """One paper with its picture."""

    kind = forms.ChoiceField(label=_("证照"))
    number = forms.CharField(label=_("编号"), max_length=60, required=False)
    issued_on = forms.DateField(label=_("发证日期"), required=False, widget=forms.DateInput)
    expires_on = forms.DateField(
        label=_("有效期至"), required=False, widget=forms.DateInput, help_text=_("长期有效就不填。")
    )
    scan = forms.FileField(
        label=_("照片或 PDF"),
        max_length=FILE_NAME_LENGTH,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds: Any = self.fields["kind"]
        kinds.choices = [("", _("请选择")), *choices(paper_kinds())]


class ApplyTrackForm(forms.Form):
    """The number of an application and the last digits of the contact telephone."""

    number = forms.CharField(
        label=_("申请编号"),
        max_length=20,
        help_text=_("S 开头，后面 8 位数字，提交申请时给出。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    last_four = forms.CharField(
        label=_("联系电话末四位"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class RatingForm(forms.Form):
    """One of five grades, reasons to tick, and a few words."""

    grade = forms.TypedChoiceField(
        label=_("您对这次办事满意吗？"),
        choices=Rating.Grade.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一个满意等级。")},
    )
    reasons = forms.MultipleChoiceField(
        label=_("为什么这样评？"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    comment = forms.CharField(
        label=_("想说的话"),
        max_length=COMMENT_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, reasons: Sequence[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(one.words, one.label) for one in reasons]
        self.fields["reasons"].choices = offered  # type: ignore[attr-defined]

    def clean_comment(self) -> str:
        return clean_text(self.cleaned_data["comment"], multiline=True)


class CorrectionForm(forms.Form):
    """One field for each thing the notice names: a file for a document, a line for an answer.

    What the office wrote freely may be answered either way.
    """

    def __init__(self, items: Sequence[Mapping[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = items
        for number, one in enumerate(items):
            if one["kind"] != "field":
                self.fields[f"file{number}"] = _file(one, required=one["kind"] == "material")
            if one["kind"] != "material":
                self.fields[f"text{number}"] = _text(one, required=one["kind"] == "field")

    def clean(self) -> dict[str, Any]:
        """A free request needs a file or some words."""
        for number, one in enumerate(self.asked):
            given = self.cleaned_data.get(f"file{number}") or self.cleaned_data.get(f"text{number}")
            if one["kind"] not in {"field", "material"} and not given:
                sentence = gettext("“%(name)s”：请传一个文件，或写几句话。")
                self.add_error(f"text{number}", sentence % {"name": one["name"]})
        return self.cleaned_data

    def uploads(self) -> dict[str, Any]:
        """The files handed in, by the code of what was asked."""
        return self._given("file")

    def answers(self) -> dict[str, str]:
        """What was typed, by the code of what was asked."""
        return {code: str(value) for code, value in self._given("text").items()}

    def _given(self, kind: str) -> dict[str, Any]:
        numbered = enumerate(self.asked)
        found = {one["code"]: self.cleaned_data.get(f"{kind}{at}") for at, one in numbered}
        return {code: value for code, value in found.items() if value}


def _file(asked: Mapping[str, str], *, required: bool) -> forms.Field:
    missing = gettext("请选择“%(name)s”的照片或 PDF。") % {"name": asked["name"]}
    return forms.FileField(
        label=asked["name"],
        help_text=asked.get("wrong", ""),
        required=required,
        max_length=FILE_NAME_LENGTH,
        error_messages={
            "required": missing,
            "empty": gettext("这个文件是空的，请重新选择。"),
            "max_length": gettext("文件名太长，请改短后再传。"),
        },
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )


def _text(asked: Mapping[str, str], *, required: bool) -> forms.Field:
    """The field as the dictionary defines it: a choice, a date or a line."""
    field = dictionary().get(asked["code"])
    label = field.label if field else asked["name"]
    common: dict[str, Any] = {
        "label": label if required else gettext("或者写在这里"),
        "help_text": asked.get("wrong", ""),
        "required": required,
        "error_messages": {"required": gettext("请填写“%(name)s”。") % {"name": label}},
    }
    if field and field.type == "choice":
        options = [("", gettext("请选择")), *((one.code, one.label) for one in field.choices)]
        return forms.ChoiceField(**common, choices=options)
    if field and field.type == "date":
        return forms.DateField(**common)
    return forms.CharField(**common, max_length=ANSWER_LENGTH)
