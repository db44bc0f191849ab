"""The coverage of a day is kept for every place above the communities (INF-14)."""

from datetime import datetime

from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, note
from yiwang.divisions.models import Division
from yiwang.liaison.models import CoverageDay
from yiwang.liaison.reads.coverage import by_key

SPANS = (10**3, 10**6, 10**8)
"""Keys of townships, counties and the city are multiples of these."""


@act("liaison.keep")
def keep_coverage_day(city: Division, *, now: datetime, by: Actor) -> Division:
    """Count the coverage of the day for city, counties and townships; counted again, it is replaced."""
    on = timezone.localdate(now)
    found = {key: row for span in SPANS for key, row in by_key(city.pk, span, now).items()}
    CoverageDay.objects.bulk_create(
        [
            CoverageDay(division_id=key, on=on, communities=row["all"], covered=row["covered"])
            for key, row in found.items()
        ],
        update_conflicts=True,
        unique_fields=["division", "on"],
        update_fields=["communities", "covered"],
    )
    note(on=on, places=len(found))
    return city
