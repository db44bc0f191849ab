"""How far the network reaches: by place, the communities behind each number, one community (INF-14)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post
from yiwang.accounts.reads import NETWORK_ROLES
from yiwang.divisions.models import Division, Level
from yiwang.liaison.forms.filters import GAP_NAMES, PlaceFilter
from yiwang.liaison.models import CoverageDay, Device
from yiwang.liaison.models.coverage import share
from yiwang.liaison.reads.coverage import GAPS, Target, below, counts, places, with_last_change
from yiwang.liaison.sheets import coverage_workbook

from .furniture import as_file, listed, place_of, sorted_by

SORTS = ("key", "-key", "last_login", "-last_login", "name", "-name")
DAYS = 14
SHOWN = ("unmanned", "inactive", "unequipped", "line")


@require_GET
@allowed("liaison.view")
def overview(request: StaffRequest) -> HttpResponse:
    """The share of a place against the target, its gaps, and the places below, the worst first."""
    place, now = place_of(request), timezone.now()
    found, target = counts(places(place.pk, now)), Target.of(place.pk)
    percent = share(found["covered"], found["all"])
    kept = CoverageDay.objects.visible_to(request.actor).filter(division=place)[:DAYS]
    context: dict[str, Any] = {
        "place": place, "found": found, "target": target, "percent": percent,
        "reached": percent is not None and percent >= target.percent,
        "gaps": [(name, GAP_NAMES[name], found[name]) for name in SHOWN],
        "lines": below(place.pk, now), "days": list(kept),
        "above": place.parent if place.pk != request.actor.division_id else None,
    }  # fmt: skip
    return render(request, "liaison/coverage.html", context)


def _communities(request: StaffRequest, form: PlaceFilter) -> QuerySet[Any]:
    rows = places(place_of(request).pk, timezone.now()).select_related("parent")
    return sorted_by(request, with_last_change(form.narrowed(rows, GAPS)), SORTS)


@require_GET
@allowed("liaison.view")
def communities(request: StaffRequest) -> HttpResponse:
    """The communities behind a number of the coverage."""
    form, place = PlaceFilter(request.GET), place_of(request)
    rows = _communities(request, form)
    return listed(request, "communities", rows, form, place=place, target=Target.of(place.pk))


@require_GET
@allowed("liaison.view")
def export(request: StaffRequest) -> HttpResponse:
    """The same as a workbook; on record."""
    rows = _communities(request, PlaceFilter(request.GET))
    return as_file(request, rows, coverage_workbook, "coverage")


@require_GET
@allowed("liaison.view")
def community(request: StaffRequest, pk: int) -> HttpResponse:
    """One place: who keeps its network, its equipment, and whether it is covered."""
    place = get_object_or_404(Division.objects.within(request.actor.see).in_city(), pk=pk)
    now = timezone.now()
    covered = None
    if place.level == Level.COMMUNITY:
        covered = with_last_change(places(pk, now)).first()
    devices = Device.objects.visible_to(request.actor).in_use().filter(division=place)
    held = Post.objects.visible_to(request.actor).held_on(timezone.localdate(now))
    keepers = held.filter(division=place, role__in=NETWORK_ROLES.values())
    context = {
        "place": place, "covered": covered, "target": Target.of(pk), "now": now,
        "devices": devices.select_related("unit"),
        "keepers": keepers.select_related("user").order_by("starts_on"),
        "may_equip": request.actor.may("liaison.equip", place),
    }  # fmt: skip
    return render(request, "liaison/community.html", context)
