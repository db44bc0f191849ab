"""The states of an item of collection work and the moves between them (INF-06)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemState(models.TextChoices):
    """Where one household, dwelling or person stands on its way into the register."""

    TODO = "todo", _("待采集")
    FILLED = "filled", _("已填，未提交")
    CONFLICT = "conflict", _("两份不一致")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("退回待改")
    ACCEPTED = "accepted", _("已入库")
    DROPPED = "dropped", _("已取消")


MOVES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        ItemState.TODO: frozenset({ItemState.FILLED, ItemState.DROPPED}),
        ItemState.FILLED: frozenset(
            {ItemState.FILLED, ItemState.CONFLICT, ItemState.SUBMITTED, ItemState.DROPPED}
        ),
        ItemState.CONFLICT: frozenset({ItemState.CONFLICT, ItemState.FILLED, ItemState.DROPPED}),
        ItemState.SUBMITTED: frozenset(
            {ItemState.ACCEPTED, ItemState.RETURNED, ItemState.CONFLICT, ItemState.DROPPED}
        ),
        ItemState.RETURNED: frozenset({ItemState.FILLED, ItemState.CONFLICT, ItemState.DROPPED}),
        ItemState.ACCEPTED: frozenset(),
        ItemState.DROPPED: frozenset(),
    }
)
OPEN: Final = (ItemState.TODO, ItemState.FILLED, ItemState.CONFLICT, ItemState.RETURNED)
"""What the community still has to do something about."""
SETTLED: Final = (ItemState.ACCEPTED, ItemState.DROPPED)
"""Nothing more will happen to these."""


def may_move(state: str, to: str) -> bool:
    """Whether an item may go from one state to another."""
    return to in MOVES[state]
