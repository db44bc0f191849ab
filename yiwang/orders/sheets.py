"""Orders and the figures of organisations as workbooks, masked like the pages."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.workbook import Sheet, workbook_of

from .models import ServiceOrder
from .reads import OrganizationFigures


def orders_workbook(
    orders: Iterable[ServiceOrder], figures: Iterable[OrganizationFigures], about: str
) -> bytes:
    """A row an order; beside it a row an organisation."""
    heads = [
        _("工单编号"), _("做什么"), _("服务单位"), _("区划"), _("状态"), _("派单时间"),
        _("完成期限"), _("完工时间"), _("评价"),
    ]  # fmt: skip
    lines = [
        _("服务单位"), _("派单"), _("接单"), _("拒单"), _("超时退回"), _("完工"), _("按期率（%）"),
        _("评价"), _("平均分"),
    ]  # fmt: skip
    return workbook_of([
        Sheet(_("服务工单"), about, heads, [_order(one) for one in orders], _("工单")),
        Sheet(_("服务单位统计"), about, lines, [_line(one) for one in figures], _("统计")),
    ])  # fmt: skip


def _order(order: ServiceOrder) -> list[str]:
    rating = getattr(order, "rating", None)
    return [
        order.number or "", order.what, order.organization.name, order.division.label,
        order.get_state_display(), f"{timezone.localtime(order.placed_at):%Y-%m-%d %H:%M}",
        order.due_on.isoformat(),
        f"{timezone.localtime(order.done_at):%Y-%m-%d %H:%M}" if order.done_at else "",
        rating.get_grade_display() if rating else "",
    ]  # fmt: skip


def _line(one: OrganizationFigures) -> list[object]:
    return [
        one.name, one.offered, one.accepted, one.refused, one.lapsed, one.done, one.share,
        one.rated, one.grade,
    ]  # fmt: skip
