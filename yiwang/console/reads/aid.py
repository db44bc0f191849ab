"""Whom a member of staff may call: those who keep the network from here upward."""

from django.db.models import QuerySet
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.accounts.roles import Role
from yiwang.divisions.rules import ancestors

KEEPERS = (Role.TOWNSHIP_NETWORK, Role.COUNTY_NETWORK, Role.ADMINISTRATOR)
MOST = 5


def keepers_for(actor: Actor) -> QuerySet[Post]:
    """The nearest keepers of the network: names and office telephones, no secret among staff."""
    places = [*ancestors(actor.division_id), actor.division_id]
    held = Post.objects.held_on(timezone.localdate())
    return (
        held.filter(role__in=KEEPERS, division_id__in=places)
        .select_related("user", "unit")
        .order_by("-division_id", "pk")[:MOST]
    )
