"""Every night: keep the figures of the day that ended, and count again what was entered late."""

from datetime import date, timedelta

from django.conf import settings
from django.db.models import Min
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.divisions.models import Division
from yiwang.residents.models import StatusChange

from .actions import forget_days, take_summaries
from .models import Summary


def keep_figures() -> list[date]:
    """Keep today's figures (at the end of the day), and those of kept days that a late entry
    changed; gives the days counted. Yesterday is caught up when its evening was missed."""
    city = Division.objects.filter(pk=settings.CITY).first()
    if city is None:
        return []
    today = timezone.localdate()
    days = {*_spoken_of(today), today}
    if not Summary.objects.on(today - timedelta(days=1)).exists():
        days.add(today - timedelta(days=1))
    by = Actor.system()
    with circumstances(channel="job"):
        for day in sorted(days):
            take_summaries(city, on=day, by=by)
        forget_days(city, by=by)
    return sorted(days)


def _spoken_of(today: date) -> list[date]:
    """Days already kept that a late entry changes."""
    since = timezone.now() - timedelta(days=2)
    first = StatusChange.objects.filter(created_at__gte=since).aggregate(day=Min("on"))["day"]
    if first is None:
        return []
    kept = Summary.objects.filter(on__gte=first, on__lt=today, frozen=False)
    return list(kept.values_list("on", flat=True).distinct().order_by("on"))
