"""Background work: large lists, overlaps of large areas, and freshness at night."""

from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.collection.actions import (
    close_campaign,
    drop_departed,
    measure_demand,
    measure_freshness,
    spread_campaign,
)
from yiwang.collection.models import Campaign, Demand, Task
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division, Level


@app.task(name="collection.spread", pass_context=False)
def spread(campaign: int) -> None:
    """Make the list of a campaign; a second run finds it made. Nobody to ask: it ends at once."""
    found = Campaign.objects.filter(pk=campaign, state=Campaign.State.PREPARING).first()
    if found is None:
        return
    with circumstances(channel="job"):
        try:
            spread_campaign(found, by=Actor.system())
        except Refused as refusal:
            close_campaign(found, reason=str(refusal), by=Actor.system())


@app.task(name="collection.measure_demand", pass_context=False)
def measure(demand: int) -> None:
    """Count how much of a demand is held."""
    found = Demand.objects.filter(pk=demand).first()
    if found is not None:
        with circumstances(channel="job"):
            measure_demand(found, by=Actor.system())


@app.task(name="collection.measure_freshness", pass_context=False)
def freshness() -> int:
    """Count every community of the city; gives how many."""
    rows = Division.objects.in_city().filter(level=Level.COMMUNITY).current().served()
    done = 0
    with circumstances(channel="job"):
        for community in rows.order_by("pk").iterator():
            measure_freshness(community, by=Actor.system())
            done += 1
    return done


@app.task(name="collection.drop_departed", pass_context=False)
def leave_the_departed() -> int:
    """Drop what was to be asked of people who died or left; gives how many tasks were looked at."""
    tasks = Task.objects.filter(campaign__state=Campaign.State.OPEN).select_related("campaign")
    done = 0
    with circumstances(channel="job"):
        for task in tasks.order_by("pk").iterator():
            drop_departed(task, by=Actor.system())
            done += 1
    return done
