"""Items, tables and forms of a version as lists: searched, filtered, sorted, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language

from yiwang.core.rules.chinese import clean_text
from yiwang.dictionary.models import DictionaryVersion
from yiwang.dictionary.rules import GROUPS, TYPES, Kind, What

SORTS: Final = ("code", "name")


@dataclass(frozen=True)
class Asked:
    """What a list is narrowed by; `table` narrows codes, `group` items."""

    q: str = ""
    group: str = ""
    sort: str = ""


def listed(version: DictionaryVersion, part: str, asked: Asked) -> list[dict[str, Any]]:
    """The rows of a part that match, each with its name as `label` and in the other language."""
    rows = [with_words(one) for one in version.rows(part)]
    words = clean_text(asked.q).lower()
    if words:
        rows = [one for one in rows if words in _searched(one)]
    if asked.group:
        rows = [one for one in rows if asked.group in (one.get("group"), one.get("category"))]
    key = asked.sort.removeprefix("-")
    if key in SORTS:
        field = "label" if key == "name" else "code"
        rows.sort(key=lambda one: one[field], reverse=asked.sort.startswith("-"))
    return rows


def with_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as a page shows it: label, the name in the other language, type and group in words."""
    own, other = ("name_en", "name") if _english() else ("name", "name_en")
    shown = {**row, "label": row[own] or row[other], "other": row[other]}
    if "type" in row:
        shown |= {"type_label": TYPES.get(row["type"], row["type"]),
                  "group_label": GROUPS.get(row["group"], row["group"])}  # fmt: skip
    if "codes" in row:
        shown["codes"] = [with_words(one) for one in row["codes"]]
        shown["in_use"] = sum(bool(one["in_use"]) for one in row["codes"])
    return shown


def told(change: Mapping[str, Any]) -> dict[str, Any]:
    """A change in words."""
    return with_words(change) | {
        "what_label": What(change["what"]).label,
        "kind_label": Kind(change["kind"]).label,
        "differences": [(name, old, new) for name, (old, new) in (change["fields"] or {}).items()],
    }


def label_of(version: DictionaryVersion, part: str, code: str) -> str:
    """The name of an item, table, form or department by its code; the code when there is none."""
    row = version.row(part, code)
    return str(with_words(row)["label"]) if row else code


def department_of(version: DictionaryVersion, code: str) -> str:
    """The department that owns an item, in words."""
    table = version.row("tables", "department") or {"codes": []}
    rows = (with_words(one) for one in table["codes"] if one["code"] == code)
    return next((str(one["label"]) for one in rows), code)


def _searched(row: Mapping[str, Any]) -> str:
    parts = [row["code"], row["name"], row["name_en"], *row.get("aliases", [])]
    for one in row.get("codes", []):
        parts += [one["name"], one["name_en"]]
    return " ".join(parts).lower()


def _english() -> bool:
    return (get_language() or "").startswith("en")
