"""Who is still there: everything that writes to people or pays them asks here first (EXP-50)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yiwang.residents.models import Guardianship, LifeState, Resident


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody who died or moved away: how, and on which day."""

    resident_id: int
    state: str
    on: date

    @property
    def label(self) -> str:
        return str(LifeState(self.state).label)


def living(keys: Iterable[int]) -> set[int]:
    """Of these records, the ones that are alive and in the register: whom one may write to or pay."""
    return set(Resident.objects.live().filter(pk__in=set(keys)).values_list("pk", flat=True))


def departures(keys: Iterable[int]) -> dict[int, Departure]:
    """Of these records, the ones that died or moved away.

    Whoever keeps open business (matters, payments, visits) passes the residents of it and lists
    what comes back to its handlers.
    """
    rows = Resident.objects.filter(
        pk__in=set(keys), state__in=[LifeState.DECEASED, LifeState.MOVED_OUT]
    ).values_list("pk", "state", "state_on")
    return {pk: Departure(pk, state, on) for pk, state, on in rows if on is not None}


def guardians_of(ward: Resident, on: date) -> list[Guardianship]:
    """Who acts for somebody on a day; the dead and the departed are left out."""
    rows = Guardianship.objects.filter(ward=ward, starts_on__lte=on).exclude(ends_on__lt=on)
    return list(rows.filter(guardian__state=LifeState.LIVE).select_related("guardian"))
