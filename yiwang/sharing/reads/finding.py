"""Records by number for pages and API: what the actor does not see is not found."""

from django.shortcuts import get_object_or_404

from yiwang.accounts.actor import Actor
from yiwang.sharing.models import Agreement, SharedFile


def agreement_for(actor: Actor, pk: int) -> Agreement:
    rows = Agreement.objects.visible_to(actor).select_related("unit", "division")
    return get_object_or_404(rows, pk=pk)


def file_for(actor: Actor, pk: int) -> SharedFile:
    rows = SharedFile.objects.visible_to(actor).select_related("agreement__division")
    return get_object_or_404(rows, pk=pk)
