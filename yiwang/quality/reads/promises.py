"""Promises against fact: what was measured, and how often ratings and checks say otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q
from django.utils import timezone

from yiwang.accounts.models import Unit
from yiwang.core.reads import parameter
from yiwang.matters.models import Matter, Rating
from yiwang.matters.reads.rating import ended
from yiwang.quality.models import Finding, Promise, Standard
from yiwang.quality.rules.states import Measure, kept
from yiwang.queues.models import HallDay
from yiwang.queues.reads import total_of


@dataclass(frozen=True)
class Fact:
    """One promise beside what happened in the last days."""

    promise: Promise
    value: float | None
    kept: bool | None
    complaints: int
    findings: int

    @property
    def breaches(self) -> int:
        return self.complaints + self.findings


def facts_of(unit: Unit, promises: Iterable[Promise], now: datetime) -> list[Fact]:
    """Every promise of a unit against fact over `qua.promise_days`."""
    days = int(parameter("qua.promise_days", division=unit.division_id))
    since, promises = now - timedelta(days=days), list(promises)
    measured, said = _measured(unit, since, now), _complaints(unit, promises, since)
    rows = Finding.objects.filter(promise__in=promises, issued_at__gte=since).order_by()
    found = dict(rows.values_list("promise").annotate(n=Count("pk")))
    return [
        Fact(
            one, measured[one.measure], kept(one.measure, one.target, measured[one.measure]),
            said.get(f"of_{one.pk}", 0), found.get(one.pk, 0),
        )
        for one in promises
    ]  # fmt: skip


def _measured(unit: Unit, since: datetime, now: datetime) -> dict[str, float | None]:
    rows = ended(Matter.objects.filter(acceptor_unit=unit), since, now).order_by()
    told: dict[str, Any] = rows.aggregate(
        n=Count("pk"), on_time=Count("pk", filter=Q(finished_at__lte=F("due_at"))),
        grade=Avg("rating__grade"), rated=Count("rating"),
    )  # fmt: skip
    first = timezone.localdate(since)
    halls = HallDay.objects.filter(unit=unit, on__gte=first)
    enough = told["rated"] >= int(parameter("qua.publish_ratings"))
    return {
        Measure.WAITING: total_of(halls).median,
        Measure.ON_TIME: round(100 * told["on_time"] / told["n"], 1) if told["n"] else None,
        Measure.GRADE: round(told["grade"], 2) if enough else None,
    }


def _complaints(unit: Unit, promises: Iterable[Promise], since: datetime) -> dict[str, int]:
    """Ratings of what the unit accepted that name a reason of each promise, in one statement."""
    rows = Rating.objects.filter(matter__acceptor_unit=unit, at__gte=since).order_by()
    counts = {
        f"of_{one.pk}": Count("pk", filter=Q(reasons__overlap=one.reasons))
        for one in promises
        if one.reasons
    }
    return rows.aggregate(**counts) if counts else {}


def promises_of(unit: Unit, day: date) -> list[Promise]:
    """What a unit promises on a day."""
    return list(Promise.objects.current(day).filter(unit=unit))


def standard_of(item: int) -> Standard | None:
    """The newest standard of an item, for whoever is served and whoever serves."""
    return Standard.objects.filter(item_id=item).order_by("-number").first()
