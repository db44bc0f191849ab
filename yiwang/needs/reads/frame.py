"""The households a survey can be drawn from."""

from yiwang.divisions.rules import range_of
from yiwang.residents.models import Resident


def households_of(key: int) -> list[int]:
    """Households under a division with somebody living in them, by number."""
    area = range_of(key)
    people = Resident.objects.live().filter(
        division_id__gte=area.lo, division_id__lte=area.hi, household__isnull=False
    )
    return list(people.order_by("household_id").values_list("household_id", flat=True).distinct())
