"""Background work of the tags: the rules at night, and soon after people have changed."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.core.models import JournalLine
from yiwang.divisions.models import Division, Level
from yiwang.linkage.models import DepartmentFile
from yiwang.tags.actions import recompute, take_back_roll, undo_roll, work_on_roll
from yiwang.tags.models import Roll

LOOK_BACK = timedelta(minutes=15)
"""How far back the journal is read: three runs overlap, so that a line committed late is met."""
LINES = 5000
"""Lines read at most; what a busier quarter of an hour leaves out is met at night."""
LEFT = timedelta(minutes=30)
"""So long after it was ordered a list counts as left behind."""
_LOOKING = frozenset({"residents.reveal", "residents.export"})


def recompute_city() -> int:
    """Run all rules over the city; gives how many tags were set or ended."""
    city = Division.objects.filter(pk=settings.CITY).first()
    return _run(city) if city else 0


def recompute_changed() -> int:
    """Run the rules over the communities where people changed in the last minutes.

    Residents know nothing of tags; what happened to them stands in the journal. A whole community
    is quick, and with it go the households that somebody left.
    """
    since = timezone.now() - LOOK_BACK
    newest = JournalLine.objects.order_by("-pk")[:LINES]
    keys: set[int | None] = set()
    for name, at, key, facts in newest.values_list("act", "at", "division_key", "facts"):
        if at >= since and name.startswith("residents.") and name not in _LOOKING:
            keys |= {key, facts.get("origin")}
    places = Division.objects.filter(pk__in=[key for key in keys if key])
    communities = places.filter(level__gte=Level.TOWNSHIP).current()
    return sum(_run(one) for one in communities.order_by("pk"))


def _run(place: Division) -> int:
    with circumstances(channel="job"):
        done = recompute(place, by=Actor.system())
    return done.was_set + done.was_ended


@app.task(name="tags.work_on_roll", pass_context=False)
def carry_out(roll: int) -> None:
    """Carry an ordered list out, or take it back; a second call finds it done."""
    found = Roll.objects.filter(pk=roll).select_related("file__unit", "kind").first()
    if found is not None:
        with circumstances(channel="job"):
            work_on_roll(found, by=Actor.system())
            take_back_roll(found, by=Actor.system())


def resume_rolls() -> int:
    """Take back the lists whose file was undone, and take up what a crash left behind.

    The files know nothing of tags: what stood on one goes when it is gone. Gives how many.
    """
    baseless = Roll.objects.filter(
        state=Roll.State.DONE, file__state=DepartmentFile.State.UNDONE
    ).select_related("file", "kind")
    count = 0
    with circumstances(channel="job"):
        for roll in baseless:
            undo_roll(roll, by=Actor.system())
            count += 1
    left = Roll.objects.filter(
        state__in=(Roll.State.WAITING, Roll.State.UNDOING), updated_at__lt=timezone.now() - LEFT
    )
    for roll in left:
        app.configure_task("tags.work_on_roll").defer(roll=roll.pk)
    return count + len(left)
