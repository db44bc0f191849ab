"""The dictionary out as CSV and XLSX: one part of a version, a row an item, code or binding."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

from yiwang.core.workbook import FORMULA, workbook
from yiwang.dictionary.models import DictionaryVersion

PARTS: Final = ("items", "tables", "forms")


def titles(part: str) -> tuple[str, list[str]]:
    """What a part is called, and its heads."""
    return {
        "items": (_("信息项"), [
            _("编码"), _("名称"), _("英文名称"), _("类型"), _("分组"), _("代码表"), _("存入档案"),
            _("主管部门"), _("标准"), _("敏感"), _("有效天数"), _("别名"),
        ]),
        "tables": (_("代码表"), [
            _("代码表编码"), _("代码表名称"), _("标准"), _("编码"), _("名称"), _("英文名称"), _("在用"),
        ]),
        "forms": (_("表单"), [
            _("表单编码"), _("名称"), _("英文名称"), _("类别"), _("版本"), _("信息项编码"),
        ]),
    }[part]  # fmt: skip


def as_workbook(version: DictionaryVersion, part: str) -> bytes:
    """One part as XLSX, ready to print."""
    title, heads = titles(part)
    about = _("数据字典 %(number)s 版，%(day)s 发布") % {
        "number": version.number, "day": version.published_on.isoformat(),
    }  # fmt: skip
    return workbook(title, about, heads, _rows(version, part))


def as_csv(version: DictionaryVersion, part: str) -> bytes:
    """One part as CSV in UTF-8 with a mark, so that Excel reads the Chinese."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(titles(part)[1])
    for row in _rows(version, part):
        writer.writerow(_plain(value) for value in row)
    return target.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula stays text."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _rows(version: DictionaryVersion, part: str) -> Iterator[list[Any]]:
    yes, no = _("是"), _("否")
    for row in version.rows(part):
        names = [row["code"], row["name"], row["name_en"]]
        if part == "items":
            yield [
                *names, row["type"], row["group"], row["table"], yes if row["kept"] else no,
                row["owner"], row["standard"], yes if row["sensitive"] else no,
                "" if row["fresh_days"] is None else row["fresh_days"], "、".join(row["aliases"]),
            ]  # fmt: skip
        elif part == "tables":
            for one in row["codes"]:
                yield [
                    row["code"], row["name"], row["standard"], one["code"], one["name"],
                    one["name_en"], yes if one["in_use"] else no,
                ]  # fmt: skip
        else:
            for item in row["items"]:
                yield [*names, row["category"], row["version"], item]
