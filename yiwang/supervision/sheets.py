"""Late steps, orders and circulars as workbooks, masked like the pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.workbook import workbook
from yiwang.matters.models import Step
from yiwang.matters.rules import Stage

from .models import Circular, Order


def late_workbook(steps: Iterable[Step], about: str) -> bytes:
    """A row a step, with the levels that know of it."""
    heads = [
        _("编号"), _("事项"), _("居民"), _("环节"), _("承办单位"), _("经办人"), _("期限"),
        _("已上报到"), _("督办单"),
    ]  # fmt: skip
    return workbook(_("督办名单"), about, heads, (_late(step) for step in steps))


def _late(step: Any) -> list[str]:
    orders = [one.get_state_display() for one in step.open_orders]
    return [
        step.matter.display_number, step.matter.item.label, step.matter.resident.masked_name,
        step.label, step.unit.label, str(step.handler.user) if step.handler else "",
        _moment(step.due_at), _("、").join(told_words(step)), _("、").join(orders),
    ]  # fmt: skip


def told_words(step: Any) -> list[str]:
    """The levels that were told of a step, the lowest first."""
    told = {one.stage for one in step.told}
    return [str(stage.label) for stage in Stage if stage.value in told]


def orders_workbook(orders: Iterable[Order], about: str) -> bytes:
    """A row an order."""
    heads = [
        _("编号"), _("被督办单位"), _("督办要求"), _("发出人"), _("发出时间"), _("答复期限"),
        _("答复"), _("答复时间"), _("状态"), _("销号时间"),
    ]  # fmt: skip
    rows = (
        [
            one.matter.display_number, one.unit.label, one.text, one.issued_by,
            _moment(one.issued_at), _moment(one.answer_due_at), one.answer,
            _moment(one.answered_at), one.get_state_display(), _moment(one.closed_at),
        ]
        for one in orders
    )  # fmt: skip
    return workbook(_("督办单"), about, heads, rows)


def circular_workbook(circular: Circular) -> bytes:
    """The figures of a circular, a row a unit."""
    heads = [
        _("单位"), _("区划"), _("完成环节"), _("逾期"), _("按时率（%）"), _("首次响应超时"),
        *(_("上报到%(stage)s") % {"stage": stage.label} for stage in Stage),
        _("督办单"), _("答复超时"),
    ]  # fmt: skip
    rows = (
        [
            one["name"], one["place"], one["done"], one["late"],
            "" if one["on_time"] is None else one["on_time"], one["response"],
            *(one["stages"][stage.value] for stage in Stage), one["orders"], one["orders_late"],
        ]
        for one in circular.figures
    )  # fmt: skip
    about = _("%(first)s 至 %(last)s") % {"first": circular.first, "last": circular.last}
    return workbook(circular.title, about, heads, rows)


def _moment(value: datetime | None) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""
