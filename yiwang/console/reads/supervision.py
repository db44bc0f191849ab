"""Time limits of the units below: green, amber, red, and how much was on time (SVC-23)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.divisions.models import Division
from yiwang.divisions.rules import Depth, depth_of, range_of
from yiwang.matters.models import Step
from yiwang.matters.rules import RUNNING, StepState

SPANS: Final = {
    Depth.NATION: 10**10, Depth.PROVINCE: 10**8, Depth.CITY: 10**6, Depth.COUNTY: 10**3,
    Depth.TOWNSHIP: 1, Depth.COMMUNITY: 1,
}  # fmt: skip
"""One place below, in keys, by the level of the place above."""


@dataclass(frozen=True)
class Scope:
    """What is looked at: a place, a category, the days in which steps ended, how it is grouped."""

    division: int
    first: date
    last: date
    category: str = ""
    by: str = "unit"


@dataclass(frozen=True)
class Tone:
    """One column: its words, its colour, and the condition a step meets to be counted in it."""

    key: str
    label: Any
    kind: str
    icon: str


TONES: Final = (
    Tone("green", pgettext_lazy("clock", "正常"), "ok", "clock"),
    Tone("amber", _("预警"), "warn", "hourglass"),
    Tone("red", _("超期"), "danger", "alarm"),
    Tone("still", _("计时暂停"), "info", "player-pause"),
    Tone("done", _("本期完成"), "", "check"),
    Tone("late", _("逾期完成"), "danger", "alert-circle"),
)
TONE_OF: Final = {tone.key: tone for tone in TONES}


def conditions(scope: Scope, now: datetime, since: datetime, until: datetime) -> dict[str, Q]:
    """What each column counts. A step whose matter stands still is neither green nor red."""
    active = Q(state=StepState.ACTIVE)
    running = active & Q(matter__state__in=RUNNING)
    done = Q(state=StepState.DONE, done_at__gte=since, done_at__lt=until)
    return {
        "green": running & Q(amber_at__gt=now, due_at__gte=now),
        "amber": running & Q(amber_at__lte=now, due_at__gte=now),
        "red": running & Q(due_at__lt=now),
        "still": active & ~Q(matter__state__in=RUNNING),
        "done": done,
        "late": done & Q(done_at__gt=F("due_at")),
    }


def steps_in(scope: Scope, actor: Actor) -> QuerySet[Step]:
    """The steps of a place's matters that the actor sees, of one category where asked."""
    area = range_of(scope.division)
    steps = Step.objects.visible_to(actor).filter(matter__division_id__range=(area.lo, area.hi))
    return steps.filter(matter__item__category_id=scope.category) if scope.category else steps


@dataclass(frozen=True)
class Line:
    """The figures of one unit, or of all units of one place."""

    key: int
    label: str
    place: str
    counts: dict[str, int]

    @property
    def on_time(self) -> float | None:
        """Share of the steps that ended in the period on time, in percent; None without any."""
        done = self.counts["done"]
        return 100 * (done - self.counts["late"]) / done if done else None

    @property
    def open(self) -> int:
        return sum(self.counts[key] for key in ("green", "amber", "red", "still"))


def figures(scope: Scope, actor: Actor, columns: dict[str, Q]) -> list[Line]:
    """A line for each unit (or place below) that has open steps or ended some in the period."""
    steps = _grouped(steps_in(scope, actor), scope)
    anything = Q()
    for condition in columns.values():
        anything |= condition
    rows = (
        steps.filter(anything)
        .order_by()
        .values("group")
        .annotate(**{key: Count("pk", filter=condition) for key, condition in columns.items()})
    )
    found = {row.pop("group"): row for row in rows}
    lines = _named_units(found) if scope.by == "unit" else _named_places(found)
    return sorted(lines, key=lambda line: (-line.counts["red"], -line.counts["amber"], line.key))


def total_of(lines: list[Line], label: str) -> Line:
    """The sum of all lines."""
    keys = TONE_OF.keys()
    return Line(0, label, "", {key: sum(line.counts[key] for line in lines) for key in keys})


def listed(scope: Scope, actor: Actor, condition: Q | None, group: int | None) -> QuerySet[Step]:
    """The steps behind one number, the most urgent first."""
    steps = _grouped(steps_in(scope, actor), scope)
    if condition is not None:
        steps = steps.filter(condition)
    if group:
        steps = steps.filter(group=group)
    return (
        steps.select_related("matter__resident", "unit", "handler__user", "matter__item")
        .defer(
            "matter__answers_sealed", "matter__agent_phone",
            "matter__resident__identity", "matter__resident__phone",
        )
        .order_by("due_at", "pk")
    )  # fmt: skip


def _grouped(steps: QuerySet[Step], scope: Scope) -> QuerySet[Any]:
    """Each step with what it is counted under: its unit, or the place below its unit lies in."""
    if scope.by == "unit":
        return steps.annotate(group=F("unit_id"))
    span = SPANS[depth_of(scope.division)]
    below = F("division_id") - F("division_id") % span
    return steps.annotate(group=ExpressionWrapper(below, output_field=BigIntegerField()))


def _named_units(found: dict[int, dict[str, int]]) -> list[Line]:
    # Closed ones too: what they ended late stays their figure.
    units = Unit.objects.filter(pk__in=found).select_related("division")
    return [Line(unit.pk, unit.label, unit.division.label, found[unit.pk]) for unit in units]


def _named_places(found: dict[int, dict[str, int]]) -> list[Line]:
    places = Division.objects.public().filter(pk__in=found)
    return [Line(place.pk, place.label, "", found[place.pk]) for place in places]
