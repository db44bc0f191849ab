"""What may become of a need: one table of moves."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a need stands. Unmet is no end: it is met once there is a supply."""

    REGISTERED = "registered", _("已登记")
    ARRANGED = "arranged", _("已安排")
    UNMET = "unmet", _("暂不能满足")
    MET = "met", _("已满足")
    WITHDRAWN = "withdrawn", _("已撤回")


MOVES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        State.REGISTERED: frozenset({State.ARRANGED, State.UNMET, State.MET, State.WITHDRAWN}),
        State.ARRANGED: frozenset({State.MET, State.UNMET, State.WITHDRAWN}),
        State.UNMET: frozenset({State.ARRANGED, State.MET, State.WITHDRAWN}),
        State.MET: frozenset(),
        State.WITHDRAWN: frozenset(),
    }
)
OPEN: Final = (State.REGISTERED, State.ARRANGED, State.UNMET)
"""States of a need that is still somebody's need."""
