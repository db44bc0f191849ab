"""Equipment breaks and is repaired, and the network covers a community or does not."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import CHONGCHUAN, CITY, COMMUNITY, NEIGHBOUR, STREET, VILLAGE
from yiwang.core.errors import Refused
from yiwang.liaison import actions
from yiwang.liaison.actions.equipment import Facts
from yiwang.liaison.jobs import keep_coverage
from yiwang.liaison.models import CoverageDay, Device
from yiwang.liaison.models.coverage import share
from yiwang.liaison.reads.coverage import GAPS, below, counts, places

NEW = Facts("computer", "戴尔3020", date(2026, 11, 2))


def here(gap="", key=STREET):
    rows = places(key, timezone.now())
    return sorted((rows.filter(GAPS[gap]) if gap else rows).values_list("pk", flat=True))


def test_a_share_of_a_hundred_is_only_said_when_nobody_is_missing():
    assert (share(1999, 2000), share(2000, 2000), share(0, 0)) == (99.9, 100.0, None)


def test_the_village_with_its_only_computer_broken_leaves_the_target_until_it_is_repaired(
    world, equip, logged_in
):
    by = world.network_admin
    computer, _phone = equip(by)
    logged_in(by, timezone.now())
    assert here("covered") == [COMMUNITY]
    report = actions.report_broken(computer, problem="开不了机", by=by)
    assert (here("covered"), here("unequipped")) == ([], [COMMUNITY, NEIGHBOUR])
    actions.repair_device(report, text="换了电源", by=by)
    assert here("covered") == [COMMUNITY]
    report = actions.report_broken(computer, problem="又坏了", by=by)
    new = actions.replace_device(report, text="换一台", facts=NEW, by=by)
    computer.refresh_from_db()
    assert (new.replaces, computer.state, here("covered")) == (computer, "retired", [COMMUNITY])
    actions.retire_device(new, reason="报废", by=by)
    assert here("covered") == []


def test_nine_days_without_a_log_in_are_a_gap_and_so_is_a_broken_line(world, equip, logged_in):
    by, now = world.network_admin, timezone.now()
    _computer, _phone, line = equip(by, "computer", "telephone", "line")
    logged_in(by, now - timedelta(days=9))
    assert (here("inactive"), here("covered")) == ([COMMUNITY], [])
    logged_in(by, now - timedelta(days=6))
    assert here("covered") == [COMMUNITY]
    actions.report_broken(line, problem="断网", by=by)
    assert (here("line"), here("covered")) == ([COMMUNITY], [])


def test_what_cannot_be_done_to_a_device_is_refused(world, equip):
    by = world.network_admin
    computer, _phone = equip(by)
    report = actions.report_broken(computer, problem="坏了", by=by)
    actions.repair_device(report, text="好了", by=by)
    tomorrow = Facts("computer", "x", timezone.localdate() + timedelta(days=1))
    unit = world.unit(COMMUNITY, "committee")
    for code, act in (
        ("closed", lambda: actions.repair_device(report, text="好了", by=by)),
        ("text_missing", lambda: actions.report_broken(computer, problem=" ", by=by)),
        ("future", lambda: actions.register_device(unit, facts=tomorrow, by=by)),
        (
            "kind",
            lambda: actions.correct_device(
                computer, facts=Facts("car", "x", date(2026, 1, 1)), by=by
            ),
        ),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == code
    with pytest.raises(PermissionDenied):
        actions.report_broken(computer, problem="坏了", by=world.neighbour_admin)


def test_every_number_of_the_coverage_is_its_list_and_is_kept_by_day(
    world, equip, logged_in, county, sign_in, django_assert_max_num_queries
):
    by = world.network_admin
    equip(by)
    logged_in(by, timezone.now())
    found = counts(places(CHONGCHUAN, timezone.now()))
    assert (found["all"], found["covered"], found["unmanned"]) == (2, 1, 1)
    assert [(line.place.pk, line.percent) for line in below(CITY, timezone.now())] == [
        (VILLAGE // 10**6 * 10**6, 0.0), (CHONGCHUAN, 50.0),
    ]  # fmt: skip
    assert keep_coverage() == keep_coverage() == 1
    kept = {day.division_id: (day.covered, day.communities) for day in CoverageDay.objects.all()}
    assert (kept[STREET], kept[CITY], len(kept)) == ((1, 2), (1, 3), 5)
    browser = sign_in(county)
    with django_assert_max_num_queries(24):
        page = browser.get("/desk/liaison/")
    assert [count for _name, _label, count in page.context["gaps"]] == [
        found[name] for name in ("unmanned", "inactive", "unequipped", "line")
    ]
    for gap in GAPS:
        listed = browser.get(f"/desk/liaison/communities/?gap={gap}")
        assert listed.context["page"].paginator.count == found[gap], gap
    api = browser.get("/api/v1/liaison/coverage").json()
    assert (api["percent"], api["target"], api["unmanned"]) == (50.0, 100.0, 1)
    rows = browser.get("/api/v1/liaison/coverage/communities?gap=covered").json()
    assert [one["division"] for one in rows] == [COMMUNITY]
    # The gaps of another county are not hers to look at.
    assert browser.get(f"/api/v1/liaison/coverage?division={VILLAGE}").status_code == 404


def test_the_register_is_kept_on_its_pages_and_through_the_api(world, sign_in, township):
    browser, unit = sign_in(world.network_admin), world.unit(COMMUNITY, "committee")
    base, new = (
        "/desk/liaison/devices/",
        {"unit": unit.pk, "kind": "telephone", "name": "TCL", "since_on": "2026-03-02"},
    )
    assert browser.post(base + "new/", {**new, "name": ""}).status_code == 422
    page = browser.post(base + "new/", new)["Location"]
    assert browser.post(page + "broken/", {"problem": ""}).status_code == 422
    browser.post(page + "broken/", {"problem": "没有声音"})
    boss = sign_in(township)
    assert "没有声音" in boss.get(base + "?state=broken").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(boss.get(base + "export/?state=broken").content))
    assert [row[7] for row in book.active.iter_rows(min_row=5, values_only=True)] == ["没有声音"]
    repair = Device.objects.get().repairs.get()
    browser.post(f"/desk/liaison/repairs/{repair.pk}/done/", {"text": "换了线"})
    assert browser.get(page).context["device"].state == "working"
    api, json = "/api/v1/liaison/devices", "application/json"
    body = {"unit": unit.pk, "kind": "computer", "name": "联想", "since_on": "2026-03-02"}
    made = browser.post(api, body, json).json()["id"]
    report = browser.post(f"{api}/{made}/broken", {"problem": "蓝屏"}, json).json()["id"]
    more = {**body, "text": "换了"}
    swapped = browser.post(f"/api/v1/liaison/repairs/{report}/replace", more, json)
    assert (swapped.status_code, swapped.json()["replaces"]) == (201, made)
    assert browser.get(f"{api}/{made}").json()["state"] == "retired"
    assert [one["outcome"] for one in browser.get(f"{api}/{made}/repairs").json()] == ["replaced"]
