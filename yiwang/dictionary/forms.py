"""Forms of the dictionary: a code added, a code withdrawn, the list of forms narrowed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.dictionary.reads.forms import SORTS


class CodeForm(forms.Form):
    """A new code of a list."""

    code = forms.CharField(
        label=_("编码"), max_length=40,
        help_text=_("小写英文字母、数字和下划线，以字母开头；以后不能改。填本市增加过的编码，就是改它的名称。"),
    )  # fmt: skip
    name = forms.CharField(label=_("名称"), max_length=80)
    name_en = forms.CharField(label=_("英文名称"), max_length=120)
    basis = forms.CharField(
        label=_("依据"), max_length=200, help_text=_("文号、标准号或会议决定。")
    )


class WithdrawForm(forms.Form):
    """Why a code is offered no longer."""

    reason = forms.CharField(label=_("停用的依据"), max_length=200)


class CheckFilter(forms.Form):
    """What the list of forms is narrowed by; unknown values filter nothing."""

    q = forms.CharField(label=_("名称"), max_length=40, required=False)
    sort = forms.ChoiceField(
        label=_("种类"), choices=[("", _("全部")), *SORTS.items()], required=False
    )
    faulty = forms.BooleanField(label=_("只看有问题的"), required=False)
