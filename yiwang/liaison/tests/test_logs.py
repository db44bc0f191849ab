"""The log of the day: kept while it is written, filed once, corrected with a trace, missed."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from tests.world import COMMUNITY, NEIGHBOUR, STREET
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.liaison import actions
from yiwang.liaison.models import DayLog
from yiwang.liaison.reads.logs import days_missing, last_due, missing

GOOD = {"devices": "都正常", "handover": "无"}


def file_on(world, day, by):
    with circumstances(at=timezone.make_aware(datetime.combine(day, time(17)))):
        return actions.file_log(world.place(by.division_id), on=day, entries=GOOD, by=by)


def test_working_days_without_a_log_are_counted_over_a_weekend():
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)
    assert (last_due(monday), last_due(date(2026, 12, 1))) == (friday, monday)
    assert (days_missing(date(2026, 11, 25), monday), days_missing(None, monday)) == (2, None)


def test_who_wrote_nothing_on_the_last_working_day_is_listed(world, township, sign_in):
    today, here = timezone.localdate(), world.network_admin
    _other = world.neighbour_admin
    due = last_due(today)
    file_on(world, due, here)
    file_on(world, last_due(due), world.neighbour_admin)
    owing = {one.pk: one.last_on for one in missing(township, today)}
    assert owing == {STREET: None, NEIGHBOUR: last_due(due)}
    browser = sign_in(township)
    page = browser.get("/desk/liaison/logs/missing/?q=濠东")
    assert [one.days_missing for one in page.context["page"]] == [1]
    assert "2 处没有写网络日志" in browser.get("/desk/").content.decode()
    assert len(browser.get("/api/v1/liaison/logs/missing").json()) == 2
    assert browser.get("/desk/liaison/logs/missing/export/").status_code == 200


def test_a_draft_is_kept_and_seen_by_nobody_else_until_it_is_filed(world, township, sign_in, equip):
    desk, boss = sign_in(world.network_admin), sign_in(township)
    (computer,) = equip(world.network_admin, "computer")
    actions.report_broken(computer, problem="坏了", by=world.network_admin)
    assert desk.post("/desk/liaison/logs/save/", {"devices": "电脑报修"}).status_code == 204
    assert "电脑报修" in desk.get("/desk/liaison/logs/write/").content.decode()
    assert boss.get("/desk/liaison/logs/").context["page"].paginator.count == 0
    draft = DayLog.objects.get()
    assert boss.get(f"/api/v1/liaison/logs/{draft.pk}").status_code == 404
    assert desk.post("/desk/liaison/logs/write/", {"devices": " "}).status_code == 422
    page = desk.post("/desk/liaison/logs/write/", {"devices": "电脑报修"})["Location"]
    draft.refresh_from_db()
    assert draft.figures["broken"] == 1
    assert draft.figures["accepted"] == 0
    assert desk.get("/desk/liaison/logs/write/")["Location"] == page
    said = {"devices": "电脑已修好", "reason": "下午修好了"}
    assert desk.post(page, {**said, "reason": ""}).status_code == 422
    desk.post(page, said)
    shown = boss.get(page).content.decode()
    assert "电脑已修好" in shown
    assert "电脑报修" in shown  # what it said before stays
    assert boss.get(page).context["may_correct"] is False
    assert boss.get("/desk/liaison/logs/export/").status_code == 200


def test_what_no_log_may_be_is_refused(world, township):
    by, today = world.network_admin, timezone.localdate()
    place = world.place(COMMUNITY)
    log = actions.file_log(place, on=today, entries=GOOD, by=by)
    for code, act in (
        ("filed", lambda: actions.save_log(place, on=today, entries=GOOD, by=by)),
        ("future", lambda: actions.file_log(place, on=today + timedelta(days=1), entries=GOOD, by=by)),
        ("too_late", lambda: actions.file_log(place, on=today - timedelta(days=60), entries=GOOD, by=by)),
        ("not_own", lambda: actions.file_log(place, on=today, entries=GOOD, by=township)),
        ("not_own", lambda: actions.correct_log(log, entries=GOOD, reason="改", by=township)),
        ("text_missing", lambda: actions.correct_log(log, entries={}, reason="改", by=by)),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == code


def test_other_systems_write_and_correct(world, sign_in):
    desk, json, base = sign_in(world.network_admin), "application/json", "/api/v1/liaison/logs"
    body = {"on": timezone.localdate().isoformat(), "entries": GOOD}
    assert desk.put(f"{base}/draft", body, json).json()["filed_at"] is None
    made = desk.post(base, body, json)
    assert made.status_code == 201
    again = {"entries": {"devices": "一台坏"}, "reason": "漏写"}
    told = desk.post(f"{base}/{made.json()['id']}/correct", again, json).json()
    assert told["entries"] == {"devices": "一台坏"}
    assert [one["id"] for one in desk.get(base).json()] == [made.json()["id"]]
