"""The router all operations of the register hang on, and the records they speak of."""

from typing import Annotated

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from yiwang.accounts.http import StaffRequest
from yiwang.divisions.models import Division
from yiwang.residents.models import Dwelling, Group, Household, Resident, Transfer

router = Router(tags=["居民"])
Limit = Annotated[int, Field(ge=1, le=100)]


class ResidentOut(Schema):
    """One resident, masked."""

    id: int
    division: int = Field(alias="division_id")
    name: str = Field(alias="masked_name")
    identity_number: str = Field(alias="masked_identity")
    phone: str = Field(alias="masked_phone")
    sex: str
    age: int | None
    standing: str
    state: str

    @staticmethod
    def resolve_age(person: Resident) -> int | None:
        return person.age()


def visible_resident(request: StaffRequest, pk: int) -> Resident:
    people = Resident.objects.visible_to(request.actor).not_withdrawn()
    return get_object_or_404(people.select_related("division", "dwelling", "household"), pk=pk)


def visible_household(request: StaffRequest, pk: int) -> Household:
    rows = Household.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("division", "dwelling", "head"), pk=pk)


def visible_dwelling(request: StaffRequest, pk: int) -> Dwelling:
    rows = Dwelling.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("division", "group"), pk=pk)


def visible_group(request: StaffRequest, pk: int) -> Group:
    rows = Group.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("division", "parent"), pk=pk)


def visible_transfer(request: StaffRequest, pk: int) -> Transfer:
    rows = Transfer.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("origin", "destination", "household"), pk=pk)


def place(request: StaffRequest, key: int) -> Division:
    """Places are public; what may be done there the act asks."""
    return get_object_or_404(Division.objects.visible_to(request.actor), pk=key)
