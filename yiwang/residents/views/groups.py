"""Grids and groups of a community: the tree, one of them, and a workbook of all."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.residents import actions
from yiwang.residents.forms import (
    EndGroupForm,
    GroupFileForm,
    GroupForm,
    MergeGroupForm,
    MoveGroupForm,
)
from yiwang.residents.models import Group, Resident
from yiwang.residents.reads import find_residents
from yiwang.residents.reads.housing import blocks, branches
from yiwang.residents.sheets import RowFaults, group_template, read_groups

from .scope import (
    communities,
    community_asked,
    form_status,
    group_choices,
    group_named,
    groups_of,
    place_choices,
)


def _visible(request: StaffRequest, pk: int) -> Group:
    rows = Group.objects.visible_to(request.actor).select_related("division", "parent", "leader")
    return get_object_or_404(rows, pk=pk)


@require_GET
@allowed("residents.view")
def groups(request: StaffRequest) -> HttpResponse:
    """The tree of a community, with how many live in each."""
    place = community_asked(request)
    return _tree(request, place, GroupForm(groups=group_choices(groups_of(request, place))))


def _tree(request: StaffRequest, place: Division | None, form: GroupForm) -> HttpResponse:
    context = {
        "place": place,
        "places": place_choices(request) if place is None or "place" in request.GET else [],
        "rows": branches(groups_of(request, place)),
        "form": form,
        "may_change": place is not None and request.actor.may("residents.change", place),
        "tab": "groups",
    }
    return render(request, "residents/groups.html", context, status=form_status(form))


@require_POST
@allowed("residents.change")
def group_new(request: StaffRequest) -> HttpResponse:
    """One more grid or group."""
    place = community_asked(request)
    if place is None:
        messages.error(request, _("请先选一个社区，再建立网格或小组。"))
        return redirect("residents:groups")
    form = GroupForm(request.POST, groups=group_choices(groups_of(request, place)))
    if form.is_valid():
        said = form.cleaned_data
        try:
            leader = _leader(request, said["leader_name"])
            made = actions.add_group(
                place, name=said["name"], kind=said["kind"], leader=leader,
                parent=group_named(request, place, said["parent"]),
                leader_name=said["leader_name"], by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已建立“%(name)s”。") % {"name": made.name})
            return redirect(f"{request.path.removesuffix('new/')}?place={place.pk}")
    return _tree(request, place, form)


def _leader(request: StaffRequest, text: str) -> Resident | None:
    """A leader written as identity number or telephone is looked up; a name stays a name."""
    if not any(char.isdigit() for char in text):
        return None
    found = find_residents(text, request.actor, limit=2)
    if len(found) == 1:
        return found[0]
    sentence = _("没有找到这样的居民，或有几个；也可以只写姓名。")
    raise Refused("not_one", sentence, {"leader_name": sentence})


@require_http_methods(["GET", "POST"])
@allowed("residents.view", post="residents.change")
def group(request: StaffRequest, pk: int) -> HttpResponse:
    """One group: its houses, what is below it, and its name and leader to correct."""
    found = _visible(request, pk)
    held = {"name": found.name, "kind": found.kind, "leader_name": found.leader_name}
    form = GroupForm(request.POST or None, groups=None, initial=held)

    def do() -> None:
        said = form.cleaned_data
        text = said["leader_name"]
        changed = text != found.leader_name
        actions.change_group(
            found, name=said["name"], kind=said["kind"],
            leader=_leader(request, text) if changed else None,
            leader_name=text if changed else None, by=request.actor,
        )  # fmt: skip

    return _acted(request, found, form, do, _("已保存。"), "form")


@require_POST
@allowed("residents.change")
def group_move(request: StaffRequest, pk: int) -> HttpResponse:
    """To another place in the tree."""
    found = _visible(request, pk)
    form = MoveGroupForm(request.POST, groups=_others(request, found))

    def do() -> None:
        parent = group_named(request, found.division, form.cleaned_data["parent"])
        actions.move_group(found, parent=parent, by=request.actor)

    return _acted(request, found, form, do, _("已移动，下级一起移动。"), "move")


@require_POST
@allowed("residents.change")
def group_merge(request: StaffRequest, pk: int) -> HttpResponse:
    """Into another group."""
    found = _visible(request, pk)
    form = MergeGroupForm(request.POST, groups=_others(request, found))

    def do() -> None:
        said = form.cleaned_data
        into = group_named(request, found.division, said["into"])
        if into is not None:
            actions.merge_groups(found, into=into, on=said["on"], by=request.actor)

    return _acted(request, found, form, do, _("已合并，房屋和下级归入新的一组。"), "merge")


@require_POST
@allowed("residents.change")
def group_end(request: StaffRequest, pk: int) -> HttpResponse:
    """No more from a day on."""
    found = _visible(request, pk)
    form = EndGroupForm(request.POST)

    def do() -> None:
        actions.end_group(found, on=form.cleaned_data["on"], by=request.actor)

    return _acted(request, found, form, do, _("已撤销。"), "end")


def _others(request: StaffRequest, found: Group) -> list[tuple[str, str]]:
    rows = groups_of(request, found.division).exclude(path__startswith=found.path)
    return group_choices(rows)


def _acted(
    request: StaffRequest, found: Group, form: Any, do: Callable[[], None], done: str, name: str
) -> HttpResponse:
    if carried_out(request, form, do, done):
        return redirect(found)
    others = _others(request, found)
    held = {"name": found.name, "kind": found.kind, "leader_name": found.leader_name}
    below = Group.objects.visible_to(request.actor).current().under(found).exclude(pk=found.pk)
    forms = {
        "form": GroupForm(groups=None, initial=held), "move": MoveGroupForm(groups=others),
        "merge": MergeGroupForm(groups=others), "end": EndGroupForm(),
    }  # fmt: skip
    context = {
        "group": found,
        "below": branches(below),
        "blocks": blocks(found.dwellings.all()),
        "others": others,
        "may_change": request.actor.may("residents.change", found) and found.ended_on is None,
        **forms,
        name: form,
    }
    return render(request, "residents/group.html", context, status=form_status(form))


# ---------- workbook ----------


@require_http_methods(["GET", "POST"])
@allowed("residents.change")
def group_import(request: StaffRequest) -> HttpResponse:
    """All groups of a community from one workbook; nothing is taken while a row is wrong."""
    place = community_asked(request)
    form = GroupFileForm(request.POST or None, request.FILES or None)
    faults: list[Any] = []
    if request.method == "POST" and place is not None and form.is_valid():
        try:
            rows = read_groups(form.cleaned_data["file"].read(), place)
            made = actions.import_groups(place, rows=rows, by=request.actor)
        except RowFaults as wrong:
            faults = wrong.faults
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已新建 %(count)s 个。") % {"count": made})
            return redirect("residents:groups")
    context = {
        "form": form, "faults": faults, "place": place, "places": place_choices(request),
    }  # fmt: skip
    status = 422 if faults else form_status(form)
    return render(request, "residents/group_import.html", context, status=status)


@require_GET
@allowed("residents.change")
def group_workbook(request: StaffRequest) -> HttpResponse:
    """The workbook to fill in, with the groups there are."""
    place = community_asked(request) or get_object_or_404(communities(request)[:1])
    response = HttpResponse(
        group_template(place, list(groups_of(request, place))), content_type=XLSX
    )
    response["Content-Disposition"] = f'attachment; filename="groups-{place.pk}.xlsx"'
    return response
