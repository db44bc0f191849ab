"""What is entered about the roster."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Post, Unit
from yiwang.core.reads import parameter
from yiwang.liaison.models import Duty


def _serving(unit: Unit) -> Any:
    held = Post.objects.held_on(timezone.localdate()).filter(unit=unit)
    return held.select_related("user").order_by("pk")


def _name(post: Post) -> str:
    return str(post.user)


class DutyForm(forms.Form):
    """One shift."""

    starts_at = forms.DateTimeField(label=_("开始"), widget=forms.DateTimeInput())
    ends_at = forms.DateTimeField(label=_("结束"), widget=forms.DateTimeInput())
    post = forms.ModelChoiceField(Post.objects.none(), label=_("值班人"), empty_label=None)
    deputy = forms.ModelChoiceField(Post.objects.none(), label=_("替班人"), required=False)

    def __init__(self, data: Any = None, *, unit: Unit) -> None:
        super().__init__(data)
        for name in ("post", "deputy"):
            self.fields[name].queryset = _serving(unit)  # type: ignore[attr-defined]
            self.fields[name].label_from_instance = _name  # type: ignore[attr-defined]


class FillForm(forms.Form):
    """People in turn over some days."""

    first = forms.DateField(label=_("从"), widget=forms.DateInput())
    days = forms.IntegerField(label=_("天数"), min_value=1)
    posts = forms.ModelMultipleChoiceField(
        Post.objects.none(), label=_("轮流值班的人"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, unit: Unit) -> None:
        initial = {"first": timezone.localdate(), "days": parameter("hot.roster_days")}
        super().__init__(data, initial=initial)
        self.fields["posts"].queryset = _serving(unit)  # type: ignore[attr-defined]
        self.fields["posts"].label_from_instance = _name  # type: ignore[attr-defined]
        self.fields["days"].widget.attrs["max"] = parameter("liaison.roster_days")


class SwapForm(forms.Form):
    """The shift of a colleague one wants instead."""

    other = forms.ModelChoiceField(Duty.objects.none(), label=_("换成哪个班次"), empty_label=None)

    def __init__(self, data: Any = None, *, duty: Duty) -> None:
        super().__init__(data)
        coming = Duty.objects.filter(unit=duty.unit, starts_at__gt=timezone.now())
        others = coming.exclude(post__user=duty.post.user_id).select_related("post__user")
        self.fields["other"].queryset = others  # type: ignore[attr-defined]
        self.fields["other"].label_from_instance = lambda one: (  # type: ignore[attr-defined]
            f"{timezone.localtime(one.starts_at):%m-%d %H:%M} {one.post.user}"
        )


class AbsenceForm(forms.Form):
    """Why somebody is not there."""

    reason = forms.CharField(label=_("缺勤原因"), max_length=200)
