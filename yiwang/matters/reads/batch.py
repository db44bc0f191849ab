"""One act on many matters: tried first on each without keeping anything, then done (EXP-25)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.matters.models import Matter, Step
from yiwang.matters.rules import StepState


@dataclass(frozen=True)
class Tried:
    """What one act would do, or did, to one matter; `why` says why it cannot."""

    matter: Matter
    why: str = ""

    @property
    def done(self) -> bool:
        return not self.why


def chosen(actor: Actor, numbers: Iterable[str], most: int) -> list[Matter]:
    """The matters of some numbers that the actor sees, in the order of the list."""
    rows = Matter.objects.visible_to(actor).filter(number__in=list(numbers)[:most])
    return list(rows.select_related("item", "resident", "division").order_by("due_at", "pk"))


def own_step(matter: Matter, actor: Actor) -> Step:
    """The step of the actor's unit. Raises Refused: no_step."""
    steps = Step.objects.filter(
        matter=matter, unit_id=actor.unit_id or 0, state=StepState.ACTIVE, handler__isnull=True
    )
    step = steps.select_related("matter", "unit").first()
    if step is None:
        raise Refused("no_step", _("没有等本单位接收的环节。"))
    return step


def tried(matters: Sequence[Matter], act: Callable[[Matter], Any], *, keep: bool) -> list[Tried]:
    """Each matter in a transaction of its own; unless `keep`, everything is taken back."""
    return [Tried(matter, _try(matter, act, keep)) for matter in matters]


def _try(matter: Matter, act: Callable[[Matter], Any], keep: bool) -> str:
    try:
        with transaction.atomic():
            act(matter)
            if not keep:
                transaction.set_rollback(True)
    except (Refused, PermissionDenied) as refusal:
        return str(refusal)
    return ""
