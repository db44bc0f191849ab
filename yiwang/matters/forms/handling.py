"""One small form for each thing that may be done with a matter or a step."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.accounts.models import Post, Unit
from yiwang.core.reads import parameter
from yiwang.matters.models import Correction, Matter
from yiwang.matters.rules import Channel
from yiwang.matters.rules.priority import Priority
from yiwang.residents.reads import dictionary

LONG = 1000


def _area(label: Any, *, required: bool = True, hint: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class HandlingForm(forms.Form):
    """What all of them share: the subject they speak about."""

    def __init__(
        self, data: Any = None, files: Any = None, *, matter: Matter, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.matter = matter

    def said(self) -> dict[str, Any]:
        """The keywords of the act."""
        return dict(self.cleaned_data)


class EmptyForm(HandlingForm):
    """An act that needs no words."""


class CompleteForm(HandlingForm):
    """Agree or disagree, with an opinion."""

    agreed = forms.ChoiceField(
        label=gettext_lazy("意见"),
        choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    opinion = _area(
        gettext_lazy("说明"), required=False, hint=gettext_lazy("下一环节和居民会看到这段话。")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("agreed") == "no" and not str(cleaned.get("opinion", "")).strip():
            self.add_error("opinion", _("不同意时请写明理由。"))
        return cleaned

    def said(self) -> dict[str, Any]:
        return {
            "agreed": self.cleaned_data["agreed"] == "yes",
            "opinion": self.cleaned_data["opinion"],
        }


class FinishForm(HandlingForm):
    """The result, granted or refused."""

    granted = forms.ChoiceField(
        label=gettext_lazy("决定"),
        choices=[("yes", gettext_lazy("准予、办成")), ("no", gettext_lazy("不予办理"))],
        initial="yes",
        widget=forms.RadioSelect,
    )
    text = _area(
        gettext_lazy("办理结果"),
        hint=gettext_lazy("会印在结果文书上，居民可以看到。不予办理的，请写明理由和依据。"),
        rows=5,
    )

    def said(self) -> dict[str, Any]:
        return {"granted": self.cleaned_data["granted"] == "yes", "text": self.cleaned_data["text"]}


class NotAcceptedForm(HandlingForm):
    """Why what was handed in from afar is not accepted."""

    reason = _area(
        gettext_lazy("理由和依据"),
        hint=gettext_lazy("写明为什么不属于受理范围、依据哪一条，可以向哪里申请；会印在决定书上。"),
        rows=5,
    )


class PriorityForm(HandlingForm):
    """Why somebody goes first, and what was seen of it."""

    priority = forms.ChoiceField(
        label=gettext_lazy("先后"), choices=Priority.choices, required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = _area(gettext_lazy("依据"), hint=gettext_lazy("例如：看过孕妇健康手册、士兵证。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["priority"].initial = self.matter.priority


class HandOnForm(HandlingForm):
    """Another unit of the city, a colleague there if one is known, and the reason."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("转给"), widget=forms.RadioSelect, empty_label=None
    )
    handler = forms.ModelChoiceField(
        Post.objects.none(), label=gettext_lazy("指定经办人"), required=False
    )
    reason = _area(gettext_lazy("原因"), hint=gettext_lazy("接办单位会看到这段话。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.offices()  # type: ignore[attr-defined]
        self.fields["unit"].error_messages["required"] = _("请搜索并选一个接办单位。")
        self.fields["handler"].queryset = Post.objects.filter(ends_on__isnull=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit, handler = cleaned.get("unit"), cleaned.get("handler")
        if unit and handler and handler.unit_id != unit.pk:
            self.add_error("handler", _("这位经办人不在所选单位，请重新选择。"))
        return cleaned


class ReturnForm(HandlingForm):
    """Everything that is missing, in one notice: materials, form fields and other things."""

    materials = forms.MultipleChoiceField(
        label=gettext_lazy("材料"), required=False, widget=forms.CheckboxSelectMultiple
    )
    fields_wrong = forms.MultipleChoiceField(
        label=gettext_lazy("信息项"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = _area(
        gettext_lazy("其他"),
        required=False,
        hint=gettext_lazy("每行写一项，例如：屋顶漏水处的近照。"),
    )
    reason = _area(
        gettext_lazy("说明"), required=False, hint=gettext_lazy("告诉居民怎样补、到哪里补。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        guide, words = self.matter.version.guide, dictionary()
        needs = [(one.code, one.name) for one in guide.materials]
        codes = [code for code in guide.fields if code in words]
        self.fields["materials"].choices = needs  # type: ignore[attr-defined]
        self.fields["fields_wrong"].choices = [(code, words[code].label) for code in codes]  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """`items` as the act takes them, each with kind, code and name."""
        names = {
            "material": dict(self.fields["materials"].choices),  # type: ignore[attr-defined]
            "field": dict(self.fields["fields_wrong"].choices),  # type: ignore[attr-defined]
        }
        picked = {
            "material": self.cleaned_data["materials"],
            "field": self.cleaned_data["fields_wrong"],
        }
        items = [
            {"kind": kind, "code": code, "name": str(names[kind][code])}
            for kind, codes in picked.items()
            for code in codes
        ]
        free = [line.strip() for line in self.cleaned_data["others"].splitlines() if line.strip()]
        items += [
            {"kind": "other", "code": f"other-{number}", "name": line[:120]}
            for number, line in enumerate(free, 1)
        ]
        return {"items": items, "reason": self.cleaned_data["reason"]}


class CorrectionForm(HandlingForm):
    """One field for each thing the notice asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        correction = Correction.objects.filter(matter=self.matter).first()
        self.items: Sequence[Mapping[str, str]] = correction.items if correction else []
        for item in self.items:
            self.fields[f"item-{item['code']}"] = _correction_field(item)

    def answers(self) -> dict[str, str]:
        """What was typed, by field."""
        return {
            item["code"]: self.cleaned_data[f"item-{item['code']}"]
            for item in self.items
            if item["kind"] == "field"
        }

    def uploads(self) -> dict[str, Any]:
        """What was handed in, by material; None stands for a paper seen at the window."""
        return {
            item["code"]: self.cleaned_data[f"item-{item['code']}"]
            for item in self.items
            if item["kind"] != "field"
        }


def _correction_field(item: Mapping[str, str]) -> forms.Field:
    if item["kind"] == "field":
        return forms.CharField(label=item["name"], max_length=500)
    return forms.FileField(
        label=item["name"],
        required=False,
        help_text=_("拍照或上传图片、PDF；只交纸质件的可以不传，提交即表示已收。"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )


class PauseForm(HandlingForm):
    """A listed reason, and the sentence the resident reads."""

    kind = forms.ChoiceField(label=gettext_lazy("法定情形"))
    reason = _area(gettext_lazy("说明"), hint=gettext_lazy("居民会看到这段话。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = pause_words()
        offered = [kind for kind in parameter("SV-4.pause_reasons") if kind != "correction"]
        self.fields["kind"].choices = [(kind, words.get(kind, kind)) for kind in offered]  # type: ignore[attr-defined]


def pause_words() -> dict[str, str]:
    """The listed reasons for which a clock may stand, in words."""
    return {
        "correction": _("等待补正材料"),
        "hearing": _("听证"),
        "inspection": _("检验、检测、鉴定"),
        "notice": _("公示"),
        "expert_review": _("专家评审"),
    }


class ExtendForm(HandlingForm):
    """How many working days more, and why."""

    amount = forms.IntegerField(label=gettext_lazy("延长（工作日）"), min_value=1)
    reason = _area(gettext_lazy("原因"), hint=gettext_lazy("分管领导审批时看到。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = int(parameter("SV-2.extend"))
        self.fields["amount"].help_text = _("最多 %(most)s 个工作日。") % {"most": most}
        self.fields["amount"].widget.attrs["max"] = most


class DecideForm(HandlingForm):
    """Yes or no to more time."""

    granted = forms.ChoiceField(
        label=gettext_lazy("审批"),
        choices=[("yes", gettext_lazy("同意")), ("no", gettext_lazy("不同意"))],
        widget=forms.RadioSelect,
    )

    def said(self) -> dict[str, Any]:
        return {"granted": self.cleaned_data["granted"] == "yes"}


class UrgeForm(HandlingForm):
    text = _area(gettext_lazy("催办内容"), hint=gettext_lazy("办理单位会看到。"))


class NoteForm(HandlingForm):
    text = _area(gettext_lazy("内容"))
    shown = forms.BooleanField(label=gettext_lazy("居民也能看到"), required=False)


class WithdrawForm(HandlingForm):
    reason = _area(gettext_lazy("撤回原因"), hint=gettext_lazy("按申请人的意愿撤回，记录保留。"))


class DepartureForm(HandlingForm):
    """Whether a matter of somebody who died or left goes on, and why."""

    go_on = forms.ChoiceField(
        label=gettext_lazy("决定"),
        choices=[
            ("no", gettext_lazy("到此为止，不再办理")),
            ("yes", gettext_lazy("继续办理（权益由亲属承接，或依法应当办完）")),
        ],
        widget=forms.RadioSelect,
    )
    reason = _area(gettext_lazy("理由"), hint=gettext_lazy("留在办理经过里，居民看不到。"))

    def said(self) -> dict[str, Any]:
        return {"go_on": self.cleaned_data["go_on"] == "yes", "reason": self.cleaned_data["reason"]}


def channel_words(code: str) -> str:
    """窗口, 网上, 来电 …"""
    return str(Channel(code).label)
