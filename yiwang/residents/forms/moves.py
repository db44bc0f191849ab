"""Forms of moves, births, deaths and returns, of transfers, registrations and batches."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.residents.models import Relation, Resident, Sex

from .register import PlainText

WHOM = [("person", _("只是本人")), ("household", _("整户"))]
BATCH_ACTS = [("group", _("编入网格、小组")), ("away", _("登记外出"))]


class MoveForm(forms.Form):
    """Where to, and when; no community means out of the city."""

    to = PlainText(
        label=_("迁往的社区"), required=False, max_length=60,
        help_text=_("写全称或 12 位代码；迁出本市的留空。"),
    )  # fmt: skip
    whom = forms.ChoiceField(
        label=_("谁迁移"), choices=WHOM, initial="person", required=False, widget=forms.RadioSelect
    )
    on = forms.DateField(label=_("日期"), widget=forms.DateInput, initial=timezone.localdate)
    home_address = PlainText(label=_("新住址"), required=False, max_length=200)
    registration = forms.BooleanField(label=_("户口一并迁入"), required=False)
    reason = PlainText(label=_("说明"), required=False, max_length=300)


class OfferForm(MoveForm):
    """A whole household to another community."""

    on = None  # type: ignore[assignment]
    whom = None  # type: ignore[assignment]
    to = PlainText(label=_("迁往的社区"), max_length=60, help_text=_("写全称或 12 位代码。"))


class AskForm(forms.Form):
    """The receiving community asks for somebody's record."""

    whom = forms.ChoiceField(
        label=_("谁迁入"), choices=WHOM, initial="person", widget=forms.RadioSelect
    )
    home_address = PlainText(label=_("在本社区的住址"), required=False, max_length=200)
    registration = forms.BooleanField(label=_("户口一并迁入"), required=False)
    reason = PlainText(label=_("说明"), required=False, max_length=300)


class AnswerForm(forms.Form):
    """Yes with a day, or no with a reason."""

    on = forms.DateField(
        label=_("迁移日期"), widget=forms.DateInput, initial=timezone.localdate, required=False
    )
    home_address = PlainText(label=_("新住址"), required=False, max_length=200)
    reason = PlainText(label=_("不同意的原因"), required=False, max_length=300)


class DeathForm(forms.Form):
    """The day of death, and who leads the household from then on."""

    on = forms.DateField(label=_("去世日期"), widget=forms.DateInput)
    new_head = forms.ChoiceField(label=_("新户主"), required=False)

    def __init__(self, *args: Any, members: Iterable[Resident] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {str(one.pk): one for one in members}
        if not self.members:
            del self.fields["new_head"]
            return
        choices = [("", _("以后再定")), *((k, one.masked_name) for k, one in self.members.items())]
        self.fields["new_head"].choices = choices  # type: ignore[attr-defined]

    def successor(self) -> Resident | None:
        return self.members.get(self.cleaned_data.get("new_head") or "")


class BirthForm(forms.Form):
    """A newborn of this mother."""

    name = PlainText(
        label=_("姓名"), required=False, max_length=100, help_text=_("还没取名的留空，以后再补。")
    )
    sex = forms.ChoiceField(label=_("性别"), choices=Sex.choices, widget=forms.RadioSelect)
    born_on = forms.DateField(label=_("出生日期"), widget=forms.DateInput)
    identity_number = PlainText(label=_("公民身份号码"), required=False, max_length=20)
    father = forms.ChoiceField(label=_("父亲"), required=False)

    def __init__(self, *args: Any, men: Iterable[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.men = {str(one.pk): one for one in men}
        choices = [("", _("不登记")), *((key, one.masked_name) for key, one in self.men.items())]
        self.fields["father"].choices = choices  # type: ignore[attr-defined]

    def chosen_father(self) -> Resident | None:
        return self.men.get(self.cleaned_data["father"])


class ReturnForm(forms.Form):
    """Back in the city, and where."""

    place = PlainText(
        label=_("迁回的社区"), required=False, max_length=60, help_text=_("留空为本社区。")
    )
    on = forms.DateField(label=_("日期"), widget=forms.DateInput, initial=timezone.localdate)
    home_address = PlainText(label=_("住址"), required=False, max_length=200)


class AwayForm(forms.Form):
    """From which day."""

    on = forms.DateField(label=_("日期"), widget=forms.DateInput, initial=timezone.localdate)


class RegistrationForm(forms.Form):
    """Where somebody is registered."""

    division = PlainText(
        label=_("户籍社区（本市）"), required=False, max_length=60,
        help_text=_("写全称或 12 位代码；户籍在市外的留空。"),
    )  # fmt: skip
    outside = PlainText(
        label=_("户籍地（市外）"), required=False, max_length=120, help_text=_("例如安徽省阜阳市。")
    )
    book = PlainText(label=_("户口簿户号"), required=False, max_length=40)
    relation = forms.ChoiceField(
        label=_("与户籍户主关系"), choices=[("", _("未填")), *Relation.choices], required=False
    )
    since = forms.DateField(label=_("登记日期"), required=False, widget=forms.DateInput)
    address = PlainText(label=_("户籍地址"), required=False, max_length=200)


class BatchForm(forms.Form):
    """What to do with the people chosen."""

    act = forms.ChoiceField(label=_("办理"), choices=BATCH_ACTS, widget=forms.RadioSelect)
    group = forms.ChoiceField(label=_("网格、小组"), required=False)
    on = forms.DateField(
        label=_("外出日期"), widget=forms.DateInput, initial=timezone.localdate, required=False
    )

    def __init__(self, *args: Any, groups: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", _("不编入")), *groups]  # type: ignore[attr-defined]
