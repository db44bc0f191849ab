"""The hall as its people use it: pages, touch screen, wall screen, paper, workbook, API."""

import io
import json

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.world import BINCHA, STREET
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.queues import actions
from yiwang.queues.models import HallDay, Ticket
from yiwang.queues.reads import touch_key
from yiwang.queues.rules import State

from .conftest import draw, serve

JSON = "application/json"


def signed_in(actor):
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def desk(clerk):
    return signed_in(clerk)


def text_of(answer):
    return answer.content.decode()


def test_a_clerk_opens_the_hall_and_sees_what_was_wrong(world, clerk, desk):
    unit = world.unit(STREET, "service_centre")
    assert "还没有开过厅" in text_of(desk.get("/desk/queues/"))
    wrong = desk.post("/desk/queues/open/", {"unit": unit.pk, "letters": ["A"], "windows": "99"})
    assert wrong.status_code == 422
    assert "窗口数应为 1 至 40" in text_of(wrong)
    good = desk.post("/desk/queues/open/", {"unit": unit.pk, "letters": ["A"], "windows": "2"})
    day = HallDay.objects.get()
    assert good.url == day.get_absolute_url()
    assert "正在办公" in text_of(desk.get("/desk/queues/"))


def test_a_known_elder_is_found_masked_and_gets_a_priority_paper(day, desk, resident):
    page = text_of(desk.get(f"/desk/queues/{day.pk}/?q=陈桂英"))
    assert "陈**" in page or "陈*" in page
    assert "陈桂英" not in page.replace('value="陈桂英"', "")
    drawn = desk.post(f"/desk/queues/{day.pk}/take/", {"letter": "A", "resident": resident.pk})
    paper = text_of(Client().get(drawn.url))
    assert "P001" in paper
    assert "优先号，排在普通号前面" in paper
    assert "暂无法估计" in paper
    assert "陈" not in paper
    again = desk.post(f"/desk/queues/{day.pk}/take/", {"letter": "A", "resident": resident.pk})
    assert again.status_code == 422
    assert "已经有号 P001" in text_of(again)


def test_a_window_is_worked_from_call_to_finish(world, day, window, desk, resident):
    draw(world, day, claim="disabled")
    draw(world, day, resident=resident)
    url = window.get_absolute_url()
    called = desk.post(f"{url}call/", follow=True)
    assert "请看证件或听本人说明" in text_of(called)
    ticket = Ticket.objects.get(number="P001")
    steps = f"/desk/queues/tickets/{ticket.pk}"
    for step in ("again", "start"):
        desk.post(f"{steps}/{step}/")
    assert "受理事项" in text_of(desk.get(url))
    desk.post(f"{steps}/finish/")
    desk.post(f"{url}call/")
    assert f"/desk/matters/accept/?resident={resident.pk}" not in text_of(desk.get(url))
    elder = Ticket.objects.get(number="P002")
    desk.post(f"/desk/queues/tickets/{elder.pk}/start/")
    page = text_of(desk.get(url))
    assert f"/desk/matters/accept/?resident={resident.pk}" in page
    assert "陈桂英" not in page
    ticket.refresh_from_db()
    assert (ticket.state, ticket.calls) == (State.SERVED, 2)
    refused = desk.post(f"{steps}/hand-on/", {"letter": "B"}, follow=True)
    assert "不能这样操作" in text_of(refused)
    assert desk.post(f"{steps}/dance/").status_code == 404


def test_a_clerk_of_another_town_finds_nothing_of_it(world, day, window):
    other = signed_in(world.actor(Role.WINDOW, BINCHA, "service_centre", "外镇人"))
    assert other.get(day.get_absolute_url()).status_code == 404
    assert other.post(f"{window.get_absolute_url()}call/").status_code == 404
    assert day.unit.name not in text_of(other.get("/desk/queues/"))


def test_the_touch_screen_needs_its_secret_and_gives_a_number_with_one_tap(world, day):
    visitor, unit = Client(), day.unit_id
    url = f"/queue/{unit}/take/{touch_key(unit)}/"
    assert visitor.get(f"/queue/{unit}/take/guess/").status_code == 404
    assert "综合受理" in text_of(visitor.get(url))
    bad = visitor.post(url, {"letter": "A", "phone_tail": "12"})
    assert bad.status_code == 422
    key = {"letter": "A", "claim": "pregnant", "_key": "one-tap"}
    drawn = [visitor.post(url, key)["Location"] for _tap in range(2)]
    assert drawn == [f"{url}?number=P001"] * 2
    assert "下一位取号" in text_of(visitor.get(drawn[0]))
    assert Ticket.objects.get().phone_tail == ""


def test_a_closed_hall_gives_no_numbers_and_says_so(day, clerk):
    actions.close_day(day, by=clerk)
    unit = day.unit_id
    assert "现在不能取号" in text_of(Client().get(f"/queue/{unit}/take/{touch_key(unit)}/"))
    assert "今天已经闭厅" in text_of(Client().get(f"/queue/{unit}/"))
    assert Client().get(f"/queue/{unit}/number/A009/").status_code == 404


def test_the_screen_shows_numbers_and_windows_and_nothing_of_persons(
    world, day, window, clerk, resident
):
    draw(world, day, resident=resident, phone_tail="8830")
    draw(world, day)
    actions.call_next(window, by=clerk)
    page = text_of(Client().get(f"/queue/{day.unit_id}/"))
    assert "P001" in page
    assert "1 号窗口" in page
    assert "A001" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "陈" not in page
    assert "8830" not in page
    part = Client().get(f"/queue/{day.unit_id}/", headers={"HX-Request": "true"})
    assert "<html" not in text_of(part)


def test_figures_are_listed_filtered_and_exported(world, day, window, desk):
    serve(world, window, 5, 12)
    assert "12 分钟" in text_of(desk.get("/desk/queues/"))
    assert "没有符合条件的大厅" in text_of(desk.get("/desk/queues/?until=2020-01-01"))
    answer = desk.get("/desk/queues/export/")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    line = next(row for row in rows if row[3] == "A 综合受理")
    assert line[4:] == (1, 0, 1, 0, 0, 12, 12)


def test_the_pages_speak_english(world, day, window, desk):
    draw(world, day, claim="soldier")
    english = {"accept-language": "en"}
    for url in ("/desk/queues/", day.get_absolute_url(), window.get_absolute_url(),
                f"/queue/{day.unit_id}/number/P001/"):  # fmt: skip
        assert "Queue numbers" in text_of(desk.get(url, headers=english)) or "/queue/" in url
    paper = text_of(Client().get(f"/queue/{day.unit_id}/number/P001/", headers=english))
    assert "Priority number, ahead of ordinary numbers" in paper


def test_another_system_opens_draws_calls_and_finishes(world, clerk, desk, resident):
    unit = world.unit(STREET, "service_centre")

    def post(path, body=None):
        answer = desk.post(f"/api/v1/queues{path}", json.dumps(body or {}), content_type=JSON)
        return answer.status_code, answer.json()

    status, day = post("/days", {"unit": unit.pk, "letters": ["A", "B"], "windows": 1})
    assert status == 201
    number = day["windows"][0]["id"]
    assert post(f"/windows/{number}/call")[1]["code"] == "window_closed"
    post(f"/windows/{number}/open", {"letters": ["A"]})
    status, ticket = post(f"/days/{day['id']}/tickets", {"letter": "A", "resident": resident.pk})
    assert (status, ticket["number"], ticket["before"]) == (201, "P001", 0)
    assert ticket["wait"] == {"low": None, "high": None}
    assert post(f"/windows/{number}/call")[1]["window"] == 1
    board = Client().get(f"/api/v1/queues/screen/{unit.pk}").json()
    assert [one["number"] for one in board["called"]] == ["P001"]
    for step in ("again", "start", "finish"):
        status, said = post(f"/tickets/{ticket['id']}/{step}")
        assert status == 200
    assert said["state"] == "served"
    assert post(f"/tickets/{ticket['id']}/absent")[0] == 409
    listed = desk.get(f"/api/v1/queues/days/{day['id']}/tickets").json()
    assert [one["number"] for one in listed["tickets"]] == ["P001"]
    figures = desk.get(f"/api/v1/queues/days/{day['id']}/figures").json()
    assert figures[0]["served"] == 1
