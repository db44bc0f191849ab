"""Notices: what others did to my matters since I last looked (SVC-23: reminders)."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import DateTimeField, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.console.models import Look
from yiwang.core.reads import parameter
from yiwang.matters.models import Escalation, Event, Matter, RatingEscalation, Step
from yiwang.matters.rules import EventKind

from .queues import waits_for

# What happens to a matter that lies with my unit, and which my unit has to know at once.
TO_UNIT: Final = (
    EventKind.HANDED_ON,
    EventKind.URGED,
    EventKind.ESCALATED,
    EventKind.CORRECTED,
    EventKind.RESUMED,
    EventKind.EXTENDED,
    EventKind.EXTENSION_REFUSED,
    EventKind.WITHDRAWN,
)


def notices_for(actor: Actor) -> QuerySet[Event]:
    """Events by others on matters I accepted or handle, what reaches my unit's matters, and what
    was reported to my post as the one that supervises.

    Newest first, no further back than `console.notice_days`.
    """
    since = _since()
    told = Escalation.objects.visible_to(actor).filter(
        post_id=actor.post_id or 0, noticed_at__gte=since
    )
    late = RatingEscalation.objects.filter(post_id=actor.post_id or 0, noticed_at__gte=since)
    reported = Event.objects.filter(
        Q(pk__in=told.order_by().values("event")) | Q(pk__in=late.order_by().values("event"))
    )
    # Arms, each read along an index of its own; one OR would read the whole timeline.
    mine = Event.objects.filter(matter_id__in=_mine(actor, since), at__gte=since)
    ours = Event.objects.filter(
        matter_id__in=waits_for(actor).values("pk"), kind__in=TO_UNIT, at__gte=since
    )
    arms = [arm.order_by().values("pk") for arm in (mine, ours, reported)]
    found = Event.objects.filter(pk__in=arms[0].union(*arms[1:]))
    return found.exclude(by=actor.name, unit_name=actor.unit_name).order_by("-at", "-pk")


def _mine(actor: Actor, since: datetime) -> QuerySet[Any]:
    """Numbers of the matters I answer for: open ones and those that ended lately."""
    running = Q(finished_at__isnull=True) | Q(finished_at__gte=since)
    seen = Matter.objects.visible_to(actor).filter(running).order_by()
    accepted = seen.filter(acceptor_post_id=actor.post_id).values("pk")
    recent = Q(done_at__isnull=True) | Q(done_at__gte=since)
    steps = Step.objects.visible_to(actor).filter(recent, handler_id=actor.post_id).order_by()
    return accepted.union(steps.values("matter_id"))


def _since() -> datetime:
    return timezone.now() - timedelta(days=int(parameter("console.notice_days")))


def last_look(actor: Actor) -> Coalesce:
    """Since when notices are unread, as part of a statement: the last look, else ever."""
    looked = Look.objects.visible_to(actor).values("seen_at")[:1]
    return Coalesce(Subquery(looked), Value(_since()), output_field=DateTimeField())


def unread(actor: Actor) -> QuerySet[Event]:
    """The notices later than the last look."""
    return notices_for(actor).filter(at__gt=last_look(actor))
