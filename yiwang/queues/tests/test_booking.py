"""Appointments: offered by hours and calendar, never given twice, kept at their time (SVC-20)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from tests.world import LAN, STREET
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.notifications.models import Message
from yiwang.queues import actions
from yiwang.queues.actions.booking import Plan, Wish
from yiwang.queues.jobs import keep_appointments
from yiwang.queues.models import Appointment, HallDay, Ticket
from yiwang.queues.reads import board_of
from yiwang.queues.reads.booking import days_of, slots_of, waits_by
from yiwang.queues.rules import Waiting, call_order
from yiwang.queues.rules.calendar_file import Entry, calendar_file
from yiwang.queues.rules.slots import Booking, slots_of_day
from yiwang.residents.actions import add_resident
from yiwang.residents.models import Resident

from .conftest import draw, open_hall, sit, window_clerk
from .test_pages import signed_in, text_of

HOURS = {"work": [["08:30", "12:00"], ["14:00", "17:00"]]}
MONDAY = date(2026, 11, 30)


def at(hour: int, minute: int = 0, on: date = MONDAY) -> datetime:
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=timezone.get_current_timezone())


def planned(world, **more):
    unit = world.unit(STREET, "service_centre")
    unit.hours = HOURS
    unit.save()
    plan = Plan(**{"is_open": True, "letters": ["A", "B"], "slot_minutes": 30, "capacity": 1,
                   "days_ahead": 14, **more})  # fmt: skip
    made = actions.set_booking(unit, plan=plan, by=window_clerk(world))
    made.unit = unit
    return made


@pytest.fixture
def plan(world):
    return planned(world)


@pytest.fixture
def neighbour(world):
    return add_resident(
        world.place(320613_001_001), name="季红军", values={**LAN, "phone": "15400001234",
        "identity_number": "", "home_address": "南园新村3幢"}, source="visit", source_label="走访",
        birth_year=1980, by=world.network_admin,
    )  # fmt: skip


def book(world, plan, resident, starts_at=None, **more):
    wish = Wish("A", starts_at or at(9, on=date(2026, 12, 1)), **more)
    return actions.book_appointment(plan, resident=resident, wish=wish, by=window_clerk(world))


def code(*args, **kwargs):
    with pytest.raises(Refused) as told:
        args[0](*args[1:], **kwargs)
    return told.value.code


def test_slots_follow_the_hours_and_end_with_them():
    zone = timezone.get_current_timezone()
    found = slots_of_day([["08:30", "10:00"], ["14:00", "14:45"]], 30, MONDAY, zone)
    assert [one[0].strftime("%H:%M") for one in found] == ["08:30", "09:00", "09:30", "14:00"]


def test_whose_time_has_come_goes_first_and_who_is_early_last():
    waiting = [
        Waiting(1, 10, False), Waiting(2, 20, True), Waiting(3, 30, False, 900.0, True),
        Waiting(4, 40, False, 950.0, False), Waiting(5, 50, True, 800.0, True),
    ]  # fmt: skip
    assert [one.pk for one in call_order(waiting, 2)] == [5, 3, 2, 1, 4]


def test_a_calendar_file_is_folded_and_escaped():
    when = datetime(2026, 12, 1, 1, 30, tzinfo=UTC)
    entry = Entry("Y1@x", "综合受理，" * 20, "大厅; 1, 楼", "带证", when, when + timedelta(minutes=30),
                  when, when + timedelta(seconds=7))  # fmt: skip
    file = calendar_file(entry)
    lines = file.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    text = file.replace(b"\r\n ", b"").decode()
    assert "DTSTART:20261201T013000Z" in text
    assert "LOCATION:大厅\\; 1\\, 楼" in text
    assert "SEQUENCE:7" in text


def test_only_working_days_with_hours_are_offered(world, plan):
    days = days_of(plan, MONDAY)
    assert MONDAY in days
    assert not [one for one in days if one.weekday() > 4]
    # The calendar closes for New Year; the rest of the week is offered.
    plan.days_ahead = 40
    assert date(2027, 1, 1) not in days_of(plan, MONDAY)
    plan.unit.hours = {}
    assert days_of(plan, MONDAY) == []


def test_a_seat_is_given_once_moved_and_given_back(world, plan, resident, neighbour):
    with circumstances(at=at(8)):
        one = book(world, plan, resident)
        assert (one.claim, one.checked) == ("elder", True)
        assert code(book, world, plan, neighbour) == "full"
        assert code(book, world, plan, resident, at(10)) == "has_one"
        assert code(book, world, plan, neighbour, at(12, 15)) == "no_slot"
        assert code(book, world, plan, neighbour, at(7)) == "no_slot"
        assert code(book, world, plan, neighbour, at(10), claim="vip") == "claim"
        actions.move_appointment(one, starts_at=at(10), by=window_clerk(world))
        other = book(world, plan, neighbour)
        assert code(actions.move_appointment, other, starts_at=at(10), by=window_clerk(world)) == (
            "full"
        )
        actions.cancel_appointment(one, reason="有事", by=window_clerk(world))
        actions.move_appointment(other, starts_at=at(10), by=window_clerk(world))
        assert code(actions.cancel_appointment, one, by=window_clerk(world)) == "not_ahead"
        free = [
            slot.free for slot in slots_of(plan, "A", MONDAY, at(8)) if slot.starts_at == at(10)
        ]
    assert free == [0]
    told = Message.objects.filter(reference=f"appointment:{one.number}").order_by("pk")
    assert [message.kind for message in told] == ["booked", "booked", "unbooked"]
    assert told[1].facts["when"] == "2026-11-30 10:00"


def test_the_database_itself_refuses_a_second_person_on_a_seat(world, plan, resident, neighbour):
    with circumstances(at=at(8)):
        one = book(world, plan, resident)
    one.pk, one.number, one.resident = None, "Y00000001", neighbour
    one._state.adding = True
    with pytest.raises(IntegrityError, match="one_seat_one_person"), transaction.atomic():
        one.save()


def test_two_who_book_the_last_seat_at_once(committed_db):
    from tests.world import build_world

    world = build_world()
    plan = planned(world)
    clerk = window_clerk(world)
    people = [
        add_resident(
            world.place(320613_001_001), name=name, values={"phone": phone, "home_address": "南园"},
            source="visit", source_label="走访", birth_year=1980, by=world.network_admin,
        )
        for name, phone in (("甲一一", "15400000001"), ("乙二二", "15400000002"))
    ]  # fmt: skip
    when = slots_of(
        plan, "A", days_of(plan, timezone.localdate() + timedelta(days=1))[0], timezone.now()
    )

    def one(person: Resident) -> str:
        try:
            return actions.book_appointment(
                plan, resident=person, wish=Wish("A", when[0].starts_at), by=clerk
            ).state
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(one, people)) == ["booked", "full"]


def test_checking_in_gives_a_number_that_goes_at_its_time(world, plan, resident, neighbour):
    clerk = window_clerk(world)
    with circumstances(at=at(8)):
        one = book(world, plan, resident, at(9))
        assert code(actions.check_in, one, by=clerk) == "no_hall"
        day = open_hall(world, windows=1)
        window = sit(world, day, 1)
        early = draw(world, day)
        draw(world, day, claim="disabled")
    with circumstances(at=at(8, 40)):
        ticket = actions.check_in(one, by=clerk)
        assert (ticket.number, ticket.priority, ticket.due_at) == ("Y001", True, at(9))
        assert code(actions.check_in, one, by=clerk) == "not_ahead"
        assert [row.number for row in board_of(day).following] == ["P001", "A001", "Y001"]
        assert actions.call_next(window, by=clerk).number == "P001"
        actions.start_service(Ticket.objects.get(number="P001"), by=clerk)
        actions.finish_service(Ticket.objects.get(number="P001"), by=clerk)
    with circumstances(at=at(9, 1)):
        assert [row.number for row in board_of(day).following] == ["Y001", "A001"]
        assert actions.call_next(window, by=clerk).number == "Y001"
    figures = list(waits_by(Ticket.objects.filter(day=day), ["hour"]))
    assert [
        (row["hour"], row["booked"], row["booked_median"], row["walked"]) for row in figures
    ] == [(8, 1, 60.0, 2)]
    assert early.number == "A001"


def test_who_comes_too_late_waits_like_everybody_and_who_does_not_come_is_noted(
    world, plan, resident, neighbour
):
    clerk = window_clerk(world)
    with circumstances(at=at(8)):
        late, never = book(world, plan, resident, at(9)), book(world, plan, neighbour, at(9, 30))
        open_hall(world)
        assert keep_appointments() == 2
        assert keep_appointments() == 0
    with circumstances(at=at(9, 20)):
        ticket = actions.check_in(late, by=clerk)
        assert ticket.due_at is None
    with circumstances(at=at(10, 20)):
        assert keep_appointments() == 1
    never.refresh_from_db()
    assert never.state == Booking.MISSED
    reminded = Message.objects.filter(kind="remind_visit")
    assert reminded.count() == 2
    for number in (1, 2):
        never.pk, never.number, never.seat = None, f"Y0000000{number}", number + 5
        never._state.adding = True
        never.save()
    with circumstances(at=at(11)):
        assert code(book, world, plan, neighbour, at(15), door="account") == "missed_often"
        assert book(world, plan, neighbour, at(15), door="phone").state == Booking.BOOKED


def test_the_clerk_books_moves_and_checks_in_on_pages(world, resident, clerk):
    desk = signed_in(clerk)
    unit = world.unit(STREET, "service_centre")
    unit.hours = {kind: [["00:00", "23:59"]] for kind in ("work", "saturday", "sunday", "holiday")}
    unit.save()
    assert "还没有开放预约" in text_of(desk.get("/desk/queues/appointments/"))
    url = f"/desk/queues/plans/{unit.pk}/"
    said = {"is_open": "on", "letters": ["A"], "slot_minutes": 30, "capacity": 2, "days_ahead": 3}
    assert desk.post(url, {**said, "capacity": 0}).status_code == 422
    assert desk.post(url, said)["Location"] == "/desk/queues/plans/"
    assert "30 分钟 2 人" in text_of(desk.get("/desk/queues/plans/"))
    assert "陈" in text_of(desk.get("/desk/queues/appointments/new/?q=陈桂英"))
    on = timezone.localdate() + timedelta(days=1)
    new = f"/desk/queues/appointments/new/?resident={resident.pk}&letter=A&on={on}"
    page = desk.get(new)
    slot = page.context["choice"].slots[4]
    assert desk.post(new, {"door": "phone"}).status_code == 422
    made = desk.post(new, {"starts_at": slot.value, "door": "phone"})
    one = Appointment.objects.get()
    assert (made["Location"], one.door, one.claim) == (one.get_absolute_url(), "phone", "elder")
    assert one.number in text_of(desk.get("/desk/queues/appointments/"))
    assert "陈桂英" not in text_of(desk.get(one.get_absolute_url()))
    assert b"BEGIN:VCALENDAR" in desk.get(f"{one.get_absolute_url()}calendar.ics").content
    assert desk.post(f"{one.get_absolute_url()}arrive/", follow=True).status_code == 200
    other = page.context["choice"].slots[5]
    assert (
        desk.post(f"{one.get_absolute_url()}move/", {"starts_at": other.value}).status_code == 302
    )
    assert desk.post(f"{one.get_absolute_url()}move/", {"starts_at": "2020"}).status_code == 422
    assert "已取消" in text_of(desk.post(f"{one.get_absolute_url()}cancel/", follow=True))
    for address in ("/desk/queues/appointments/export/", "/desk/queues/waits/export/"):
        assert desk.get(address).content[:2] == b"PK"
    assert "还没有排队号" in text_of(desk.get("/desk/queues/waits/?by=unit-day-hour"))


def test_without_an_account_number_and_digits_open_an_appointment(world, resident, clerk):
    from yiwang.residents.models import Resident

    unit = world.unit(STREET, "service_centre")
    unit.hours = {kind: [["00:00", "23:59"]] for kind in ("work", "saturday", "sunday", "holiday")}
    unit.save()
    plan = actions.set_booking(unit, plan=Plan(True, ["A"], 30, 2, 3), by=clerk)
    plan.unit = unit
    slots = slots_of(plan, "A", timezone.localdate() + timedelta(days=1), timezone.now())
    one = actions.book_appointment(
        plan, resident=resident, wish=Wish("A", slots[0].starts_at), by=clerk
    )
    visitor = Client()
    assert visitor.get(f"/book/{one.number}/")["Location"] == "/book/"
    wrong = visitor.post("/book/", {"number": one.number, "last_four": "0000"})
    unknown = visitor.post("/book/", {"number": "Y99999999", "last_four": "0000"})
    assert "对不上" in text_of(wrong)
    assert "对不上" in text_of(unknown)
    right = visitor.post("/book/", {"number": one.number.lower(), "last_four": "8830"})
    there = right["Location"]
    assert there == f"/book/{one.number}/"
    page = text_of(visitor.get(there))
    assert "陈桂英" not in page
    assert visitor.post(f"{there}move/", {"starts_at": slots[3].value})["Location"] == there
    assert visitor.get(f"{there}calendar.ics")["Content-Type"].startswith("text/calendar")
    asked = {"number": one.number, "last_four": "8830"}
    api = visitor.post("/api/v1/portal/appointments", asked, content_type="application/json")
    assert api.json()["starts_at"] == slots[3].value
    visitor.post(f"{there}cancel/")
    one.refresh_from_db()
    assert one.state == Booking.CANCELLED
    for _try in range(5):
        visitor.post("/book/", {"number": one.number, "last_four": "0000"})
    assert "以后才能再查" in text_of(visitor.post("/book/", asked))
    assert Resident.objects.filter(pk=resident.pk).exists()
    assert HallDay.objects.count() == 0
