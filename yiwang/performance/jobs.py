"""Every night: keep the day that ended and those an outage left out, then put late changes right."""

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.divisions.models import Division

from .actions import correct_days, keep_days
from .reads import kept_until


def keep_performance() -> date | None:
    """Gives the last day that is kept."""
    city = Division.objects.filter(pk=settings.CITY).first()
    if city is None:
        return None
    with circumstances(channel="job"):
        correct_days(city, by=Actor.system())
        keep_days(city, last=timezone.localdate() - timedelta(days=1), by=Actor.system())
    return kept_until()
