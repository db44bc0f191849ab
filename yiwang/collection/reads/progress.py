"""How far collection work is: by community, by worker, and what waits for the check."""

from typing import Any

from django.db.models import Count, Max, Q, QuerySet

from yiwang.accounts.actor import Actor
from yiwang.collection.models import Campaign, Item, Task
from yiwang.collection.rules.moves import OPEN, ItemState


def campaign_figures(campaign: Campaign, actor: Actor) -> dict[str, int]:
    """Total, done, waiting and open items of a campaign in the area the actor sees."""
    rows = Item.objects.visible_to(actor).filter(task__campaign=campaign)
    return figures(rows)


def figures(rows: QuerySet[Item]) -> dict[str, int]:
    """Counts of items by what has to happen next."""
    return rows.order_by().aggregate(
        total=Count("pk", filter=~Q(state=ItemState.DROPPED)),
        open=Count("pk", filter=Q(state__in=OPEN)),
        todo=Count("pk", filter=Q(state=ItemState.TODO)),
        filled=Count("pk", filter=Q(state=ItemState.FILLED)),
        returned=Count("pk", filter=Q(state__in=[ItemState.RETURNED, ItemState.CONFLICT])),
        waiting=Count("pk", filter=Q(state=ItemState.SUBMITTED)),
        done=Count("pk", filter=Q(state=ItemState.ACCEPTED)),
    )


def by_worker(task: Task) -> list[dict[str, Any]]:
    """Items of a task by the post that carries them; None for those nobody has."""
    rows = (
        task.items.exclude(state=ItemState.DROPPED)
        .order_by()
        .values("worker", "worker__user__name")
    )
    found: Any = rows.annotate(
        total=Count("pk", distinct=True),
        open=Count("pk", filter=Q(state__in=OPEN), distinct=True),
        done=Count("pk", filter=Q(state=ItemState.ACCEPTED), distinct=True),
        last=Max("submissions__created_at"),
    ).order_by("worker__user__name")
    return list(found)


def buildings_of(task: Task) -> list[str]:
    """The buildings and village groups of a task's items."""
    rows = task.items.exclude(building="").order_by("building")
    return list(rows.values_list("building", flat=True).distinct())
