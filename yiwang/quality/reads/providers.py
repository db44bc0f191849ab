"""Service subjects on the scoreboard: their orders, what residents said, what checks found (QUA-08)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, F, Q

from yiwang.core.reads import parameter
from yiwang.divisions.rules import range_of
from yiwang.orders.models import ServiceOrder
from yiwang.orders.rules import State
from yiwang.organizations.models import Organization
from yiwang.quality.models import Check, Finding

from .board import seen_by, wrong_by
from .sampling import bounds


@dataclass
class ProviderLine:
    """A service subject over a period. The grade is only there from enough ratings on."""

    provider: Organization
    orders: int = 0
    on_time: int = 0
    lapsed: int = 0
    rated: int = 0
    low: int = 0
    grade: float | None = None
    checks: int = 0
    score: float | None = None
    findings: int = 0
    missed: int = 0
    enough: bool = False

    @property
    def name(self) -> str:
        return self.provider.name

    @property
    def on_time_share(self) -> float | None:
        return round(100 * self.on_time / self.orders, 1) if self.orders else None

    @property
    def shown_grade(self) -> float | None:
        """The average grade, or None while there are too few ratings to publish it."""
        return round(self.grade, 2) if self.enough and self.grade is not None else None


def provider_lines(division: int, first: date, last: date, most: int) -> list[ProviderLine]:
    """Who worked or was checked in a place and period, the most ratings first; at most so many."""
    area, (since, until) = range_of(division), bounds(first, last)
    place = {"division_id__range": (area.lo, area.hi)}
    worked = _worked(place, since, until)
    lapsed = _lapsed(place, since, until)
    checks = Check.objects.filter(
        **place, provider__isnull=False, done_at__gte=since, done_at__lt=until
    )
    seen = seen_by(checks, "provider_id")
    none: dict[str, Any] = {"rated": 0, "orders": 0}

    def weight(key: int) -> tuple[int, int, int, int]:
        row = worked.get(key, none)
        return -row["rated"], -row["orders"], -seen.get(key, (0, None))[0], key

    keys = sorted({*worked, *lapsed, *seen}, key=weight)[:most]
    found = Finding.objects.filter(provider__in=keys, issued_at__gte=since, issued_at__lt=until)
    wrong, names = wrong_by(found, "provider_id"), Organization.objects.in_bulk(keys)
    least = int(parameter("qua.publish_ratings"))
    return [
        ProviderLine(
            names[key], **worked.get(key, {}), lapsed=lapsed.get(key, 0),
            checks=seen.get(key, (0, None))[0], score=seen.get(key, (0, None))[1],
            findings=wrong.get(key, (0, 0))[0], missed=wrong.get(key, (0, 0))[1],
            enough=worked.get(key, none)["rated"] >= least,
        )
        for key in keys
    ]  # fmt: skip


def _worked(place: dict[str, Any], since: Any, until: Any) -> dict[int, dict[str, Any]]:
    """Orders confirmed as done, those done by their day, and what the residents said."""
    low = int(parameter("matters.rating_low"))
    rows = ServiceOrder.objects.filter(**place, confirmed_at__gte=since, confirmed_at__lt=until)
    told: Any = rows.order_by().values("organization_id").annotate(
        orders=Count("pk"),
        on_time=Count("pk", filter=Q(done_at__date__lte=F("due_on"))),
        rated=Count("rating"),
        low=Count("pk", filter=Q(rating__grade__lte=low)),
        grade=Avg("rating__grade"),
    )  # fmt: skip
    return {row.pop("organization_id"): row for row in map(dict, told)}


def _lapsed(place: dict[str, Any], since: Any, until: Any) -> dict[int, int]:
    """Offers that nobody answered in time."""
    rows = ServiceOrder.objects.filter(
        **place, state=State.LAPSED, answer_due_at__gte=since, answer_due_at__lt=until
    )
    told: Any = rows.order_by().values_list("organization_id").annotate(n=Count("pk"))
    return dict(told)
