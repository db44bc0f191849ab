"""What is entered about training."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.models import Post
from yiwang.accounts.reads import NETWORK_ROLES
from yiwang.core.reads import parameter
from yiwang.liaison.actions.training import FULL, Plan
from yiwang.liaison.models import Course


class CourseForm(forms.Form):
    """A course of the city."""

    title = forms.CharField(label=_("课程"), max_length=80)
    title_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    hours = forms.IntegerField(label=_("学时"), min_value=1, max_value=200)
    pass_mark = forms.IntegerField(label=_("合格分数"), min_value=1, max_value=FULL)
    within_days = forms.IntegerField(label=_("多少天内学完"), min_value=1, max_value=365)
    valid_months = forms.IntegerField(
        label=_("证书有效月数"), min_value=0, max_value=120, help_text=_("写 0 为长期有效。")
    )
    roles = forms.MultipleChoiceField(
        label=_("哪些岗位"), widget=forms.CheckboxSelectMultiple,
        choices=[(role.value, role.label) for role in NETWORK_ROLES.values()],
    )  # fmt: skip
    on_appointment = forms.BooleanField(label=_("任命时自动安排"), required=False)

    def __init__(self, data: Any = None) -> None:
        every = [role.value for role in NETWORK_ROLES.values()]
        hours = parameter("hot.training_hours")
        super().__init__(data, initial={"roles": every, "on_appointment": True, "hours": hours})

    def plan(self) -> Plan:
        return Plan(**self.cleaned_data)


class AssignForm(forms.Form):
    """One more course for somebody."""

    course = forms.ModelChoiceField(Course.objects.none(), label=_("课程"), empty_label=None)

    def __init__(self, data: Any = None, *, post: Post) -> None:
        super().__init__(data)
        offered = Course.objects.offered().filter(roles__contains=[post.role])
        self.fields["course"].queryset = offered  # type: ignore[attr-defined]
        self.fields["course"].label_from_instance = lambda one: one.label  # type: ignore[attr-defined]


class ResultForm(forms.Form):
    """When it was taken, with how many points."""

    taken_on = forms.DateField(label=_("考核日期"), widget=forms.DateInput())
    score = forms.IntegerField(label=_("分数"), min_value=0, max_value=FULL)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"taken_on": timezone.localdate()})
