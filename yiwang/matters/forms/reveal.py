"""Why someone looks at a whole number."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("查看原因"),
        help_text=_("会记入日志，居民可查。例如：电话核实补正材料。"),
        max_length=200,
    )
