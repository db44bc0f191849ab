"""Where an assessment stands, and why it was made."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """A draft is scored by one assessor, confirmed by the other, and holds until its last day."""

    DRAFT = "draft", _("评估中")
    SUBMITTED = "submitted", _("待第二人确认")
    FINAL = "final", _("已生效")
    WITHDRAWN = "withdrawn", _("已作废")


class Reason(models.TextChoices):
    """Why somebody is assessed (GB/T 42195-2022, table A.1)."""

    FIRST = "first", _("首次评估")
    ROUTINE = "routine", _("到期复评")
    CHANGED = "changed", _("情况变化")
    DOUBTED = "doubted", _("对结果有异议")


MOVES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        State.DRAFT: frozenset({State.SUBMITTED, State.FINAL, State.WITHDRAWN}),
        State.SUBMITTED: frozenset({State.DRAFT, State.FINAL, State.WITHDRAWN}),
        State.FINAL: frozenset(),
        State.WITHDRAWN: frozenset(),
    }
)
OPEN: Final = (State.DRAFT, State.SUBMITTED)
