"""Figures of halls as a workbook."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.core.workbook import workbook
from yiwang.queues.models import Appointment


def figures_workbook(
    title: str, unit: str, made_at: datetime, rows: Iterable[Sequence[str | int | None]]
) -> bytes:
    """One row a line of a hall's day, waits in minutes."""
    return workbook(title, _about(unit, made_at), _columns(), rows, sheet=_("排队"))


def _about(unit: str, made_at: datetime) -> str:
    made = timezone.localtime(made_at).strftime("%Y-%m-%d %H:%M")
    return _("%(unit)s　%(at)s 导出") % {"unit": unit, "at": made}


def appointments_workbook(unit: str, made_at: datetime, rows: Iterable[Appointment]) -> bytes:
    """One row an appointment, the person masked."""
    columns = [
        _("预约号"), _("大厅"), _("时间"), _("业务"), _("居民"), _("优先"), _("预约途径"), _("状态"),
        _("排队号"),
    ]  # fmt: skip
    cells = (
        (
            one.number, one.unit.label, one.when, f"{one.letter} {one.line.label}",
            one.resident.masked_name, one.reason, str(one.get_door_display()),
            str(one.get_state_display()), one.ticket.number if one.ticket else "",
        )
        for one in rows
    )  # fmt: skip
    return workbook(_("窗口预约"), _about(unit, made_at), columns, cells, sheet=_("预约"))


def waits_workbook(unit: str, made_at: datetime, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """One row a hall, day or hour; waits in minutes."""
    columns = [
        _("大厅"), _("日期"), _("钟点"), _("没有预约的号数"), _("等候中位数（分钟）"),
        _("最长等候（分钟）"), _("有预约的号数"), _("等候中位数（分钟，有预约）"),
        _("最长等候（分钟，有预约）"),
    ]  # fmt: skip
    cells = (
        (
            row["unit"], row["day"].isoformat() if row["day"] else "", row["hour"] or "",
            row["walked"], row["walked_median"], row["walked_longest"], row["booked"],
            row["booked_median"], row["booked_longest"],
        )
        for row in rows
    )  # fmt: skip
    return workbook(_("等候时间"), _about(unit, made_at), columns, cells, sheet=_("等候"))


def _columns() -> list[str]:
    return [
        _("大厅"), _("区划"), _("日期"), _("业务"), _("取号数"), _("优先号"), pgettext("queue", "已办"), _("过号作废"),
        _("闭厅未办"), _("等候中位数（分钟）"), _("最长等候（分钟）"),
    ]  # fmt: skip
