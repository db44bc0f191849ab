"""The router of this app and the records its operations speak of."""

from django.shortcuts import get_object_or_404
from ninja import Router

from yiwang.accounts.http import StaffRequest
from yiwang.divisions.models import Division
from yiwang.organizations.models import Organization

router = Router(tags=["单位和组织"])


def place_of(request: StaffRequest, key: int) -> Division:
    return get_object_or_404(Division.objects.visible_to(request.actor), pk=key)


def organization_of(request: StaffRequest, pk: int) -> Organization:
    rows = Organization.objects.visible_to(request.actor).kept().select_related("division")
    return get_object_or_404(rows, pk=pk)
