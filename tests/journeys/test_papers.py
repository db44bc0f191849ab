"""J04, steps 8, 10 and 11: a result collected by code and at home, a time booked and kept."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.visitors import DESK, PHONE, aside, session_of, visitors
from tests.world import COMMUNITY, LAN, STREET, World, build_world
from yiwang.accounts.roles import Role
from yiwang.divisions.models import Division
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Matter
from yiwang.matters.reads import planned
from yiwang.matters.reads.results import pickup_code
from yiwang.matters.sheets import load_catalogue
from yiwang.queues.actions import open_day, set_booking
from yiwang.queues.actions.booking import Plan
from yiwang.queues.models import Ticket
from yiwang.residents.actions import add_resident

pytestmark = pytest.mark.browser
ITEM, NAME = "elder-care-subsidy", "陈桂英"


def _town() -> dict[str, Any]:
    """Two finished matters of one elder, a hall that takes appointments, and their staff."""
    exists = Division.objects.filter(pk=STREET).exists()
    world = World(Division.objects.in_bulk()) if exists else build_world()
    load_catalogue(only=(ITEM,))
    elder = add_resident(
        world.place(COMMUNITY), name=NAME, values={**LAN, "home_address": "南园新村12幢302室"},
        source="visit", source_label="走访", by=world.network_admin,
    )  # fmt: skip
    first, second = (_finished(world, elder) for _one in range(2))
    hall = world.unit(STREET, "service_centre")
    hall.hours = {kind: [["00:00", "23:59"]] for kind in ("work", "saturday", "sunday", "holiday")}
    hall.save()
    clerk = world.actor(Role.WINDOW, STREET, "service_centre", "周敏")
    set_booking(hall, plan=Plan(True, ["A"], 5, 1, 3), by=clerk)
    open_day(hall, letters=["A"], windows=1, by=clerk)
    staff = {
        "kiosk": world.post(Role.WINDOW, COMMUNITY, "service_centre", "顾小兰"),
        "worker": world.post(Role.WORKER, COMMUNITY, "committee", "缪桂芳"),
        "hall": world.post(Role.WINDOW, STREET, "service_centre", "周敏"),
    }
    return {
        "first": first.number, "second": second.number, "code": pickup_code(first.result),
        "verify": first.result.code, "unit": hall.pk,
        **{name: session_of(post.user.username) for name, post in staff.items()},
    }  # fmt: skip


def _finished(world: World, elder: Any) -> Matter:
    papers = [HandedIn(need.code) for need in planned(ITEM).guide.materials]
    matter = actions.accept_matter(
        world.place(COMMUNITY), item=ITEM, resident=elder, answers={}, channel="window",
        materials=papers, by=world.network_admin,
    )  # fmt: skip
    *steps, last = matter.steps.order_by("stage", "pk")
    for step in steps:
        step.refresh_from_db()
        actions.complete_step(step, agreed=True, opinion="同意", by=world.city_bureau)
    last.refresh_from_db()
    actions.finish_matter(last, granted=True, text="准予，从本月起发放。", by=world.city_bureau)
    return Matter.objects.get(pk=matter.pk)


@pytest.fixture(scope="module")
def town(live_site: Any) -> dict[str, Any]:
    made: dict[str, Any] = live_site.run(_town)
    return made


def tracked(page: Page, number: str) -> None:
    page.goto("/track/")
    page.get_by_label("编号").fill(number)
    page.get_by_label("手机号末四位").fill("8830")
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".p-now")).to_be_visible()


def test_a_result_is_collected_at_the_kiosk_against_a_code(live_site, town):
    with visitors(live_site.url) as people:
        phone = people.window(PHONE)
        tracked(phone, town["first"])
        shown = phone.locator("[data-code]").inner_text()
        assert shown.replace("-", "") == town["code"]
        kiosk = people.window(session=town["kiosk"])
        kiosk.goto(f"/desk/matters/{town['first']}/")
        with kiosk.expect_download() as paper:
            kiosk.get_by_role("link", name="PDF").click()
        assert paper.value.suggested_filename.endswith(".pdf")
        kiosk.get_by_role("link", name="送达", exact=True).click()
        kiosk.get_by_text("便民亭领取", exact=True).click()
        kiosk.get_by_label("领取人", exact=False).first.fill(NAME)
        kiosk.get_by_label("取件码").last.fill("999 999" if town["code"] != "999999" else "1")
        kiosk.get_by_role("button", name="确认送达").click()
        expect(kiosk.locator("#error-summary")).to_contain_text("取件码不对")
        kiosk.get_by_label("取件码").last.fill(shown)
        kiosk.get_by_role("button", name="确认送达").click()
        expect(kiosk.get_by_text("已登记送达。")).to_be_visible()
        found = [*violations(kiosk)]
        stranger = people.window(PHONE)
        stranger.goto(f"/verify/{town['verify']}/")
        expect(stranger.locator("main")).to_contain_text("这份文书是真的，现在有效。")
        assert [*found, *violations(stranger)] == []


def test_a_result_is_brought_home_and_signed_for_on_the_telephone(live_site, town):
    with visitors(live_site.url) as people:
        worker = people.window(PHONE, session=town["worker"])
        worker.goto(f"/desk/matters/{town['second']}/do/deliver/")
        worker.get_by_text("上门送达", exact=True).click()
        worker.get_by_label("领取人", exact=False).first.fill("丁小军")
        worker.get_by_label("与申请人关系").select_option("neighbour")
        worker.get_by_text("屏幕签收", exact=True).click()
        pad = worker.locator("#sign")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        assert box is not None
        worker.mouse.move(box["x"] + 20, box["y"] + 40)
        worker.mouse.down()
        worker.mouse.move(box["x"] + 160, box["y"] + 90, steps=8)
        worker.mouse.up()
        expect(worker.locator("[name=signature]")).not_to_have_value("")
        assert violations(worker) == []
        worker.get_by_role("button", name="确认送达").click()
        expect(worker.get_by_text("已登记送达。")).to_be_visible()
        expect(worker.locator("#main")).to_contain_text("屏幕签收")
        expect(worker.locator("#main")).to_contain_text("邻居")
        worker.goto(f"/desk/matters/{town['second']}/delivery-receipt/")
        expect(worker.locator("article")).to_contain_text("丁小军")


def test_a_time_is_booked_without_an_account_and_kept_at_the_window(live_site, town):
    with visitors(live_site.url) as people:
        phone = people.window(PHONE)
        tracked(phone, town["first"])
        phone.get_by_role("link", name="预约到窗口").click()
        phone.locator("label.choice.btn").first.click()
        phone.get_by_role("button", name="预约", exact=True).click()
        expect(phone.get_by_role("heading", name="预约 Y")).to_be_visible()
        number = phone.url.rstrip("/").rpartition("/")[2]
        with phone.expect_download() as file:
            phone.get_by_role("link", name="存到手机日历").click()
        assert file.value.suggested_filename == f"{number}.ics"
        found = violations(phone)
        desk = people.window(DESK, session=town["hall"])
        desk.goto("/desk/queues/appointments/")
        desk.get_by_role("link", name=timezone.localdate().strftime("%m-%d")).first.click()
        found += violations(desk)
        desk.get_by_role("button", name="签到取号").click()
        expect(desk.get_by_role("heading", name="Y001")).to_be_visible()
        expect(desk.locator("main")).to_contain_text("到点先叫")
        wall = people.window({"width": 1920, "height": 1080})
        wall.goto(f"/queue/{town['unit']}/")
        expect(wall.locator(".q-next li").first).to_contain_text("Y001")
        expect(wall.locator(".q-next li").first).to_contain_text("预约")
        assert aside(live_site.run, _drawn) == 1
        assert found == []


def _drawn() -> int:
    return Ticket.objects.filter(number="Y001", appointment__isnull=False).count()
