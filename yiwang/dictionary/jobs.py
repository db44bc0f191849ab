"""Every five minutes: what other acts have changed (services, tags, parameters) is published."""

from django.conf import settings

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.divisions.models import Division

from .actions import publish
from .reads import current, unpublished


def publish_changes() -> str:
    """Publish the first version, or the next where something has changed; gives its number."""
    city = Division.objects.filter(pk=settings.CITY).first()
    if city is None or (current() is not None and not unpublished()):
        return ""
    with circumstances(channel="job"):
        return publish(city, by=Actor.system()).number
