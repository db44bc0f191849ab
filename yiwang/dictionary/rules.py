"""What differs between two states of the dictionary, and the semantic version that follows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FIRST: Final = "1.0.0"
PARTS: Final = {"items": "item", "tables": "table", "forms": "form"}
TYPES: Final[dict[str, Any]] = {
    "text": _("文字"), "choice": _("单选"), "multichoice": _("多选"), "date": _("日期"),
    "identity": _("公民身份号码"), "phone": _("电话号码"), "address": _("地址"),
    "integer": _("整数"), "money": _("金额（元）"), "boolean": _("是或否"), "bank": _("银行账号"),
}  # fmt: skip
GROUPS: Final[dict[str, Any]] = {
    "identity": _("身份"), "contact": _("联系与住址"), "household": _("家庭"),
    "status": _("人员身份"), "education": _("教育"), "work": _("就业与社保"),
    "income": _("收入与账户"), "health": _("健康与残疾"), "housing": _("住房"),
    "other": _("申请时填写"),
}  # fmt: skip
_KEPT_APART: Final = ("code", "codes")


class What(models.TextChoices):
    """What a change is about."""

    ITEM = "item", _("信息项")
    TABLE = "table", _("代码表")
    CODE = "code", _("代码")
    FORM = "form", _("表单")


class Kind(models.TextChoices):
    """What has become of it."""

    ADDED = "added", _("新增")
    CHANGED = "changed", _("修改")
    WITHDRAWN = "withdrawn", pgettext_lazy("state", "停用")


def changes_between(
    before: Mapping[str, Sequence[Mapping[str, Any]]],
    after: Mapping[str, Sequence[Mapping[str, Any]]],
) -> list[dict[str, Any]]:
    """Every item, table, code and form that is new, different or gone, in the order of the parts."""
    found: list[dict[str, Any]] = []
    for part, what in PARTS.items():
        old, new = _by_code(before[part]), _by_code(after[part])
        found += _differences(what, old, new)
        if part == "tables":
            for code, table in new.items():
                earlier = old.get(code, {}).get("codes", []) if code in old else table["codes"]
                found += _differences("code", _by_code(earlier), _by_code(table["codes"]), code)
    return found


def next_number(last: str, changes: Iterable[Mapping[str, Any]]) -> str:
    """Semantic versioning: what breaks a reader counts first, what is new second, words third."""
    major, minor, patch = map(int, last.split("."))
    weight = max((_weight(one) for one in changes), default=0)
    if weight == 2:
        return f"{major + 1}.0.0"
    if weight == 1:
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def _weight(change: Mapping[str, Any]) -> int:
    """2 when a reader's program may fail on it, 1 when there is something new to read, else 0."""
    if change["what"] == What.FORM:
        return int(change["kind"] == Kind.ADDED)
    if change["kind"] == Kind.WITHDRAWN or {"type", "table"} & set(change["fields"]):
        return 2
    return int(change["kind"] == Kind.ADDED)


def _differences(
    what: str, old: Mapping[str, Any], new: Mapping[str, Any], table: str = ""
) -> Iterator[dict[str, Any]]:
    for code, row in new.items():
        earlier = old.get(code)
        if earlier is None or (_in_use(row) and not _in_use(earlier)):
            yield _change(what, Kind.ADDED, row, table)
        elif _in_use(earlier) and not _in_use(row):
            yield _change(what, Kind.WITHDRAWN, row, table)
        elif fields := _fields(earlier, row):
            yield _change(what, Kind.CHANGED, row, table, fields)
    for code, row in old.items():
        if code not in new:
            yield _change(what, Kind.WITHDRAWN, row, table)


def _change(
    what: str,
    kind: str,
    row: Mapping[str, Any],
    table: str,
    fields: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    return {"what": what, "kind": str(kind), "table": table, "code": row["code"],
            "name": row["name"], "name_en": row["name_en"], "fields": fields or {}}  # fmt: skip


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    names = [name for name in {**before, **after} if name not in _KEPT_APART]
    return {
        name: [before.get(name), after.get(name)]
        for name in names
        if before.get(name) != after.get(name)
    }


def _in_use(row: Mapping[str, Any]) -> bool:
    return bool(row.get("in_use", True))


def _by_code(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {str(row["code"]): row for row in rows}
