"""Where a step goes and why: rules, the catalogue's own unit, the fallback; and what has gaps."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from yiwang.accounts.models import Post, Unit
from yiwang.accounts.roles import roles_with
from yiwang.core.memory import remember
from yiwang.divisions.models import Division
from yiwang.divisions.rules import KeyRange
from yiwang.matters.models import RoutingRule, ServiceItem, ServiceVersion
from yiwang.matters.rules.process import StepPlan
from yiwang.matters.rules.routing import Asked, Pick, RouteKind, first_rule, nearest_fallback

from . import KEEP_SECONDS, LEVELS, SUBSTITUTES, no_unit, planned, standing_unit


@dataclass(frozen=True)
class Way:
    """Where a step goes: the unit, the post if one is named, why, and by which rule."""

    unit: Unit
    handler: int | None = None
    kind: RouteKind = RouteKind.PLAN
    rule: RoutingRule | None = None


def asked_of(item: ServiceItem, plan: StepPlan, division: int, channel: str) -> Asked:
    """What the rules are asked about a planned step."""
    return Asked(item.pk, item.category_id, plan.code, division, str(channel))


def rules_in_force(day: date) -> Sequence[RoutingRule]:
    """The rules of a day in their order, kept for a minute: acceptance pays nothing for them."""
    return remember(f"matters.routing.{day}", KEEP_SECONDS, lambda: _rules_in_force(day))


def _rules_in_force(day: date) -> list[RoutingRule]:
    rows = RoutingRule.objects.in_force(day).filter(unit__closed_on__isnull=True)
    return list(rows.select_related("unit", "post", "item", "category", "division"))


def route_for(plan: StepPlan, asked: Asked, on: date) -> Way:
    """The way of one step: the first rule, else the unit of the catalogue, else the fallback.

    Raises Refused no_unit when not even a fallback stands.
    """
    way = way_of(plan, asked, on)
    if way is None:
        raise no_unit(plan)
    return way


def way_of(plan: StepPlan, asked: Asked, on: date) -> Way | None:
    """As `route_for`; None where nobody can do the step."""
    rules = rules_in_force(on)
    if rule := first_rule(rules, asked):
        return _by_rule(rule, RouteKind.RULE, on)
    if unit := standing_unit(plan, asked.division):
        own = unit.code == plan.unit
        return Way(unit, kind=RouteKind.PLAN if own else RouteKind.SUBSTITUTE)
    if rule := nearest_fallback(rules, asked):
        return _by_rule(rule, RouteKind.FALLBACK, on)
    return None


def _by_rule(rule: RoutingRule, kind: RouteKind, on: date) -> Way:
    handler = None
    if rule.pick == Pick.POST and rule.post and rule.post.is_held(on):
        handler = rule.post_id
    elif rule.pick == Pick.LEAST_BUSY:
        handler = least_busy(rule.unit, on)
    return Way(rule.unit, handler, kind, rule)


def least_busy(unit: Unit, on: date) -> int | None:
    """The post of a unit that may handle and has the fewest steps at work; of equals, the oldest."""
    able = Post.objects.held_on(on).filter(unit=unit, role__in=roles_with("matters.handle"))
    loaded = able.annotate(load=Count("steps", filter=Q(steps__state="active")))
    return loaded.order_by("load", "pk").values_list("pk", flat=True).first()


@dataclass(frozen=True)
class Tried:
    """One step of a dry run; without a way nobody could do it."""

    plan: StepPlan
    way: Way | None
    handler: Post | None = None


def dry_run(code: str, division: int, channel: str, on: date) -> list[Tried]:
    """What would happen to an item for a resident of a place. Raises Refused no_such_item."""
    plan = planned(code, on)
    ways = [
        (one, way_of(one, asked_of(plan.item, one, division, channel), on))
        for one in plan.guide.steps
    ]
    named = {way.handler for _one, way in ways if way and way.handler}
    posts = Post.objects.select_related("user").in_bulk(named) if named else {}
    return [Tried(one, way, posts.get(way.handler or 0) if way else None) for one, way in ways]


@dataclass(frozen=True)
class Gap:
    """A place without the unit that steps name there, the items that need it, who has them now."""

    place: Division
    unit: str
    items: Sequence[ServiceItem]
    owner: RoutingRule | None


def gaps(area: KeyRange, on: date | None = None) -> list[Gap]:
    """Places of an area where a step would find neither unit nor substitute, in three statements.

    Those that no fallback catches come first: they are nobody's.
    """
    day = on or timezone.localdate()
    places = list(
        Division.objects.current().served().filter(key__range=(area.lo, area.hi)).order_by("key")
    )
    standing = _codes_standing(area)
    rules = rules_in_force(day)
    found: list[Gap] = []
    for (level, unit), items in _needed(day).items():
        wanted = {unit, *SUBSTITUTES[LEVELS[level]]}
        found += [
            Gap(place, unit, items, _catches(rules, place.pk, items))
            for place in places
            if place.level == LEVELS[level] and not wanted & standing[place.pk]
        ]
    return sorted(found, key=lambda gap: (gap.owner is not None, gap.place.pk, gap.unit))


def _catches(
    rules: Sequence[RoutingRule], place: int, items: Sequence[ServiceItem]
) -> RoutingRule | None:
    """The fallback that catches all of some items in a place, whatever the door and step."""
    whole = [one for one in rules if one.fallback and not one.channel and not one.step]
    if not whole:
        return None
    owners = [
        nearest_fallback(whole, Asked(item.pk, item.category_id, "", place, "")) for item in items
    ]
    return owners[0] if all(owners) else None


def _codes_standing(area: KeyRange) -> dict[int, set[str]]:
    standing: dict[int, set[str]] = defaultdict(set)
    for place, code in Unit.objects.open().within(area).values_list("division_id", "code"):
        standing[place].add(code)
    return standing


def _needed(day: date) -> dict[tuple[str, str], list[ServiceItem]]:
    """Each level and kind of unit that steps of items in force name, with the items."""
    needed: dict[tuple[str, str], list[ServiceItem]] = defaultdict(list)
    versions = ServiceVersion.objects.in_force(day).filter(item__retired_on__isnull=True)
    for version in versions.select_related("item__category").order_by("item_id", "number"):
        for level, unit in dict.fromkeys((one.level, one.unit) for one in version.guide.steps):
            needed[level, unit].append(version.item)
    return needed
