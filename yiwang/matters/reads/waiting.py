"""Results nobody has collected yet: where they lie, since when, and whether we reminded (SVC-07)."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, DateTimeField, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.rules.chinese import clean_text
from yiwang.matters.models import Result
from yiwang.notifications.models import Message
from yiwang.notifications.rules.kinds import Kind


def waiting_results(actor: Actor, *, own: bool = False) -> "QuerySet[Result]":
    """Results of the actor's area that wait to be collected; `own`: where the actor's unit accepted."""
    rows = Result.objects.visible_to(actor).waiting()
    return rows.filter(matter__acceptor_unit_id=actor.unit_id or 0) if own else rows


def narrowed(rows: "QuerySet[Result]", text: str, days: int) -> "QuerySet[Result]":
    """By number, title, window or kiosk; and waiting for so many days at least."""
    words = clean_text(text)[:60]
    if words:
        number = words.replace("-", "")
        rows = rows.filter(
            Q(matter__number__contains=number)
            | Q(matter__title__icontains=words)
            | Q(matter__acceptor_unit__name__icontains=words)
            | Q(matter__acceptor_unit__number__iexact=words)
        )
    if days:
        rows = rows.filter(matter__finished_at__lte=timezone.now() - timedelta(days=days))
    return rows


def with_reminder(rows: "QuerySet[Result]") -> "QuerySet[Result]":
    """Each with the moment of its reminder, and what the list shows."""
    reference = Concat(Value("matter:"), OuterRef("matter__number"))
    told = Message.objects.filter(reference=reference, kind=Kind.REMIND_COLLECT)
    last = told.order_by("-pk").values("created_at")[:1]
    rows = rows.annotate(reminded_at=Subquery(last, output_field=DateTimeField()))
    return rows.select_related(
        "matter__item", "matter__resident", "matter__acceptor_unit__division"
    )


def by_place(rows: "QuerySet[Result]") -> "QuerySet[Result, Any]":
    """How many lie at each window and kiosk, and since when the oldest."""
    grouped = rows.order_by().values("matter__acceptor_unit", "matter__acceptor_unit__name")
    return grouped.annotate(count=Count("pk"), oldest=Min("matter__finished_at")).order_by("-count")
