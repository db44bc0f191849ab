"""Which levels are to be told about a late matter, who that is, and what comes next (HOT-06)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from yiwang.accounts.models import Post
from yiwang.core.memory import remember
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import CalendarEnds, Unit
from yiwang.divisions.rules import ancestor, depth_of
from yiwang.matters.models import Escalation, Event, Matter, Step
from yiwang.matters.rules import RUNNING, ClockKind, EventKind, Stage
from yiwang.matters.rules.escalation import DEPTH_OF, RESPONSES, Rung, rungs
from yiwang.matters.rules.limits import Clock, Limit, clock

KEEP_SECONDS: Final = 60
LADDERS: Final = {
    ClockKind.LIMIT: "matters.escalation_limit",
    ClockKind.RESPONSE: "matters.escalation_response",
}


def response_clock(matter: Matter) -> Clock | None:
    """The clock of the first response; None beyond the end of the working calendar."""
    limit = Limit(int(parameter("matters.first_response")), Unit.WORKING_HOURS)
    try:
        share = int(parameter("matters.amber_share"))
        return clock(matter.accepted_at, limit, share, calendar())
    except CalendarEnds:
        return None


def response_of(matter: Matter) -> datetime | None:
    """When a unit first took up or did something; None while nobody has."""
    moments = (event.at for event in matter.events.all() if event.kind in RESPONSES)
    return min(moments, default=None)


def told_about(matter: Matter) -> list[Escalation]:
    """The levels that were told of a matter, oldest first; no statement where its events name none."""
    if not any(event.kind == EventKind.ESCALATED for event in matter.events.all()):
        return []
    return list(matter.escalations.select_related("place", "post__user", "step"))


def ladder(step: Step, kind: ClockKind) -> list[Rung]:
    """All levels of one clock of a running step, in the order in which they are told."""
    if kind == ClockKind.RESPONSE:
        running = response_clock(step.matter)
    elif step.amber_at and step.due_at:
        running = Clock(step.amber_at, step.due_at)
    else:
        running = None
    if running is None:
        return []
    moments = parameter(LADDERS[kind], division=step.division_id)
    return rungs(kind, running, depth_of(step.division_id), moments, calendar())


def untold(step: Step, kind: ClockKind, told: Iterable[Escalation]) -> list[Rung]:
    """The levels of a clock that were not told yet; `told` is everything of the matter.

    A step that begins after the matter fell due does not repeat what earlier steps have told.
    """
    begun_late = step.started_at and step.due_at and step.started_at >= step.due_at
    whole = kind == ClockKind.RESPONSE or begun_late
    stages = {one.stage for one in told if one.clock == kind and (whole or one.step_id == step.pk)}
    return [rung for rung in ladder(step, kind) if rung.stage not in stages]


def supervisor_of(step: Step, stage: Stage, day: date) -> Post | None:
    """The post that is told on a level above (or of) a step: the first role somebody holds there.

    Of a confidential matter only posts of its own units may hear.
    """
    matter, place = step.matter, ancestor(step.division_id, DEPTH_OF[stage])
    return post_on(place, stage, day, matter.units if matter.confidential else None)


def post_on(
    place: int, stage: Stage, day: date, units: Collection[int] | None = None
) -> Post | None:
    """The post of a place that hears of what is late; `units`: only these may hear of it."""
    roles = parameter("matters.supervisors", division=place)[stage]
    posts = Post.objects.held_on(day).filter(division_id=place, role__in=roles)
    posts = posts.select_related("user")
    if units is not None:
        posts = posts.filter(unit_id__in=units)
    return min(posts, key=lambda post: (roles.index(post.role), post.pk), default=None)


def running_late(now: datetime) -> QuerySet[Step]:
    """Running steps that may have a level to be told: amber or late, or without a response."""
    of_step = Escalation.objects.filter(step=OuterRef("pk"), clock=ClockKind.LIMIT)
    of_matter = Escalation.objects.filter(matter=OuterRef("matter"), clock=ClockKind.RESPONSE)
    answered = Event.objects.filter(matter=OuterRef("matter"), kind__in=RESPONSES)
    late = Q(amber_at__lte=now) & ~Exists(of_step.filter(stage=Stage.CITY))
    silent = ~Exists(of_matter.filter(stage=Stage.CITY)) & ~Exists(answered)
    rows = Step.objects.active().filter(late | silent, matter__state__in=RUNNING)
    return rows.select_related("matter").prefetch_related(
        "matter__escalations",
        Prefetch("matter__events", Event.objects.filter(kind__in=RESPONSES)),
    )


def due_rungs(step: Step, now: datetime) -> list[Rung]:
    """What is to be told about a step now, oldest first; nothing while its clock stands."""
    told = list(step.matter.escalations.all())
    found = untold(step, ClockKind.LIMIT, told)
    if response_of(step.matter) is None:
        found += untold(step, ClockKind.RESPONSE, told)
    return sorted((rung for rung in found if rung.at <= now), key=lambda rung: rung.at)


@dataclass(frozen=True)
class Ahead:
    """The next level that will be told: about which step, when, and who."""

    step: Step
    rung: Rung
    post: Post | None


def next_rung(matter: Matter, steps: Iterable[Step], told: Iterable[Escalation]) -> Ahead | None:
    """What comes next if nothing happens; None while the clock stands or everything is told."""
    if matter.state not in RUNNING:
        return None
    told, silent = list(told), response_of(matter) is None
    kinds = [ClockKind.LIMIT, *([ClockKind.RESPONSE] if silent else [])]
    ahead = [
        (rung.at, step.pk, rung, step)
        for step in steps
        for kind in kinds
        for rung in untold(step, kind, told)
    ]
    if not ahead:
        return None
    _at, _pk, rung, step = min(ahead, key=lambda one: one[:2])
    place, today = ancestor(step.division_id, DEPTH_OF[rung.stage]), timezone.localdate()
    key = f"matters.supervisor.{place}.{matter.pk if matter.confidential else ''}"
    post = remember(key, KEEP_SECONDS, lambda: supervisor_of(step, rung.stage, today))
    return Ahead(step, rung, post)
