"""What is typed about notices."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.core.reads import parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.liaison.actions.notices import Letter
from yiwang.liaison.models import Audience
from yiwang.liaison.reads.notices import audiences_of


class NoticeForm(forms.Form):
    """A notice: to whom, what, until when, with a file."""

    audience = forms.ChoiceField(label=_("发给"))
    under = forms.TypedChoiceField(label=_("范围"), coerce=int, required=False)
    title = forms.CharField(label=_("标题"), max_length=120)
    text = forms.CharField(
        label=_("正文"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8})
    )
    days = forms.IntegerField(label=_("几个工作日内确认"), min_value=1)
    upload = forms.FileField(
        label=_("附件"), max_length=200, required=False, help_text=_("照片或 PDF。"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, actor: Actor) -> None:
        super().__init__(data, files, initial={"days": parameter("liaison.confirm_days")})
        offered = audiences_of(actor.division_id)
        self.fields["audience"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in offered
        ]
        below = Division.objects.current().served().filter(parent_id=actor.division_id)
        own = Division.objects.filter(pk=actor.division_id)
        self.fields["under"].choices = [  # type: ignore[attr-defined]
            (one.pk, one.label) for one in [*own, *below.order_by("key")]
        ]
        if offered == [Audience.UP]:
            del self.fields["under"]
        self.fields["days"].widget.attrs["max"] = parameter("liaison.most_confirm_days")

    def letter(self) -> Letter:
        said = self.cleaned_data
        text = clean_text(said["text"], multiline=True)
        return Letter(
            said["title"], text, said["audience"], said.get("under") or None, said["days"]
        )


class QuestionForm(forms.Form):
    """What is asked back."""

    text = forms.CharField(
        label=_("提问"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReplyForm(forms.Form):
    """The answer to one place."""

    receipt = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(label=_("答复"), max_length=500)


class WithdrawForm(forms.Form):
    """Why a notice is taken back."""

    reason = forms.CharField(label=_("撤回原因"), max_length=300)
