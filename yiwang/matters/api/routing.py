"""Routing rules, dry runs, gaps, and why a step is where it is, for other systems."""

from datetime import date
from typing import Annotated, Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post, Unit
from yiwang.divisions.models import Division
from yiwang.matters import actions
from yiwang.matters.actions.routing import Sending
from yiwang.matters.models import Category, RoutingRule, ServiceItem, Step
from yiwang.matters.reads.routing import Gap, Tried, dry_run, gaps

from .register import visible_matter

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class RoutingRuleOut(Schema):
    """A rule; empty conditions ask for nothing."""

    id: int
    order: int
    fallback: bool
    division: int = Field(alias="division_id")
    item: str | None
    category: str | None = Field(alias="category_id")
    step: str
    channel: str
    unit: int = Field(alias="unit_id")
    pick: str
    post: int | None = Field(alias="post_id")
    reason: str
    made_by: str
    starts_on: date
    ends_on: date | None

    @staticmethod
    def resolve_item(rule: RoutingRule) -> str | None:
        return rule.item.code if rule.item else None


class RoutingRuleIn(Schema):
    """A rule of a place; `unit` gets the step, `post` when `pick` says so."""

    division: int
    unit: int
    reason: str = Field(max_length=300)
    item: str | None = None
    category: str | None = None
    step: str = Field("", max_length=60)
    channel: str = Field("", pattern="^(|window|web|phone|visit|kiosk|api)$")
    pick: str = Field("unit", pattern="^(unit|post|least_busy)$")
    post: int | None = None
    fallback: bool = False
    order: int = Field(100, ge=1, le=9999)
    starts_on: date | None = None
    ends_on: date | None = None


class RuleOrderIn(Schema):
    order: int = Field(ge=1, le=9999)


class RuleEndIn(Schema):
    """The last day, by default yesterday, and why."""

    on: date | None = None
    reason: str = Field("", max_length=300)


class TriedOut(Schema):
    """One step of a dry run; without a unit nobody could do it."""

    step: str
    name: str
    unit: int | None
    unit_name: str
    handler: int | None
    route: str
    rule: int | None

    @staticmethod
    def of(one: Tried) -> dict[str, Any]:
        way = one.way
        return {
            "step": one.plan.code,
            "name": one.plan.name,
            "unit": way.unit.pk if way else None,
            "unit_name": way.unit.label if way else "",
            "handler": way.handler if way else None,
            "route": way.kind.value if way else "nobody",
            "rule": way.rule.pk if way and way.rule else None,
        }


class GapOut(Schema):
    """A place without a unit that items name there, and the fallback that catches them."""

    division: int
    unit: str
    items: list[str]
    rule: int | None

    @staticmethod
    def of(gap: Gap) -> dict[str, Any]:
        return {
            "division": gap.place.pk,
            "unit": gap.unit,
            "items": [one.code for one in gap.items],
            "rule": gap.owner.pk if gap.owner else None,
        }


class WhyHereOut(Schema):
    """Why a step lies with its unit: the catalogue, a rule, a fallback, or handed on."""

    step: int = Field(alias="pk")
    name: str = Field(alias="label")
    unit: int = Field(alias="unit_id")
    route: str
    rule: int | None = Field(alias="rule_id")
    reason: str
    made_by: str

    @staticmethod
    def resolve_reason(step: Step) -> str:
        return step.rule.reason if step.rule else ""

    @staticmethod
    def resolve_made_by(step: Step) -> str:
        return step.rule.made_by if step.rule else ""


def _rules(request: StaffRequest) -> "QuerySet[RoutingRule]":
    return RoutingRule.objects.visible_to(request.actor).select_related("item", "division")


@router.get("/routing/", response=list[RoutingRuleOut], summary="分办规则 Routing rules")
@allowed("matters.view")
def routing_rules(
    request: StaffRequest, in_force: bool = True, limit: Limit = 25, start: Start = 0
) -> list[RoutingRule]:
    """In the order in which they are asked; the fallbacks last."""
    rows = _rules(request)
    rows = rows.in_force(timezone.localdate()) if in_force else rows  # type: ignore[attr-defined]
    return list(rows[start : start + limit])


@router.post("/routing/", response={201: RoutingRuleOut}, summary="新规则 Add a rule")
@allowed("matters.route")
def add_routing_rule(request: StaffRequest, body: RoutingRuleIn) -> Status[RoutingRule]:
    said = body.dict()
    place = get_object_or_404(Division, pk=said.pop("division"))
    said["unit"] = get_object_or_404(Unit.objects.visible_to(request.actor), pk=body.unit)
    if body.item:
        said["item"] = get_object_or_404(ServiceItem, code=body.item)
    if body.category:
        said["category"] = get_object_or_404(Category, pk=body.category)
    if body.post:
        said["post"] = get_object_or_404(Post.objects.visible_to(request.actor), pk=body.post)
    return Status(201, actions.add_rule(place, sending=Sending(**said), by=request.actor))


@router.get("/routing/try", response=list[TriedOut], summary="试算分办 Dry run")
@allowed("matters.view")
def try_routing(
    request: StaffRequest, item: str, division: int, channel: str = "window"
) -> list[dict[str, Any]]:
    """What would happen to an item for a resident of a place; nothing is written."""
    tried = dry_run(item, division, channel, timezone.localdate())
    return [TriedOut.of(one) for one in tried]


@router.get("/routing/gaps", response=list[GapOut], summary="无人承办 Gaps")
@allowed("matters.view")
def routing_gaps(
    request: StaffRequest, limit: Limit = 25, start: Start = 0
) -> list[dict[str, Any]]:
    """Those that are nobody's first."""
    return [GapOut.of(one) for one in gaps(request.actor.see)[start : start + limit]]


@router.get("/routing/{pk}", response=RoutingRuleOut, summary="一条规则 One rule")
@allowed("matters.view")
def routing_rule(request: StaffRequest, pk: int) -> RoutingRule:
    return get_object_or_404(_rules(request), pk=pk)


@router.post("/routing/{pk}/order", response=RoutingRuleOut, summary="改次序 Order")
@allowed("matters.route")
def order_routing_rule(request: StaffRequest, pk: int, body: RuleOrderIn) -> RoutingRule:
    found = get_object_or_404(_rules(request), pk=pk)
    return actions.order_rule(found, order=body.order, by=request.actor)


@router.post("/routing/{pk}/end", response=RoutingRuleOut, summary="终止规则 End")
@allowed("matters.route")
def end_routing_rule(request: StaffRequest, pk: int, body: RuleEndIn) -> RoutingRule:
    found = get_object_or_404(_rules(request), pk=pk)
    return actions.end_rule(found, on=body.on, reason=body.reason, by=request.actor)


@router.get("/{number}/why", response=list[WhyHereOut], summary="为什么在这里 Why here")
@allowed("matters.view")
def why_here(request: StaffRequest, number: str) -> list[Step]:
    """Which rule, the catalogue, a fallback or handing on put each step where it is."""
    steps = visible_matter(request, number).steps.select_related("rule", "unit")
    return list(steps)
