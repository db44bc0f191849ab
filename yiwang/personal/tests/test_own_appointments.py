"""A person with an account books a time, moves it, cancels it; nobody else's is hers (SVC-20)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.world import STREET, World
from yiwang.accounts.roles import Role
from yiwang.core.models import JournalLine
from yiwang.queues.actions import book_appointment, set_booking
from yiwang.queues.actions.booking import Plan, Wish
from yiwang.queues.models import Appointment, BookingPlan
from yiwang.queues.reads.booking import slots_of

from .conftest import Family
from .test_pages_own import enter, text_of


@pytest.fixture
def plan(world: World) -> BookingPlan:
    unit = world.unit(STREET, "service_centre")
    unit.hours = {kind: [["00:00", "23:59"]] for kind in ("work", "saturday", "sunday", "holiday")}
    unit.save()
    clerk = world.actor(Role.WINDOW, STREET, "service_centre", "周敏")
    made: BookingPlan = set_booking(unit, plan=Plan(True, ["A"], 30, 2, 3), by=clerk)
    made.unit = unit
    return made


def test_she_books_moves_and_cancels_in_her_account(
    world: World, account: Any, plan: BookingPlan, family: Family
) -> None:
    own, on = enter(), timezone.localdate() + timedelta(days=1)
    assert "还没有预约过" in text_of(own.get("/my/appointments/"))
    page = f"/my/appointments/book/?letter=A&on={on}"
    slots = slots_of(plan, "A", on, timezone.now())
    assert "请选一个时间" in text_of(own.post(page))
    assert "不能预约" in text_of(own.post(page, {"starts_at": "2020-01-01T00:00:00+08:00"}))
    made = own.post(page, {"starts_at": slots[2].value})
    one = Appointment.objects.get()
    address = f"/my/appointments/{one.number}/"
    assert (made["Location"], one.door, one.claim) == (address, "account", "elder")
    assert JournalLine.objects.filter(act="queues.book", by__contains="居民").exists()
    assert own.post(f"{address}move/", {"starts_at": "x"}).status_code == 422
    assert own.post(f"{address}move/", {"starts_at": slots[3].value})["Location"] == address
    assert own.get(f"{address}calendar.ics").content.startswith(b"BEGIN:VCALENDAR")
    assert one.number in text_of(own.get(address))
    mine = own.get("/api/v1/personal/mine/appointments").json()
    assert [row["starts_at"] for row in mine] == [slots[3].value]
    own.post(f"{address}cancel/")
    assert "已取消" in text_of(own.get("/my/appointments/"))
    body = json.dumps({"unit": plan.unit_id, "letter": "A", "starts_at": slots[4].value})
    again = own.post("/api/v1/personal/mine/appointments", body, content_type="application/json")
    assert again.status_code == 201
    # Somebody else's is not hers to see.
    clerk = world.actor(Role.WINDOW, STREET, "service_centre", "周敏")
    other = book_appointment(
        plan, resident=family.child, wish=Wish("A", slots[9].starts_at), by=clerk
    )
    assert own.get(f"/my/appointments/{other.number}/").status_code == 404
    assert own.post(f"/my/appointments/{other.number}/cancel/").status_code == 404


def test_without_a_hall_that_takes_appointments_she_is_told_so(account: Any) -> None:
    own = enter()
    assert "不开放网上预约" in text_of(own.get("/my/appointments/"))
    assert "不开放预约" in text_of(own.get("/my/appointments/book/"))
