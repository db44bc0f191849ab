"""The equipment register: list, one device with its repairs, and what is done to it (INF-15)."""

from collections.abc import Callable
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import carried_out
from yiwang.liaison import actions
from yiwang.liaison.forms.equipment import (
    DeviceForm,
    FactsForm,
    ProblemForm,
    RepairForm,
    ReplaceForm,
    RetireForm,
)
from yiwang.liaison.forms.filters import DeviceFilter
from yiwang.liaison.models import Device, DeviceState, Repair
from yiwang.liaison.sheets import devices_workbook

from .furniture import as_file, listed, place_of, sorted_by

SORTS = ("division", "-division", "kind", "-kind", "since_on", "-since_on")


def _rows(request: StaffRequest, form: DeviceFilter) -> QuerySet[Device]:
    waiting = Prefetch(
        "repairs", Repair.objects.visible_to(request.actor).open(), to_attr="waiting"
    )
    rows = form.narrowed(Device.objects.visible_to(request.actor))
    rows = rows.select_related("division", "unit").prefetch_related(waiting)
    return sorted_by(request, rows, SORTS)


@require_GET
@allowed("liaison.view")
def devices(request: StaffRequest) -> HttpResponse:
    """Equipment of the area; ?state=broken is the list of what waits for repair."""
    form = DeviceFilter(request.GET)
    return listed(request, "devices", _rows(request, form), form)


@require_GET
@allowed("liaison.view")
def export(request: StaffRequest) -> HttpResponse:
    """The same as a workbook; on record."""
    return as_file(request, _rows(request, DeviceFilter(request.GET)), devices_workbook, "devices")


@require_http_methods(["GET", "POST"])
@allowed("liaison.equip")
def register(request: StaffRequest) -> HttpResponse:
    """Write down a device of a unit of one place."""
    place = place_of(request)
    form = DeviceForm(request.POST or None, place=place.pk)
    made: list[Device] = []

    def act() -> None:
        unit = form.cleaned_data["unit"]
        made.append(actions.register_device(unit, facts=form.facts(), by=request.actor))

    if carried_out(request, form, act, _("设备已登记。")):
        return redirect(made[0])
    context = {"form": form, "place": place}
    status = 422 if form.errors else 200
    return render(request, "liaison/device_new.html", context, status=status)


def _visible(request: StaffRequest, pk: int) -> Device:
    rows = Device.objects.visible_to(request.actor).select_related("division", "unit")
    return get_object_or_404(rows, pk=pk)


def _page(request: StaffRequest, found: Device, **forms: Any) -> HttpResponse:
    """The device with every form; the one that was sent keeps what was typed."""
    every = {
        "facts_form": FactsForm(device=found), "problem_form": ProblemForm(),
        "repair_form": RepairForm(), "replace_form": ReplaceForm(device=None),
        "retire_form": RetireForm(), **forms,
    }  # fmt: skip
    if "replace_form" not in forms:
        every["replace_form"].initial["kind"] = found.kind
    context = {
        "device": found, "repairs": list(found.repairs.all()), **every,
        "may": request.actor.may("liaison.equip", found) and found.state != DeviceState.RETIRED,
        "open": found.repairs.open().first(),
        "sent": next(iter(forms), ""),
    }  # fmt: skip
    status = 422 if forms else 200
    return render(request, "liaison/device.html", context, status=status)


@require_http_methods(["GET", "POST"])
@allowed("liaison.view", post="liaison.equip")
def device(request: StaffRequest, pk: int) -> HttpResponse:
    """One device; its facts are put right here."""
    found = _visible(request, pk)
    if request.method == "GET":
        return _page(request, found)
    form = FactsForm(request.POST, device=found)
    return _sent(
        request, found, "facts_form", form, _("已更正。"),
        lambda: actions.correct_device(found, facts=form.facts(), by=request.actor),
    )  # fmt: skip


def _sent(
    request: StaffRequest, found: Device, name: str, form: Any, told: str, act: Callable[[], Any]
) -> HttpResponse:
    if carried_out(request, form, act, told):
        return redirect(found)
    return _page(request, found, **{name: form})


@require_POST
@allowed("liaison.equip")
def broken(request: StaffRequest, pk: int) -> HttpResponse:
    """Report it broken."""
    found, form = _visible(request, pk), ProblemForm(request.POST)
    return _sent(
        request, found, "problem_form", form, _("已报修，修好以前这里不算设备达标。"),
        lambda: actions.report_broken(found, **form.cleaned_data, by=request.actor),
    )  # fmt: skip


@require_POST
@allowed("liaison.equip")
def retire(request: StaffRequest, pk: int) -> HttpResponse:
    """Out of use."""
    found, form = _visible(request, pk), RetireForm(request.POST)
    return _sent(
        request, found, "retire_form", form, _("已停用。"),
        lambda: actions.retire_device(found, **form.cleaned_data, by=request.actor),
    )  # fmt: skip


def _repair(request: StaffRequest, pk: int) -> Repair:
    rows = Repair.objects.visible_to(request.actor).select_related("device__division")
    return get_object_or_404(rows.select_related("device__unit"), pk=pk)


@require_POST
@allowed("liaison.equip")
def repaired(request: StaffRequest, pk: int) -> HttpResponse:
    """It works again."""
    found, form = _repair(request, pk), RepairForm(request.POST)
    return _sent(
        request, found.device, "repair_form", form, _("已修好。"),
        lambda: actions.repair_device(found, **form.cleaned_data, by=request.actor),
    )  # fmt: skip


@require_POST
@allowed("liaison.equip")
def replaced(request: StaffRequest, pk: int) -> HttpResponse:
    """Another comes instead."""
    found, form = _repair(request, pk), ReplaceForm(request.POST)
    made: list[Device] = []

    def act() -> None:
        text = form.cleaned_data["text"]
        made.append(actions.replace_device(found, text=text, facts=form.facts(), by=request.actor))

    if carried_out(request, form, act, _("已更换，旧设备停用。")):
        return redirect(made[0])
    return _page(request, found.device, replace_form=form)
