"""Where an agreement stands, and from where it may go where."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    ASKED = "asked", _("待审批")
    IN_FORCE = "in_force", pgettext_lazy("agreement", "有效")
    SUSPENDED = "suspended", _("已暂停")
    ENDED = "ended", _("已终止")
    REFUSED = "refused", _("未批准")
    WITHDRAWN = "withdrawn", _("已撤回")


MOVES: Final[Mapping[str, frozenset[str]]] = {
    State.ASKED: frozenset({State.IN_FORCE, State.REFUSED, State.WITHDRAWN}),
    State.IN_FORCE: frozenset({State.SUSPENDED, State.ENDED}),
    State.SUSPENDED: frozenset({State.IN_FORCE, State.ENDED}),
}
"""An agreement past its last day stays in force by name until it is renewed or ended: the day
itself decides whether anything may be read."""

LIVE: Final = frozenset({State.IN_FORCE, State.SUSPENDED})
