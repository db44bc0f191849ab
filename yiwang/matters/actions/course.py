"""A matter follows the process of its version: what starts, what is passed over, what comes again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.acts import moment, note
from yiwang.matters.models import Event, Matter, Step
from yiwang.matters.reads import process_of
from yiwang.matters.reads.routing import Way, asked_of, route_for
from yiwang.matters.rules import SETTLED, EventKind, StepState
from yiwang.matters.rules.process import Next, Process, answer_facts, rounds
from yiwang.matters.rules.routing import RouteKind

CLOCK = ["state", "started_at", "amber_at", "due_at"]


@dataclass
class Course:
    """A step about to close, with the steps of its matter and what follows them."""

    step: Step
    rows: list[Step]
    process: Process
    next: Next


def course_of(step: Step, agreed: bool) -> Course:
    """What follows when a step closes with this outcome."""
    matter = step.matter
    rows = [step, *matter.steps.exclude(pk=step.pk)]
    process = process_of(matter)
    said = answer_facts(matter.answers, matter.variant) if process.branches else {}
    return Course(step, rows, process, process.next_of(step, agreed, rows, said))


def go_on(course: Course, by: Actor, now: datetime) -> None:
    """Start what comes next, once nobody of the stage is at work any more."""
    if course.next.waits:
        return
    matter, move = course.step.matter, course.next.move
    if course.next.back is not None:
        course.rows += _again(course, by)
    waiting = {one.code: one for one in course.rows if one.state == StepState.WAITING}
    opened = [waiting[plan.code] for plan in move.opened if plan.code in waiting]
    skipped = [waiting[plan.code] for plan in move.skipped if plan.code in waiting]
    for one in opened:
        one.matter = matter
        one.start(now)
    for one in skipped:
        one.state = StepState.SKIPPED
    Step.objects.bulk_update([*opened, *skipped], CLOCK)
    _let_in(matter, opened)
    Event.objects.bulk_create(skip_lines(matter, skipped, by))
    note(opened=[one.code for one in opened])


def _again(course: Course, by: Actor) -> list[Step]:
    """The steps that run anew, each by the unit that had it last."""
    matter, target = course.step.matter, course.next.back
    assert target is not None  # noqa: S101 - asked by go_on
    counted, latest = rounds(course.rows), {}
    for row in sorted(course.rows, key=lambda one: one.round):
        latest[row.code] = row
    anew = [
        _repeated(latest[plan.code], counted[plan.code] + 1, course.process, matter)
        for plan in course.process.between(target.stage, course.step.stage)
        if plan.code in latest and latest[plan.code].state in SETTLED
    ]
    Event.tell(matter, EventKind.SENT_BACK, by, step=latest[target.code].name)
    return Step.objects.bulk_create(anew)


def _repeated(row: Step, number: int, process: Process, matter: Matter) -> Step:
    kept = ("code", "name", "name_en", "stage", "kind", "limit_amount", "limit_unit")
    said = {name: getattr(row, name) for name in kept}
    way = Way(row.unit, kind=RouteKind(row.route), rule=row.rule)
    if row.unit.closed_on is not None:
        plan = process.by_code[row.code]
        asked = asked_of(matter.item, plan, matter.division_id, matter.channel)
        way = route_for(plan, asked, timezone.localdate(moment()))
    return Step(
        matter=matter, unit=way.unit, division_id=way.unit.division_id, round=number,
        handler_id=way.handler, route=way.kind, rule=way.rule, **said,
    )  # fmt: skip


def _let_in(matter: Matter, opened: Iterable[Step]) -> None:
    """A unit that may never be needed reads the file only from the day its step begins."""
    units = {one.unit_id for one in opened} - set(matter.units)
    if units:
        matter.units = sorted({*matter.units, *units})
        matter.save(update_fields=["units", "updated_at"])


def skip_lines(matter: Matter, skipped: Iterable[Step], by: Actor) -> list[Event]:
    """The lines of the timeline for steps that are not needed, not yet saved."""
    return [Event.of(matter, EventKind.SKIPPED, by, step=one.name) for one in skipped]


def skip_rest(matter: Matter, rows: Sequence[Step], by: Actor) -> None:
    """What is still to begin is not needed: the matter ends here."""
    rest = [one for one in rows if one.state == StepState.WAITING]
    Step.objects.filter(pk__in=[one.pk for one in rest]).update(state=StepState.SKIPPED)
    Event.objects.bulk_create(skip_lines(matter, rest, by))
