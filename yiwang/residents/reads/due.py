"""What has to be asked or confirmed again: due people by community and building (INF-07)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from yiwang.divisions.models.division import Scoped
from yiwang.divisions.rules import KeyRange, range_of
from yiwang.residents.models import Resident

from .history import dossiers
from .known import Known


@dataclass(frozen=True, slots=True)
class DueCount:
    """Live residents of one place, and how many of them are due."""

    division_id: int
    estate: str
    building: str
    people: int
    due: int

    @property
    def fresh_share(self) -> float:
        """The share of records that are fresh, between 0 and 1."""
        return (self.people - self.due) / self.people if self.people else 1.0


def due_people(
    actor: Scoped, on: date, *, division: int | None = None, building: str | None = None
) -> QuerySet[Resident]:
    """Live residents an actor sees whose record is past its time on a day, in the order one walks:
    community, road, estate, building, unit, room.

    `division` narrows to a place and all below it, `building` to one building's number.
    """
    people = Resident.objects.visible_to(actor).due(on).select_related("dwelling", "division")
    if division is not None:
        area = range_of(division)
        people = people.filter(division_id__range=(area.lo, area.hi))
    if building is not None:
        people = people.filter(dwelling__building=building)
    walk = ("road", "estate", "building", "unit", "room")
    return people.order_by("division_id", *(f"dwelling__{one}" for one in walk), "pk")


def due_counts(area: KeyRange, on: date, *, by_building: bool = False) -> list[DueCount]:
    """People and due people of every community of an area (of every building of it), from the
    live register: for a township and below."""
    places = ["division_id"]
    if by_building:
        places += ["dwelling__estate", "dwelling__building"]
    rows = (
        Resident.objects.live()
        .filter(division_id__range=(area.lo, area.hi))
        .order_by(*places)
        .values(*places)
        .annotate(people=Count("pk"), due=Count("pk", filter=Q(fresh_until__lt=on)))
    )
    return [
        DueCount(
            row["division_id"],
            row.get("dwelling__estate") or "",
            row.get("dwelling__building") or "",
            row["people"],
            row["due"],
        )
        for row in rows
    ]


def due_fields(people: Iterable[Resident], on: date) -> dict[int, list[Known]]:
    """The held fields past their time of each of some residents, by number; one statement."""
    return {
        pk: [one for one in found.known.values() if not one.fresh]
        for pk, found in dossiers(people, on).items()
    }
