"""What may be told, by which way, and where a sending stands."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The occasions on which a person is written to."""

    ACCEPTED = "accepted", _("已受理")
    RETURNED = "returned", _("需要补正")
    EXTENDED = "extended", _("办理延期")
    FINISHED = "finished", _("已办结，请领取")
    REFUSED = "refused", _("不予办理")
    RATING = "rating", _("邀请评价")
    REOPENED = "reopened", _("重新办理")
    REDONE = "redone", _("重新办理的结果")
    REMIND_CORRECT = "remind_correct", _("提醒补正")
    REMIND_COLLECT = "remind_collect", _("提醒领取")
    INFECTED = "infected", _("文件带病毒")
    REVOKED = "revoked", _("结果已撤销")
    BOOKED = "booked", _("预约成功")
    UNBOOKED = "unbooked", _("预约取消")
    REMIND_VISIT = "remind_visit", _("提醒赴约")
    ORDER_ACCEPTED = "order_accepted", _("服务单位已接单")
    ORDER_DONE = "order_done", _("服务完工，请确认评价")
    JOIN_RETURNED = "join_returned", _("入驻申请需要补正")
    JOIN_APPROVED = "join_approved", _("入驻申请已通过")
    JOIN_REFUSED = "join_refused", _("入驻申请未通过")


class Channel(models.TextChoices):
    """The ways of telling."""

    APP = "app", _("网上账号")
    SMS = "sms", _("短信")
    EMAIL = "email", _("电子邮件")
    PRINT = "print", _("信件")


class State(models.TextChoices):
    """Where a sending stands. `unsure`: a crash left open whether it went out."""

    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("没有送到")
    UNSURE = "unsure", _("不知是否送到")
    WITHHELD = "withheld", _("不发送")


OPTIONAL: Final = frozenset(
    {Kind.RATING, Kind.REMIND_CORRECT, Kind.REMIND_COLLECT, Kind.REMIND_VISIT}
)
"""What a person may do without; the rest is owed by law or promise."""
BY_LETTER: Final = frozenset(
    {
        Kind.RETURNED,
        Kind.EXTENDED,
        Kind.FINISHED,
        Kind.REFUSED,
        Kind.INFECTED,
        Kind.REVOKED,
        Kind.REOPENED,
        Kind.REDONE,
    }
)
"""What goes out on paper when there is no other way; whoever hands in takes a receipt home."""
ONCE: Final = (Kind.REMIND_CORRECT.value, Kind.REMIND_COLLECT.value)
"""Of these there is one for one matter."""
DEAD: Final = frozenset({State.FAILED, State.UNSURE})
"""What somebody has to look at."""
CARRIED: Final = frozenset({Channel.SMS, Channel.EMAIL})
"""What leaves the house by itself."""
