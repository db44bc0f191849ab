"""Records by number for pages and API: what the actor does not see is not found."""

from django.shortcuts import get_object_or_404

from yiwang.accounts.actor import Actor
from yiwang.collection.models import Campaign, Demand, Item, Scan, Task
from yiwang.divisions.models import Division


def campaign_for(actor: Actor, pk: int) -> Campaign:
    rows = Campaign.objects.visible_to(actor).select_related("division")
    return get_object_or_404(rows, pk=pk)


def task_for(actor: Actor, pk: int) -> Task:
    """With its counts."""
    rows = Task.objects.visible_to(actor).select_related("campaign", "division")
    return get_object_or_404(rows.counted(), pk=pk)


def item_for(actor: Actor, pk: int) -> Item:
    rows = Item.objects.visible_to(actor).select_related(
        "task__campaign", "division", "household__dwelling", "dwelling", "resident"
    )
    return get_object_or_404(rows, pk=pk)


def scan_for(actor: Actor, pk: int) -> Scan:
    tasks = Task.objects.visible_to(actor).order_by().values("pk")
    return get_object_or_404(Scan.objects.filter(task__in=tasks).select_related("task"), pk=pk)


def demand_for(actor: Actor, pk: int) -> Demand:
    rows = Demand.objects.visible_to(actor).select_related("unit", "division", "campaign")
    return get_object_or_404(rows, pk=pk)


def place_for(actor: Actor, asked: str | int | None) -> Division:
    """The division asked for if the actor sees it, else the actor's own."""
    key = int(asked) if asked is not None and str(asked).isdecimal() else actor.division_id
    rows = Division.objects.current().served().within(actor.see)
    return get_object_or_404(rows, pk=key if actor.see.holds(key) else actor.division_id)
