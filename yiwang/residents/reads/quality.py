"""How good the data of a place are: what is missing, contradictory and outdated (EXP-51)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Q

from yiwang.divisions.models import Division, Level
from yiwang.divisions.rules import KeyRange
from yiwang.residents.models import Resident

MISSING: Final[dict[str, Q]] = {
    "identity": Q(identity_hash__isnull=True),
    "phone": Q(phone_hash__isnull=True),
    "birth": Q(born_on__isnull=True),
    "address": Q(dwelling__isnull=True),
}
"""What a record lacks, by the words of the list's filter."""


def communities_of(division: int) -> list[Division]:
    """Every place below a division that people may be entered in, ended ones too."""
    places = Division.objects.under(division).filter(level=Level.COMMUNITY)
    return list(places.order_by("pk"))


@dataclass(frozen=True)
class Quality:
    """Live residents of a place, and how many lack something, are due, are in dispute."""

    people: int
    disputed: int
    due: int
    missing: dict[str, int]


def quality_of(area: KeyRange, on: date) -> Quality:
    """Counted in the live register with one statement: for a township and below."""
    people = Resident.objects.live().filter(division_id__range=(area.lo, area.hi))
    lacks = {f"no_{name}": Count("pk", filter=lack) for name, lack in MISSING.items()}
    row = people.aggregate(
        people=Count("pk"),
        disputed=Count("pk", filter=~Q(disputed=[])),
        due=Count("pk", filter=Q(fresh_until__lt=on)),
        **lacks,
    )
    missing = {name: row[f"no_{name}"] for name in MISSING}
    return Quality(row["people"], row["disputed"], row["due"], missing)
