"""Forms of households: number and address, members, head, split and merger."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.residents.models import Household, Relation, Resident

from .register import PlainText

HOME_STATES = [("", _("全部")), ("lived", _("有成员")), ("headless", _("没有户主")),
               ("empty", _("没有成员")), ("ended", _("已销户"))]  # fmt: skip


class HouseholdListForm(forms.Form):
    """What a list of households may be narrowed by; unknown values filter nothing."""

    q = forms.CharField(label=_("户号、户主或地址"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("情况"), choices=HOME_STATES, required=False)
    group = forms.ChoiceField(label=_("网格、小组"), required=False)

    def __init__(self, data: Any, groups: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["group"].choices = list(groups)  # type: ignore[attr-defined]
        for name in ("state", "group"):
            self.fields[name].widget.attrs["class"] = "input"
        self.is_valid()

    def said(self, name: str) -> str:
        """The answer to one filter, empty when there is none or it is none of the choices."""
        return str(self.cleaned_data.get(name) or "")

    def words(self, name: str) -> str:
        choices = dict(self.fields[name].choices)  # type: ignore[attr-defined]
        return str(choices.get(self.said(name), ""))


class HouseholdForm(forms.Form):
    """A household: its number and where it lives."""

    number = PlainText(label=_("户号"), max_length=40)
    address = PlainText(label=_("住址"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("户别"), choices=Household.Kind.choices, initial=Household.Kind.FAMILY,
        required=False,
    )  # fmt: skip


class MemberForm(forms.Form):
    """Somebody into this household."""

    resident = PlainText(
        label=_("居民"), max_length=60, help_text=_("本社区居民的姓名、身份证号或电话。")
    )
    relation = forms.ChoiceField(label=_("与户主关系"), choices=Relation.choices)


class _OfMembers(forms.Form):
    """A form that offers the members of a household."""

    def __init__(self, *args: Any, members: Iterable[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(one.pk): one for one in members}
        choices = [(key, one.masked_name) for key, one in self.members.items()]
        for name in ("head", "people"):
            if name in self.fields:
                self.fields[name].choices = choices  # type: ignore[attr-defined]

    def member(self, name: str) -> Resident:
        """The member an answer means."""
        return self.members[self.cleaned_data[name]]


class HeadForm(_OfMembers):
    """Who is the head from now on."""

    head = forms.ChoiceField(label=_("新户主"), widget=forms.RadioSelect)
    on = forms.DateField(label=_("日期"), widget=forms.DateInput, initial=timezone.localdate)


class SplitForm(_OfMembers):
    """Who begins a household of their own, with which head."""

    people = forms.MultipleChoiceField(label=_("分出去的人"), widget=forms.CheckboxSelectMultiple)
    head = forms.ChoiceField(label=_("新户的户主"))
    number = PlainText(
        label=_("新户号"), required=False, max_length=40, help_text=_("不填就在原户号后加序号。")
    )
    address = PlainText(
        label=_("新户住址"), required=False, max_length=200, help_text=_("不填就与原户同住一处。")
    )
    on = forms.DateField(label=_("日期"), widget=forms.DateInput, initial=timezone.localdate)


class MergeForm(forms.Form):
    """Into which household."""

    into = PlainText(
        label=_("并入的户号"), max_length=40, help_text=_("本社区的户号；并入后本户销户。")
    )
    on = forms.DateField(label=_("日期"), widget=forms.DateInput, initial=timezone.localdate)
