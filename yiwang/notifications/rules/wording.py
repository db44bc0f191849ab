"""Texts with blanks: only blanks of the list, and in what passes through other hands only some."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .kinds import Channel, Kind

SOURCE: Final = Path(__file__).resolve().parent.parent / "data" / "texts.yaml"
BLANK: Final = re.compile(r"\{([^{}]*)\}")
BLANKS: Final[Mapping[str, Any]] = {
    "name": gettext_lazy("称呼（隐去名字）"),
    "number": gettext_lazy("事项编号"),
    "site": gettext_lazy("网址"),
    "due": gettext_lazy("期限"),
    "days": gettext_lazy("天数"),
    "item": gettext_lazy("事项名称"),
    "unit": gettext_lazy("受理单位"),
    "missing": gettext_lazy("缺少的内容"),
    "result": gettext_lazy("文号"),
    "code": gettext_lazy("取件码、预约号或确认码"),
    "when": gettext_lazy("预约时间"),
    "link": gettext_lazy("评价链接（只有本人看得到）"),
}
BRIEF: Final = frozenset({"name", "number", "site", "due", "days", "code", "when", "link"})
"""What a text message or an e-mail may say: neither what the matter is about nor who decides."""
OPEN: Final = frozenset({Channel.SMS, Channel.EMAIL})


def allowed_blanks(channel: str) -> list[str]:
    """The blanks a text of this way may have, in their order."""
    return [name for name in BLANKS if channel not in OPEN or name in BRIEF]


def fault_of(text: str, channel: str, most: int) -> str:
    """Why a text cannot be used, in words; empty when it can. `most`: characters of an SMS."""
    asked = BLANK.findall(text)
    allowed = allowed_blanks(channel)
    strange = [name for name in asked if name not in allowed]
    if strange:
        words = {"strange": "{" + strange[0] + "}", "allowed": _blanks(allowed)}
        return _("这里不能用 %(strange)s，只能用 %(allowed)s。") % words
    if "{" in (left := BLANK.sub("", text)) or "}" in left:
        return _("花括号没有成对。")
    if channel == Channel.SMS and len(text) > most:
        return _("短信最多 %(most)s 字。") % {"most": most}
    return ""


def _blanks(names: list[str]) -> str:
    return _("、").join("{" + name + "}" for name in names)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its blanks filled; what is not known stays empty."""
    return BLANK.sub(lambda found: str(facts.get(found[1], "")), text)


@cache
def built_in() -> Mapping[str, Mapping[str, str]]:
    """The texts an installation begins with, by kind: title, brief and full, in two languages."""
    found: dict[str, dict[str, str]] = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    return found


def first_text(kind: str, channel: str) -> dict[str, str]:
    """Title and text of a kind and way, as the installation begins: text, text_en, title, …."""
    words = built_in()[Kind(kind)]
    size = "brief" if channel in OPEN else "full"
    titled = channel != Channel.SMS
    return {
        "title": words["title"] if titled else "",
        "title_en": words["title_en"] if titled else "",
        "text": words[size],
        "text_en": words[f"{size}_en"],
    }
