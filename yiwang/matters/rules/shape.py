"""The shape of a version's content: what may be missing in a draft, and what may never be otherwise."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from yiwang.core.rules.calendar import Unit

LEVELS = ("community", "township", "county", "city")
MOST_STEPS = 40
MOST_ROWS = 100


class Misshapen(ValueError):
    """The content cannot be read; the sentence says where and how to put it right."""


def _is_limit(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    amount = value.get("amount")
    return type(amount) is int and 0 < amount <= 9999 and value.get("unit") in set(Unit)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _maybe(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or check(value)


def _rows(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_ROWS
        and all(isinstance(one, Mapping) for one in value)
    )


def _named(value: Any) -> bool:
    """Rows that are asked for by a code and shown by a name."""
    return _rows(value) and all(
        isinstance(one.get("code"), str)
        and re.fullmatch(r"[A-Za-z0-9_-]{1,60}", one["code"])
        and isinstance(one.get("name", ""), str)
        for one in value
    )


def _steps(value: Any) -> bool:
    return _named(value) and len(value) <= MOST_STEPS and all(_step(one) for one in value)


def _step(raw: Mapping[str, Any]) -> bool:
    when, back = raw.get("when"), raw.get("back")
    return (
        type(raw.get("stage")) is int
        and 0 < raw["stage"] <= MOST_STEPS
        and raw.get("level") in LEVELS
        and isinstance(raw.get("unit", ""), str)
        and _is_limit(raw.get("limit"))
        and (when is None or isinstance(when, Mapping))
        and (back is None or isinstance(back, Mapping))
        and _texts(raw.get("papers") or [])
    )


def _questions(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, Mapping) for one in value.values())


def _text(value: Any) -> bool:
    return isinstance(value, str)


CHECKS: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        **dict.fromkeys(("title", "title_en", "summary", "summary_en", "audience"), _maybe(_text)),
        **dict.fromkeys(("fields", "channels", "keywords"), _maybe(_texts)),
        **dict.fromkeys(("conditions", "legal_basis", "questions"), _maybe(_rows)),
        **dict.fromkeys(("materials", "variants"), _maybe(_named)),
        **dict.fromkeys(("promised", "statutory"), _maybe(_is_limit)),
        "result": _maybe(lambda value: isinstance(value, Mapping)),
        "steps": _maybe(_steps),
        "asked_when": _maybe(_questions),
    }
)


def must_be_readable(content: Any) -> None:
    """Raises Misshapen where a part of the content is not of its kind; missing parts are no fault."""
    if not isinstance(content, Mapping):
        raise Misshapen(_("内容须是一个对象。"))
    for part, fits in CHECKS.items():
        if not fits(content.get(part)):
            raise Misshapen(_("内容中的“%(part)s”格式不对，请按接口说明填写。") % {"part": part})
