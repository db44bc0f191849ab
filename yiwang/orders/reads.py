"""What organisations made of their orders, and who may be given one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from yiwang.orders.models import ServiceOrder
from yiwang.organizations.models import Organization, Provider

from .rules import State


@dataclass(frozen=True)
class OrganizationFigures:
    """One organisation: how many orders, how it answered, how much in time, how it is rated."""

    organization: int
    name: str
    offered: int
    accepted: int
    refused: int
    lapsed: int
    done: int
    in_time: int
    rated: int
    grade: float | None

    @property
    def share(self) -> float | None:
        """Of what was done, percent by the day that was asked."""
        return self.in_time * 1000 // self.done / 10 if self.done else None


def figures_of(rows: QuerySet[ServiceOrder]) -> list[OrganizationFigures]:
    """A line for each organisation of these orders, the busiest first."""
    done = Q(done_at__isnull=False)
    lines = (
        rows.order_by()
        .annotate(done_on=TruncDate("done_at", tzinfo=timezone.get_default_timezone()))
        .values("organization_id", "organization__name")
        .annotate(
            offered=Count("pk"),
            refused=Count("pk", filter=Q(state=State.REFUSED)),
            lapsed=Count("pk", filter=Q(state=State.LAPSED)),
            accepted=Count("pk", filter=Q(answered_at__isnull=False) & ~Q(state=State.REFUSED)),
            done=Count("pk", filter=done),
            in_time=Count("pk", filter=done & Q(done_on__lte=F("due_on"))),
            rated=Count("rating"),
            grade=Avg("rating__grade"),
        )
        .order_by("-offered", "organization__name")
    )
    return [_line(row) for row in lines]


def _line(row: Any) -> OrganizationFigures:
    said = dict(row)
    grade = said.pop("grade")
    return OrganizationFigures(
        organization=said.pop("organization_id"), name=said.pop("organization__name"),
        grade=round(float(grade), 1) if grade is not None else None, **said,
    )  # fmt: skip


def open_to(place: int, today: date) -> QuerySet[Organization]:
    """Organisations with a work area that are admitted and serve a place."""
    admitted = Provider.objects.public(today).serving(place)
    found = Organization.objects.filter(pk__in=admitted.values("organization"))
    return found.filter(workplace__isnull=False).order_by("name_pinyin", "pk")


def order_of(number: str) -> ServiceOrder | None:
    """The order of a number, for whoever says that she holds its code."""
    if not number:
        return None
    rows = ServiceOrder.objects.public().select_related("organization", "division", "rating")
    return rows.filter(number=number).first()
