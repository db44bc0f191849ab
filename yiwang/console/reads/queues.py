"""The queues of the workbench: what waits for my unit, what went out, what comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import DateTimeField, F, OuterRef, Prefetch, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.accounts.actor import Actor
from yiwang.matters.models import Extension, FollowUp, Matter, Step
from yiwang.matters.reads.worklist import in_turn
from yiwang.matters.rules import RUNNING, State, StepState

from .counting import count_of

Rows = QuerySet[Any]
# Sealed columns are opened one by one; a list that shows none of them must not load any.
SEALED: Final = (
    "answers_sealed",
    "agent_phone",
    "resident__identity",
    "resident__phone",
)


@dataclass(frozen=True)
class Queue:
    """One tab of the workbench: its rows with a `deadline`, who has it, what empty means."""

    key: str
    label: Any
    rows: Callable[[Actor], Rows]
    rights: tuple[str, ...]
    empty: Any
    always: bool = True

    def open_to(self, actor: Actor) -> bool:
        return not actor.rights.isdisjoint(self.rights)


def own_unit(actor: Actor) -> int:
    """The unit of the post; no unit has the number 0."""
    return actor.unit_id or 0


def waits_for(actor: Actor) -> Rows:
    """Matters with an active step of my unit whose clock runs, due when that step is due."""
    ours = Step.objects.filter(unit_id=own_unit(actor), state=StepState.ACTIVE).order_by()
    first = ours.filter(matter=OuterRef("pk")).order_by("due_at").values("due_at")[:1]
    rows = Matter.objects.visible_to(actor).filter(pk__in=ours.values("matter"))
    running = rows.filter(state__in=RUNNING)
    return in_turn(running.annotate(deadline=Subquery(first, output_field=DateTimeField())))


def _accepted(actor: Actor) -> Rows:
    """Open matters this post is first responsible for (首问负责, INF-08)."""
    rows = Matter.objects.visible_to(actor).open().filter(acceptor_post_id=actor.post_id)
    return _by_due(rows)


def _handed(actor: Actor) -> Rows:
    """Open matters my unit accepted or worked on, and which now lie with others."""
    ours = Step.objects.filter(unit_id=own_unit(actor), state=StepState.ACTIVE).values("matter")
    rows = Matter.objects.visible_to(actor).filter(
        units__contains=[own_unit(actor)], state__in=[*RUNNING, State.PAUSED]
    )
    return _by_due(rows.exclude(pk__in=ours))


def _correcting(actor: Actor) -> Rows:
    """Matters of my unit that wait for the resident's correction."""
    rows = Matter.objects.visible_to(actor).filter(state=State.CORRECTING)
    return _by_due(rows.filter(units__contains=[own_unit(actor)]))


def _to_put_right(actor: Actor) -> Rows:
    """Matters whose bad rating asks my unit for an answer (SVC-24)."""
    open_ones = FollowUp.objects.filter(done_at__isnull=True, unit_id=own_unit(actor))
    due = open_ones.filter(rating__matter=OuterRef("pk")).values("due_at")[:1]
    rows = Matter.objects.visible_to(actor).filter(pk__in=open_ones.values("rating__matter"))
    return rows.annotate(deadline=Subquery(due, output_field=DateTimeField()))


def _to_approve(actor: Actor) -> Rows:
    """Matters for which more time was asked; nobody approves the own request (SV-2)."""
    asked = Extension.objects.filter(state=Extension.State.ASKED).exclude(asked_post=actor.post_id)
    return _by_due(Matter.objects.visible_to(actor).filter(pk__in=asked.values("matter")))


def _area(actor: Actor) -> Rows:
    """Open matters of the area that is overseen."""
    return _by_due(Matter.objects.visible_to(actor).open())


def _area_late(actor: Actor) -> Rows:
    """Matters of the area with a step past its limit, whoever has it now (SVC-23)."""
    now = timezone.now()
    return _with_steps(actor, Step.objects.active().filter(due_at__lt=now))


def _area_amber(actor: Actor) -> Rows:
    """Matters of the area with a step whose time is used up to the amber share."""
    now = timezone.now()
    return _with_steps(actor, Step.objects.active().filter(amber_at__lte=now, due_at__gte=now))


def _with_steps(actor: Actor, steps: QuerySet[Step]) -> Rows:
    """Matters at work that have one of the steps, due when the first of these is."""
    first = steps.filter(matter=OuterRef("pk")).order_by("due_at").values("due_at")[:1]
    rows = Matter.objects.visible_to(actor).filter(state__in=RUNNING)
    dated: Rows = rows.annotate(deadline=Subquery(first, output_field=DateTimeField()))
    return dated.filter(pk__in=steps.order_by().values("matter"))


def _by_due(rows: Rows) -> Rows:
    dated: Rows = rows.annotate(deadline=F("due_at"))
    return dated


QUEUES: Final[dict[str, Queue]] = {
    queue.key: queue
    for queue in (
        Queue("mine", _("待我办理"), waits_for, ("matters.handle",), _("没有等本单位办理的事项")),
        Queue(
            "approve", _("待审批"), _to_approve, ("matters.approve",), _("没有等您审批的延期申请")
        ),
        Queue(
            "handed", _("转出跟踪"), _handed, ("matters.handle", "matters.accept"),
            _("没有交给其他单位、还在办的事项"),
        ),
        Queue(
            "correcting", _("待补正"), _correcting, ("matters.correct",),
            _("没有等居民补正的事项"),
        ),
        Queue(
            "rated", _("差评待整改"), _to_put_right, ("matters.answer_follow_up",),
            _("没有待整改的差评"),
        ),
        Queue(
            "overdue", _("辖区超期"), _area_late, ("matters.supervise",),
            _("辖区内没有超期的事项"),
        ),
        Queue(
            "amber", _("辖区预警"), _area_amber, ("matters.supervise",),
            _("辖区内没有快到期的事项"),
        ),
        Queue(
            "area", _("辖区在办"), _area, ("matters.supervise",),
            _("辖区内没有在办的事项"), always=False,
        ),
        Queue(
            "accepted", _("我受理的在办"), _accepted, ("matters.accept",),
            _("您受理的事项都已办完"), always=False,
        ),
    )
}  # fmt: skip
DUE_WORDS: Final = {"today": _("今日到期"), "late": _("已超期")}


def queues_of(actor: Actor) -> list[Queue]:
    """The queues this actor works from."""
    return [queue for queue in QUEUES.values() if queue.open_to(actor)]


def narrowed(rows: Rows, due: str, now: datetime, midnight: datetime) -> Rows:
    """Rows due later today, or overdue; only where the clock runs. `midnight` ends today."""
    if due == "late":
        return rows.filter(state__in=RUNNING, deadline__lt=now)
    if due == "today":
        return rows.filter(state__in=RUNNING, deadline__gte=now, deadline__lt=midnight)
    return rows


def queue_counts(actor: Actor, now: datetime, midnight: datetime) -> dict[str, Any]:
    """One count for each queue, and what is due, as expressions of one statement."""
    counts = {queue.key: count_of(queue.rows(actor)) for queue in queues_of(actor)}
    for key in {"mine", "accepted"} & set(counts):
        for due in DUE_WORDS:
            rows = narrowed(QUEUES[key].rows(actor), due, now, midnight)
            counts[f"{key}_{due}"] = count_of(rows)
    return counts


def queue_page(rows: Rows, number: str, size: int) -> Page[Any]:
    """A page of a queue, the most urgent first, with what a line shows; whoever waits, in turn."""
    order = "turn" if "turn" in rows.query.annotations else "deadline"
    active = Step.objects.filter(state=StepState.ACTIVE).select_related("unit")
    shown = (
        rows.order_by(order, "pk")
        .select_related("resident__dwelling", "item")
        .defer(*SEALED)
        .prefetch_related(Prefetch("steps", active, to_attr="active_steps"))
    )
    return Paginator(shown, size).get_page(number)


def title_of(matter: Matter) -> str:
    """The item's name in the reader's language, unless the matter was given a title of its own."""
    return matter.item.label if matter.title == matter.item.title else matter.title


def steps_at_work(matter: Matter) -> Sequence[Step]:
    """The active steps of a matter of a queue page."""
    found: Sequence[Step] = getattr(matter, "active_steps", ())
    return found
