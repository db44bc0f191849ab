"""How the installation itself is: for administrators, data officers and auditors."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.core.models import JournalSeal
from yiwang.core.reads import NO_SEAL, calendar, seal_digest
from yiwang.divisions.models import Division, Review
from yiwang.divisions.models.division import Level

from .counting import count_of
from .duties import ask


@dataclass(frozen=True)
class Health:
    """The journal's newest seal, the calendar's end, and what the installation holds."""

    sealed_at: datetime | None
    sound: bool
    calendar_ends: date
    communities: int
    units: int
    posts: int
    reviews: int


def health_of(actor: Actor) -> Health:
    """Two statements: the newest seals, and the counts."""
    sealed_at, sound = last_seal()
    today = timezone.localdate()
    area = actor.see
    places = Division.objects.visible_to(actor).within(area).current().served()
    counts = ask(
        actor,
        {
            "communities": count_of(places.filter(level=Level.COMMUNITY)),
            "units": count_of(Unit.objects.visible_to(actor).within(area).open()),
            "posts": count_of(Post.objects.visible_to(actor).held_on(today)),
            "reviews": count_of(Review.objects.visible_to(actor).filter(state=Review.State.OPEN)),
        },
    )
    return Health(sealed_at, sound, calendar().ends_on, **counts)


def last_seal() -> tuple[datetime | None, bool]:
    """When the journal was last sealed, and whether that seal is genuine and follows its last.

    The whole chain is walked on the journal's own page and by the command line.
    """
    seals = list(JournalSeal.objects.order_by("-pk")[:2])
    if not seals:
        return None, True
    newest = seals[0]
    previous = bytes(seals[1].digest) if len(seals) > 1 else NO_SEAL
    expected = seal_digest(previous, newest.lines, bytes(newest.digests))
    sound = bytes(newest.previous) == previous and bytes(newest.digest) == expected
    return newest.at, sound
