"""Forms of the core: a new value of a parameter, a day of the calendar, a file."""

import json
import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models.law import Confidence, DayKind

PLACE = re.compile(r"^(|CN|[0-9]{12})$")


class ParameterForm(forms.Form):
    """A value from a day on."""

    value = forms.CharField(
        label=_("新数值"), max_length=2000,
        help_text=_("数字直接写；文字加英文双引号；多项用方括号。"),
    )  # fmt: skip
    effective_from = forms.DateField(label=_("施行日期"), widget=forms.DateInput())
    jurisdiction = forms.CharField(
        label=_("适用范围"), max_length=12, required=False,
        help_text=_("留空为本系统默认，CN 为全国，或 12 位区划代码。"),
    )  # fmt: skip
    source = forms.CharField(label=_("依据"), max_length=300)
    confidence = forms.ChoiceField(label=_("可信度"), choices=Confidence.choices)
    note_text = forms.CharField(label=_("备注"), max_length=500, required=False)

    def clean_value(self) -> Any:
        try:
            return json.loads(self.cleaned_data["value"])
        except ValueError:
            raise ValidationError(
                _('看不懂这个数值。文字请加英文双引号，例如 "09:00-12:00"。')
            ) from None

    def clean_jurisdiction(self) -> str:
        place = str(self.cleaned_data["jurisdiction"]).strip()
        if not PLACE.match(place):
            raise ValidationError(_("请留空，或写 CN，或写 12 位数字。"))
        return place


class CalendarDayForm(forms.Form):
    """What a day is."""

    date = forms.DateField(label=_("日期"), widget=forms.DateInput())
    kind = forms.ChoiceField(label=_("性质"), choices=DayKind.choices)
    name = forms.CharField(label=_("名称"), max_length=40, required=False)
    name_en = forms.CharField(label=_("英文名称"), max_length=60, required=False)
    provisional = forms.BooleanField(label=_("暂定"), required=False)
    source = forms.CharField(label=_("依据"), max_length=300)


class FileForm(forms.Form):
    """A CSV file."""

    file = forms.FileField(
        label=_("CSV 文件"), help_text=_("请用下载的文件作模板，只改需要改的行。")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise ValidationError(_("文件太大，请确认选对了文件。"))
        return file
