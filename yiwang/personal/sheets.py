"""The copy of a person's data as a workbook; the list of requests for staff."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.rules.wording import listed
from yiwang.core.workbook import Sheet, workbook_of
from yiwang.personal.models import RightsRequest


def copy_workbook(copy: dict[str, Any], by: str) -> bytes:
    """Everything held of one person, a sheet each: values, consents, agents, requests, look-ups."""
    sheets = {
        _("个人信息"): (
            [_("信息项"), _("内容"), _("来源"), _("确认日期"), _("到期日期"), _("用途")],
            [
                [one["name"], one["shown"], one["source"], one["confirmed_on"],
                 one["due_on"] or "", one["purpose"]]
                for one in copy["fields"]
            ],
        ),
        _("查看记录"): (
            [_("时间"), _("查看人"), _("信息项"), _("原因")],
            [[one["at"], one["by"], one["field"], one["reason"]] for one in copy["looks"]],
        ),
        _("同意记录"): (
            [_("目的"), _("文本版本"), _("同意时间"), _("撤回时间")],
            [
                [one["name"], one["version"], one["given_at"], one["withdrawn_at"] or ""]
                for one in copy["consents"]
            ],
        ),
        _("个人评估"): (
            [_("评估表"), _("评估日期"), _("有效至"), _("等级"), _("总分")],
            [
                [one["form"], one["assessed_on"], one["valid_until"], one["name"], one["total"]]
                for one in copy["assessments"]
            ],
        ),
        _("收到的通知"): _messages(copy["messages"]),
        _("请求"): (
            [_("编号"), _("请求"), _("提出时间"), _("状态"), _("答复")],
            [
                [one["number"], one["kind"], one["asked_at"], one["state"], one["answer"]]
                for one in copy["requests"]
            ],
        ),
    }  # fmt: skip
    return _book(sheets, by)


def _messages(rows: list[dict[str, Any]]) -> tuple[list[str], list[list[Any]]]:
    heads = [_("时间"), _("通知内容"), _("编号"), _("方式")]
    return heads, [
        [one["at"], one["name"], one["number"], listed(way["name"] for way in one["ways"])]
        for one in rows
    ]


def requests_workbook(rows: Iterable[RightsRequest], by: str) -> bytes:
    """The list as filtered; people masked, what they wrote left out."""
    heads = [_("编号"), _("居民"), _("社区"), _("请求"), _("信息项"), _("提出日期"), _("答复期限"),
             _("状态")]  # fmt: skip
    cells = [
        [
            one.pk, one.resident.masked_name, one.resident.division.name, one.get_kind_display(),
            one.field_label, f"{timezone.localtime(one.asked_at):%Y-%m-%d}",
            f"{timezone.localtime(one.due_at):%Y-%m-%d}", one.get_state_display(),
        ]
        for one in rows
    ]  # fmt: skip
    return _book({_("个人信息请求"): (heads, cells)}, by)


def _book(sheets: dict[str, tuple[list[str], list[list[Any]]]], by: str) -> bytes:
    """Each sheet says who made it and when, on the screen and on paper (EXP-21)."""
    mark = f"{by} {timezone.localtime():%Y-%m-%d %H:%M}"
    return workbook_of(Sheet(name, mark, heads, rows) for name, (heads, rows) in sheets.items())
