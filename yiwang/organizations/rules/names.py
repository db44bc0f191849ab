"""The name of an organisation without what comes and goes in it."""

import re
from typing import Final

from yiwang.core.rules.chinese import fullwidth_to_halfwidth

_PLACES: Final = re.compile(r"^(?:江苏省?|南通市?)+")
_ENDS: Final = re.compile(r"(?:有限责任公司|股份有限公司|有限公司|\(个体工商户\)|\(普通合伙\))$")
_BLANKS: Final = re.compile(r"[\s·.,，。、()（）“”\"'-]+")


def core_of(name: str) -> str:
    """南通 清爽 洗衣店（个体工商户） is 清爽洗衣店; a name of nothing else stays whole."""
    plain = fullwidth_to_halfwidth(name).replace("（", "(").replace("）", ")").strip()
    core = _BLANKS.sub("", _ENDS.sub("", _PLACES.sub("", plain.replace(" ", ""))))
    return (core or _BLANKS.sub("", plain)).lower()
