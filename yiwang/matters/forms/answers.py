"""The fields an application still asks, each as the input its type wants (INF-02, INF-04)."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from yiwang.core.rules.chinese import clean_digits, clean_text
from yiwang.matters.rules.bank_card import CardFault, card_fault, length_for
from yiwang.residents.reads import dictionary
from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.identity import check_identity
from yiwang.residents.rules.values import InvalidValue, clean_value

PREFIX = "a"
LONGEST = 500
LONG_TEXTS = frozenset({"application_reason", "damage_description", "remarks"})
# What many people do not have: asked, never demanded.
OPTIONAL = frozenset(
    {
        "remarks",
        "agent_name",
        "agent_phone",
        "residence_permit",
        "guardian_name",
        "guardian_phone",
        "veteran_certificate",
        "unemployment_certificate",
        "disability_certificate",
        "disability_kind",
        "wanted_provider",
        "wanted_delivery",
    }
)


class AnswersForm(forms.Form):
    """One input for each field named; `typed` is what a draft has kept.

    `shown` is false for a form that only checks: its inputs are those of every other such form.
    """

    def __init__(
        self,
        codes: Iterable[str],
        data: Any = None,
        *,
        typed: Mapping[str, str] | None = None,
        shown: bool = True,
    ) -> None:
        super().__init__(data, prefix=PREFIX, initial=_initial(codes, typed or {}))
        words, language = dictionary(), get_language()
        for code in codes:
            word = words[code]
            self.fields[code] = _input(word) if shown else _checking(word, language)

    def mark(self, deciding: Iterable[str]) -> None:
        """Mark the inputs whose answer opens or closes another question: the page asks again then."""
        for code in deciding:
            if code in self.fields:
                self.fields[code].widget.attrs["data-decides"] = True

    @classmethod
    def of_draft(cls, codes: Iterable[str], typed: Mapping[str, str]) -> "AnswersForm":
        """The form as if the draft's answers were sent now, to check them once more."""
        data: dict[str, Any] = {}
        for code in codes:
            value: Any = typed.get(code, "")
            many = dictionary()[code].type == "multichoice"
            data[f"{PREFIX}-{code}"] = value.split(",") if many and value else value
        return cls(codes, _Sent(data), shown=False)

    def clean(self) -> dict[str, Any]:
        """The birth date must be the one the identity number says, when both are told here."""
        cleaned = super().clean() or {}
        number, born_on = cleaned.get("identity_number"), cleaned.get("born_on")
        if number and born_on and check_identity(number).born_on.isoformat() != born_on:
            self.add_error("born_on", _("与身份证号里的出生日期不一致，请核对。"))
        return cleaned

    def answers(self) -> dict[str, str]:
        """What was said, field by field, in the form it is kept."""
        return {code: value for code, value in self.cleaned_data.items() if value}


class _Sent(dict[str, Any]):
    """A plain mapping that reads like a posted form."""

    def getlist(self, key: str) -> list[str]:
        found = self.get(key) or []
        return found if isinstance(found, list) else [found]


def raw_answers(data: Any) -> dict[str, str]:
    """What was typed so far, unchecked, for the draft."""
    return {
        key.removeprefix(f"{PREFIX}-"): ",".join(data.getlist(key))[: LONGEST * 2]
        for key in data
        if key.startswith(f"{PREFIX}-")
    }


def _initial(codes: Iterable[str], typed: Mapping[str, str]) -> dict[str, Any]:
    words = dictionary()
    return {
        code: typed[code].split(",") if words[code].type == "multichoice" else typed[code]
        for code in codes
        if typed.get(code)
    }


class RegisterField(forms.CharField):
    """A text that must be a value of its field of the dictionary."""

    def __init__(self, field: Field, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)
        self.field = field

    def clean(self, value: Any) -> str:
        text = str(super().clean(clean_text(str(value or ""))))
        if text and self.field.type == "bank":
            _check_card(clean_digits(text))
        try:
            return clean_value(self.field, text)
        except InvalidValue as fault:
            raise forms.ValidationError(f"{fault.message}{fault.cure}") from fault


class RegisterChoices(forms.MultipleChoiceField):
    """Several answers, kept joined by commas."""

    def clean(self, value: Any) -> str:
        return ",".join(super().clean(value))


def _check_card(digits: str) -> None:
    """Raises ValidationError that says how many digits are missing, too many or wrong."""
    fault = card_fault(digits)
    if fault is None:
        return
    kind, count = fault
    words = {"count": count, "length": length_for(digits)}
    if kind == CardFault.SHORT:
        message = ngettext(
            "卡号少 %(count)s 位，请核对卡面 %(length)s 位数字",
            "卡号少 %(count)s 位，请核对卡面 %(length)s 位数字",
            count,
        )
    elif kind == CardFault.LONG:
        message = ngettext(
            "卡号多 %(count)s 位，请核对卡面 %(length)s 位数字",
            "卡号多 %(count)s 位，请核对卡面 %(length)s 位数字",
            count,
        )
    else:
        message = _("卡号有一位不对，请对照卡面逐位核对")
    raise forms.ValidationError(message % words)


INPUTS: dict[str, dict[str, str]] = {
    "phone": {"inputmode": "tel", "class": "num", "autocomplete": "off"},
    "identity": {"inputmode": "text", "class": "num", "autocomplete": "off", "maxlength": "40"},
    "bank": {"inputmode": "numeric", "class": "num", "autocomplete": "off"},
    "money": {"inputmode": "decimal", "class": "num"},
    "integer": {"inputmode": "numeric", "class": "num"},
}


def _input(field: Field) -> forms.Field:
    needed = field.code not in OPTIONAL
    common: dict[str, Any] = {"label": field.label, "required": needed}
    if field.type == "multichoice":
        offered = [(one.code, one.label) for one in field.choices]
        many = RegisterChoices(choices=offered, widget=forms.CheckboxSelectMultiple, **common)
        many.error_messages["required"] = _("至少选 1 项。")
        return many
    if field.type in {"choice", "boolean"}:
        return _single(field, common)
    return RegisterField(field, widget=_widget(field), help_text=_hint(field), **common)


@lru_cache(maxsize=1024)
def _checking(field: Field, language: str) -> forms.Field:
    """The input of a form that nobody sees, with its sentences in one language."""
    return _input(field)


def _single(field: Field, common: dict[str, Any]) -> forms.Field:
    yes_no = [("true", _("是")), ("false", _("否"))]
    offered = [(one.code, one.label) for one in field.choices] or yes_no
    few = len(offered) <= 3
    choices = offered if few else [("", _("请选择")), *offered]
    widget = forms.RadioSelect if few else forms.Select
    one = forms.ChoiceField(choices=choices, widget=widget, **common)
    one.error_messages["required"] = _("请选一项。")
    return one


def _widget(field: Field) -> forms.Widget:
    if field.type == "date":
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if field.code in LONG_TEXTS:
        return forms.Textarea(attrs={"rows": 3})
    return forms.TextInput(attrs=INPUTS.get(field.type, {}))


def _hint(field: Field) -> str:
    hints = {
        "money": _("单位：元"),
        "bank": _("本人名下的卡，按卡面填写"),
        "address": _("写到幢、单元、室"),
        "phone": _("手机，或带区号的固定电话"),
    }
    if field.type == "text" and field.code not in LONG_TEXTS and field.code not in OPTIONAL:
        return _("没有的写“无”")
    return hints.get(field.type, "")
