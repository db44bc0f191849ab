"""Late steps with the levels that know of them, and the figures of units over a period."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.divisions.rules import range_of
from yiwang.matters.models import Escalation, Step
from yiwang.matters.rules import RUNNING, ClockKind, Stage, StepState

from .models import Order, OrderState

SORTS: Final = ("due_at", "-due_at", "unit", "-unit")


@dataclass(frozen=True)
class Wanted:
    """What a list of late steps is narrowed to; empty means everything."""

    stage: str = ""
    tone: str = ""
    unit: int | None = None
    item: str = ""
    division: int | None = None
    q: str = ""
    sort: str = "due_at"


def tone_of_step(step: Step, now: datetime) -> str:
    """red, amber, or still while the clock stands; green where only the response is late."""
    if step.matter.state not in RUNNING:
        return "still"
    if step.due_at and step.due_at < now:
        return "red"
    return "amber" if step.amber_at and step.amber_at <= now else "green"


def late_steps(actor: Actor, wanted: Wanted, now: datetime) -> QuerySet[Step]:
    """Running steps that are amber, late, or were told to a level, narrowed and sorted."""
    told = Escalation.objects.filter(step=OuterRef("pk"))
    rows = Step.objects.visible_to(actor).active()
    rows = rows.filter(Q(amber_at__lte=now) | Exists(told))
    working = Q(matter__state__in=RUNNING)
    tones = {
        "red": working & Q(due_at__lt=now),
        "amber": working & Q(amber_at__lte=now, due_at__gte=now),
        "still": ~working,
    }
    if wanted.stage:
        rows = rows.filter(Exists(told.filter(stage=wanted.stage)))
    if wanted.tone in tones:
        rows = rows.filter(tones[wanted.tone])
    if wanted.unit:
        rows = rows.filter(unit_id=wanted.unit)
    if wanted.item:
        rows = rows.filter(matter__item__code=wanted.item)
    if wanted.division:
        area = range_of(wanted.division)
        rows = rows.filter(matter__division_id__range=(area.lo, area.hi))
    if wanted.q:
        digits = wanted.q.replace("-", "").strip()
        rows = rows.filter(Q(matter__number__contains=digits) | Q(matter__title__contains=wanted.q))
    sort = wanted.sort if wanted.sort in SORTS else "due_at"
    return rows.order_by(sort, "pk")


def with_story(rows: QuerySet[Step]) -> QuerySet[Step]:
    """Late steps with what a line of the list shows."""
    open_orders = Order.objects.exclude(state=OrderState.CLOSED)
    told = Escalation.objects.select_related("place", "post__user")
    return (
        rows.select_related("matter__item", "matter__resident", "unit", "handler__user")
        .defer(
            "matter__answers_sealed", "matter__agent_phone",
            "matter__resident__identity", "matter__resident__phone",
        )
        .prefetch_related(
            Prefetch("escalations", told, to_attr="told"),
            Prefetch("orders", open_orders, to_attr="open_orders"),
        )
    )  # fmt: skip


@dataclass
class UnitFigures:
    """What a unit did in a period, and what was reported about it."""

    unit: int
    name: str = ""
    place: str = ""
    done: int = 0
    late: int = 0
    response: int = 0
    stages: dict[str, int] = field(default_factory=dict)
    orders: int = 0
    orders_late: int = 0

    @property
    def on_time(self) -> float | None:
        """Share of the steps done in time, in percent; None without any."""
        return round(100 * (self.done - self.late) / self.done, 1) if self.done else None

    def kept(self) -> dict[str, Any]:
        """As a circular keeps it."""
        return {**asdict(self), "on_time": self.on_time}


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """The first moment of a period, and the first after it."""
    days = (first, last + timedelta(days=1))
    since, until = (timezone.make_aware(datetime.combine(day, time.min)) for day in days)
    return since, until


def figures(division: int, first: date, last: date) -> list[UnitFigures]:
    """A line for each unit with steps done, levels told or orders received, the worst first.

    Only counts: they hold confidential matters too, and name nobody.
    """
    area, (since, until) = range_of(division), bounds(first, last)
    place = Q(matter__division_id__range=(area.lo, area.hi))
    found: dict[int, UnitFigures] = {}

    def of(rows: QuerySet[Any], **counts: Any) -> Iterable[tuple[UnitFigures, dict[str, int]]]:
        for row in rows.filter(place).order_by().values("unit_id").annotate(**counts):
            unit = row.pop("unit_id")
            yield found.setdefault(unit, UnitFigures(unit)), row

    done = Step.objects.filter(state=StepState.DONE, done_at__gte=since, done_at__lt=until)
    late = Count("pk", filter=Q(done_at__gt=F("due_at")))
    for line, row in of(done, done=Count("pk"), late=late):
        line.done, line.late = row["done"], row["late"]
    told = Escalation.objects.filter(fell_due_at__gte=since, fell_due_at__lt=until)
    by_stage = {stage.value: Count("pk", filter=Q(stage=stage)) for stage in Stage}
    # A missing response counts once a matter: when the level above the unit was told.
    overdue = Q(clock=ClockKind.RESPONSE) & ~Q(place_id=F("unit__division_id"))
    response = Count("matter", filter=overdue, distinct=True)
    for line, row in of(told, response=response, **by_stage):
        line.response, line.stages = row.pop("response"), row
    issued = Order.objects.filter(issued_at__gte=since, issued_at__lt=until)
    behind = Q(answered_at__gt=F("answer_due_at")) | Q(
        answered_at=None, answer_due_at__lt=timezone.now()
    )
    for line, row in of(issued, orders=Count("pk"), orders_late=Count("pk", filter=behind)):
        line.orders, line.orders_late = row["orders"], row["orders_late"]
    return _named(found)


def _named(found: dict[int, UnitFigures]) -> list[UnitFigures]:
    units = Unit.objects.filter(pk__in=found).select_related("division")
    for unit in units:
        line = found[unit.pk]
        line.name, line.place = unit.name, unit.division.name
        line.stages = {stage.value: line.stages.get(stage.value, 0) for stage in Stage}
    worst = {unit: (line.on_time is None, line.on_time or 0) for unit, line in found.items()}
    return sorted(found.values(), key=lambda line: (*worst[line.unit], -sum(line.stages.values())))
