"""Buildings of a community, one building as it stands, and one dwelling."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.residents import actions
from yiwang.residents.forms import BuildingForm, BuildingListForm, DwellingForm
from yiwang.residents.models import AddressQuestion, Dwelling, Group, Household
from yiwang.residents.reads.housing import Home, blocks, homes, same_block, staircases, uses

from .scope import (
    community_asked,
    filter_choices,
    form_status,
    group_choices,
    group_named,
    groups_of,
    place_choices,
)


def visible_dwelling(request: StaffRequest, pk: int) -> Dwelling:
    rows = Dwelling.objects.visible_to(request.actor).select_related("division", "group")
    return get_object_or_404(rows, pk=pk)


@require_GET
@allowed("residents.view")
def buildings(request: StaffRequest) -> HttpResponse:
    """The buildings, roads and groups of houses of a community: dwellings, people, empty ones."""
    place = community_asked(request)
    form = BuildingListForm(request.GET, filter_choices(request, place))
    found = blocks(_filtered(request, form, place)) if place else []
    page = Paginator(found, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    open_questions = AddressQuestion.objects.visible_to(request.actor).filter(state="open")
    context = {
        "place": place,
        "places": place_choices(request) if place is None or "place" in request.GET else [],
        "form": form,
        "page": page,
        "total": {
            "dwellings": sum(one.dwellings for one in found),
            "people": sum(one.people for one in found),
            "empty": sum(one.empty for one in found),
        },
        "questions": open_questions.filter(division=place).count() if place else 0,
        "may_change": place is not None and request.actor.may("residents.change", place),
        "tab": "buildings",
    }
    return render(request, "residents/buildings.html", context)


def _filtered(request: StaffRequest, form: BuildingListForm, place: Division) -> Any:
    rows = Dwelling.objects.visible_to(request.actor).filter(division=place)
    if form.said("q"):
        rows = rows.filter(address__contains=form.said("q"))
    if form.said("kind"):
        rows = rows.filter(kind=form.said("kind"))
    if form.said("group"):
        group = Group.objects.visible_to(request.actor).filter(pk=form.said("group")).first()
        rows = rows.filter(group__path__startswith=group.path) if group else rows
    return rows


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def building_new(request: StaffRequest) -> HttpResponse:
    """All rooms of a building at once, so that empty ones are seen too."""
    place = community_asked(request)
    choices = group_choices(groups_of(request, place))
    form = BuildingForm(request.POST or None, groups=choices)
    if request.method == "POST" and place is not None and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            made = actions.add_building(
                place, place=said.pop("estate"), by=request.actor,
                group=group_named(request, place, said.pop("group")), **said,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已登记 %(count)s 室。") % {"count": made})
            return redirect("residents:buildings")
    context = {"form": form, "place": place, "places": place_choices(request)}
    return render(request, "residents/building_form.html", context, status=form_status(form))


@require_GET
@allowed("residents.view")
def building(request: StaffRequest, pk: int) -> HttpResponse:
    """One building as it stands: units and floors, or the houses of a road or group in a row."""
    first = visible_dwelling(request, pk)
    found = homes(same_block(first))
    context = {
        "first": first,
        "name": blocks(Dwelling.objects.visible_to(request.actor).filter(pk=first.pk))[0].name,
        "staircases": staircases(found) if first.building else [],
        "houses": [] if first.building else sorted(found, key=lambda one: one.dwelling.road),
        "total": len(found),
        "people": sum(len(one.people) for one in found),
        "empty": sum(one.is_empty for one in found),
        "uses": uses(found),
    }
    return render(request, "residents/building.html", context)


@require_http_methods(["GET", "POST"])
@allowed("residents.view", post="residents.change")
def dwelling(request: StaffRequest, pk: int) -> HttpResponse:
    """One dwelling: who lives there, which households, how it is used, to which group it belongs."""
    found = visible_dwelling(request, pk)
    choices = group_choices(groups_of(request, found.division))
    held = {"kind": found.kind, "group": str(found.group_id or "")}
    form = DwellingForm(request.POST or None, initial=held, groups=choices)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        group = group_named(request, found.division, said["group"])
        try:
            actions.describe_dwelling(
                found, kind=said["kind"], group=group, ungroup=group is None, by=request.actor
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已保存。"))
            return redirect("residents:dwelling", found.pk)
    home: Home = homes([found])[0]
    households = Household.objects.visible_to(request.actor).filter(dwelling=found)
    context = {
        "dwelling": found,
        "home": home,
        "households": households.filter(ended_on__isnull=True).select_related("head"),
        "form": form,
        "may_change": request.actor.may("residents.change", found),
    }
    return render(request, "residents/dwelling.html", context, status=form_status(form))
