"""Needs told anywhere, with a limit and an end; where they are not met."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import COMMUNITY, NEIGHBOUR, STREET, World
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.needs.actions import move_need, register_need
from yiwang.needs.models import Need
from yiwang.needs.reads import unmet_by_place
from yiwang.residents.actions import mark_deceased
from yiwang.residents.models import Resident


def told(world: World, key: int = COMMUNITY, **said: Any) -> Need:
    by = world.network_admin if key == COMMUNITY else world.neighbour_admin
    asked = {
        "category": "health",
        "text": "康复训练",
        "channel": "kiosk",
        "group": "12幢的老人",
        **said,
    }
    return register_need(world.place(key), by=by, **asked)


def test_a_kiosk_registers_a_need_with_an_answer_due_in_one_working_day(world: World) -> None:
    kiosk = world.actor(Role.KIOSK, COMMUNITY, "committee")
    friday = datetime(2026, 11, 20, 10, tzinfo=timezone.get_current_timezone())
    with circumstances(at=friday):
        need = register_need(
            world.place(COMMUNITY), category="health", text="康复训练", channel="kiosk",
            group="老人", people=12, by=kiosk,
        )  # fmt: skip
    assert timezone.localtime(need.due_at).date().isoformat() == "2026-11-23"
    assert Need.objects.overdue(need.due_at + timedelta(seconds=1)).get() == need
    assert [one.state for one in need.events.all()] == ["registered"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"category": "castle"}, "invalid"), ({"text": " "}, "invalid"), ({"people": 0}, "invalid"),
        ({"channel": "x"}, "invalid"), ({"urgency": "x"}, "invalid"), ({"group": ""}, "nobody"),
    ],
)  # fmt: skip
def test_what_is_missing_is_refused(world: World, said: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        told(world, **said)
    assert refusal.value.code == code


def test_a_resident_of_another_place_is_refused(world: World, resident: Resident) -> None:
    with pytest.raises(Refused) as refusal:
        told(world, NEIGHBOUR, resident=resident)
    assert refusal.value.code == "elsewhere"


def test_nobody_registers_for_another_place(world: World) -> None:
    with pytest.raises(PermissionDenied):
        register_need(
            world.place(COMMUNITY), category="health", text="康复", channel="visit", group="老人",
            by=world.neighbour_admin,
        )  # fmt: skip


def test_a_need_goes_its_way_to_the_end(world: World, resident: Resident) -> None:
    need = told(world, resident=resident, group="")
    with pytest.raises(Refused) as refusal:
        move_need(need, to="arranged", by=world.network_admin)
    assert refusal.value.code == "service_needed"
    with pytest.raises(Refused) as refusal:
        move_need(need, to="unmet", by=world.network_admin)
    assert refusal.value.code == "reason_needed"
    move_need(need, to="unmet", text="两公里内没有康复点", by=world.street_clerk)
    move_need(need, to="arranged", service="上门康复", by=world.network_admin)
    move_need(need, to="met", by=world.network_admin)
    assert need.closed_on == timezone.localdate()
    with pytest.raises(Refused) as refusal:
        move_need(need, to="unmet", text="又没有了", by=world.network_admin)
    assert refusal.value.code == "no_such_move"
    assert [one.state for one in need.events.all()] == ["met", "arranged", "unmet", "registered"]
    with pytest.raises(PermissionDenied):
        move_need(need, to="met", by=world.neighbour_admin)


def test_the_most_unmet_place_stands_first(world: World) -> None:
    told(world)
    for _turn in range(2):
        move_need(
            told(world, NEIGHBOUR, people=3), to="unmet", text="没有供给", by=world.street_clerk
        )
    move_need(told(world), to="met", by=world.network_admin)
    rows = unmet_by_place(world.street_clerk, STREET)
    assert [(row.place.pk, row.needs, row.people, row.unmet) for row in rows] == [
        (NEIGHBOUR, 2, 6, 2), (COMMUNITY, 1, 1, 0),
    ]  # fmt: skip
    assert rows[0].by_category["health"] == 2
    assert unmet_by_place(world.network_admin, NEIGHBOUR)[0].needs == 0


def test_no_need_is_registered_for_the_dead_and_an_open_one_only_ends(
    world: World, resident: Resident
) -> None:
    by = world.network_admin
    said: dict[str, Any] = {"category": "eldercare", "text": "助餐", "channel": "visit"}
    need = register_need(world.place(COMMUNITY), resident=resident, **said, by=by)
    mark_deceased(resident, on=timezone.localdate(), by=by)
    need.refresh_from_db()
    with pytest.raises(Refused) as stopped:
        move_need(need, to="arranged", service="助餐点", by=by)
    assert stopped.value.code == "departed"
    with pytest.raises(Refused) as dead:
        register_need(world.place(COMMUNITY), resident=resident, **said, by=by)
    assert dead.value.code == "not_live"
    assert move_need(need, to="withdrawn", text="本人已去世", by=by).state == "withdrawn"
