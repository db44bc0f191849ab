"""The kinds an actor may know of, with how many people have each in a place."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from yiwang.core.reads import parameter
from yiwang.tags.models import Tag, TagKind


@dataclass(frozen=True, slots=True)
class KindCount:
    """A kind and its live tags in a place: all, those that expire soon, those due for review."""

    kind: TagKind
    people: int
    expiring: int
    due: int


def kinds_without_counts(actor: Any) -> list[TagKind]:
    """The kinds in use that the actor may know of, in their order."""
    return list(TagKind.objects.visible_to(actor).current())


def kinds_with_counts(actor: Any, place: int, on: date) -> list[KindCount]:
    """Every kind the actor may see, with its counts under a division; one statement counts all."""
    soon = on + timedelta(days=int(parameter("tags.expiry_warning_days", on=on)))
    tags = Tag.objects.visible_to(actor).within_place(place).live()
    held = dict(tags.order_by().values_list("kind").annotate(n=Count("pk")))
    expiring = dict(
        tags.filter(valid_until__lte=soon).order_by().values_list("kind").annotate(n=Count("pk"))
    )
    kinds = list(TagKind.objects.visible_to(actor))
    due = dict(
        tags.filter(automatic=False)
        .filter(_due(kinds, on))
        .order_by()
        .values_list("kind")
        .annotate(n=Count("pk"))
    )
    return [
        KindCount(kind, held.get(kind.pk, 0), expiring.get(kind.pk, 0), due.get(kind.pk, 0))
        for kind in kinds
        if kind.active or held.get(kind.pk)
    ]


def review_days(kind: TagKind) -> int:
    """Days after which a tag set by hand is looked at again."""
    return kind.review_days or int(parameter("residents.fresh.tags"))


def _due(kinds: list[TagKind], on: date) -> Q:
    """What was last confirmed too long ago: one line for all kinds without a period of their own."""
    usual = on - timedelta(days=int(parameter("residents.fresh.tags", on=on)))
    words = Q(kind__review_days__isnull=True, confirmed_on__lt=usual)
    for kind in kinds:
        if kind.review_days:
            words |= Q(kind=kind, confirmed_on__lt=on - timedelta(days=kind.review_days))
    return words
