"""What is written into a log."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.liaison.actions.logs import MOST
from yiwang.liaison.models import Entry

HINTS = {
    Entry.ACCOUNTS: _("开通、停用、改密码。"),
    Entry.DEVICES: _("电脑、电话、线路是否正常。"),
    Entry.INCIDENTS: _("什么时候、什么设备或人员、怎样处理、结果。"),
    Entry.MAINTENANCE: _("备份、升级、数据整理。"),
    Entry.SECURITY: _("病毒、异常登录、泄密隐患。"),
    Entry.HANDOVER: _("给接班人的话。"),
}


class LogForm(forms.Form):
    """The entries of a day; none is required of itself, but not all may be empty."""

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial)
        for one in Entry:
            self.fields[one.value] = forms.CharField(
                label=one.label, max_length=MOST, required=False, help_text=HINTS[one],
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def entries(self) -> dict[str, str]:
        return {one.value: self.cleaned_data.get(one.value, "") for one in Entry}


class CorrectionForm(LogForm):
    """The same again, and why."""

    reason = forms.CharField(label=_("更正原因"), max_length=300)
