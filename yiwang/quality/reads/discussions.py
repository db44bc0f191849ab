"""Which matters are cases to learn from, and how many of them were discussed (QUA-12)."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.reads import parameter
from yiwang.matters.models import Matter
from yiwang.quality.models import Discussion


def _bad() -> Q:
    """Rated badly, done once more, or returned for correction."""
    low = int(parameter("matters.rating_low"))
    again = Q(reopening__isnull=False) | Q(correction__isnull=False)
    return Q(rating__grade__lte=low) | again


def cases_of(unit: Unit) -> QuerySet[Matter]:
    """The matters a unit accepted or worked on and that it may learn from."""
    return Matter.objects.filter(_bad(), units__contains=[unit.pk]).distinct()


@dataclass(frozen=True)
class Learned:
    """Cases of the last days, and how many of them were discussed."""

    cases: int
    discussed: int

    @property
    def share(self) -> int | None:
        return round(100 * self.discussed / self.cases) if self.cases else None


def learned(actor: Actor, days: int) -> Learned:
    """Over the area of a reader, in one statement."""
    since = timezone.now() - timedelta(days=days)
    rows = Matter.objects.visible_to(actor).filter(_bad(), accepted_at__gte=since)
    seen = Exists(Discussion.objects.filter(matter=OuterRef("pk")))
    told = rows.annotate(seen=seen).aggregate(
        cases=Count("pk", distinct=True), discussed=Count("pk", filter=Q(seen=True), distinct=True)
    )
    return Learned(told["cases"], told["discussed"])
