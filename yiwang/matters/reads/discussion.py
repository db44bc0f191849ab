"""Whom one may name in a comment on a matter."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.matters.models import Matter


def colleagues(matter: Matter, actor: Actor) -> QuerySet[Post]:
    """Posts in force of the units that act on the matter, and of the actor's own place."""
    near = Q(unit_id__in=matter.units) | Q(division_id=actor.division_id)
    posts = Post.objects.held_on(timezone.localdate()).filter(near)
    others = posts.exclude(pk=actor.post_id or 0).select_related("user", "unit")
    return others.order_by("unit_id", "pk")
