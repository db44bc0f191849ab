"""The register: list, one, enter, correct, look again, decide, what becomes of it, merge."""

from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.organizations import actions
from yiwang.organizations.models import Event, Merge, Organization
from yiwang.organizations.reads import dossier, organizations
from yiwang.organizations.rules.kinds import checks, legal_forms, paper_kinds, resource_kinds

from .routing import organization_of, place_of, router

Limit = Annotated[int, Field(ge=1, le=100)]
Offset = Annotated[int, Field(ge=0, le=1_000_000)]


class OrganizationOut(Schema):
    """One organisation; contact person and telephone masked."""

    id: int
    division: int = Field(alias="division_id")
    name: str
    legal_form: str
    credit_code: str
    address: str
    contact_name: str = Field(alias="masked_contact")
    contact_phone: str = Field(alias="masked_phone")
    longitude: float | None
    latitude: float | None
    located: bool
    state: str
    reviewed_on: date | None
    disputed: list[str]
    standing: str

    @staticmethod
    def resolve_standing(one: Organization) -> str:
        provider = getattr(one, "provider", None)
        return provider.state if provider else ""


class OrganizationsOut(Schema):
    """A page of organisations and how many there are."""

    organizations: list[OrganizationOut]
    total: int


class OrganizationAsk(Schema):
    """Which: `view` all, located, providers, waiting, papers, due or disputed."""

    view: str = "all"
    q: str = ""
    place: int | None = None
    form: str = ""
    category: str = ""
    standing: str = ""
    state: str = ""
    sort: str = "name"


class OrganizationIn(Schema):
    """An organisation by the codes of its items; `surely_new` answers a likeness."""

    division: int
    values: dict[str, str]
    source: str = "visit"
    source_label: str = ""
    surely_new: bool = False


class OrganizationChangeIn(Schema):
    """Corrections by code; an empty text means known to be none."""

    changes: dict[str, str]
    source: str = "visit"
    source_label: str = ""


class OrganizationStateIn(Schema):
    """active, paused or ended."""

    to: str
    reason: str
    on: date | None = None


class RelocateIn(Schema):
    """Another community."""

    division: int
    reason: str


class OrganizationReasonIn(Schema):
    """Why."""

    reason: str


class ContactOut(Schema):
    """The contact, whole."""

    contact_name: str
    contact_phone: str


class OrganizationWordOut(Schema):
    """One source's word on one item."""

    record: int
    field: str
    value: str
    source: str
    nature: str
    collected_on: date
    verified_on: date | None
    by: str
    effect: str
    stands: bool
    disputed: bool
    undone: bool


class OrganizationDecisionIn(Schema):
    """The record whose word on the field is to stand."""

    field: str
    record: int
    reason: str


class OrganizationUndoIn(Schema):
    """The last record of one's own."""

    record: int


class OrganizationEventOut(Schema):
    """One step."""

    topic: str
    state: str
    on: date
    reason: str
    by_label: str


class OrganizationMergeIn(Schema):
    """The record that ends, and why both are one."""

    other: int
    reason: str


class OrganizationMergeOut(Schema):
    """A merge."""

    id: int
    survivor: int = Field(alias="survivor_id")
    other: int = Field(alias="other_id")
    reason: str
    by_label: str
    created_at: datetime
    undone_at: datetime | None


class OrganizationKindOut(Schema):
    """One entry of a list."""

    code: str
    name: str
    name_en: str


class OrganizationRecomputedOut(Schema):
    """How many were looked at and how many changed."""

    organizations: int
    changed: int
    held_back: list[int]


_LISTS = {
    "legal-forms": legal_forms, "resources": resource_kinds, "papers": paper_kinds,
    "checks": checks,
}  # fmt: skip


@router.get("/", response=OrganizationsOut, summary="单位和组织 Organisations")
@allowed("organizations.view")
def organization_list(
    request: StaffRequest, asked: Query[OrganizationAsk], limit: Limit = 25, offset: Offset = 0
) -> dict[str, Any]:
    said = {name: str(value or "") for name, value in asked.dict().items()}
    rows = organizations(request.actor, said)
    return {"organizations": list(rows[offset : offset + limit]), "total": rows.count()}


@router.post("/", response={201: OrganizationOut}, summary="登记单位 Enter an organisation")
@allowed("organizations.change")
def enter_organization(request: StaffRequest, body: OrganizationIn) -> Status[Organization]:
    """Send `Idempotency-Key`: the same key twice is the same organisation once."""
    said = body.dict(exclude={"division"})
    made = actions.add_organization(place_of(request, body.division), **said, by=request.actor)
    return Status(201, made)


@router.get("/kinds", response=dict[str, list[OrganizationKindOut]], summary="清单 Lists of codes")
@allowed("organizations.view")
def organization_kinds(request: StaffRequest) -> dict[str, list[Any]]:
    return {name: list(found().values()) for name, found in _LISTS.items()}


@router.get("/merges", response=list[OrganizationMergeOut], summary="合并记录 Merges")
@allowed("organizations.view")
def organization_merges(request: StaffRequest, limit: Limit = 25) -> list[Merge]:
    return list(Merge.objects.visible_to(request.actor).order_by("-pk")[:limit])


@router.post("/merges/{pk}/undo", response=OrganizationMergeOut, summary="撤销合并 Undo a merge")
@allowed("organizations.merge")
def undo_organization_merge(request: StaffRequest, pk: int) -> Merge:
    rows = Merge.objects.visible_to(request.actor).select_related("survivor", "other")
    return actions.undo_merge(get_object_or_404(rows, pk=pk), by=request.actor)


@router.post("/recompute", response=OrganizationRecomputedOut, summary="按来源记录重算 Recompute")
@allowed("organizations.recompute")
def recompute(request: StaffRequest, division: int) -> Any:
    return actions.recompute_organizations(place_of(request, division), by=request.actor)


@router.get("/{int:pk}", response=OrganizationOut, summary="一家单位 One organisation")
@allowed("organizations.view")
def organization(request: StaffRequest, pk: int) -> Organization:
    return organization_of(request, pk)


@router.get(
    "/{int:pk}/words", response=list[OrganizationWordOut], summary="各来源的说法 What sources said"
)
@allowed("organizations.view")
def organization_words(request: StaffRequest, pk: int) -> list[dict[str, Any]]:
    return [
        {
            "record": word.record.pk, "field": word.field.code, "value": word.masked,
            "source": word.record.source, "nature": word.record.nature,
            "collected_on": word.record.collected_on, "verified_on": word.record.verified_on,
            "by": word.record.collected_by, "effect": word.effect, "stands": word.stands,
            "disputed": word.rival, "undone": word.undone,
        }
        for item in dossier(organization_of(request, pk)).items
        for word in item.words
    ]  # fmt: skip


@router.get("/{int:pk}/events", response=list[OrganizationEventOut], summary="经过 History")
@allowed("organizations.view")
def organization_events(request: StaffRequest, pk: int) -> list[Event]:
    return list(Event.history(organization_of(request, pk)))


@router.post("/{int:pk}/changes", response=OrganizationOut, summary="更正 Correct")
@allowed("organizations.change")
def correct_organization(
    request: StaffRequest, pk: int, body: OrganizationChangeIn
) -> Organization:
    one = organization_of(request, pk)
    return actions.change_organization(one, **body.dict(), by=request.actor)


@router.post("/{int:pk}/review", response=OrganizationOut, summary="年度复核 Yearly review")
@allowed("organizations.change")
def review_organization(request: StaffRequest, pk: int) -> Organization:
    return actions.review_organization(organization_of(request, pk), by=request.actor)


@router.post("/{int:pk}/state", response=OrganizationOut, summary="变更状态 Change the state")
@allowed("organizations.change")
def organization_state(request: StaffRequest, pk: int, body: OrganizationStateIn) -> Organization:
    return actions.move_state(organization_of(request, pk), **body.dict(), by=request.actor)


@router.post("/{int:pk}/relocate", response=OrganizationOut, summary="迁到别的社区 Relocate")
@allowed("organizations.change")
def relocate_organization(request: StaffRequest, pk: int, body: RelocateIn) -> Organization:
    to = place_of(request, body.division)
    one = organization_of(request, pk)
    return actions.relocate(one, to=to, reason=body.reason, by=request.actor)


@router.post("/{int:pk}/reveal", response=ContactOut, summary="查看联系人 Reveal the contact")
@allowed("organizations.reveal")
def reveal_organization(request: StaffRequest, pk: int, body: OrganizationReasonIn) -> Any:
    one = organization_of(request, pk)
    return actions.reveal_contact(one, reason=body.reason, by=request.actor)


@router.post("/{int:pk}/decide", response=OrganizationOut, summary="核定 Decide a dispute")
@allowed("organizations.decide")
def decide_organization(
    request: StaffRequest, pk: int, body: OrganizationDecisionIn
) -> Organization:
    return actions.decide_item(organization_of(request, pk), **body.dict(), by=request.actor)


@router.post("/{int:pk}/undo", response=OrganizationOut, summary="撤回 Take back one's last word")
@allowed("organizations.change")
def undo_organization_record(
    request: StaffRequest, pk: int, body: OrganizationUndoIn
) -> Organization:
    one = organization_of(request, pk)
    return actions.undo_record(one, record=body.record, by=request.actor)


@router.post("/{int:pk}/merge", response=OrganizationMergeOut, summary="合并 Merge another into it")
@allowed("organizations.merge")
def merge_organization(request: StaffRequest, pk: int, body: OrganizationMergeIn) -> Merge:
    one, other = organization_of(request, pk), organization_of(request, body.other)
    return actions.merge_organizations(one, other=other, reason=body.reason, by=request.actor)
