"""The one way in which a matter ends."""

from datetime import datetime

from yiwang.matters.models import Extension, Matter
from yiwang.matters.rules import State, StepState


def end_matter(matter: Matter, state: State, now: datetime) -> None:
    """Set the final state; nothing stays open: no step, no pause, no request for more time."""
    matter.steps.unsettled().update(state=StepState.CANCELLED)
    matter.pauses.filter(ended_at__isnull=True).update(ended_at=now)
    asked = matter.extensions.filter(state=Extension.State.ASKED)
    asked.update(state=Extension.State.LAPSED, decided_at=now)
    matter.state, matter.finished_at = state, now
    matter.save(update_fields=["state", "finished_at", "updated_at"])
