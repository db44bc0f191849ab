"""What pages of the register share: whose record it is."""

from django.shortcuts import get_object_or_404

from yiwang.accounts.http import StaffRequest
from yiwang.residents.models import Resident


def visible_resident(request: StaffRequest, pk: int) -> Resident:
    """The record if the reader may see it; else 404, which does not say whether it exists."""
    people = Resident.objects.visible_to(request.actor).not_withdrawn()
    return get_object_or_404(people.select_related("division", "dwelling", "household"), pk=pk)


def searched_resident(request: StaffRequest) -> Resident | None:
    """The person `resident` names, wherever the reader may search; to be shown masked only."""
    text = request.POST.get("resident") or request.GET.get("resident") or ""
    if not text.isdecimal() or len(text) > 18:
        return None
    people = Resident.objects.searchable_by(request.actor).not_withdrawn()
    return get_object_or_404(people.select_related("division", "household"), pk=int(text))
