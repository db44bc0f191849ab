"""The scoreboard: what residents said, what was on time, what was found (QUA-08)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet

from yiwang.accounts.models import Unit
from yiwang.core.reads import parameter
from yiwang.divisions.rules import range_of
from yiwang.matters.models import Matter
from yiwang.matters.reads.rating import ended
from yiwang.quality.models import Check, Finding

from .sampling import bounds


@dataclass
class Line:
    """A unit over a period. The score is only there from enough ratings on."""

    unit: Unit
    finished: int
    on_time: int
    rated: int
    low: int
    grade: float | None
    reopened: int
    checks: int = 0
    score: float | None = None
    findings: int = 0
    missed: int = 0
    enough: bool = False

    @property
    def on_time_share(self) -> float | None:
        return round(100 * self.on_time / self.finished, 1) if self.finished else None

    @property
    def shown_grade(self) -> float | None:
        """The average grade, or None while there are too few ratings to publish it."""
        return round(self.grade, 2) if self.enough and self.grade is not None else None


def board_rows(division: int, first: date, last: date) -> Any:
    """A row for each unit that accepted what ended, the most ratings first; for a pager."""
    area, low = range_of(division), int(parameter("matters.rating_low"))
    rows: QuerySet[Matter] = Matter.objects.filter(
        acceptor_unit__division_id__range=(area.lo, area.hi), acceptor_unit__isnull=False
    )
    rows = ended(rows, *bounds(first, last)).order_by()
    return (
        rows.values("acceptor_unit_id")
        .annotate(
            finished=Count("pk"),
            on_time=Count("pk", filter=Q(finished_at__lte=F("due_at"))),
            rated=Count("rating"),
            low=Count("pk", filter=Q(rating__grade__lte=low)),
            grade=Avg("rating__grade"),
            reopened=Count("reopening"),
        )
        .order_by("-rated", "acceptor_unit_id")
    )


def board_lines(rows: Iterable[dict[str, Any]], first: date, last: date) -> list[Line]:
    """Rows with their units and what checks found, in three statements."""
    told = {row["acceptor_unit_id"]: row for row in rows}
    units = Unit.objects.filter(pk__in=told).select_related("division")
    least = int(parameter("qua.publish_ratings"))
    lines = {
        unit.pk: Line(unit, **{k: v for k, v in told[unit.pk].items() if k != "acceptor_unit_id"})
        for unit in units
    }
    since, until = bounds(first, last)
    checked = Check.objects.filter(unit__in=lines, done_at__gte=since, done_at__lt=until)
    found = Finding.objects.filter(unit__in=lines, issued_at__gte=since, issued_at__lt=until)
    seen, wrong = seen_by(checked, "unit_id"), wrong_by(found, "unit_id")
    for pk, line in lines.items():
        line.checks, line.score = seen.get(pk, (0, None))
        line.findings, line.missed = wrong.get(pk, (0, 0))
        line.enough = line.rated >= least
    return [lines[pk] for pk in told if pk in lines]


def seen_by(rows: QuerySet[Check], by: str) -> dict[int, tuple[int, float | None]]:
    """Checks and the mean share of passes, by unit or service subject."""
    told: Any = rows.order_by().values_list(by).annotate(n=Count("pk"), mean=Avg("score"))
    return {key: (n, None if mean is None else round(mean, 1)) for key, n, mean in told}


def wrong_by(rows: QuerySet[Finding], by: str) -> dict[int, tuple[int, int]]:
    """Findings, and those not put right in time."""
    late = Count("pk", filter=Q(told_at__isnull=False))
    told: Any = rows.order_by().values_list(by).annotate(n=Count("pk"), late=late)
    return {key: (n, missed) for key, n, missed in told}
