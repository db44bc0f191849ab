"""Shared resources and cooperation; what everybody may read of resources."""

from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.organizations import actions
from yiwang.organizations.models import Cooperation, Resource

from .routing import organization_of, router


class ResourceOut(Schema):
    """One shared resource."""

    id: int
    organization: int = Field(alias="organization_id")
    kind: str
    name: str
    hours: str
    conditions: str
    capacity: int | None
    phone: str
    ended_on: date | None


class ResourceIn(Schema):
    """What is shared, when, on which terms."""

    kind: str
    name: str
    hours: str
    conditions: str = ""
    capacity: int | None = Field(None, ge=1, le=1_000_000)
    phone: str = ""


class SharedResourceOut(Schema):
    """A shared resource as everybody reads it."""

    id: int
    kind: str
    name: str
    hours: str
    conditions: str
    capacity: int | None
    phone: str
    organization: str
    division: int
    address: str

    @staticmethod
    def resolve_organization(one: Resource) -> str:
        return one.organization.name

    @staticmethod
    def resolve_division(one: Resource) -> int:
        return one.organization.division_id

    @staticmethod
    def resolve_address(one: Resource) -> str:
        return one.organization.address


class CooperationIn(Schema):
    """What was done together."""

    what: str
    on: date
    people: int | None = Field(None, ge=1, le=1_000_000)


class CooperationOut(Schema):
    """Cooperation as kept."""

    id: int
    on: date
    what: str = Field(alias="subject")
    people: int | None
    by_label: str


def _resource(request: StaffRequest, pk: int) -> Resource:
    rows = Resource.objects.visible_to(request.actor).select_related("organization")
    return get_object_or_404(rows, pk=pk)


@router.get(
    "/shared", response=list[SharedResourceOut], auth=None,
    summary="社区共享资源（公开） Shared resources of a place",
)  # fmt: skip
def shared(request: HttpRequest, place: int) -> list[Resource]:
    """Everything shared now in a division and below it, at most 500."""
    rows = Resource.objects.public(place).select_related("organization")
    return list(rows.order_by("kind", "pk")[:500])


@router.get("/{int:pk}/resources", response=list[ResourceOut], summary="共享资源 Resources")
@allowed("organizations.view")
def resources(request: StaffRequest, pk: int) -> list[Resource]:
    rows = Resource.objects.visible_to(request.actor)
    return list(rows.filter(organization=organization_of(request, pk)))


@router.post(
    "/{int:pk}/resources", response={201: ResourceOut}, summary="登记共享资源 Share a resource"
)
@allowed("organizations.change")
def share(request: StaffRequest, pk: int, body: ResourceIn) -> Status[Resource]:
    one = organization_of(request, pk)
    return Status(201, actions.share_resource(one, **body.dict(), by=request.actor))


@router.post("/resources/{int:pk}", response=ResourceOut, summary="修改共享资源 Change a resource")
@allowed("organizations.change")
def change_resource(request: StaffRequest, pk: int, body: ResourceIn) -> Resource:
    return actions.change_resource(_resource(request, pk), **body.dict(), by=request.actor)


@router.post("/resources/{int:pk}/end", response=ResourceOut, summary="停止共享 No longer shared")
@allowed("organizations.change")
def end_resource(request: StaffRequest, pk: int) -> Resource:
    return actions.end_resource(_resource(request, pk), by=request.actor)


@router.post("/resources/{int:pk}/resume", response=ResourceOut, summary="恢复共享 Shared again")
@allowed("organizations.change")
def resume_resource(request: StaffRequest, pk: int) -> Resource:
    return actions.resume_resource(_resource(request, pk), by=request.actor)


@router.get("/{int:pk}/cooperations", response=list[CooperationOut], summary="合作 Cooperation")
@allowed("organizations.view")
def cooperations(request: StaffRequest, pk: int) -> list[Cooperation]:
    return list(Cooperation.of(organization_of(request, pk)))


@router.post(
    "/{int:pk}/cooperations", response={201: CooperationOut}, summary="登记合作 Record cooperation"
)
@allowed("organizations.change")
def cooperate(request: StaffRequest, pk: int, body: CooperationIn) -> Status[Cooperation]:
    one = organization_of(request, pk)
    return Status(201, actions.record_cooperation(one, **body.dict(), by=request.actor))
