"""Service subjects: application, papers, decision; the search that everybody may use."""

from datetime import date
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.organizations import actions
from yiwang.organizations.actions import Offer
from yiwang.organizations.models import Organization, Paper, Provider
from yiwang.organizations.reads import Search, providers
from yiwang.organizations.rules.distance import Point

from .routing import organization_of, router

Limit = Annotated[int, Field(ge=1, le=100)]


class ServiceOfferIn(Schema):
    """What is offered; areas by key of division, none means its own community."""

    categories: list[str]
    services: str
    phone: str
    hours: str = ""
    areas: list[int] = []


class ProviderOut(Schema):
    """The registration of an organisation as a service subject."""

    organization: int = Field(alias="organization_id")
    state: str
    categories: list[str]
    services: str
    hours: str
    phone: str
    areas: list[int]
    checked: list[str]
    applied_on: date
    decided_on: date | None
    application: str
    asked: str

    @staticmethod
    def resolve_application(one: Provider) -> str:
        return one.application.number if one.application else ""

    @staticmethod
    def resolve_asked(one: Provider) -> str:
        return one.application.asked if one.application else ""

    @staticmethod
    def resolve_areas(one: Provider) -> list[int]:
        return list(one.served.order_by("division_id").values_list("division_id", flat=True))


class ProviderDecisionIn(Schema):
    """approved, returned (for corrections, once), refused, suspended or removed; the checks made
    before approval, else a reason."""

    to: str
    checked: list[str] = []
    reason: str = ""


class PaperIn(Schema):
    """A paper; no last day means for ever."""

    kind: str
    number: str = ""
    issued_on: date | None = None
    expires_on: date | None = None


class PaperOut(Schema):
    """A paper as kept."""

    id: int
    kind: str
    number: str
    issued_on: date | None
    expires_on: date | None
    replaced: bool
    has_scan: bool

    @staticmethod
    def resolve_has_scan(one: Paper) -> bool:
        return bool(one.content_type)


class FoundProviderOut(Schema):
    """A service subject as everybody reads it; `metres` when looked for by distance."""

    organization: int = Field(alias="organization_id")
    name: str
    legal_form: str
    address: str
    division: int
    categories: list[str]
    services: str
    hours: str
    phone: str
    metres: int | None

    @staticmethod
    def resolve_name(one: Provider) -> str:
        return one.organization.name

    @staticmethod
    def resolve_legal_form(one: Provider) -> str:
        return one.organization.legal_form

    @staticmethod
    def resolve_address(one: Provider) -> str:
        return one.organization.address

    @staticmethod
    def resolve_division(one: Provider) -> int:
        return one.organization.division_id

    @staticmethod
    def resolve_metres(one: Provider) -> int | None:
        metres = getattr(one, "metres", None)
        return None if metres is None else round(metres)


class ProviderAsk(Schema):
    """Words, category, and where: a place served, or a point (degrees) and metres around it."""

    q: str = ""
    category: str = ""
    place: int | None = None
    longitude: float | None = Field(None, ge=-180, le=180)
    latitude: float | None = Field(None, ge=-90, le=90)
    metres: int = Field(0, ge=0, le=50_000)


def _provider(request: StaffRequest, pk: int) -> Provider:
    rows = Provider.objects.visible_to(request.actor).select_related(
        "organization__division", "application"
    )
    return get_object_or_404(rows, organization=organization_of(request, pk))


def _meant(one: Organization, body: ServiceOfferIn) -> Offer:
    areas = list(Division.objects.in_city().current().filter(pk__in=body.areas))
    if len(areas) != len(set(body.areas)):
        raise Http404
    return Offer(body.categories, body.services, body.phone, body.hours, areas)


@router.get(
    "/find", response=list[FoundProviderOut], auth=None,
    summary="查找服务（公开） Find service subjects",
)  # fmt: skip
def find_providers(
    request: HttpRequest, asked: Query[ProviderAsk], limit: Limit = 25
) -> list[Provider]:
    """Only those admitted whose papers are valid today; nearest first when a point is given."""
    near = None
    if asked.longitude is not None and asked.latitude is not None:
        near = Point(asked.longitude, asked.latitude)
    elif asked.metres:
        raise Refused("point_needed", "longitude and latitude go with metres")
    search = Search(asked.q, asked.category, asked.place, near, asked.metres, timezone.localdate())
    return list(providers(search)[:limit])


@router.get("/{int:pk}/provider", response=ProviderOut, summary="服务主体 Service subject")
@allowed("organizations.view")
def provider(request: StaffRequest, pk: int) -> Provider:
    return _provider(request, pk)


@router.post(
    "/{int:pk}/provider", response={201: ProviderOut}, summary="申请入驻 Apply as service subject"
)
@allowed("organizations.change")
def apply(request: StaffRequest, pk: int, body: ServiceOfferIn) -> Status[Provider]:
    one = organization_of(request, pk)
    return Status(201, actions.apply_as_provider(one, offer=_meant(one, body), by=request.actor))


@router.post(
    "/{int:pk}/provider/offer", response=ProviderOut, summary="修改服务内容 Change the offer"
)
@allowed("organizations.change")
def change_offer(request: StaffRequest, pk: int, body: ServiceOfferIn) -> Provider:
    found = _provider(request, pk)
    return actions.change_offer(found, offer=_meant(found.organization, body), by=request.actor)


@router.post(
    "/{int:pk}/provider/decision",
    response=ProviderOut,
    summary="审核 Admit, refuse, suspend, remove",
)
@allowed("organizations.approve")
def decide_provider(request: StaffRequest, pk: int, body: ProviderDecisionIn) -> Provider:
    return actions.decide_provider(_provider(request, pk), **body.dict(), by=request.actor)


@router.get("/{int:pk}/papers", response=list[PaperOut], summary="证照 Papers")
@allowed("organizations.view")
def papers(request: StaffRequest, pk: int) -> list[Paper]:
    rows = Paper.objects.visible_to(request.actor)
    return list(rows.filter(organization=organization_of(request, pk)))


@router.post("/{int:pk}/papers", response={201: PaperOut}, summary="登记证照 Record a paper")
@allowed("organizations.change")
def record_paper(request: StaffRequest, pk: int, body: PaperIn) -> Status[Paper]:
    one = organization_of(request, pk)
    return Status(201, actions.record_paper(one, **body.dict(), by=request.actor))


@router.post("/papers/{int:pk}/remove", response=PaperOut, summary="作废证照 Void a paper")
@allowed("organizations.change")
def remove_paper(request: StaffRequest, pk: int) -> Paper:
    rows: Any = Paper.objects.visible_to(request.actor).select_related("organization")
    return actions.remove_paper(get_object_or_404(rows, pk=pk), by=request.actor)
