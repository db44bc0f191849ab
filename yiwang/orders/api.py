"""Orders for other systems: the same acts and the same sight as the pages."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.files import UploadedFile

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.matters.models import Matter
from yiwang.organizations.models import Organization
from yiwang.residents.models import Resident

from . import actions
from .actions.placing import Wanted
from .models import ServiceOrder, Workplace
from .reads import figures_of, order_of
from .rules import Shared

router = Router(tags=["服务工单"])
Start = Annotated[int, Query(ge=0, le=1_000_000)]
Limit = Annotated[int, Query(ge=1, le=100)]


class ServiceOrderOut(Schema):
    """One order; whom it is for stays masked here."""

    id: int
    number: str
    division: int = Field(alias="division_id")
    organization: int = Field(alias="organization_id")
    what: str
    place: str = Field(alias="place_text")
    person: dict[str, str]
    due_on: date
    state: str
    placed_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None
    done_at: datetime | None
    confirmed_at: datetime | None
    confirmed_how: str
    grade: int | None
    proofs: int

    @staticmethod
    def resolve_person(order: ServiceOrder) -> dict[str, str]:
        return order.masked()

    @staticmethod
    def resolve_grade(order: ServiceOrder) -> int | None:
        rating = getattr(order, "rating", None)
        return rating.grade if rating else None

    @staticmethod
    def resolve_proofs(order: ServiceOrder) -> int:
        return len(order.proofs.all())


class ServiceOrderIn(Schema):
    """What is ordered; a matter brings its own place and resident."""

    organization: int
    what: str = Field(max_length=500)
    due_on: date
    division: int | None = None
    matter: str = ""
    resident: int | None = None
    place_text: str = Field("", max_length=200)
    shared: list[Shared] = []


class OrderReasonIn(Schema):
    reason: str = Field(max_length=500)


class OrderTextIn(Schema):
    text: str = Field(max_length=500)


class OrderCodeIn(Schema):
    code: str = Field(max_length=12)


class OrderHolderIn(OrderCodeIn):
    """The resident: number and code, and a rating if she likes."""

    number: str = Field(max_length=20)
    grade: int | None = Field(None, ge=1, le=5)
    comment: str = Field("", max_length=500)


class OrderAnswerOut(Schema):
    number: str
    state: str


class OrderPersonOut(Schema):
    """Whom the work is for, in full."""

    person: dict[str, str]


class OrganizationFiguresOut(Schema):
    organization: int
    name: str
    offered: int
    accepted: int
    refused: int
    lapsed: int
    done: int
    in_time: int
    rated: int
    grade: float | None


class WorkplaceOut(Schema):
    id: int
    organization: int = Field(alias="organization_id")
    unit: int = Field(alias="unit_id")


class WorkplaceIn(Schema):
    """The first account of an organisation."""

    organization: int
    name: str = Field(max_length=60)
    username: str = Field(max_length=40)
    phone: str = Field("", max_length=20)


class WorkerIn(Schema):
    name: str = Field(max_length=60)
    username: str = Field(max_length=40)
    phone: str = Field("", max_length=20)


class WorkerOut(Schema):
    """A new account; the password is told this once."""

    post: int
    username: str
    temporary_password: str


def _rows(request: StaffRequest) -> QuerySet[ServiceOrder]:
    rows = ServiceOrder.objects.visible_to(request.actor)
    return rows.select_related("resident__dwelling", "rating", "organization").prefetch_related(
        "proofs"
    )


def _order(request: StaffRequest, pk: int) -> ServiceOrder:
    return get_object_or_404(_rows(request), pk=pk)


@router.get("/", response=list[ServiceOrderOut], summary="服务工单 Orders")
@allowed("orders.view")
def service_orders(
    request: StaffRequest, state: str = "", organization: int | None = None, late: bool = False,
    start: Start = 0, limit: Limit = 25,
) -> list[ServiceOrder]:  # fmt: skip
    rows = _rows(request)
    if late:
        rows = rows.filter(
            pk__in=ServiceOrder.objects.visible_to(request.actor).overdue(timezone.localdate())
        )
    if state:
        rows = rows.filter(state=state)
    if organization:
        rows = rows.filter(organization_id=organization)
    return list(rows[start : start + limit])


@router.post("/", response={201: ServiceOrderOut}, summary="派单 Place an order")
@allowed("orders.place")
def place_service_order(request: StaffRequest, body: ServiceOrderIn) -> Status[ServiceOrder]:
    said, actor = body.dict(), request.actor
    number, key, person = said.pop("matter"), said.pop("division"), said.pop("resident")
    matter = None
    if number:
        matter = get_object_or_404(
            Matter.objects.visible_to(actor).select_related("division", "resident"),
            number=number.replace("-", ""),
        )
    place = matter.division if matter else _place(request, key)
    resident = get_object_or_404(Resident.objects.visible_to(actor), pk=person) if person else None
    organization = _organization(said.pop("organization"))
    wanted = Wanted(**said, resident=resident, matter=matter)
    made = actions.place_order(place, organization=organization, wanted=wanted, by=actor)
    return Status(201, made)


def _place(request: StaffRequest, key: int | None) -> Division:
    places = Division.objects.visible_to(request.actor).within(request.actor.see).current()
    return get_object_or_404(places, pk=key or request.actor.division_id)


def _organization(pk: int) -> Organization:
    """Any organisation may be named; whether it is admitted here, the act asks."""
    return get_object_or_404(Organization.objects.under(0).kept(), pk=pk)


@router.get("/figures", response=list[OrganizationFiguresOut], summary="服务单位统计 Figures")
@allowed("orders.view")
def service_figures(
    request: StaffRequest, since: date | None = None, until: date | None = None
) -> list[Any]:
    """Of orders placed between two days; an organisation reads its own."""
    rows = ServiceOrder.objects.visible_to(request.actor)
    if since:
        rows = rows.filter(placed_at__date__gte=since)
    if until:
        rows = rows.filter(placed_at__date__lte=until)
    return list(figures_of(rows))


@router.post(
    "/answers", response=OrderAnswerOut, auth=None, summary="居民确认评价 The resident answers"
)
def answer_service_order(request: HttpRequest, body: OrderHolderIn) -> ServiceOrder:
    """404 when number and code do not agree, and while an order is locked: it never tells which."""
    found = order_of(body.number)
    if found is not None:
        said = body.dict(exclude={"number"})
        found = actions.answer_as_resident(found, **said, by=Actor.public("orders.own"))
    if found is None or not found.proved:
        raise HttpError(404, _("编号和确认码对不上，或试的次数太多。"))
    return found


@router.get("/workplaces", response=list[WorkplaceOut], summary="工作区 Work areas")
@allowed("orders.accounts")
def workplaces(request: StaffRequest, start: Start = 0, limit: Limit = 25) -> list[Workplace]:
    return list(Workplace.objects.visible_to(request.actor)[start : start + limit])


@router.post("/workplaces", response={201: WorkerOut}, summary="开通工作区 Open a work area")
@allowed("orders.accounts")
def open_new_workplace(request: StaffRequest, body: WorkplaceIn) -> Status[WorkerOut]:
    said = body.dict()
    rows = Organization.objects.visible_to(request.actor)
    organization = get_object_or_404(rows, pk=said.pop("organization"))
    return Status(201, _worker(actions.open_workplace(organization, **said, by=request.actor)))


def _worker(post: Any) -> WorkerOut:
    user = post.user
    return WorkerOut(
        post=post.pk, username=user.username, temporary_password=user.temporary_password
    )


@router.post("/workplaces/{pk}/workers", response={201: WorkerOut}, summary="开通账号 Add a worker")
@allowed("orders.accounts")
def add_workplace_worker(request: StaffRequest, pk: int, body: WorkerIn) -> Status[WorkerOut]:
    found = get_object_or_404(Workplace.objects.visible_to(request.actor), pk=pk)
    return Status(201, _worker(actions.add_worker(found, **body.dict(), by=request.actor)))


@router.delete("/workplaces/{pk}/workers/{post}", response={204: None}, summary="停用账号 End")
@allowed("orders.accounts")
def end_workplace_worker(request: StaffRequest, pk: int, post: int) -> Status[None]:
    found = get_object_or_404(Workplace.objects.visible_to(request.actor), pk=pk)
    worker = get_object_or_404(found.unit.posts, pk=post)
    actions.end_worker(found, post=worker, by=request.actor)
    return Status(204, None)


@router.get("/{pk}", response=ServiceOrderOut, summary="一份工单 One order")
@allowed("orders.view")
def service_order(request: StaffRequest, pk: int) -> ServiceOrder:
    return _order(request, pk)


@router.post("/{pk}/person", response=OrderPersonOut, summary="查看服务对象 Reveal the person")
@allowed("orders.work")
def reveal_service_order(request: StaffRequest, pk: int) -> OrderPersonOut:
    """While the work is in hand; on record."""
    found = actions.reveal_order(_order(request, pk), by=request.actor)
    return OrderPersonOut(person=found.plain())


@router.post("/{pk}/accept", response=ServiceOrderOut, summary="接单 Accept")
@allowed("orders.work")
def accept_service_order(request: StaffRequest, pk: int) -> ServiceOrder:
    return actions.accept_order(_order(request, pk), by=request.actor)


@router.post("/{pk}/refuse", response=ServiceOrderOut, summary="拒单 Refuse")
@allowed("orders.work")
def refuse_service_order(request: StaffRequest, pk: int, body: OrderReasonIn) -> ServiceOrder:
    return actions.refuse_order(_order(request, pk), reason=body.reason, by=request.actor)


@router.post("/{pk}/reports", response=ServiceOrderOut, summary="报进展 Report")
@allowed("orders.work")
def report_service_order(request: StaffRequest, pk: int, body: OrderTextIn) -> ServiceOrder:
    return actions.report_order(_order(request, pk), text=body.text, by=request.actor)


@router.post("/{pk}/proofs", response=ServiceOrderOut, summary="上传凭证 Upload a proof")
@allowed("orders.work")
def prove_service_order(
    request: StaffRequest, pk: int, file: Annotated[UploadedFile | None, File()] = None
) -> ServiceOrder:
    found = _order(request, pk)
    if file is None:
        raise Refused("no_file", _("请附上照片或 PDF。"))
    actions.add_proof(found, upload=file, by=request.actor)
    return _order(request, pk)


@router.post("/{pk}/finish", response=ServiceOrderOut, summary="报完工 Finish")
@allowed("orders.work")
def finish_service_order(request: StaffRequest, pk: int, body: OrderTextIn) -> ServiceOrder:
    return actions.finish_order(_order(request, pk), text=body.text, by=request.actor)


@router.post("/{pk}/confirm", response=ServiceOrderOut, summary="确认完工 Confirm")
@allowed("orders.confirm")
def confirm_service_order(request: StaffRequest, pk: int) -> ServiceOrder:
    return actions.confirm_order(_order(request, pk), by=request.actor)


@router.post("/{pk}/return", response=ServiceOrderOut, summary="退回返工 Send back")
@allowed("orders.confirm")
def return_service_order(request: StaffRequest, pk: int, body: OrderReasonIn) -> ServiceOrder:
    return actions.return_work(_order(request, pk), reason=body.reason, by=request.actor)


@router.post("/{pk}/cancel", response=ServiceOrderOut, summary="撤销 Cancel")
@allowed("orders.place")
def cancel_service_order(request: StaffRequest, pk: int, body: OrderReasonIn) -> ServiceOrder:
    return actions.cancel_order(_order(request, pk), reason=body.reason, by=request.actor)
