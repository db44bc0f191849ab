"""How the portal speaks: limits, levels, greetings, telephones, what a state means to a resident."""

from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from yiwang.core.rules.calendar import Unit
from yiwang.matters.rules import EventKind, State

NOON, EVENING = 12, 18  # hours of the day
CITY_HOTLINE: Final = "12345"
EMERGENCY: Final = "120"

LEVELS: Final = MappingProxyType(
    {
        "community": gettext_lazy("村（社区）"),
        "township": gettext_lazy("乡镇（街道）"),
        "county": gettext_lazy("县（市、区）"),
        "city": gettext_lazy("市"),
    }
)
CHANNELS: Final = MappingProxyType(
    {
        "window": gettext_lazy("窗口"),
        "web": gettext_lazy("网上"),
        "kiosk": gettext_lazy("便民亭"),
        "visit": gettext_lazy("上门"),
        "phone": gettext_lazy("电话"),
    }
)
MATERIALS: Final = MappingProxyType(
    {
        "original": gettext_lazy("带原件"),
        "copy": gettext_lazy("复印件"),
        "photo": gettext_lazy("拍照即可"),
        "form": gettext_lazy("填表"),
    }
)
STATES: Final = MappingProxyType(
    {
        State.SUBMITTED: gettext_lazy("已经收到，等受理"),
        State.WORKING: gettext_lazy("正在办理"),
        State.CORRECTING: gettext_lazy("等您补材料"),
        State.PAUSED: gettext_lazy("暂停计时"),
        State.FINISHED: gettext_lazy("已经办好"),
        State.REFUSED: gettext_lazy("没有批准"),
        State.WITHDRAWN: gettext_lazy("已经撤回"),
    }
)
STATE_CHIPS: Final = MappingProxyType(
    {
        State.SUBMITTED: ("brand", "send"),
        State.WORKING: ("brand", "clock"),
        State.CORRECTING: ("warn", "alert-circle"),
        State.PAUSED: ("warn", "player-pause"),
        State.FINISHED: ("ok", "circle-check"),
        State.REFUSED: ("danger", "circle-x"),
        State.WITHDRAWN: ("", "arrow-back-up"),
    }
)
EVENTS: Final = MappingProxyType(
    {
        EventKind.SUBMITTED: (gettext_lazy("收到您在网上的申请"), "send"),
        EventKind.ACCEPTED: (gettext_lazy("受理了您的申请"), "file-check"),
        EventKind.TAKEN: (gettext_lazy("开始经办"), "user"),
        EventKind.DONE: (gettext_lazy("办完一个环节"), "check"),
        EventKind.SKIPPED: (gettext_lazy("按您的情况不需要这个环节"), "chevron-right"),
        EventKind.SENT_BACK: (gettext_lazy("退回前面的环节重新办"), "arrow-back-up"),
        EventKind.HANDED_ON: (gettext_lazy("转给别的单位办"), "arrows-exchange"),
        EventKind.RETURNED: (gettext_lazy("请您补材料"), "alert-circle"),
        EventKind.INFECTED: (gettext_lazy("一个文件带病毒，没有收下"), "alert-triangle"),
        EventKind.REVOKED: (gettext_lazy("结果已撤销"), "circle-x"),
        EventKind.CORRECTED: (gettext_lazy("收到您补的材料"), "upload"),
        EventKind.PAUSED: (gettext_lazy("暂停计时"), "player-pause"),
        EventKind.RESUMED: (gettext_lazy("恢复计时"), "player-play"),
        EventKind.EXTENDED: (gettext_lazy("同意延长时间"), "hourglass"),
        EventKind.EXTENSION_ASKED: (gettext_lazy("申请延长时间"), "hourglass"),
        EventKind.EXTENSION_REFUSED: (gettext_lazy("不同意延长时间"), "hourglass"),
        EventKind.URGED: (gettext_lazy("催促办理"), "urgent"),
        EventKind.ESCALATED: (gettext_lazy("报告上级督办"), "alarm"),
        EventKind.DEPARTURE: (gettext_lazy("按去世、迁出处理"), "user"),
        EventKind.SPLIT: (gettext_lazy("撤销合并，恢复单独办理"), "arrow-back-up"),
        EventKind.NOTED: (gettext_lazy("办理情况"), "message-2"),
        EventKind.FINISHED: (gettext_lazy("办好了"), "circle-check"),
        EventKind.REFUSED: (gettext_lazy("没有批准"), "circle-x"),
        EventKind.NOT_ACCEPTED: (gettext_lazy("没有受理，理由见下"), "circle-x"),
        EventKind.WITHDRAWN: (gettext_lazy("撤回了申请"), "arrow-back-up"),
        EventKind.DELIVERED: (gettext_lazy("送达了结果"), "send"),
        EventKind.CONTACTED: (gettext_lazy("记下您的来电、来访"), "phone"),
        EventKind.MERGED: (gettext_lazy("与您同一件事的申请合并办理"), "arrows-exchange"),
        EventKind.OPINION_ASKED: (gettext_lazy("请别的单位一起看"), "users-group"),
        EventKind.OPINION_GIVEN: (gettext_lazy("别的单位给了意见"), "message-2"),
        EventKind.OPINION_WAIVED: (gettext_lazy("不再等别的单位的意见"), "clock"),
        EventKind.RATED: (gettext_lazy("您作了评价"), "star"),
        EventKind.CALLED_BACK: (gettext_lazy("回访了您"), "phone"),
        EventKind.REOPENED: (gettext_lazy("由上一级重新办理"), "refresh"),
        EventKind.REDONE: (gettext_lazy("重新办理有了结果"), "circle-check"),
    }
)


def greeting(hour: int) -> str:
    """Good morning, afternoon or evening for an hour of 0 to 23."""
    if hour < NOON:
        return _("上午好")
    return _("下午好") if hour < EVENING else _("晚上好")


def dialable(phone: str) -> str:
    """What a telephone is told to ring: digits and a leading plus, extensions left out."""
    head = phone.strip().split("转")[0]
    plus = "+" if head.startswith(("+", "＋")) else ""
    return plus + "".join(char for char in head if char in "0123456789")


def span(amount: int, unit: str) -> str:
    """A period in words: 3 个工作日."""
    if unit == Unit.WORKING_DAYS:
        text = ngettext("%(count)s 个工作日", "%(count)s 个工作日", amount)
    elif unit == Unit.WORKING_HOURS:
        text = ngettext("%(count)s 个工作小时", "%(count)s 个工作小时", amount)
    elif unit == Unit.CALENDAR_HOURS:
        text = ngettext("%(count)s 小时", "%(count)s 小时", amount)
    else:
        text = ngettext("%(count)s 天", "%(count)s 天", amount)
    return text % {"count": amount}


def left_words(left: int, unit: str) -> str:
    """What is left of a limit, or by how much it is over, as a resident is told."""
    if left < 0:
        return _("比承诺晚了 %(span)s") % {"span": span(-left, unit)}
    if left == 0:
        return _("今天到期")
    return _("还有 %(span)s") % {"span": span(left, unit)}


def levels(code: str) -> str | Promise:
    """The name of a level of the catalogue; the code itself when it is a new one."""
    return LEVELS.get(code, code)
