"""The items kept of an organisation, each with its source: how written, checked and masked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.core.rules import masking
from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth
from yiwang.residents.rules.address import plain_address
from yiwang.residents.rules.credit_code import InvalidCreditCode, check_credit_code
from yiwang.residents.rules.phone import InvalidPhone, normalise
from yiwang.residents.rules.values import InvalidValue

from .kinds import label_of, legal_forms

YES: Final = "yes"
NO: Final = "no"
_POINT: Final = re.compile(r"(-?\d{1,3}(?:\.\d+)?)[,\s]+(-?\d{1,2}(?:\.\d+)?)")
_WORDS: Final = {
    "是": YES,
    "有": YES,
    "true": YES,
    "1": YES,
    "否": NO,
    "无": NO,
    "false": NO,
    "0": NO,
}


@dataclass(frozen=True, slots=True)
class Field:
    """One item. `mask`: how it is shown without a reason; `trust`: whose order of trust it has;
    `ages`: has to be looked at once a year."""

    code: str
    label: Any
    longest: int
    mask: str = ""
    trust: str = "default"
    ages: bool = True

    @property
    def sensitive(self) -> bool:
        return bool(self.mask)


FIELDS: Final[Mapping[str, Field]] = {
    one.code: one
    for one in (
        Field("name", gettext_lazy("名称"), 120, trust="registered", ages=False),
        Field("credit_code", gettext_lazy("统一社会信用代码"), 18, trust="registered", ages=False),
        Field("legal_form", gettext_lazy("类型"), 20, trust="registered", ages=False),
        Field("address", gettext_lazy("地址"), 200),
        Field("contact_name", gettext_lazy("联系人"), 60, mask="name"),
        Field("contact_phone", gettext_lazy("联系电话"), 30, mask="phone"),
        Field("point", gettext_lazy("坐标（经度，纬度）"), 40, ages=False),
        Field("located", gettext_lazy("驻社区单位"), 3),
    )
}
SENSITIVE: Final = frozenset(code for code, one in FIELDS.items() if one.sensitive)


def clean(code: str, text: str) -> str:
    """The text in the form it is kept in; empty stays empty. Raises InvalidValue."""
    plain = clean_text(text)
    if not plain:
        return ""
    field = FIELDS[code]
    if len(plain) > field.longest:
        raise InvalidValue(
            "too_long",
            _("内容有 %(found)s 个字，超过 %(limit)s 个字。")
            % {"found": len(plain), "limit": field.longest},
            _("只写要点。"),
        )
    reader = _READERS.get(code)
    return reader(plain) if reader else plain


def _code(text: str) -> str:
    try:
        return check_credit_code(text).number
    except InvalidCreditCode as fault:
        raise InvalidValue(fault.code, fault.message, fault.cure) from fault


def _phone(text: str) -> str:
    try:
        return normalise(text)
    except InvalidPhone as fault:
        raise InvalidValue(fault.code, fault.message, fault.cure) from fault


def _form(text: str) -> str:
    for code, kind in legal_forms().items():
        if text in (code, kind.name, kind.name_en):
            return code
    raise InvalidValue(
        "legal_form", _("没有“%(text)s”这种类型。") % {"text": text[:20]}, _("从清单里选一种类型。")
    )


def _point(text: str) -> str:
    match = _POINT.fullmatch(fullwidth_to_halfwidth(text).replace("，", ","))
    if match:
        longitude, latitude = float(match[1]), float(match[2])
        if abs(longitude) <= 180 and abs(latitude) <= 90:
            return f"{longitude:.6f},{latitude:.6f}"
    raise InvalidValue(
        "point", _("看不懂这个坐标。"), _("先写经度，再写纬度，中间用逗号，例如 120.8646,32.0162。")
    )


def _flag(text: str) -> str:
    word = _WORDS.get(text.lower(), text.lower())
    if word in (YES, NO):
        return word
    raise InvalidValue("flag", _("只能写“是”或“否”。"), _("改为“是”或“否”。"))


_READERS: Final = {
    "credit_code": _code, "contact_phone": _phone, "legal_form": _form, "point": _point,
    "located": _flag, "address": plain_address,
}  # fmt: skip


def shown(code: str, value: str) -> str:
    """A value as pages write it, whole."""
    if code == "legal_form":
        return label_of(legal_forms(), value)
    if code == "located" and value:
        return _("是") if value == YES else _("否")
    return value


def masked(code: str, value: str) -> str:
    """A value as pages write it without a reason."""
    if not value:
        return ""
    mask = FIELDS[code].mask
    if mask == "name":
        return masking.mask_name(value)
    if mask == "phone":
        return masking.mask_phone(value)
    return shown(code, value)
