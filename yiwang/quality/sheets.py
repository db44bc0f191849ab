"""The scoreboard, checks and findings as workbooks."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.core.workbook import workbook

from .models import Check, Discussion, Finding
from .reads.board import Line
from .reads.providers import ProviderLine


def board_workbook(lines: Iterable[Line], about: str) -> bytes:
    """A row a unit; the grade only where there are enough ratings."""
    heads = [
        _("单位"), _("区划"), pgettext("event", "办结"), _("按时率（%）"), _("评价"), _("平均满意程度"), _("差评"),
        _("重办"), _("检查"), _("检查合格率（%）"), _("检查问题"), _("逾期未整改"),
    ]  # fmt: skip
    rows = (
        [
            one.unit.label, one.unit.division.label, one.finished, one.on_time_share, one.rated,
            _("样本不足") if one.shown_grade is None else one.shown_grade, one.low, one.reopened,
            one.checks, one.score, one.findings, one.missed,
        ]
        for one in lines
    )  # fmt: skip
    return workbook(_("服务质量榜"), about, heads, rows)


def providers_workbook(lines: Iterable[ProviderLine], about: str) -> bytes:
    """A row a service subject; the grade only where there are enough ratings."""
    heads = [
        _("名称"), _("完成工单"), _("按时率（%）"), _("超时未答"), _("评价"), _("平均满意程度"), _("差评"),
        _("检查"), _("检查合格率（%）"), _("检查问题"), _("逾期未整改"),
    ]  # fmt: skip
    rows = (
        [
            one.name, one.orders, one.on_time_share, one.lapsed, one.rated,
            _("样本不足") if one.shown_grade is None else one.shown_grade, one.low,
            one.checks, one.score, one.findings, one.missed,
        ]
        for one in lines
    )  # fmt: skip
    return workbook(_("服务主体"), about, heads, rows)


def checks_workbook(rows: Iterable[Check], about: str) -> bytes:
    """A row a check."""
    heads = [
        _("检查方式"), _("被检查单位"), _("服务主体"), _("事项"), _("编号"), _("检查人"),
        _("居民监督员或访客"), _("检查时间"), _("合格率（%）"), _("检查情况"), _("检查问题"),
    ]  # fmt: skip
    return workbook(_("质量检查"), about, heads, (_check(one) for one in rows))


def _check(one: Any) -> list[Any]:
    return [
        str(one.get_kind_display()), one.unit.label, one.provider.name if one.provider else "",
        one.matter.item.label if one.matter else "",
        one.matter.display_number if one.matter else "",
        one.done_by or (str(one.post.user) if one.post else ""), one.inspector,
        _minute(one.done_at), one.score, one.note, one.wrong,
    ]  # fmt: skip


def findings_workbook(rows: Iterable[Finding], about: str) -> bytes:
    """A row a finding with its correction."""
    heads = [
        _("整改单位"), _("服务主体"), _("检查点"), _("问题"), _("重复发生"), _("状态"),
        _("提出时间"), _("整改期限"), _("整改情况"), _("整改时间"), _("复查意见"), _("复查时间"),
        _("上报到"), _("暂缓结算"),
    ]  # fmt: skip
    found = (
        [
            one.unit.label, one.provider.name if one.provider else "", one.point, one.text,
            _("是") if one.repeated else "", str(one.get_state_display()), _minute(one.issued_at),
            _minute(one.due_at), one.action, _minute(one.corrected_at), one.recheck,
            _minute(one.rechecked_at), one.told_place.label if one.told_place else "",
            _("是") if one.holds_settlement else "",
        ]
        for one in rows
    )  # fmt: skip
    return workbook(_("检查问题"), about, heads, found)


def discussions_workbook(rows: Iterable[Discussion], about: str) -> bytes:
    """A row a case discussion."""
    heads = [
        _("讨论日期"), _("单位"), _("事项"), _("编号"), _("涉及的服务承诺"), _("原因和教训"),
        _("改进措施"), _("登记人"),
    ]  # fmt: skip
    found = (
        [
            one.held_on.isoformat(), one.unit.label, one.matter.item.label,
            one.matter.display_number, one.promise.label if one.promise else "", one.lessons,
            one.measures, one.by_label,
        ]
        for one in rows
    )  # fmt: skip
    return workbook(_("案例讨论"), about, heads, found)


def _minute(value: datetime | None) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""
