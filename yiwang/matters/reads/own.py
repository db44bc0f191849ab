"""What a resident who is signed in may see of her matters (SVC-04)."""

from django.db.models import QuerySet

from yiwang.matters.models import Matter
from yiwang.residents.models import Resident


def own_matters(person: Resident, *, for_another: bool) -> QuerySet[Matter]:
    """By whatever door they came; who acts `for_another` sees nothing that is confidential."""
    rows = Matter.objects.filter(resident=person).select_related(
        "item", "version", "acceptor_unit", "division", "resident"
    )
    return rows.filter(confidential=False) if for_another else rows
