"""Leaf summaries of freshness, made at night for every community (INF-07)."""

from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.collection.models import FreshnessDay
from yiwang.collection.reads.held import share_of
from yiwang.collection.rules.asking import askable
from yiwang.core.acts import act, moment, note
from yiwang.divisions.models import Division
from yiwang.residents.models import Resident


@act("collection.manage")
def measure_freshness(community: Division, *, by: Actor) -> Division:
    """Count one community anew; the figures of the day before give way."""
    on = timezone.localdate(moment())
    people = Resident.objects.live().filter(division_id=community.pk)
    found = share_of(people, askable(), on)
    FreshnessDay.objects.bulk_create(
        [
            FreshnessDay(division=community, field=code, on=on, **share.as_dict())
            for code, share in found.items()
        ],
        update_conflicts=True,
        unique_fields=["division", "field"],
        update_fields=["on", "people", "fresh", "soon", "due", "missing", "updated_at"],
    )
    note(fields=len(found))
    return community
