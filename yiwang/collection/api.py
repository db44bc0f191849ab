"""Collection work and demands for other systems: the same acts and reads as the pages."""

from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post
from yiwang.collection import actions
from yiwang.collection.actions.campaigns import Order
from yiwang.collection.actions.demands import Need
from yiwang.collection.models import Campaign, Demand, Item, Purpose, Submission, Target, Task
from yiwang.collection.reads.due import due_buildings
from yiwang.collection.reads.finding import (
    campaign_for,
    demand_for,
    item_for,
    place_for,
    task_for,
)
from yiwang.collection.reads.freshness import freshness_of
from yiwang.collection.reads.results import must_be_open, result_figures, result_rows
from yiwang.collection.reads.unreached import unreached
from yiwang.collection.rules.asking import expiring
from yiwang.core.acts import record_line
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.residents.models import Resident

router = Router(tags=["采集"])

Limit = Annotated[int, Field(ge=1, le=100)]


class CampaignOut(Schema):
    """A piece of collection work."""

    id: int
    division: int = Field(alias="division_id")
    title: str
    purpose: str
    reason: str
    fields: list[str]
    questions: list[dict[str, Any]]
    target: str
    state: str
    due_at: datetime


class TaskOut(Schema):
    """The part of a community, with how many forms are where."""

    id: int
    campaign: int = Field(alias="campaign_id")
    title: str = Field(alias="campaign.title")
    division: int = Field(alias="division_id")
    due_at: datetime = Field(alias="campaign.due_at")
    total: int
    open: int
    waiting: int
    returned: int
    done: int


class FormOut(Schema):
    """One form; the label is masked, marks name faults by person and field."""

    id: int
    task: int = Field(alias="task_id")
    label: str
    building: str
    state: str
    version: int
    marks: dict[str, str]
    worker: int | None = Field(alias="worker_id")


class SubmissionOut(Schema):
    """What became of a form that was sent."""

    key: str
    state: str
    item: FormOut


class DemandOut(Schema):
    """A demand for data and how much of it is held: counts, never persons."""

    id: int
    division: int = Field(alias="division_id")
    unit: int = Field(alias="unit_id")
    title: str
    fields: list[str]
    questions: list[dict[str, Any]]
    purpose: str
    law: str
    until: date
    state: str
    overlap: dict[str, dict[str, int]]
    campaign: int | None = Field(alias="campaign_id")


class CampaignIn(Schema):
    """An order; `questions` are new items: name, type (boolean, choice, integer, text), choices."""

    division: int
    title: str
    reason: str
    fields: list[str] = []
    questions: list[dict[str, Any]] = []
    purpose: Purpose = Purpose.ORDERED
    target: Target = Target.HOUSEHOLD
    areas: list[int] = []
    building: str = ""
    age_from: int | None = None
    age_to: int | None = None
    only_due: bool = True
    limit_days: int | None = None


class FormAssignIn(Schema):
    """Items for a post; without items or building all open ones."""

    post: int | None = None
    items: list[int] = []
    building: str = ""


class ItemsIn(Schema):
    """Some items of a task; none named means all."""

    items: list[int] = []


class FormIn(Schema):
    """A filled form: people by number with status, on, values and same; newcomers; note."""

    key: str
    answers: dict[str, Any]
    base: int = 0
    collected_at: datetime | None = None
    device: str = ""


class FormSettleIn(Schema):
    """What is right after two forms clashed."""

    key: str
    answers: dict[str, Any]


class MarksIn(Schema):
    """What is wrong, by `person.field`."""

    marks: dict[str, str]


class DemandIn(Schema):
    """What a unit asks for."""

    division: int
    title: str
    purpose: str
    basis: Demand.Basis
    law: str
    until: date
    fields: list[str] = []
    questions: list[dict[str, Any]] = []
    age_from: int | None = None
    age_to: int | None = None


class FormAnswerIn(Schema):
    """What the approver says."""

    reason: str = ""


@router.get("/campaigns", response=list[CampaignOut], summary="采集安排 Campaigns")
@allowed("collection.view")
def campaigns(request: StaffRequest, after: int | None = None, limit: Limit = 25) -> Any:
    """Newest first; `after` is the number of the last one of the page before."""
    rows = Campaign.objects.visible_to(request.actor).order_by("-pk")
    return (rows.filter(pk__lt=after) if after else rows)[:limit]


@router.post("/campaigns", response={201: CampaignOut}, summary="布置采集 Order collection")
@allowed("collection.manage")
def order(request: StaffRequest, body: CampaignIn) -> Status[Campaign]:
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=body.division)
    asked = Order(**body.dict(exclude={"division"}))
    return Status(201, actions.open_campaign(place, order=asked, by=request.actor))


@router.get("/campaigns/{pk}", response=CampaignOut, summary="一项采集 One campaign")
@allowed("collection.view")
def campaign(request: StaffRequest, pk: int) -> Campaign:
    return campaign_for(request.actor, pk)


@router.post("/campaigns/{pk}/close", response=CampaignOut, summary="结束采集 Close")
@allowed("collection.manage")
def close(request: StaffRequest, pk: int, body: FormAnswerIn) -> Campaign:
    return actions.close_campaign(
        campaign_for(request.actor, pk), reason=body.reason, by=request.actor
    )


@router.get("/tasks", response=list[TaskOut], summary="采集任务 Tasks of communities")
@allowed("collection.view")
def tasks(request: StaffRequest, after: int | None = None, limit: Limit = 25) -> Any:
    """Running tasks, newest first."""
    rows = Task.objects.visible_to(request.actor).running().select_related("campaign").counted()
    return (rows.filter(pk__lt=after) if after else rows).order_by("-pk")[:limit]


@router.get("/tasks/{pk}/items", response=list[FormOut], summary="任务的表 Items of a task")
@allowed("collection.view")
def items(
    request: StaffRequest, pk: int, state: str = "", after: int = 0, limit: Limit = 25
) -> Any:
    rows = Item.objects.visible_to(request.actor).filter(
        task=task_for(request.actor, pk), pk__gt=after
    )
    rows = rows.filter(state=state) if state else rows
    return rows.select_related("household", "dwelling", "resident").order_by("pk")[:limit]


@router.post("/tasks/{pk}/assign", response=TaskOut, summary="分派 Assign")
@allowed("collection.manage")
def assign(request: StaffRequest, pk: int, body: FormAssignIn) -> Task:
    posts = Post.objects.visible_to(request.actor)
    to = get_object_or_404(posts, pk=body.post) if body.post else None
    said = body.dict(exclude={"post"})
    actions.assign_items(task_for(request.actor, pk), to=to, **said, by=request.actor)
    return task_for(request.actor, pk)


@router.post("/tasks/{pk}/urge", response=TaskOut, summary="催办 Urge")
@allowed("collection.manage")
def urge(request: StaffRequest, pk: int) -> Task:
    actions.urge_task(task_for(request.actor, pk), by=request.actor)
    return task_for(request.actor, pk)


@router.post("/tasks/{pk}/submit", response=TaskOut, summary="提交 Submit")
@allowed("collection.collect")
def submit(request: StaffRequest, pk: int, body: ItemsIn) -> Task:
    actions.submit_items(task_for(request.actor, pk), items=body.items, by=request.actor)
    return task_for(request.actor, pk)


@router.post("/tasks/{pk}/check", response=TaskOut, summary="审核 Check")
@allowed("collection.check")
def check(request: StaffRequest, pk: int, body: ItemsIn) -> Task:
    actions.check_items(task_for(request.actor, pk), items=body.items, by=request.actor)
    return task_for(request.actor, pk)


@router.get("/items/{pk}", response=FormOut, summary="一张表 One item")
@allowed("collection.view")
def item(request: StaffRequest, pk: int) -> Item:
    return item_for(request.actor, pk)


@router.post("/items/{pk}/forms", response=SubmissionOut, summary="送回采集表 Send a form")
@allowed("collection.collect")
def fill(request: StaffRequest, pk: int, body: FormIn) -> Submission:
    """Send `Idempotency-Key`, the same as `key`: a form sent twice arrives once."""
    return actions.fill_item(item_for(request.actor, pk), **body.dict(), by=request.actor)


@router.post("/items/{pk}/settle", response=FormOut, summary="核定两份不一致 Settle a conflict")
@allowed("collection.collect")
def settle(request: StaffRequest, pk: int, body: FormSettleIn) -> Item:
    return actions.settle_conflict(item_for(request.actor, pk), **body.dict(), by=request.actor)


@router.post("/items/{pk}/accept", response=FormOut, summary="通过 Accept")
@allowed("collection.check")
def accept(request: StaffRequest, pk: int) -> Item:
    return actions.accept_item(item_for(request.actor, pk), by=request.actor)


@router.post("/items/{pk}/return", response=FormOut, summary="退回 Return")
@allowed("collection.check")
def send_back(request: StaffRequest, pk: int, body: MarksIn) -> Item:
    return actions.return_item(item_for(request.actor, pk), marks=body.marks, by=request.actor)


@router.get("/due", summary="到期名单 Due by building")
@allowed("collection.view")
def due(request: StaffRequest, division: int | None = None) -> list[dict[str, Any]]:
    """People whose values have grown old in a community, by building: counts."""
    place = place_for(request.actor, division)
    return [
        {"building": one.name, "people": one.people, "households": len(one.households),
         "fields": one.fields}
        for one in due_buildings(place.pk, expiring(), timezone.localdate())
    ]  # fmt: skip


@router.get("/unreached", summary="未触达人数 Unreached people")
@allowed("collection.view")
def unreached_people(request: StaffRequest, division: int | None = None) -> dict[str, int]:
    place = place_for(request.actor, division)
    people = Resident.objects.visible_to(request.actor).live()
    people = people.filter(division_id__range=(place.area.lo, place.area.hi))
    return {
        "people": people.count(),
        "unreached": unreached(people, timezone.localdate()).count(),
    }


@router.get("/freshness", summary="信息时效 Freshness by field")
@allowed("collection.view")
def freshness(request: StaffRequest, division: int | None = None) -> dict[str, Any]:
    place = place_for(request.actor, division)
    return {code: share.as_dict() for code, share in freshness_of(place).shares.items()}


@router.get("/demands", response=list[DemandOut], summary="数据需求 Demands")
@allowed("collection.demands")
def demands(request: StaffRequest, after: int | None = None, limit: Limit = 25) -> Any:
    rows = Demand.objects.visible_to(request.actor).order_by("-pk")
    return (rows.filter(pk__lt=after) if after else rows)[:limit]


@router.post("/demands", response={201: DemandOut}, summary="提出需求 File a demand")
@allowed("collection.demand")
def file(request: StaffRequest, body: DemandIn) -> Status[Demand]:
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=body.division)
    need = Need(**body.dict(exclude={"division"}))
    return Status(201, actions.file_demand(place, need=need, by=request.actor))


@router.get("/demands/{pk}", response=DemandOut, summary="一项需求 One demand")
@allowed("collection.demands")
def demand(request: StaffRequest, pk: int) -> Demand:
    return demand_for(request.actor, pk)


@router.post("/demands/{pk}/approve", response=DemandOut, summary="批准 Approve")
@allowed("collection.approve")
def approve(request: StaffRequest, pk: int, body: FormAnswerIn) -> Demand:
    return actions.approve_demand(
        demand_for(request.actor, pk), answer=body.reason, by=request.actor
    )


@router.post("/demands/{pk}/refuse", response=DemandOut, summary="不批准 Refuse")
@allowed("collection.approve")
def refuse(request: StaffRequest, pk: int, body: FormAnswerIn) -> Demand:
    return actions.refuse_demand(
        demand_for(request.actor, pk), reason=body.reason, by=request.actor
    )


@router.post("/demands/{pk}/withdraw", response=DemandOut, summary="撤回 Withdraw")
@allowed("collection.demand")
def withdraw(request: StaffRequest, pk: int) -> Demand:
    return actions.withdraw_demand(demand_for(request.actor, pk), by=request.actor)


@router.get("/demands/{pk}/result", summary="需求结果 Result of a demand, masked")
@allowed("collection.demand")
def result(request: StaffRequest, pk: int) -> dict[str, Any]:
    """For the unit that asked, while it may use the data; journaled."""
    found = demand_for(request.actor, pk)
    must_be_open(found, request.actor, timezone.localdate())
    most = int(parameter("collection.result_rows"))
    rows = result_rows(found, request.actor, timezone.localdate(), most)
    record_line("collection.demand", found, request.actor, {"did": "result", "rows": len(rows)})
    figures = result_figures(found, rows)
    return {
        "fields": list(found.asked()),
        "figures": [{"field": one.field.code, "known": one.known, "counts": one.counts}
                    for one in figures],
        "rows": [{"name": one.resident.masked_name, "division": one.resident.division_id,
                  "values": one.values} for one in rows],
    }  # fmt: skip
