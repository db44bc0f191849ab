"""Putting a document on file, taking it off, looking at it (SVC-06)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.residents.models import Document
from yiwang.residents.rules.documents import document_kinds

from .register import PlainText

HOW = [
    ("", _("没有同意（只存档，不重复使用）")),
    (Document.How.COUNTER.value, _("本人在窗口同意")),
    (Document.How.PAPER.value, _("本人书面同意")),
]


class DocumentForm(forms.Form):
    """The kind, the pictures, validity, and the person's consent to using it again."""

    kind = forms.ChoiceField(label=_("种类"))
    file = forms.FileField(
        label=_("照片或 PDF"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )
    issuer = PlainText(label=_("发证单位"), max_length=120, required=False)
    valid_from = forms.DateField(label=_("有效期起"), required=False, widget=forms.DateInput)
    valid_to = forms.DateField(
        label=_("有效期至"), required=False, widget=forms.DateInput, help_text=_("长期有效的不填。")
    )
    agreed_how = forms.ChoiceField(label=_("以后办事直接使用"), choices=HOW, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(one.code, one.label) for one in document_kinds().values()]
        self.fields["kind"].choices = [("", _("请选择")), *kinds]  # type: ignore[attr-defined]


class EndDocumentForm(forms.Form):
    """Why a document leaves the file."""

    reason = PlainText(label=_("移出的原因"), max_length=200)
