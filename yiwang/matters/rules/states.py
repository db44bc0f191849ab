"""The table of moves of a matter and of its steps (INF-09, SVC-07; rulebook SV-1 to SV-4)."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where a matter stands. `submitted`: handed in from afar, not yet accepted (SVC-04)."""

    SUBMITTED = "submitted", _("待受理")
    WORKING = "working", _("办理中")
    CORRECTING = "correcting", _("待补正")
    PAUSED = "paused", _("已暂停")
    FINISHED = "finished", _("已办结")
    REFUSED = "refused", _("不予办理")
    WITHDRAWN = "withdrawn", _("已撤回")


RUNNING = frozenset({State.SUBMITTED, State.WORKING})
"""Somebody is at work and the clock runs."""
OPEN = frozenset({*RUNNING, State.CORRECTING, State.PAUSED})
FINAL = frozenset({State.FINISHED, State.REFUSED, State.WITHDRAWN})
MOVES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.SUBMITTED: frozenset(
            {State.WORKING, State.CORRECTING, State.REFUSED, State.WITHDRAWN}
        ),
        State.WORKING: frozenset(
            {State.CORRECTING, State.PAUSED, State.FINISHED, State.REFUSED, State.WITHDRAWN}
        ),
        State.CORRECTING: frozenset({*RUNNING, State.WITHDRAWN}),
        State.PAUSED: frozenset({State.WORKING, State.WITHDRAWN}),
        State.FINISHED: frozenset(),
        State.REFUSED: frozenset(),
        State.WITHDRAWN: frozenset(),
    }
)


class StepState(models.TextChoices):
    """Where one step stands; several of a stage run in parallel."""

    WAITING = "waiting", _("未开始")
    ACTIVE = "active", _("办理中")
    DONE = "done", _("已完成")
    CANCELLED = "cancelled", _("已取消")
    SKIPPED = "skipped", _("不需要")


SETTLED = frozenset({StepState.DONE, StepState.CANCELLED, StepState.SKIPPED})
"""A step on which nobody works any more, and that will not begin either."""


class Channel(models.TextChoices):
    """The door a matter came in by (INF-08)."""

    WINDOW = "window", _("窗口")
    WEB = "web", _("网上")
    PHONE = "phone", _("来电")
    VISIT = "visit", _("走访")
    KIOSK = "kiosk", _("便民亭")
    API = "api", _("其他系统")


class EventKind(models.TextChoices):
    """What can happen to a matter, as its timeline tells it."""

    SUBMITTED = "submitted", _("网上提交")
    ACCEPTED = "accepted", pgettext_lazy("event", "受理")
    TAKEN = "taken", _("接收")
    DONE = "done", _("完成环节")
    SKIPPED = "skipped", _("跳过环节")
    SENT_BACK = "sent_back", _("退回前面的环节")
    HANDED_ON = "handed_on", _("转办")
    RETURNED = "returned", _("退回补正")
    CORRECTED = "corrected", _("已补正")
    PAUSED = "paused", _("暂停计时")
    RESUMED = "resumed", _("恢复计时")
    EXTENSION_ASKED = "extension_asked", _("申请延期")
    EXTENDED = "extended", _("同意延期")
    EXTENSION_REFUSED = "extension_refused", _("不同意延期")
    URGED = "urged", _("催办")
    ESCALATED = "escalated", _("逐级上报")
    NOTED = "noted", _("记一笔")
    FINISHED = "finished", pgettext_lazy("event", "办结")
    REFUSED = "refused", _("不予办理")
    NOT_ACCEPTED = "not_accepted", _("不予受理")
    WITHDRAWN = "withdrawn", _("撤回")
    DEPARTURE = "departure", _("离世、迁出处理")
    INFECTED = "infected", _("材料带病毒，已隔离")
    REVOKED = "revoked", _("撤销结果")
    DELIVERED = "delivered", _("送达")
    RATED = "rated", _("评价")
    CALLED_BACK = "called_back", _("回访")
    REOPENED = "reopened", _("重办")
    REDONE = "redone", _("重办办结")
    CONTACTED = "contacted", _("联系")
    MERGED = "merged", _("合并")
    SPLIT = "split", _("撤销合并")
    OPINION_ASKED = "opinion_asked", _("请会办")
    OPINION_GIVEN = "opinion_given", _("会办意见")
    OPINION_WAIVED = "opinion_waived", _("不再等会办意见")
