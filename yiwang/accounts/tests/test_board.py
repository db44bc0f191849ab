"""Boards of communities and opening hours: kept by who manages the place, read by everybody."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from tests.world import COMMUNITY, NEIGHBOUR, STREET
from yiwang.accounts.actions import change_officer, leave_office, set_hours, take_office
from yiwang.accounts.models import Officer, User
from yiwang.accounts.reads import open_today, remind_until
from yiwang.accounts.roles import Role
from yiwang.accounts.rules.hours import HoursInvalid, kind_of_day, read_spans, today
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.core.rules.calendar import BEIJING, DayKind

WORK = {"work": [["08:30", "12:00"], ["14:00", "17:30"]]}
LINE = {
    "body": "committee", "position": "主任", "name": "施国强", "manner": "elected",
    "starts_on": date(2024, 3, 1), "published": True,
}  # fmt: skip
PORTAL = f"/community/{COMMUNITY}/"


def browser(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


# ---------- the board ----------


def test_who_is_published_stands_on_the_portal_with_term_and_manner(world):
    place, admin = world.place(COMMUNITY), world.network_admin
    take_office(place, **LINE, ends_on=date(2029, 2, 28), by=admin)
    take_office(place, **{**LINE, "name": "未公示的人", "published": False}, by=admin)
    text = Client().get(PORTAL).content.decode()
    assert "施国强" in text
    assert "选举" in text
    assert "2029-02-28" in text
    assert "未公示的人" not in text


def test_who_has_left_is_no_longer_on_the_board_and_stays_in_the_list(world):
    admin = world.network_admin
    officer = take_office(world.place(COMMUNITY), **LINE, by=admin)
    leave_office(officer, on=timezone.localdate(), reason="调离", by=admin)
    assert "施国强" not in Client().get(PORTAL).content.decode()
    assert "施国强" in browser(admin).get("/desk/accounts/board/?left=1").content.decode()
    with pytest.raises(Refused, match="已经离任"):
        change_officer(officer, position="委员", by=admin)


def test_a_line_is_refused_that_ends_before_it_begins_or_stands_above_communities(world):
    with pytest.raises(Refused, match="届满"):
        take_office(
            world.place(COMMUNITY), **LINE, ends_on=date(2020, 1, 1), by=world.network_admin
        )
    manager = world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre")
    with pytest.raises(Refused, match="社区"):
        take_office(world.place(STREET), **LINE, by=manager)


def test_nobody_writes_on_the_board_of_a_neighbour(world):
    with pytest.raises(PermissionDenied):
        take_office(world.place(NEIGHBOUR), **LINE, by=world.network_admin)
    assert not Officer.objects.exists()


def test_the_township_is_told_six_months_before_a_term_ends(world):
    day = timezone.localdate()
    until = remind_until(day)
    take_office(world.place(COMMUNITY), **LINE, ends_on=until, by=world.network_admin)
    late = {**LINE, "name": "任期还长"}
    take_office(
        world.place(COMMUNITY), **late, ends_on=until + timedelta(days=1), by=world.network_admin
    )
    desk = browser(world.street_clerk)
    assert "1 人的任期快届满" in desk.get("/desk/").content.decode()
    text = desk.get("/desk/accounts/board/?ending=1").content.decode()
    assert "施国强" in text
    assert "任期还长" not in text


def test_six_months_are_counted_by_the_calendar(db):
    assert remind_until(date(2026, 8, 31)) == date(2027, 2, 28)


def test_the_page_takes_a_line_and_names_what_is_wrong(world):
    desk = browser(world.network_admin)
    address = f"/desk/accounts/board/new/?division={COMMUNITY}"
    said = {**LINE, "starts_on": "2024-03-01", "published": "on"}
    assert desk.post(address, {**said, "ends_on": "2020-01-01"}).status_code == 422
    assert desk.post(address, said).status_code == 302
    officer = Officer.objects.get()
    page = f"/desk/accounts/board/{officer.pk}/"
    assert desk.post(page, {**said, "position": "书记"}).status_code == 302
    assert desk.post(f"{page}leave/", {"on": "2023-01-01"}).status_code == 422
    assert desk.post(f"{page}leave/", {"on": "2026-01-01"}).status_code == 302
    line = JournalLine.objects.filter(act="accounts.board").order_by("-pk")[1]
    assert line.facts["after"] == {"position": "书记"}


def test_a_program_keeps_the_board_too(world):
    desk = browser(world.network_admin)
    said = {**LINE, "starts_on": "2024-03-01", "division": COMMUNITY}
    made = desk.post("/api/v1/accounts/board", said, content_type="application/json")
    assert made.status_code == 201
    [listed] = desk.get(f"/api/v1/accounts/board?division={COMMUNITY}").json()
    assert (listed["name"], listed["published"]) == ("施国强", True)
    gone = desk.post(
        f"/api/v1/accounts/board/{listed['id']}/leave", {"on": "2026-01-01"},
        content_type="application/json",
    )  # fmt: skip
    assert gone.json()["left_on"] == "2026-01-01"


# ---------- hours ----------


@pytest.mark.parametrize(
    "typed",
    ["8:30-12:00，14:00-17:30", "０８：３０—１２：００ 14:00至17:30", "08:30 - 12:00;14:00~17:30"],
)
def test_hours_are_read_as_people_write_them(typed):
    assert read_spans(typed) == WORK["work"]


@pytest.mark.parametrize("typed", ["上午", "12:00-8:30", "8:30-25:00", "8:00-12:00，11:00-17:00"])
def test_hours_that_cannot_be_are_refused_with_the_cure(typed):
    with pytest.raises(HoursInvalid):
        read_spans(typed)


def test_a_make_up_saturday_is_worked_and_a_holiday_is_not():
    saturday, friday = date(2026, 10, 10), date(2026, 10, 2)
    assert kind_of_day(saturday, DayKind.MAKEUP) == "work"
    assert kind_of_day(saturday, DayKind.WEEKEND) == "saturday"
    assert kind_of_day(friday, DayKind.HOLIDAY) == "holiday"
    assert kind_of_day(friday, None) == "work"


@pytest.mark.parametrize(
    ("clock", "is_open", "opens"),
    [((8, 0), False, "08:30"), ((9, 0), True, "14:00"), ((12, 0), False, "14:00"),
     ((17, 30), False, "")],
)  # fmt: skip
def test_the_lunch_break_is_closed(clock, is_open, opens):
    found = today(
        WORK, datetime.combine(date(2026, 11, 25), time(*clock), BEIJING), DayKind.WORKDAY
    )
    assert found is not None
    assert (found.is_open, found.opens) == (is_open, opens)


def test_hours_follow_the_working_calendar_and_stand_on_the_portal(world):
    unit = world.unit(COMMUNITY, "service_centre")
    assert open_today(unit, timezone.now()) is None
    set_hours(unit, hours=WORK, remark="周三下午学习", by=world.network_admin)
    holiday = open_today(unit, datetime(2026, 10, 1, 9, 0, tzinfo=BEIJING))
    assert holiday is not None
    assert (holiday.kind, holiday.is_open) == ("holiday", False)
    # The National Day holiday of 2026 lasts until 7 October.
    assert holiday.again == datetime(2026, 10, 8, 8, 30, tzinfo=BEIJING)
    text = Client().get(PORTAL).content.decode()
    assert "08:30-12:00，14:00-17:30" in text
    assert "周三下午学习" in text


def test_hours_are_changed_by_page_and_program_and_only_at_home(world):
    unit, other = world.unit(COMMUNITY, "committee"), world.unit(NEIGHBOUR, "committee")
    desk = browser(world.network_admin)
    page = f"/desk/accounts/units/{unit.pk}/hours/"
    wrong = desk.post(page, {"work": "上午"})
    assert wrong.status_code == 422
    assert "请写成" in wrong.content.decode()
    assert desk.post(page, {"work": "8:30-12:00"}).status_code == 302
    unit.refresh_from_db()
    assert unit.hours["work"] == [["08:30", "12:00"]]
    sent = desk.put(
        f"/api/v1/accounts/units/{unit.pk}/hours", {"hours": WORK}, content_type="application/json"
    )
    assert sent.json()["hours"]["work"] == WORK["work"]
    refused = desk.put(
        f"/api/v1/accounts/units/{unit.pk}/hours", {"hours": {"friday": []}},
        content_type="application/json",
    )  # fmt: skip
    assert refused.status_code == 409
    assert desk.post(f"/desk/accounts/units/{other.pk}/hours/", {}).status_code == 403
