"""Handing a result over, and taking it back."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from yiwang.matters.actions.delivery import Receipt
from yiwang.matters.rules.delivery import RELATIONS, How, Proof

from .handling import HandlingForm
from .lists import ALL, ListFilter
from .signature import signature_file


class DeliverForm(HandlingForm):
    """How the result was handed over, to whom, and by what that person was known."""

    how = forms.ChoiceField(label=_("送达方式"), choices=How.choices, widget=forms.RadioSelect)
    receiver = forms.CharField(
        label=_("领取人"),
        max_length=60,
        help_text=_("本人领取的填申请人姓名，代领的填代领人姓名。"),
    )
    relation = forms.ChoiceField(
        label=_("与申请人关系"), required=False, choices=[("", _("本人")), *RELATIONS]
    )
    proof = forms.ChoiceField(
        label=_("凭什么领取"),
        choices=[one for one in Proof.choices if one[0]],
        widget=forms.RadioSelect,
        required=False,
        help_text=_("窗口凭取件码或身份证件；便民亭凭取件码；上门凭签名，不能签的由见证人作证。"),
    )
    code = forms.CharField(
        label=_("取件码"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("短信、信件或网上账号里的 6 位数字。"),
    )
    witness = forms.CharField(label=_("见证人"), required=False, max_length=60)
    scan = forms.FileField(
        label=_("签收单照片"),
        required=False,
        help_text=_("领取人在纸质送达回证上签名的，拍照上传。"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )
    signature = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].initial = How.WINDOW
        self.fields["proof"].initial = Proof.CODE

    def said(self) -> dict[str, Any]:
        """How, receiver, and the receipt the act asks for."""
        given = self.cleaned_data
        proof = given["proof"]
        file = given["scan"] if proof == Proof.SCAN else signature_file(given["signature"])
        receipt = Receipt(proof, given["code"], given["relation"], given["witness"], file)
        return {"how": given["how"], "receiver": given["receiver"], "receipt": receipt}


class RevokeForm(HandlingForm):
    """Why a result does not hold any more."""

    reason = forms.CharField(
        label=_("撤销理由"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("居民会收到通知；核验文书的人也会看到。"),
    )


class WaitingFilter(ListFilter):
    """Number, title, window or kiosk; the own one; and for how long at least."""

    q = forms.CharField(label=_("编号、标题或窗口"), required=False, max_length=60)
    where = forms.ChoiceField(
        label=_("在哪里领"), required=False, choices=[*ALL, ("own", _("本单位"))]
    )
    days = forms.ChoiceField(
        label=_("已等"), required=False,
        choices=[
            *ALL, *((str(n), format_lazy(_("{n} 天以上"), n=n)) for n in (3, 7, 15, 30)),
        ],
    )  # fmt: skip
