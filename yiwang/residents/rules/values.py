"""What someone wrote for a field, in the one form it is kept in."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from yiwang.core.rules import masking
from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth
from yiwang.core.rules.wording import Either
from yiwang.core.rules.wording import said as _

from .dictionary import Field
from .identity import InvalidIdentity, check_identity
from .phone import InvalidPhone, normalise

LONGEST: Final = 500
LONGEST_NAME: Final = 100
_DATE = re.compile(
    r"(\d{4})\s*(?:年|[-/.．。])\s*(\d{1,2})\s*(?:月|[-/.．。])\s*(\d{1,2})\s*日?"
    r"(?:[ T]00?:00(?::00(?:\.0+)?)?)?"
    r"|(\d{4})(\d{2})(\d{2})"
)
_YES: Final = frozenset({"true", "yes", "y", "1", "是", "有", "对"})
_NO: Final = frozenset({"false", "no", "n", "0", "否", "不是", "无", "没有"})


class InvalidValue(ValueError):
    """A text that is no value of its field: what is wrong, and how to put it right."""

    def __init__(self, code: str, message: str, cure: str) -> None:
        self.code, self.message, self.cure = code, message, cure
        super().__init__(message)


def clean_value(field: Field, text: str) -> str:
    """The text in the form it is kept in: 1947年3月12日 as 1947-03-12, 女 as female.

    An empty text stays empty. Raises InvalidValue.
    """
    plain = clean_text(text)
    if not plain:
        return ""
    if len(plain) > LONGEST:
        raise InvalidValue(
            "too_long",
            _("内容有 %(found)s 个字，超过 %(limit)s 个字。")
            % {"found": len(plain), "limit": LONGEST},
            _("只写要点，其余放到备注或附件。"),
        )
    if field.code == "name":
        return clean_name(plain)
    reader = _READERS.get(field.type)
    return reader(field, plain) if reader else plain


def clean_name(text: str) -> str:
    """A person's name as it is kept: spaces between Chinese characters taken out.

    Any character of Unicode may be part of it, 𠮷 included. Raises InvalidValue.
    """
    plain = clean_text(fullwidth_to_halfwidth(text))
    if all(ord(char) > 0x2E7F or char in " ·•" for char in plain):
        plain = plain.replace(" ", "").replace("•", "·")
    if not plain:
        raise InvalidValue("empty", _("没有填写姓名。"), _("填写证件上的姓名。"))
    if len(plain) > LONGEST_NAME:
        raise InvalidValue(
            "too_long",
            _("姓名有 %(found)s 个字，超过 %(limit)s 个字。")
            % {"found": len(plain), "limit": LONGEST_NAME},
            _("一格只填一个人的姓名。"),
        )
    if not any(char.isalpha() for char in plain):
        raise InvalidValue(
            "no_name",
            _("姓名“%(text)s”里没有文字。") % {"text": plain[:20]},
            _("填写证件上的姓名；表情符号和数字不能当姓名。"),
        )
    return plain


def parse_date(text: str) -> date:
    """A day as people write it: 1947-3-12, 1947/3/12, 1947.3.12, 19470312, 1947年3月12日.

    Raises InvalidValue.
    """
    plain = fullwidth_to_halfwidth(clean_text(text))
    found = _DATE.fullmatch(plain)
    if found:
        year, month, day = (int(part) for part in found.groups() if part)
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise InvalidValue(
        "date",
        _("“%(text)s”不是一个日期。") % {"text": plain[:20]},
        _("写成 1947-03-12 或 1947年3月12日。"),
    )


def mask_value(field: Field, value: str) -> str:
    """What may be shown of a value in lists: masked after the field, choices in words."""
    if not value:
        return ""
    if field.mask != "none":
        masked: str = getattr(masking, f"mask_{field.mask}")(value)
        return masked
    return show_value(field, value)


def show_value(field: Field, value: str) -> str:
    """A kept value in the reader's words: dates written out, choices named."""
    if field.choices:
        return field.choice_label(value)
    if field.type == "boolean":
        return gettext("是") if value == "true" else gettext("否")
    if field.type == "date" and value:
        return date_format(date.fromisoformat(value), pgettext("date of birth", "Y年n月j日"))
    return value


def _date(field: Field, text: str) -> str:
    return parse_date(text).isoformat()


def _choice(field: Field, text: str) -> str:
    for choice in field.choices:
        if text.lower() in (choice.code, choice.name, choice.name_en.lower()):
            return choice.code
    shown = field.choices[:12]
    offered = Either("、".join(one.name for one in shown), ", ".join(one.name_en for one in shown))
    raise InvalidValue(
        "choice",
        _("“%(text)s”不在可选内容里。") % {"text": text[:20]},
        _("从这些中选一个：%(offered)s。") % {"offered": offered},
    )


def _choices(field: Field, text: str) -> str:
    parts = [part.strip() for part in re.split(r"[,，、;；/]", text)]
    return ",".join(dict.fromkeys(_choice(field, part) for part in parts if part))


def _identity(field: Field, text: str) -> str:
    try:
        return check_identity(text).number
    except InvalidIdentity as fault:
        raise InvalidValue(fault.code, fault.message, fault.cure) from fault


def _phone(field: Field, text: str) -> str:
    try:
        return normalise(text)
    except InvalidPhone as fault:
        raise InvalidValue(fault.code, fault.message, fault.cure) from fault


def _integer(field: Field, text: str) -> str:
    plain = fullwidth_to_halfwidth(text).replace(",", "")
    if re.fullmatch(r"\d{1,9}", plain):
        return str(int(plain))
    raise InvalidValue(
        "integer", _("“%(text)s”不是整数。") % {"text": text[:20]}, _("只写数字，例如 3。")
    )


def _money(field: Field, text: str) -> str:
    plain = re.sub(r"[\s,¥￥元]", "", fullwidth_to_halfwidth(text))
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount.is_finite() and 0 <= amount < Decimal(10**12):
        return f"{amount:.2f}"
    raise InvalidValue(
        "money", _("“%(text)s”不是金额。") % {"text": text[:20]}, _("只写数字，例如 3286.50。")
    )


def _bank(field: Field, text: str) -> str:
    digits = re.sub(r"[\s-]", "", fullwidth_to_halfwidth(text))
    if re.fullmatch(r"\d{12,19}", digits):
        return digits
    raise InvalidValue(
        "bank",
        _("银行账号应为 12 至 19 位数字，现为 %(found)s 位。") % {"found": len(digits)},
        _("对照卡面逐位核对。"),
    )


def _boolean(field: Field, text: str) -> str:
    lower = text.lower()
    if lower in _YES:
        return "true"
    if lower in _NO:
        return "false"
    raise InvalidValue(
        "boolean", _("“%(text)s”不是“是”或“否”。") % {"text": text[:20]}, _("写“是”或“否”。")
    )


_READERS: Final[dict[str, Callable[[Field, str], str]]] = {
    "date": _date,
    "choice": _choice,
    "multichoice": _choices,
    "identity": _identity,
    "phone": _phone,
    "integer": _integer,
    "money": _money,
    "bank": _bank,
    "boolean": _boolean,
}
