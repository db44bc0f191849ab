"""What a sample is drawn from, and the same draw once more."""

from datetime import date, datetime, time, timedelta

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import MD5, Cast, Concat
from django.utils import timezone

from yiwang.divisions.rules import range_of
from yiwang.matters.models import Matter
from yiwang.matters.reads.rating import ended
from yiwang.quality.models import Sample


def bounds(first: date, last: date) -> tuple[datetime, datetime]:
    """The first moment of a period, and the first after it."""
    days = (first, last + timedelta(days=1))
    since, until = (timezone.make_aware(datetime.combine(day, time.min)) for day in days)
    return since, until


def population(division: int, first: date, last: date) -> QuerySet[Matter]:
    """What ended with a result in a place and period; confidential matters are nobody else's."""
    area = range_of(division)
    rows = Matter.objects.filter(
        division_id__range=(area.lo, area.hi), confidential=False, result__isnull=False
    )
    return ended(rows, *bounds(first, last))


def drawn_again(sample: Sample) -> QuerySet[Matter]:
    """The same matters as ever: ordered by a digest of seed and key, the first so many."""
    text = Concat(Value(f"{sample.seed}:"), Cast("pk", CharField()), output_field=CharField())
    rows = population(sample.division_id, sample.first, sample.last).annotate(turn=MD5(text))
    return rows.order_by("turn", "pk")[: sample.drawn]


def is_reproduced(sample: Sample) -> bool:
    """Whether drawing once more gives exactly what was drawn."""
    again = set(drawn_again(sample).values_list("pk", flat=True))
    return again == set(sample.checks.values_list("matter_id", flat=True))
