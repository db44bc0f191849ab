"""Supervision for other systems: the same acts and reads as the pages."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.divisions.models import Division
from yiwang.matters.models import Step
from yiwang.supervision import actions
from yiwang.supervision.models import Circular, Order
from yiwang.supervision.reads import Wanted, late_steps, tone_of_step, with_story

router = Router(tags=["督办"])
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class LateStepOut(Schema):
    """A step that is amber, late or was told to a level."""

    id: int
    matter: str
    item: str
    name: str
    unit: int = Field(alias="unit_id")
    handler: int | None = Field(alias="handler_id")
    tone: str
    amber_at: datetime | None
    due_at: datetime | None
    stages: list[str]
    order: int | None

    @staticmethod
    def resolve_matter(step: Step) -> str:
        return step.matter.number

    @staticmethod
    def resolve_item(step: Step) -> str:
        return step.matter.item.code

    @staticmethod
    def resolve_name(step: Step) -> str:
        return step.label

    @staticmethod
    def resolve_tone(step: Step) -> str:
        return tone_of_step(step, timezone.now())

    @staticmethod
    def resolve_stages(step: Any) -> list[str]:
        return [one.stage for one in step.told]

    @staticmethod
    def resolve_order(step: Any) -> int | None:
        return step.open_orders[0].pk if step.open_orders else None


class SupervisionOrderOut(Schema):
    """A supervision order and its answer."""

    id: int
    matter: str
    step: int = Field(alias="step_id")
    unit: int = Field(alias="unit_id")
    text: str
    state: str
    issued_at: datetime
    issued_by: str
    answer_due_at: datetime
    answer: str
    answered_at: datetime | None
    returned: str
    closed_at: datetime | None

    @staticmethod
    def resolve_matter(order: Order) -> str:
        return order.matter.number


class SupervisionOrderIn(Schema):
    """What is asked of the unit, and in how many working days it answers."""

    text: str = Field(max_length=500)
    days: int


class OrderAnswerIn(Schema):
    """What the unit did."""

    text: str = Field(max_length=1000)


class OrderReturnIn(Schema):
    """Why the answer does not do."""

    reason: str = Field(max_length=500)


class CircularOut(Schema):
    """A circular with the figures of each unit."""

    id: int
    division: int = Field(alias="division_id")
    first: date
    last: date
    title: str
    text: str
    figures: list[dict[str, Any]]
    published_at: datetime | None


class CircularIn(Schema):
    """The period of a circular of one's own place."""

    first: date
    last: date


class CircularTextIn(Schema):
    """Title and text of a draft."""

    title: str = Field(max_length=120)
    text: str = Field(max_length=4000)


@router.get("/steps", response=list[LateStepOut], summary="督办名单 Late steps")
@allowed("matters.supervise")
def late_steps_list(
    request: StaffRequest,
    stage: str = "",
    tone: str = "",
    unit: int | None = None,
    item: str = "",
    division: int | None = None,
    q: str = "",
    sort: str = "due_at",
    start: Start = 0,
    limit: Limit = 25,
) -> list[Step]:
    """The most urgent first, narrowed as on the page."""
    wanted = Wanted(stage, tone, unit, item, division, q, sort)
    rows = late_steps(request.actor, wanted, timezone.now())
    return list(with_story(rows)[start : start + limit])


@router.post(
    "/steps/{pk}/orders", response={201: SupervisionOrderOut}, summary="发督办单 Issue an order"
)
@allowed("supervision.order")
def issue_supervision_order(
    request: StaffRequest, pk: int, body: SupervisionOrderIn
) -> Status[Order]:
    step = get_object_or_404(
        Step.objects.visible_to(request.actor).select_related("matter", "unit"), pk=pk
    )
    return Status(201, actions.issue_order(step, **body.dict(), by=request.actor))


def _orders(request: StaffRequest) -> QuerySet[Order]:
    return Order.objects.visible_to(request.actor).select_related("matter", "unit")


@router.get("/orders", response=list[SupervisionOrderOut], summary="督办单 Orders")
@allowed("supervision.view")
def supervision_orders(
    request: StaffRequest, state: str = "", unit: int | None = None, late: bool = False,
    start: Start = 0, limit: Limit = 25,
) -> list[Order]:  # fmt: skip
    rows = _orders(request)
    if late:
        rows = rows.filter(
            pk__in=Order.objects.visible_to(request.actor).unanswered(timezone.now())
        )
    if state:
        rows = rows.filter(state=state)
    if unit:
        rows = rows.filter(unit_id=unit)
    return list(rows[start : start + limit])


@router.get("/orders/{pk}", response=SupervisionOrderOut, summary="一份督办单 One order")
@allowed("supervision.view")
def supervision_order(request: StaffRequest, pk: int) -> Order:
    return get_object_or_404(_orders(request), pk=pk)


@router.post("/orders/{pk}/answer", response=SupervisionOrderOut, summary="答复 Answer")
@allowed("supervision.answer")
def answer_supervision_order(request: StaffRequest, pk: int, body: OrderAnswerIn) -> Order:
    found = get_object_or_404(_orders(request), pk=pk)
    return actions.answer_order(found, text=body.text, by=request.actor)


@router.post("/orders/{pk}/return", response=SupervisionOrderOut, summary="退回 Send back")
@allowed("supervision.order")
def return_supervision_order(request: StaffRequest, pk: int, body: OrderReturnIn) -> Order:
    found = get_object_or_404(_orders(request), pk=pk)
    return actions.return_order(found, reason=body.reason, by=request.actor)


@router.post("/orders/{pk}/close", response=SupervisionOrderOut, summary="销号 Close")
@allowed("supervision.order")
def close_supervision_order(request: StaffRequest, pk: int) -> Order:
    return actions.close_order(get_object_or_404(_orders(request), pk=pk), by=request.actor)


@router.get("/circulars", response=list[CircularOut], summary="通报 Circulars")
@allowed("supervision.view")
def circulars(request: StaffRequest, start: Start = 0, limit: Limit = 25) -> list[Circular]:
    return list(Circular.objects.visible_to(request.actor)[start : start + limit])


@router.post("/circulars", response={201: CircularOut}, summary="编制通报 Compile")
@allowed("supervision.publish")
def compile_new_circular(request: StaffRequest, body: CircularIn) -> Status[Circular]:
    """Of the caller's own place."""
    place = Division.objects.get(pk=request.actor.division_id)
    return Status(201, actions.compile_circular(place, **body.dict(), by=request.actor))


def _circular(request: StaffRequest, pk: int) -> Circular:
    return get_object_or_404(Circular.objects.visible_to(request.actor), pk=pk)


@router.get("/circulars/{pk}", response=CircularOut, summary="一份通报 One circular")
@allowed("supervision.view")
def one_circular(request: StaffRequest, pk: int) -> Circular:
    return _circular(request, pk)


@router.put("/circulars/{pk}", response=CircularOut, summary="修改草稿 Edit a draft")
@allowed("supervision.publish")
def edit_one_circular(request: StaffRequest, pk: int, body: CircularTextIn) -> Circular:
    return actions.edit_circular(_circular(request, pk), **body.dict(), by=request.actor)


@router.post("/circulars/{pk}/publish", response=CircularOut, summary="印发 Publish")
@allowed("supervision.publish")
def publish_one_circular(request: StaffRequest, pk: int) -> Circular:
    return actions.publish_circular(_circular(request, pk), by=request.actor)


@router.delete("/circulars/{pk}", response={204: None}, summary="删除草稿 Discard a draft")
@allowed("supervision.publish")
def discard_one_circular(request: StaffRequest, pk: int) -> Status[None]:
    actions.discard_circular(_circular(request, pk), by=request.actor)
    return Status(204, None)
