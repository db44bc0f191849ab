"""Services as residents read them: the catalogue in force, one guide, what a place offers (SVC-02)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils import timezone

from yiwang.accounts.models import Unit
from yiwang.divisions.models import Division
from yiwang.divisions.rules import ancestors
from yiwang.matters.models import Category, Offering, ServiceItem, ServiceVersion
from yiwang.matters.reads.routing import asked_of, way_of
from yiwang.matters.rules import Channel
from yiwang.matters.rules.process import StepPlan
from yiwang.portal.rules.audiences import Audience
from yiwang.portal.rules.words import dialable, levels, span


@dataclass(frozen=True)
class Entry:
    """A service with its version in force."""

    item: ServiceItem
    version: ServiceVersion

    @property
    def summary(self) -> str:
        return self.version.guide.summary

    @property
    def limit(self) -> str:
        promised = self.version.guide.promised
        return span(promised.amount, promised.unit)

    def texts(self) -> list[str]:
        """Where the words of an audience are looked for."""
        content = self.version.content
        said = [content.get("title", ""), content.get("audience", "")]
        return [*said, *content.get("keywords", [])]


def entries(category: str = "", audience: Audience | None = None) -> list[Entry]:
    """Services in force today, by category, optionally for an audience."""
    rows = ServiceVersion.objects.in_force(timezone.localdate()).filter(
        item__in=ServiceItem.objects.public()
    )
    if category:
        rows = rows.filter(item__category_id=category)
    rows = rows.select_related("item__category")
    rows = rows.order_by("item__category__order", "item_id", "-number")
    newest: dict[int, ServiceVersion] = {}
    for row in rows:
        newest.setdefault(row.item_id, row)
    found = [Entry(row.item, row) for row in newest.values()]
    return [one for one in found if audience is None or audience.is_meant(one.texts())]


def categories() -> list[tuple[Category, int]]:
    """The ten categories with how many services each has today."""
    today = timezone.localdate()
    pairs = ServiceVersion.objects.in_force(today).filter(item__in=ServiceItem.objects.public())
    counts = Counter(dict(pairs.values_list("item_id", "item__category_id")).values())
    return [(one, counts[one.pk]) for one in Category.objects.all()]


def common_items(limit: int) -> list[ServiceItem]:
    """Services most asked for, marked so in the catalogue."""
    return list(ServiceItem.objects.public().filter(common=True).order_by("pk")[:limit])


def not_offered(place: Division) -> set[int]:
    """Items a place does not offer: the nearest row up the tree decides, none means no."""
    keys = [*ancestors(place.pk), place.pk]
    rows = Offering.objects.filter(division_id__in=keys).order_by("division_id")
    nearest = dict(rows.values_list("item_id", "offered"))
    items = ServiceItem.objects.public().values_list("pk", flat=True)
    return {pk for pk in items if not nearest.get(pk, False)}


def offers(place: Division) -> list[tuple[Category, list[Entry]]]:
    """What a place offers, by category."""
    lacking = not_offered(place)
    offered = [one for one in entries() if one.item.pk not in lacking]
    grouped = groupby(offered, key=lambda one: one.item.category)
    return [(category, list(rows)) for category, rows in grouped]


@dataclass(frozen=True)
class Stop:
    """One step of the path: what happens, on which level, within what time, and by whom there."""

    plan: StepPlan
    level: Any
    limit: str
    unit: Unit | None
    dial: str


def path_of(version: ServiceVersion, place: Division | None) -> list[list[Stop]]:
    """The steps by stage; steps of one stage run side by side. Units are those of the place."""
    plans = sorted(version.guide.steps, key=lambda one: one.stage)
    stops = [_stop(version.item, plan, place) for plan in plans]
    return [list(side) for _stage, side in groupby(stops, key=lambda one: one.plan.stage)]


def _stop(item: ServiceItem, plan: StepPlan, place: Division | None) -> Stop:
    unit = _unit(item, plan, place)
    limit = span(plan.limit.amount, plan.limit.unit)
    return Stop(plan, levels(plan.level), limit, unit, dialable(unit.phone) if unit else "")


def _unit(item: ServiceItem, plan: StepPlan, place: Division | None) -> Unit | None:
    if place is None:
        return None
    way = way_of(plan, asked_of(item, plan, place.pk, Channel.WINDOW), timezone.localdate())
    return way.unit if way else None


def item_of(code: str) -> ServiceItem | None:
    """A service by its code, also one that is no longer accepted: old receipts lead here."""
    return ServiceItem.objects.select_related("category").filter(code=code).first()


def guide_version(item: ServiceItem, number: int | None, on: date) -> ServiceVersion | None:
    """The version asked for by number, else the one in force, else the newest there is."""
    if number is not None:
        return item.versions.filter(number=number).first()
    return item.version_on(on) or item.versions.order_by("-number").first()
