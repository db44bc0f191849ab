"""Where an order stands and what may follow; what of a resident may go along with it (INF-19)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where an order stands."""

    OFFERED = "offered", _("待接单")
    ACCEPTED = "accepted", _("已接单")
    DONE = "done", _("已完工，待确认")
    CONFIRMED = "confirmed", pgettext_lazy("order", "已确认")
    REFUSED = "refused", _("已拒单")
    LAPSED = "lapsed", _("超时未答，已退回")
    CANCELLED = "cancelled", pgettext_lazy("order", "已撤销")


MOVES: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.OFFERED: frozenset({State.ACCEPTED, State.REFUSED, State.LAPSED, State.CANCELLED}),
        State.ACCEPTED: frozenset({State.DONE, State.CANCELLED}),
        State.DONE: frozenset({State.CONFIRMED, State.ACCEPTED}),
        State.REFUSED: frozenset({State.CANCELLED}),
        State.LAPSED: frozenset({State.CANCELLED}),
        State.CONFIRMED: frozenset(),
        State.CANCELLED: frozenset(),
    }
)
GRANTED: Final = frozenset({State.ACCEPTED, State.DONE})
"""While an order stands here, its organisation may see whom it is for."""
BACK: Final = frozenset({State.REFUSED, State.LAPSED})
"""What came back to whoever ordered."""
RUNNING: Final = frozenset({State.OFFERED, State.ACCEPTED, State.DONE})


class EventKind(models.TextChoices):
    """What can happen to an order, as its record tells it."""

    PLACED = "placed", pgettext_lazy("event", "派单")
    ACCEPTED = "accepted", _("接单")
    REFUSED = "refused", _("拒单")
    LAPSED = "lapsed", _("超时退回")
    REPORTED = "reported", _("进展")
    PROVED = "proved", _("上传凭证")
    DONE = "done", _("完工")
    CONFIRMED = "confirmed", _("确认完工")
    RETURNED = "returned", _("退回返工")
    CANCELLED = "cancelled", pgettext_lazy("event", "撤销")
    RATED = "rated", _("评价")


class Shared(models.TextChoices):
    """What of a resident an order may carry."""

    NAME = "name", _("姓名")
    PHONE = "phone", _("电话")
    ADDRESS = "address", _("地址")


class How(models.TextChoices):
    """By whom the end of the work was confirmed."""

    CODE = "code", _("居民凭确认码")
    COMMUNITY = "community", _("社区代为确认")
