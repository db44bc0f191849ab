"""Whether whoever a need is of is still there (EXP-50)."""

from yiwang.needs.models import Need
from yiwang.residents.reads import Departure, departures


def departure_of(need: Need) -> Departure | None:
    """How and when the person of a need died or left; None while she is there."""
    return departures([need.resident_id]).get(need.resident_id) if need.resident_id else None
