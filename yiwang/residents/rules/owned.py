"""No form asks as a question of its own what the register owns (collect once, item 7; INF-26)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import yaml
from django.utils.translation import gettext as _

from .dictionary import Field, shipped_fields

FRAMES: Final = Path(__file__).resolve().parent.parent / "data" / "frames.yaml"


def owner_of(*said: str) -> Field | None:
    """The field of the register that one of these words means: its code, name or an alias."""
    known = _meanings()
    return next((known[one] for text in said for one in _bare(text) if one in known), None)


def already_held(text: str, *more: str) -> str:
    """Why this may not be asked, and which field to bind instead; empty when nobody holds it.

    `more` are other words of the same question: its code, its English.
    """
    field = owner_of(text, *more)
    if field is None:
        return ""
    return _("“%(asked)s”居民档案里已经有：请改用信息项“%(name)s”（%(code)s），不要另问。") % {
        "asked": text, "name": field.label, "code": field.code,
    }  # fmt: skip


def faults_of(codes: Iterable[str], fields: Mapping[str, Field]) -> list[str]:
    """What is wrong with the items a form binds: unknown ones, and the register's under other words."""
    found = []
    for code in codes:
        field = fields.get(code)
        if field is None:
            found.append(already_held(code) or _("数据字典里没有“%(code)s”。") % {"code": code})
        elif not field.register and (sentence := already_held(field.name, field.name_en)):
            found.append(sentence)
    return found


@cache
def _meanings() -> Mapping[str, Field]:
    """Every word for a field the register owns, in its bare form."""
    found: dict[str, Field] = {}
    for field in shipped_fields().values():
        if field.register:
            names = (field.code, field.name, field.name_en, *field.aliases)
            found.update({_plain(name): field for name in names})
    return MappingProxyType(found)


@cache
def _frames() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rows = yaml.safe_load(FRAMES.read_text(encoding="utf-8"))
    before, after = ("|".join(map(re.escape, rows[name])) for name in ("before", "after"))
    return re.compile(f"^(?:{before})"), re.compile(f"(?:{after})$")


def _bare(text: str) -> Iterable[str]:
    """The words as they stand, then without what is put around them, layer by layer."""
    before, after = _frames()
    plain = _plain(text)
    yield plain
    for pattern in (before, after):
        while (less := pattern.sub("", plain)) not in (plain, ""):
            plain = less
            yield plain


def _plain(text: str) -> str:
    """Letters and digits alone, small; what stands in brackets explains and is left out."""
    words = re.sub(r"\([^)]*\)", "", unicodedata.normalize("NFKC", text).lower())
    return re.sub(r"[\W_]", "", words)
