"""What waits for a unit, and in which order: who goes first by law stands first (SVC-05, INF-09)."""

from datetime import timedelta
from typing import Final

from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Min, Q, QuerySet, When

from yiwang.accounts.actor import Actor
from yiwang.matters.models import Matter
from yiwang.matters.rules import RUNNING, StepState

AHEAD: Final = timedelta(days=36525)
"""A century: whoever goes first stands before every ordinary deadline, and pages go by one key."""


def waiting_for(rows: QuerySet[Matter], actor: Actor) -> QuerySet[Matter]:
    """Steps that wait for the actor's unit, by the deadline of the step and not of the whole matter."""
    ours = Q(steps__unit_id=actor.unit_id, steps__state=StepState.ACTIVE)
    running = rows.filter(ours, state__in=RUNNING)
    return in_turn(running.annotate(deadline=Min("steps__due_at", filter=ours)))


def in_turn(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """`turn` orders what has a `deadline`: those who go first, then all others, each by deadline."""
    first = ExpressionWrapper(F("deadline") - AHEAD, output_field=DateTimeField())
    return rows.annotate(turn=Case(When(priority="", then=F("deadline")), default=first))
