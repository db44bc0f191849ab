"""Lists of liaison as workbooks, filtered like the pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.workbook import workbook

from .models import DayLog, Device, Entry, Receipt
from .reads.logs import FIGURES, days_missing


def when(value: datetime | None) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


def yes(value: bool) -> str:
    return _("是") if value else _("否")


def devices_workbook(rows: Iterable[Device], about: str) -> bytes:
    """A row a device, with what is broken since when."""
    heads = [
        _("区划"), _("使用单位"), _("种类"), _("品牌型号"), _("编号"), _("号码或地址"), _("状态"),
        _("故障"), _("报修时间"), _("启用日期"),
    ]  # fmt: skip
    lines = (_device(one) for one in rows)
    return workbook(_("设备登记"), about, heads, lines)


def _device(one: Any) -> list[str]:
    repair = one.waiting[0] if one.waiting else None
    return [
        one.division.name, one.unit.name, one.get_kind_display(), one.name, one.serial, one.number,
        one.get_state_display(), repair.problem if repair else "",
        when(repair.opened_at if repair else None), one.since_on.isoformat(),
    ]  # fmt: skip


def coverage_workbook(rows: Iterable[Any], about: str) -> bytes:
    """A row a community."""
    heads = [
        _("社区"), _("上级"), _("已覆盖"), _("有管理员"), _("最近登录"), _("正常电脑"), _("正常电话"),
        _("线路故障"), _("最近更新登记册"),
    ]  # fmt: skip
    lines = (
        [
            one.name, one.parent.name, yes(one.covered), yes(one.manned), when(one.last_login),
            one.computers, one.telephones, yes(one.line_down), when(one.last_change),
        ]
        for one in rows
    )  # fmt: skip
    return workbook(_("信息网覆盖"), about, heads, lines)


def receipts_workbook(rows: Iterable[Receipt], about: str) -> bytes:
    """A row a place."""
    heads = [
        _("区划"), _("上级"), _("阅读时间"), _("确认时间"), _("确认人"), _("提醒次数"), _("提问"),
        _("答复"),
    ]  # fmt: skip
    lines = ([*_whose(one), *_receipt(one)] for one in rows)
    return workbook(_("通知回执"), about, heads, lines)


def _whose(one: Any) -> list[str]:
    return [one.division.name, one.division.parent.name if one.division.parent else ""]


def _receipt(one: Receipt) -> list[Any]:
    return [
        when(one.read_at), when(one.confirmed_at), one.confirmed_by, one.reminders, one.question,
        one.answer,
    ]  # fmt: skip


def logs_workbook(rows: Iterable[DayLog], about: str) -> bytes:
    """A row a log: what was written, what was counted."""
    heads = [
        _("日期"), _("区划"), *(str(one.label) for one in Entry),
        *(str(label) for label in FIGURES.values()), _("提交人"), _("提交时间"),
    ]  # fmt: skip
    lines = (
        [
            one.on.isoformat(), one.division.name, *(one.entries.get(kind, "") for kind in Entry),
            *(one.figures.get(name, 0) for name in FIGURES), one.filed_by, when(one.filed_at),
        ]
        for one in rows
    )  # fmt: skip
    return workbook(_("网络日志"), about, heads, lines)


def missing_workbook(rows: Iterable[Any], about: str) -> bytes:
    """A row a place that owes its log."""
    heads, today = [_("区划"), _("上级"), _("最近一份"), _("缺几个工作日")], timezone.localdate()
    lines = (
        [
            one.name, one.parent.name if one.parent else "",
            one.last_on.isoformat() if one.last_on else "", days_missing(one.last_on, today),
        ]
        for one in rows
    )  # fmt: skip
    return workbook(_("没有写日志的区划"), about, heads, lines)


def administrators_workbook(rows: Iterable[Any], about: str) -> bytes:
    """A row an administrator with the state of training."""
    heads = [
        _("姓名"), _("岗位"), _("区划"), _("任用方式"), _("到岗日期"), _("持证"), _("在学"), _("逾期"),
        _("本年学时"),
    ]  # fmt: skip
    lines = (
        [
            one.user.name, str(one.get_role_display()), one.division.name, one.manner,
            one.starts_on.isoformat(), yes(one.trained), yes(one.waiting), yes(one.late), one.hours,
        ]
        for one in rows
    )  # fmt: skip
    return workbook(_("网络管理员名册"), about, heads, lines)


def enrolments_workbook(rows: Iterable[Any], about: str) -> bytes:
    """A row a person and course."""
    heads = [
        _("姓名"), _("区划"), _("课程"), _("学完期限"), _("考核日期"), _("分数"), _("合格"),
        _("证书编号"), _("证书有效期至"),
    ]  # fmt: skip
    lines = (
        [
            one.post.user.name, one.post.division.name, one.course.title, one.due_on.isoformat(),
            one.taken_on.isoformat() if one.taken_on else "", one.score, yes(one.passed),
            one.certificate, one.valid_until.isoformat() if one.valid_until else "",
        ]
        for one in rows
    )  # fmt: skip
    return workbook(_("培训记录"), about, heads, lines)
