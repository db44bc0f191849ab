"""What staff fill in: the filter of the outbox, and the words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.notifications.rules.kinds import Channel, Kind, State

ALL = [("", _("全部"))]


class OutboxFilter(forms.Form):
    """What the outbox may be narrowed by; unknown values filter nothing."""

    q = forms.CharField(label=_("事项编号"), required=False, max_length=40)
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=[*ALL, ("dead", _("需要处理")), *State.choices]
    )
    channel = forms.ChoiceField(label=_("方式"), choices=[*ALL, *Channel.choices], required=False)
    kind = forms.ChoiceField(label=_("内容"), choices=[*ALL, *Kind.choices], required=False)
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput())
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput())

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.is_valid()

    def said(self, name: str) -> Any:
        return self.cleaned_data.get(name) or ""

    def applied(self) -> list[dict[str, str]]:
        """The filters in use, as chips that take themselves away."""
        return [
            {"key": name, "label": f"{field.label}：{self._shown(name, field)}"}
            for name, field in self.fields.items()
            if self.said(name)
        ]

    def _shown(self, name: str, field: forms.Field) -> str:
        choices = dict(getattr(field, "choices", ()))
        return str(choices.get(self.said(name), self.said(name)))


class WordingForm(forms.Form):
    """Title and text in both languages; whether they will do is decided by the act."""

    title = forms.CharField(
        label=_("标题"), max_length=80, widget=forms.TextInput(attrs={"lang": "zh-Hans"})
    )
    title_en = forms.CharField(
        label=_("英文标题"), max_length=120, widget=forms.TextInput(attrs={"lang": "en"})
    )
    text = forms.CharField(
        label=_("中文文本"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "zh-Hans"}),
    )  # fmt: skip
    text_en = forms.CharField(
        label=_("英文文本"), max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4, "lang": "en"}),
    )  # fmt: skip

    def __init__(self, *args: Any, titled: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not titled:
            del self.fields["title"], self.fields["title_en"]
