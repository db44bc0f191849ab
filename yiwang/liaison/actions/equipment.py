"""Equipment is registered, breaks, is repaired, replaced or put out of use (INF-15)."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.liaison.models import Device, DeviceKind, DeviceState, Outcome, Repair


@dataclass(frozen=True)
class Facts:
    """What is written down of a device."""

    kind: str
    name: str
    since_on: date
    serial: str = ""
    number: str = ""
    place: str = ""


def said(text: str, field: str = "text") -> str:
    """What was written; Refused when there is nothing."""
    if not text.strip():
        raise Refused("text_missing", _("请写明内容。"), {field: _("请写明内容。")})
    return text.strip()


@act("liaison.equip")
def register_device(
    unit: Unit, *, facts: Facts, replaces: Device | None = None, by: Actor
) -> Device:
    """Write a device down as working. Refused: kind, text_missing, future, unit_closed."""
    if unit.closed_on is not None:
        raise Refused("unit_closed", _("这个单位已经撤销，请选接续的单位。"))
    device = Device(unit=unit, division_id=unit.division_id, replaces=replaces)
    _fill(device, facts)
    device.save()
    note(kind=device.kind, name=device.name)
    return device


@act("liaison.equip")
def correct_device(device: Device, *, facts: Facts, by: Actor) -> Device:
    """Put right what is written down of a device."""
    lock(device)
    _must_be(device, DeviceState.WORKING, DeviceState.BROKEN)
    before = {"kind": device.kind, "name": device.name, "since_on": device.since_on}
    note(before=before)
    _fill(device, facts)
    device.save()
    return device


def _fill(device: Device, facts: Facts) -> None:
    if facts.kind not in DeviceKind.values:
        message = _("没有这种设备。")
        raise Refused("kind", message, {"kind": message})
    if facts.since_on > timezone.localdate(moment()):
        message = _("启用日期不能在今天以后。")
        raise Refused("future", message, {"since_on": message})
    device.kind, device.since_on = facts.kind, facts.since_on
    device.name = said(facts.name, "name")[:80]
    device.serial, device.number = facts.serial.strip()[:60], facts.number.strip()[:60]
    device.place = facts.place.strip()[:80]


def _must_be(device: Device, *states: DeviceState) -> None:
    if device.state not in states:
        state = device.get_state_display()
        raise Refused("wrong_state", _("设备现在是“%(state)s”，不能这样办理。") % {"state": state})


@act("liaison.equip")
def report_broken(device: Device, *, problem: str, by: Actor) -> Repair:
    """Report a device broken: from now on its place does not count as equipped with it."""
    lock(device)
    _must_be(device, DeviceState.WORKING)
    problem = said(problem, "problem")
    device.state = DeviceState.BROKEN
    device.save()
    return Repair.objects.create(
        device=device, problem=problem[:300], opened_at=moment(), opened_by=by.label[:160]
    )


def _close(repair: Repair, outcome: Outcome, text: str, by: Actor) -> Device:
    lock(repair)
    if repair.closed_at is not None:
        raise Refused("closed", _("这次报修已经办完。"))
    device = repair.device
    lock(device)
    repair.outcome, repair.text = outcome, said(text)[:300]
    repair.closed_at, repair.closed_by = moment(), by.label[:160]
    repair.save()
    return device


@act("liaison.equip")
def repair_device(repair: Repair, *, text: str, by: Actor) -> Repair:
    """It works again."""
    device = _close(repair, Outcome.REPAIRED, text, by)
    device.state = DeviceState.WORKING
    device.save()
    return repair


@act("liaison.equip")
def replace_device(repair: Repair, *, text: str, facts: Facts, by: Actor) -> Device:
    """Another takes its place; the broken one is out of use. Gives the new device."""
    old = _close(repair, Outcome.REPLACED, text, by)
    _retire(old)
    return register_device(old.unit, facts=facts, replaces=old, by=by)


@act("liaison.equip")
def retire_device(device: Device, *, reason: str, by: Actor) -> Device:
    """Out of use for good; an open repair report ends with it."""
    lock(device)
    _must_be(device, DeviceState.WORKING, DeviceState.BROKEN)
    reason = said(reason, "reason")
    for repair in device.repairs.open():
        _close(repair, Outcome.RETIRED, reason, by)
    _retire(device)
    return device


def _retire(device: Device) -> None:
    device.state, device.retired_on = DeviceState.RETIRED, timezone.localdate(moment())
    device.save()
