"""A notice goes down or up, is confirmed place by place, and whoever has not is reminded."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.pictures import PNG
from tests.world import CHONGCHUAN, COMMUNITY, NEIGHBOUR, RUDONG, STREET
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.liaison import actions
from yiwang.liaison.actions.notices import Letter
from yiwang.liaison.jobs import remind
from yiwang.liaison.models import Receipt, WorkNotice
from yiwang.liaison.reads.notices import own_receipt, reading

DOWN = Letter("防汛值守", "今晚值守", "community")


@pytest.fixture
def sent(world, county):
    return actions.send_notice(world.place(CHONGCHUAN), letter=DOWN, by=county)


def test_the_county_sees_who_has_not_confirmed_and_reminds_them_with_one_click(
    world, sent, county, sign_in
):
    here, next_door = world.network_admin, world.neighbour_admin
    actions.confirm_notice(own_receipt(sent, here), by=here)
    browser = sign_in(county)
    page = browser.get(f"{sent.get_absolute_url()}?state=waiting")
    assert page.context["counts"]["waiting"] == page.context["page"].paginator.count == 1
    assert "濠东社区" in page.content.decode()
    browser.post(f"{sent.get_absolute_url()}remind/")
    assert dict(Receipt.objects.values_list("division_id", "reminders")) == {
        COMMUNITY: 0,
        NEIGHBOUR: 1,
    }
    # The workbench of the place counts what its list holds; opening the notice reads it.
    desk = sign_in(next_door)
    assert "1 份工作通知待确认" in desk.get("/desk/").content.decode()
    assert desk.get("/desk/liaison/notices/?state=waiting").context["page"].paginator.count == 1
    desk.get(sent.get_absolute_url())
    assert reading(sent.receipts.all())["read"] == 1
    desk.post(f"{sent.get_absolute_url()}confirm/")
    assert desk.get("/desk/liaison/notices/?state=waiting").context["page"].paginator.count == 0
    with pytest.raises(Refused) as refused:
        actions.remind_of_notice(sent, by=county)
    assert refused.value.code == "all_confirmed"


def test_who_is_late_is_reminded_by_the_job_once_a_day(sent):
    assert remind() == 0
    WorkNotice.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert (remind(), remind()) == (2, 2)
    assert set(Receipt.objects.values_list("reminders", flat=True)) == {1}
    Receipt.objects.update(reminded_at=timezone.now() - timedelta(days=1))
    remind()
    assert set(Receipt.objects.values_list("reminders", flat=True)) == {2}


def test_a_community_writes_upward_with_a_photo_asks_and_is_answered(world, township, sign_in):
    by = world.network_admin
    desk, boss = sign_in(by), sign_in(township)
    body = {"audience": "up", "title": "停电", "text": "下午停电", "days": 1,
            "upload": SimpleUploadedFile("电.png", PNG)}  # fmt: skip
    address = desk.post("/desk/liaison/notices/new/", body)["Location"]
    found = WorkNotice.objects.get()
    assert [one.division_id for one in found.receipts.all()] == [STREET]
    assert found.files.get().content_type == "image/png"
    assert boss.post(f"{address}ask/", {"text": ""}).status_code == 422
    boss.post(f"{address}ask/", {"text": "停到几点？"})
    assert "停到几点？" in desk.get(f"{address}?state=asked").content.decode()
    desk.post(f"{address}answer/", {"receipt": found.receipts.get().pk, "text": "六点"})
    assert "六点" in boss.get(address).content.decode()
    assert found.receipts.get().read_by.startswith("丁网")


def test_a_notice_taken_back_waits_for_nobody_and_what_cannot_be_is_refused(world, sent, county):
    here, system_day = world.network_admin, 99
    place = world.place(CHONGCHUAN)
    actions.withdraw_notice(sent, reason="写错了", by=county)
    assert not Receipt.objects.waiting().exists()
    for code, act in (
        ("withdrawn", lambda: actions.confirm_notice(own_receipt(sent, here), by=here)),
        ("not_addressed", lambda: own_receipt(sent, county)),
        ("days", lambda: actions.send_notice(place, letter=Letter("a", "b", "up", None, system_day), by=county)),
        ("audience", lambda: actions.send_notice(place, letter=Letter("a", "b", "county"), by=county)),
        ("audience", lambda: actions.send_notice(place, letter=Letter("a", "b", "community", RUDONG), by=county)),
        ("nobody", lambda: actions.send_notice(place, letter=Letter("a", "b", "township", COMMUNITY), by=county)),
        ("not_own", lambda: actions.send_notice(world.place(STREET), letter=DOWN, by=county)),
        ("text_missing", lambda: actions.send_notice(place, letter=Letter("a", " ", "community"), by=county)),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == code
    assert WorkNotice.objects.count() == 1


def test_other_systems_send_and_confirm(world, county, sign_in):
    json, base = "application/json", "/api/v1/liaison/notices"
    boss, desk = sign_in(county), sign_in(world.network_admin)
    made = boss.post(base, {"title": "通知", "text": "请办", "audience": "community"}, json).json()
    assert (made["receipts"], made["confirmed"]) == (2, 0)
    assert [one["notice"] for one in desk.get(f"{base}/waiting").json()] == [made["id"]]
    assert desk.post(f"{base}/{made['id']}/read").json()["read_at"]
    assert desk.post(f"{base}/{made['id']}/confirm").json()["confirmed_at"]
    assert desk.post(f"{base}/{made['id']}/confirm").status_code == 409
    waiting = boss.get(f"{base}/{made['id']}/receipts?state=waiting").json()
    assert [one["division"] for one in waiting] == [NEIGHBOUR]
    assert boss.post(f"{base}/{made['id']}/remind").json()["confirmed"] == 1
    files = f"{base}/{made['id']}/files"
    assert boss.post(files, {}).status_code == 409
    picture = SimpleUploadedFile("a.png", PNG)
    assert len(boss.post(files, {"file": picture}).json()["files"]) == 1
    stranger = sign_in(world.actor(Role.COUNTY_NETWORK, RUDONG, "civil_affairs", "如东"))
    assert stranger.get(f"{base}/{made['id']}").status_code == 404
