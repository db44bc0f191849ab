"""Coverage of the network and the equipment register."""

from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.divisions.models import Division
from yiwang.liaison import actions
from yiwang.liaison.actions.equipment import Facts
from yiwang.liaison.models import CoverageDay, Device, Repair
from yiwang.liaison.models.coverage import share
from yiwang.liaison.reads.coverage import GAPS, Target, counts, places

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class CoverageOut(Schema):
    """Communities of a place by gap, the share covered and the target, in percent."""

    division: int
    communities: int
    covered: int
    uncovered: int
    unmanned: int
    inactive: int
    unequipped: int
    line_down: int
    percent: float | None
    target: float


class CoveredCommunityOut(Schema):
    """One community as the network sees it."""

    division: int = Field(alias="pk")
    name: str
    covered: bool
    manned: bool
    active: bool
    last_login: datetime | None
    computers: int
    telephones: int
    equipped: bool
    line_down: bool


class CoverageDayOut(Schema):
    """The coverage at the end of a day."""

    on: date
    communities: int
    covered: int
    percent: float


class DeviceOut(Schema):
    """A device of a unit."""

    id: int
    division: int = Field(alias="division_id")
    unit: int = Field(alias="unit_id")
    kind: str
    name: str
    serial: str
    number: str
    place: str
    since_on: date
    state: str
    retired_on: date | None
    replaces: int | None = Field(alias="replaces_id")


class DeviceIn(Schema):
    """What is written down of a device."""

    kind: str = Field(max_length=10)
    name: str = Field(max_length=80)
    serial: str = Field("", max_length=60)
    number: str = Field("", max_length=60)
    place: str = Field("", max_length=80)
    since_on: date


class NewDeviceIn(DeviceIn):
    """A device with the unit that uses it."""

    unit: int


class RepairOut(Schema):
    """A repair report."""

    id: int
    device: int = Field(alias="device_id")
    problem: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    outcome: str
    text: str


class ProblemIn(Schema):
    """What is broken."""

    problem: str = Field(max_length=300)


class RepairedIn(Schema):
    """What was done."""

    text: str = Field(max_length=300)


class ReplacementIn(DeviceIn):
    """The device that comes instead, and what was done."""

    text: str = Field(max_length=300)


class RetirementIn(Schema):
    """Why a device is out of use."""

    reason: str = Field(max_length=300)


def _place(request: StaffRequest, division: int | None) -> Division:
    key = division or request.actor.division_id
    return get_object_or_404(Division.objects.within(request.actor.see).in_city(), pk=key)


@router.get("/coverage", response=CoverageOut, summary="信息网覆盖 Coverage of a place")
@allowed("liaison.view")
def coverage(request: StaffRequest, division: int | None = None) -> dict[str, Any]:
    """Of the caller's own place unless another one in its area is named."""
    place = _place(request, division)
    found = counts(places(place.pk, timezone.now()))
    return {
        **found, "division": place.pk, "communities": found["all"], "line_down": found["line"],
        "percent": share(found["covered"], found["all"]), "target": Target.of(place.pk).percent,
    }  # fmt: skip


@router.get(
    "/coverage/communities", response=list[CoveredCommunityOut], summary="社区名单 Communities"
)
@allowed("liaison.view")
def covered_communities(
    request: StaffRequest, division: int | None = None, gap: str = "",
    start: Start = 0, limit: Limit = 25,
) -> list[Any]:  # fmt: skip
    """The communities behind a number: gap is covered, uncovered, unmanned, inactive, unequipped or line."""
    rows = places(_place(request, division).pk, timezone.now())
    rows = rows.filter(GAPS[gap]) if gap in GAPS else rows
    return list(rows.order_by("key")[start : start + limit])


@router.get("/coverage/days", response=list[CoverageDayOut], summary="每日覆盖 Coverage by day")
@allowed("liaison.view")
def coverage_days(
    request: StaffRequest, division: int | None = None, start: Start = 0, limit: Limit = 25
) -> list[CoverageDay]:
    rows = CoverageDay.objects.visible_to(request.actor)
    return list(rows.filter(division=_place(request, division))[start : start + limit])


@router.get("/devices", response=list[DeviceOut], summary="设备 Equipment")
@allowed("liaison.view")
def devices(
    request: StaffRequest, division: int | None = None, kind: str = "", state: str = "",
    start: Start = 0, limit: Limit = 25,
) -> list[Device]:  # fmt: skip
    rows = Device.objects.visible_to(request.actor)
    asked = {"division_id": division, "kind": kind, "state": state}
    rows = rows.filter(**{key: value for key, value in asked.items() if value})
    return list(rows[start : start + limit])


@router.post("/devices", response={201: DeviceOut}, summary="登记设备 Register a device")
@allowed("liaison.equip")
def register_one_device(request: StaffRequest, body: NewDeviceIn) -> Status[Device]:
    facts = body.dict()
    unit = get_object_or_404(Unit.objects.open(), pk=facts.pop("unit"))
    return Status(201, actions.register_device(unit, facts=Facts(**facts), by=request.actor))


def _device(request: StaffRequest, pk: int) -> Device:
    rows = Device.objects.visible_to(request.actor).select_related("unit")
    return get_object_or_404(rows, pk=pk)


@router.get("/devices/{pk}", response=DeviceOut, summary="一台设备 One device")
@allowed("liaison.view")
def one_device(request: StaffRequest, pk: int) -> Device:
    return _device(request, pk)


@router.put("/devices/{pk}", response=DeviceOut, summary="更正设备 Correct a device")
@allowed("liaison.equip")
def correct_one_device(request: StaffRequest, pk: int, body: DeviceIn) -> Device:
    found = _device(request, pk)
    return actions.correct_device(found, facts=Facts(**body.dict()), by=request.actor)


@router.post("/devices/{pk}/broken", response={201: RepairOut}, summary="报修 Report broken")
@allowed("liaison.equip")
def report_one_broken(request: StaffRequest, pk: int, body: ProblemIn) -> Status[Repair]:
    found = _device(request, pk)
    return Status(201, actions.report_broken(found, problem=body.problem, by=request.actor))


@router.post("/devices/{pk}/retire", response=DeviceOut, summary="停用 Put out of use")
@allowed("liaison.equip")
def retire_one_device(request: StaffRequest, pk: int, body: RetirementIn) -> Device:
    return actions.retire_device(_device(request, pk), reason=body.reason, by=request.actor)


@router.get("/devices/{pk}/repairs", response=list[RepairOut], summary="报修记录 Repairs")
@allowed("liaison.view")
def repairs_of_device(
    request: StaffRequest, pk: int, start: Start = 0, limit: Limit = 25
) -> list[Repair]:
    rows = Repair.objects.visible_to(request.actor).filter(device=_device(request, pk))
    return list(rows[start : start + limit])


def _repair(request: StaffRequest, pk: int) -> Repair:
    rows = Repair.objects.visible_to(request.actor).select_related("device__unit")
    return get_object_or_404(rows, pk=pk)


@router.post("/repairs/{pk}/done", response=RepairOut, summary="修好 Repaired")
@allowed("liaison.equip")
def repair_one_device(request: StaffRequest, pk: int, body: RepairedIn) -> Repair:
    return actions.repair_device(_repair(request, pk), text=body.text, by=request.actor)


@router.post("/repairs/{pk}/replace", response={201: DeviceOut}, summary="更换 Replaced")
@allowed("liaison.equip")
def replace_one_device(request: StaffRequest, pk: int, body: ReplacementIn) -> Status[Device]:
    facts = body.dict()
    text = facts.pop("text")
    made = actions.replace_device(
        _repair(request, pk), text=text, facts=Facts(**facts), by=request.actor
    )
    return Status(201, made)
