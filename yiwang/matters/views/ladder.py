"""The ladder of a matter in words: which levels know of a delay, and who is next when (HOT-06)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from yiwang.matters.models import Escalation, Matter, Step
from yiwang.matters.reads.escalation import (
    Ahead,
    next_rung,
    response_clock,
    response_of,
    told_about,
)
from yiwang.matters.rules import RUNNING, ClockKind, Stage, StepState


@dataclass(frozen=True)
class Ladder:
    """What the page shows: the first response, the levels told, the next one and why."""

    response_due: datetime | None
    responded_at: datetime | None
    told: Sequence[Escalation]
    ahead: Ahead | None
    why: str

    @property
    def response_late(self) -> bool:
        """Whether the first response came, or is still missing, after its limit."""
        if self.response_due is None:
            return False
        if self.responded_at is None:
            return any(
                one.clock == ClockKind.RESPONSE and one.fell_due_at >= self.response_due
                for one in self.told
            )
        return self.responded_at > self.response_due


def ladder_of(matter: Matter, steps: Sequence[Step]) -> Ladder:
    """The ladder of a matter; `steps` are all of its steps."""
    told = told_about(matter)
    active = [step for step in steps if step.state == StepState.ACTIVE]
    ahead = next_rung(matter, active, told)
    running = response_clock(matter)
    due = running.due_at if running else None
    return Ladder(due, response_of(matter), told, ahead, _why(matter, ahead))


def _why(matter: Matter, ahead: Ahead | None) -> str:
    if not matter.is_open:
        return _("事项已经办完，不再上报。")
    if matter.state not in RUNNING:
        return _("计时暂停，暂停期间不上报；恢复后按顺延的期限上报。")
    if ahead is None:
        return _("各级都已上报。")
    words = {"step": ahead.step.label, "unit": ahead.step.unit.label}
    if ahead.rung.clock == ClockKind.RESPONSE:
        return _("%(unit)s到那时还没有接收或办理“%(step)s”，就上报。") % words
    return _("“%(step)s”在%(unit)s，到那时还没有办完，就上报。") % words


def escalation_words(facts: Mapping[str, Any]) -> str:
    """What was told, after the name of who told it."""
    clock, stage = facts.get("clock", ClockKind.LIMIT), facts.get("stage", Stage.CITY)
    late = {"follow_up": _("差评整改"), "reopening": _("重办")}.get(facts.get("late", ""))
    if late:
        return _("因%(what)s超时上报到%(stage)s") % {"what": late, "stage": Stage(stage).label}
    return _("因%(clock)s把“%(step)s”上报到%(stage)s") % {
        "clock": ClockKind(clock).label,
        "stage": Stage(stage).label,
        "step": facts.get("step", ""),
    }
