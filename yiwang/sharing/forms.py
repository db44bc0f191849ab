"""Forms of sharing: an application, the answer of the data officer, a query, files."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.residents.models import Standing
from yiwang.sharing.models import Agreement, SharedFile
from yiwang.sharing.models.agreement import Basis
from yiwang.sharing.reads import shareable
from yiwang.sharing.rules.scope import Scope
from yiwang.tags.models import TagKind

SELECTION: Final = frozenset(
    {"fields_asked", "clear", "areas", "tags", "standings", "age_from", "age_to"}
)


class ScopeForm(forms.Form):
    """What is read of whom, until when; `fields` itself is a word of Django's forms."""

    fields_asked = forms.MultipleChoiceField(
        label=pgettext_lazy("agreement", "信息项"), widget=forms.CheckboxSelectMultiple
    )
    clear = forms.MultipleChoiceField(
        label=_("其中不遮盖的"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("没有勾选的，证件号、电话、地址等只给遮盖后的内容。"),
    )  # fmt: skip
    areas = forms.MultipleChoiceField(
        label=_("范围"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("不选就是本单位的整个区划。"),
    )  # fmt: skip
    tags = forms.MultipleChoiceField(
        label=_("人群标签"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("有其中一个标签的人；不选就不按标签。"),
    )  # fmt: skip
    standings = forms.MultipleChoiceField(
        label=_("居住状态"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=Standing.choices, help_text=_("不选就是全部。"),
    )  # fmt: skip
    age_from = forms.IntegerField(label=_("年龄从（岁）"), required=False, min_value=0)
    age_to = forms.IntegerField(label=_("年龄到（岁）"), required=False, min_value=0)
    ends_on = forms.DateField(label=_("有效期至"), widget=forms.DateInput)

    def __init__(
        self, *args: Any, places: Iterable[Division], kinds: Iterable[TagKind], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        items = [(code, field.label) for code, field in shareable().items()]
        masked = [(code, one.label) for code, one in shareable().items() if one.mask != "none"]
        rows = [(str(one.pk), one.label) for one in places]
        tags = [(one.code, one.label) for one in kinds]
        said = {"fields_asked": items, "clear": masked, "areas": rows, "tags": tags}
        for name, choices in said.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            if not choices:
                self.fields[name].widget = forms.MultipleHiddenInput()

    def previewed(self) -> Scope | None:
        """The selection alone, whatever else is still missing; None when it is faulty itself."""
        for name in [one for one in self.errors if one not in SELECTION]:
            self.errors.pop(name)
        if self.errors:
            return None
        self.cleaned_data = {"ends_on": date.max, **self.cleaned_data}
        return self.scope()

    @staticmethod
    def holding(scope: Scope) -> dict[str, Any]:
        """A scope as the initial answers."""
        said = scope.as_dict()
        said["fields_asked"] = list(said.pop("fields"))
        return {
            **said,
            "tags": [*scope.tags],
            "standings": [*scope.standings],
            "areas": [str(key) for key in scope.areas],
            "ends_on": scope.ends_on,
        }

    def blame(self, refusal: Refused) -> None:
        """Show a refusal beside the fields at fault."""
        at_fault = {
            "fields_asked" if name == "fields" else name: text
            for name, text in refusal.fields.items()
        }
        Refused(refusal.code, str(refusal), at_fault).blame(self)

    def scope(self, *, purpose: str = "", basis: str = "", law: str = "") -> Scope:
        """What was said; purpose and law come from elsewhere where the form does not ask them."""
        said = self.cleaned_data
        return Scope(
            fields=tuple(said["fields_asked"]), clear=tuple(said["clear"]),
            areas=tuple(int(key) for key in said["areas"]), tags=tuple(said["tags"]),
            standings=tuple(said["standings"]), age_from=said["age_from"],
            age_to=said["age_to"], ends_on=said["ends_on"],
            purpose=said.get("purpose") or purpose, basis=said.get("basis") or basis,
            law=said.get("law") or law,
        )  # fmt: skip


class RenewalForm(ScopeForm):
    """An application without a name: a renewal, perhaps with another scope."""

    purpose = forms.CharField(
        label=pgettext_lazy("agreement", "用途"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    basis = forms.ChoiceField(label=_("合法性基础"), choices=Basis.choices)
    law = forms.CharField(
        label=_("法律依据"), max_length=200, help_text=_("写到条，例如：某法第几条。")
    )


class AgreementForm(RenewalForm):
    """A new application."""

    title = forms.CharField(label=_("名称"), max_length=80)


class GrantForm(ScopeForm):
    """The data officer's answer: what of it is granted, and why it is less."""

    answer = forms.CharField(
        label=_("审批意见"), max_length=300, required=False,
        help_text=_("批准的比申请的少、按敏感人群选人，或不批准，要写明理由。"),
    )  # fmt: skip

    def __init__(self, *args: Any, wanted: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kept in (("fields_asked", wanted.fields), ("clear", wanted.clear)):
            control: Any = self.fields[name]
            control.choices = [row for row in control.choices if row[0] in kept]
        for name, narrowed in (("tags", wanted.tags), ("standings", wanted.standings)):
            if narrowed:
                group: Any = self.fields[name]
                group.choices = [row for row in group.choices if row[0] in narrowed]
                group.help_text = _("只能在申请的里面选；不选就是全部。")
        if wanted.areas:
            areas: Any = self.fields["areas"]
            areas.choices = [row for row in areas.choices if int(row[0]) in wanted.areas]
            areas.help_text = _("只能在申请的范围里选；不选就是全部。")
        if not wanted.clear:
            self.fields["clear"].widget = forms.MultipleHiddenInput()


class AnswerForm(forms.Form):
    """Why something is refused, suspended, resumed or ended."""

    answer = forms.CharField(label=_("理由"), max_length=300, required=False)


class QueryForm(forms.Form):
    """One person."""

    text = forms.CharField(
        label=_("身份证号、电话或完整姓名"), max_length=100,
        help_text=_("协议范围以外的人不会列出；每次查询都有记录，本人看得到。"),
    )  # fmt: skip


class FileForm(forms.Form):
    """A file now, or every so many days."""

    kind = forms.ChoiceField(label=_("格式"), choices=SharedFile.Kind.choices)
    days = forms.IntegerField(
        label=_("每几天一份"), required=False, min_value=0,
        help_text=_("不填只生成一份；写 0 停止定期生成。"),
    )  # fmt: skip


class RegisterFilter(forms.Form):
    """What the register is narrowed by."""

    q = forms.CharField(label=_("名称或单位"), required=False, max_length=60)
    state = forms.ChoiceField(label=_("状态"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [("", _("全部")), *Agreement.State.choices, ("ending", _("快到期")),
                  ("expired", _("已过期"))]  # fmt: skip
        self.fields["state"].choices = states  # type: ignore[attr-defined]
