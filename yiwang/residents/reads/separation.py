"""People who live in one place and are registered in another (人户分离)."""

from django.db.models import Q, QuerySet

from yiwang.divisions.rules import KeyRange
from yiwang.residents.models import Registration, Resident, Standing

_FROM_ELSEWHERE = (Standing.NON_REGISTERED, Standing.MIGRANT, Standing.FOREIGNER)


def registered_here_living_elsewhere(area: KeyRange) -> QuerySet[Resident]:
    """Registered in the area and living outside it: in another community, or away for a time."""
    elsewhere = Registration.objects.registered_in(area.lo, area.hi).exclude(
        resident__division_id__range=(area.lo, area.hi)
    )
    away = Q(standing=Standing.AWAY, division_id__range=(area.lo, area.hi))
    return _live().filter(away | Q(pk__in=elsewhere.values("resident_id")))


def living_here_registered_elsewhere(area: KeyRange) -> QuerySet[Resident]:
    """Living in the area and registered outside it, in the city or beyond."""
    here = _live().filter(division_id__range=(area.lo, area.hi))
    outside = Registration.objects.exclude(division_id__range=(area.lo, area.hi)) | (
        Registration.objects.filter(division__isnull=True)
    )
    # Who came without a registration being noted says it by the standing alone.
    said = Q(standing__in=_FROM_ELSEWHERE, registration__isnull=True)
    return here.filter(said | Q(pk__in=outside.values("resident_id")))


def _live() -> QuerySet[Resident]:
    return Resident.objects.live().select_related(
        "division", "household", "dwelling", "registration", "registration__division"
    )
