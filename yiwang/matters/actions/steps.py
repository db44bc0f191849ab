"""Steps: take, complete, hand on, urge, note. Parallel steps meet at the end of their stage."""

from collections.abc import Set as AbstractSet
from typing import Final

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.matters.models import Event, Matter, Step
from yiwang.matters.rules import RUNNING, EventKind, State, StepState
from yiwang.matters.rules.priority import Priority
from yiwang.matters.rules.routing import RouteKind

from .course import course_of, go_on
from .departure import must_be_decided
from .opinions import opinions_must_be_in

AT_WORK: Final = frozenset({State.WORKING})


def _running(step: Step, states: AbstractSet[State] = AT_WORK) -> Step:
    """The step under the lock of its matter; Refused unless both are at work."""
    lock(step.matter)
    step.refresh_from_db()
    if step.matter.state not in states:
        raise Refused(
            "wrong_state",
            _("事项现在是“%(state)s”，不能这样办理。") % {"state": step.matter.get_state_display()},
        )
    must_be_decided(step.matter)
    if step.state != StepState.ACTIVE:
        raise Refused(
            "step_not_active",
            _("这个环节现在是“%(state)s”，可能已由他人办理。")
            % {"state": step.get_state_display()},
        )
    return step


@act("matters.handle")
def take_step(step: Step, *, by: Actor) -> Step:
    """Take a step that waits for its unit: from now on the actor's post is the handler."""
    _running(step, RUNNING)
    if step.handler and step.handler_id != by.post_id:
        raise Refused("taken", _("这个环节已由%(who)s接收。") % {"who": step.handler.user})
    if step.handler_id == by.post_id:
        return step
    step.handler_id = by.post_id
    step.save(update_fields=["handler", "updated_at"])
    Event.tell(step.matter, EventKind.TAKEN, by, step=step.name)
    return step


@act("matters.handle")
def complete_step(step: Step, *, by: Actor, agreed: bool = True, opinion: str = "") -> Step:
    """Finish a step; when its stage is finished, what its process says starts by itself (INF-09).

    Where nothing is left to do the step is finished with a result instead (finish_matter).
    """
    _running(step)
    opinions_must_be_in(step)
    course = course_of(step, agreed)
    if course.next.ends:
        raise Refused("needs_result", _("这是最后一个环节，请填写办理结果后办结。"))
    step.close(by, agreed, opinion, moment())
    Event.tell(step.matter, EventKind.DONE, by, step=step.name, agreed=agreed)
    _tell_colleagues(step.matter, by, opinion)
    go_on(course, by, moment())
    return step


@act("matters.hand_on")
def hand_on_step(
    step: Step, *, unit: Unit, reason: str, by: Actor, handler: Post | None = None
) -> Step:
    """Give a step to another unit or colleague, with the reason they read. The clock runs on."""
    _running(step, RUNNING)
    if not reason.strip():
        raise Refused(
            "reason_missing", _("请写明转办原因，接办单位会看到。"), {"reason": "required"}
        )
    if unit.closed_on is not None:
        raise Refused("unit_closed", _("%(unit)s已撤销，不能接办。") % {"unit": unit})
    if step.unit_id == unit.pk and step.handler_id == (handler.pk if handler else None):
        raise Refused("same_unit", _("事项已经在这个单位，请选择别的单位或经办人。"))
    before = step.unit.name
    step.unit, step.division_id, step.handler = unit, unit.division_id, handler
    step.route = RouteKind.HANDED_ON
    step.save(update_fields=["unit", "division", "handler", "route", "updated_at"])
    matter = step.matter
    if unit.pk not in matter.units:
        matter.units = sorted({*matter.units, unit.pk})
        matter.save(update_fields=["units", "updated_at"])
    Event.tell(matter, EventKind.HANDED_ON, by, to=unit.name, step=step.name)
    _tell_colleagues(matter, by, reason)
    note(before=before, after=unit.name)
    return step


def _tell_colleagues(matter: Matter, by: Actor, text: str) -> None:
    """What one office writes to the next is not for the resident's eyes."""
    if text.strip():
        Event.tell(matter, EventKind.NOTED, by, text, shown=False)


@act("matters.urge")
def urge_matter(matter: Matter, *, text: str, by: Actor) -> Matter:
    """Ask the handlers to hurry; the count is seen by everyone who opens the matter."""
    lock(matter)
    if not matter.is_open:
        raise Refused("closed", _("事项已经办完，不用催办。"))
    count = matter.events.filter(kind=EventKind.URGED).count() + 1
    Event.tell(matter, EventKind.URGED, by, text, count=count)
    return matter


@act("matters.note")
def note_matter(matter: Matter, *, text: str, by: Actor, shown: bool = False) -> Matter:
    """Write a remark; only staff read it unless `shown`."""
    if not text.strip():
        raise Refused("text_missing", _("请写下要记的内容。"), {"text": "required"})
    Event.tell(matter, EventKind.NOTED, by, text, shown=shown)
    return matter


@act("matters.accept")
def mark_priority(matter: Matter, *, priority: str, reason: str, by: Actor) -> Matter:
    """Let somebody go first for what the form does not tell, or take it back; with the reason.

    Raises Refused: closed, reason_missing.
    """
    lock(matter)
    if not matter.is_open:
        raise Refused("closed", _("事项已经办完，不用再排先后。"))
    if not reason.strip():
        raise Refused("reason_missing", _("请写明依据，例如看过的证件。"), {"reason": "required"})
    before, matter.priority = matter.priority, Priority(priority)
    matter.save(update_fields=["priority", "updated_at"])
    words = _("先后次序：%(why)s。%(reason)s") % {
        "why": matter.get_priority_display(), "reason": reason,
    }  # fmt: skip
    Event.tell(matter, EventKind.NOTED, by, words, shown=False)
    note(before=before, after=matter.priority)
    return matter
