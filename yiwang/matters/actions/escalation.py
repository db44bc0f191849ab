"""A late clock is told upwards, level by level, each exactly once (HOT-06, SVC-23)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.divisions.rules import ancestor
from yiwang.matters.models import Escalation, Event, Step
from yiwang.matters.reads.escalation import due_rungs, supervisor_of
from yiwang.matters.rules import RUNNING, ClockKind, EventKind, Stage, StepState
from yiwang.matters.rules.escalation import DEPTH_OF


@act("matters.supervise")
def escalate_step(step: Step, *, clock: ClockKind, stage: Stage, by: Actor) -> Escalation:
    """Tell one level that a clock of a step ran out, and write down when it should have known.

    Refused when the clock stands, the level was told already or is not to be told yet: two
    workers at once tell it once, and nothing that was mended meanwhile is told at all.
    """
    lock(step.matter)
    step.refresh_from_db(fields=["state", "amber_at", "due_at", "started_at", "unit", "division"])
    now = moment()
    running = step.matter.state in RUNNING and step.state == StepState.ACTIVE
    due = due_rungs(step, now) if running else []
    rung = next((one for one in due if (one.clock, one.stage) == (clock, stage)), None)
    if rung is None:
        raise Refused("not_to_tell", _("没有需要上报的超时，或已经上报。"))
    post = supervisor_of(step, stage, timezone.localdate(now))
    facts = {"stage": stage, "clock": clock, "step": step.name, "due": rung.at.isoformat()}
    event = Event.tell(step.matter, EventKind.ESCALATED, by, shown=False, **facts)
    note(**facts, post=post.pk if post else None)
    return Escalation.objects.create(
        matter=step.matter,
        step=step,
        clock=clock,
        stage=stage,
        unit_id=step.unit_id,
        place_id=ancestor(step.division_id, DEPTH_OF[stage]),
        post=post,
        fell_due_at=rung.at,
        noticed_at=now,
        event=event,
    )
