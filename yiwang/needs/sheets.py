"""Needs and yearly assessments as workbooks, masked like the page."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.workbook import workbook
from yiwang.needs.models import Assessment, Need
from yiwang.needs.rules.categories import Category


def needs_workbook(rows: Iterable[Need]) -> bytes:
    """A row a need."""
    heads = [
        _("登记日期"), _("类别"), _("需要什么"), _("居民或群体"), _("人数"), _("缓急"), _("来源"),
        _("状态"), _("社区"),
    ]  # fmt: skip
    return workbook(_("需求"), _today(), heads, (_need(one) for one in rows))


def assessments_workbook(rows: Iterable[Assessment]) -> bytes:
    """A row an assessment of a community, with the category that lacks most."""
    heads = [
        _("社区"),
        _("年度"),
        _("状态"),
        _("缺口最大的类别"),
        _("缺口"),
        _("批准日期"),
        _("编制人"),
    ]
    return workbook(_("年度需求评估"), _today(), heads, (_assessment(one) for one in rows))


def _need(need: Need) -> list[str | int]:
    return [
        need.registered_on.isoformat(), need.get_category_display(), need.text,
        need.resident.masked_name if need.resident else need.group, need.people,
        need.get_urgency_display(), need.get_channel_display(), need.get_state_display(),
        need.division.label,
    ]  # fmt: skip


def _assessment(one: Assessment) -> list[str | int]:
    first: dict[str, Any] = one.figures[0] if one.figures else {"category": "", "gap": 0}
    names = dict(Category.choices)
    return [
        one.division.label, one.year, one.get_state_display(),
        str(names.get(first["category"], "")), first["gap"],
        one.approved_on.isoformat() if one.approved_on else "", one.by_label,
    ]  # fmt: skip


def _today() -> str:
    return _("导出日期 %(day)s") % {"day": timezone.localdate().isoformat()}
