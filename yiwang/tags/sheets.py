"""Lists of tagged people as workbooks, masked like the page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.core.workbook import workbook
from yiwang.tags.models import Roll, TagKind


def people_workbook(
    rows: Iterable[Mapping[str, Any]], kind: TagKind, filters: Iterable[Mapping[str, str]]
) -> bytes:
    """Title, date and filters, then a row a person."""
    heads = [
        _("姓名"), _("性别"), _("年龄"), _("联系电话"), _("住址"), _("社区"), _("标签"),
        _("设置日期"), _("有效至"), _("最近走访"),
    ]  # fmt: skip
    words = "；".join(str(one["label"]) for one in filters) or _("无")
    about = _("导出日期 %(day)s；条件：%(words)s；个人信息已脱敏") % {
        "day": timezone.localdate().isoformat(),
        "words": words,
    }
    title = _("%(kind)s名单") % {"kind": kind.label}
    return workbook(title, about, heads, (_cells(row) for row in rows), sheet=_("名单"))


def _cells(row: Mapping[str, Any]) -> list[str | int]:
    person, tag, visited = row["person"], row["tag"], row["visited_on"]
    age = person.resident.age()
    return [
        person.name,
        person.resident.get_sex_display(),
        "" if age is None else age,
        person.phone,
        person.address,
        person.resident.division.name,
        tag.label,
        tag.since.isoformat(),
        tag.valid_until.isoformat() if tag.valid_until else "",
        visited.isoformat() if visited else "",
    ]


def rolls_workbook(rolls: Iterable[Roll]) -> bytes:
    """Departments' lists and what each did to the tags; no persons."""
    heads = [
        _("名单"), _("报送单位"), _("标签"), _("完整名单"), pgettext("count", "新设"),
        pgettext("count", "复核"), pgettext("count", "结束"), _("没有设的"), _("状态"), _("经办"),
        _("日期"),
    ]  # fmt: skip
    lines = (
        [
            one.file.file_name, one.file.unit.label, one.kind.label,
            _("是") if one.complete else _("否"), one.was_set, one.confirmed, one.ended,
            one.skipped, one.get_state_display(), one.by_label,
            timezone.localdate(one.created_at).isoformat(),
        ]
        for one in rolls
    )  # fmt: skip
    about = _("导出日期 %(day)s") % {"day": timezone.localdate().isoformat()}
    return workbook(_("部门名单"), about, heads, lines)
