"""Accepted and finished in the last days, for the small chart of the workbench."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import CharField, Count, DateField, QuerySet, Sum, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.collection.models import Item, Submission
from yiwang.core.memory import remember
from yiwang.divisions.rules import Depth, depth_of
from yiwang.matters.models import Matter

from .duties import Today

DAYS: Final = 7
# A whole county counts hundreds of thousands of rows; its week may be some minutes old.
UPPER_SECONDS: Final = 300


@dataclass(frozen=True)
class DayFlow:
    """How many matters came in and went out on a day, and what their forms needed and asked."""

    day: date
    accepted: int
    finished: int
    needed: int = 0
    asked: int = 0
    papers: int = 0


@dataclass(frozen=True)
class Saved:
    """How many items the forms of some days needed, how many of them nobody asked again, and how
    many papers were on file and not handed in again (SVC-06).
    """

    needed: int
    saved: int
    papers: int = 0

    @classmethod
    def of(cls, days: Sequence[DayFlow]) -> "Saved":
        needed = sum(one.needed for one in days)
        return cls(needed, needed - sum(one.asked for one in days), sum(one.papers for one in days))

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(
            self.needed + other.needed, self.saved + other.saved, self.papers + other.papers
        )

    @property
    def percent(self) -> int:
        """The share that was held already (INF-04)."""
        return round(100 * self.saved / self.needed) if self.needed else 0


def week_of(actor: Actor, today: Today) -> list[DayFlow]:
    """The last seven days up to today, in what the actor sees."""
    if depth_of(actor.division_id) >= Depth.TOWNSHIP:
        return _week(actor, today)
    place = f"{actor.see.lo}.{actor.see.hi}.{actor.unit_id}.{actor.by_unit}"
    return remember(f"console.week.{place}", UPPER_SECONDS, lambda: _week(actor, today))


def saved_at_doors(actor: Actor, today: Today) -> Saved:
    """What the collection forms of the same days did not ask again, in what the actor sees."""
    if depth_of(actor.division_id) >= Depth.TOWNSHIP:
        return _saved_at_doors(actor, today)
    place = f"{actor.see.lo}.{actor.see.hi}"
    return remember(f"console.doors.{place}", UPPER_SECONDS, lambda: _saved_at_doors(actor, today))


def _saved_at_doors(actor: Actor, today: Today) -> Saved:
    found = Submission.objects.filter(
        state=Submission.State.CURRENT,
        collected_at__gte=today.morning - timedelta(days=DAYS - 1),
        collected_at__lt=today.midnight,
        item__in=Item.objects.visible_to(actor).order_by(),
    ).aggregate(needed=Sum("fields_needed"), asked=Sum("fields_asked"))
    needed = found["needed"] or 0
    return Saved(needed, needed - (found["asked"] or 0))


def _week(actor: Actor, today: Today) -> list[DayFlow]:
    last = timezone.localdate(today.now)
    days = [last - timedelta(days=back) for back in reversed(range(DAYS))]
    since = today.morning - timedelta(days=DAYS - 1)
    seen = Matter.objects.visible_to(actor).order_by()
    came = _by_day(
        seen.filter(accepted_at__gte=since, accepted_at__lt=today.midnight), "accepted_at"
    )
    went = _by_day(
        seen.filter(finished_at__gte=since, finished_at__lt=today.midnight), "finished_at"
    )
    found = {(row["kind"], row["day"]): row for row in came.union(went, all=True)}
    return [
        _flow(day, found.get(("accepted_at", day), {}), found.get(("finished_at", day), {}))
        for day in days
    ]


def _flow(day: date, came: Mapping[str, Any], went: Mapping[str, Any]) -> DayFlow:
    return DayFlow(
        day,
        came.get("total", 0),
        went.get("total", 0),
        came.get("needed") or 0,
        came.get("asked") or 0,
        came.get("papers") or 0,
    )


def _by_day(rows: QuerySet[Matter], moment: str) -> QuerySet[Any]:
    return (
        rows.annotate(
            kind=Value(moment, output_field=CharField()),
            day=TruncDate(moment, output_field=DateField()),
        )
        .values("kind", "day")
        .annotate(
            total=Count("pk"),
            needed=Sum("fields_needed"),
            asked=Sum("fields_asked"),
            papers=Sum("papers_reused"),
        )
    )
