"""J04, step 11: an 85-year-old takes a number at the street's hall (SVC-20)."""

import re
from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.axe import look
from tests.visitors import PHONE, session_of, visitors
from tests.world import COMMUNITY, STREET, World, build_world
from yiwang.accounts.roles import Role
from yiwang.divisions.models import Division
from yiwang.queues.models import HallDay
from yiwang.queues.reads import touch_key
from yiwang.residents.actions import add_resident

from .conftest import open_hall, serve, sit, window_clerk

pytestmark = pytest.mark.browser


def _street() -> dict[str, Any]:
    """The street with its register; last week the hall served some numbers."""
    exists = Division.objects.filter(pk=STREET).exists()
    world = World(Division.objects.in_bulk()) if exists else build_world()
    born = timezone.localdate().year - 85
    add_resident(
        world.place(COMMUNITY), name="陈桂英", birth_year=born,
        values={"phone": "15400008830", "home_address": "南园新村12幢302室"},
        source="visit", source_label="走访", by=world.network_admin,
    )  # fmt: skip
    day = open_hall(world, windows=1)
    window = sit(world, day, letters="A")
    for minutes in (6, 6, 8, 8):
        serve(world, window, minutes)
    earlier = date.fromordinal(day.on.toordinal() - 7)
    HallDay.objects.filter(pk=day.pk).update(on=earlier, closed_at=timezone.now())
    clerk = world.post(Role.WINDOW, STREET, "service_centre")
    assert window_clerk(world).post_id == clerk.pk
    unit = day.unit_id
    return {"unit": unit, "touch": touch_key(unit), "session": session_of(clerk.user.username)}


@pytest.fixture(scope="module")
def street(live_site: Any) -> dict[str, Any]:
    made: dict[str, Any] = live_site.run(_street)
    return made


def test_an_elder_of_85_goes_before_an_earlier_ordinary_number(live_site, street):
    with visitors(live_site.url) as people:
        # The clerk opens the hall and her window.
        desk = people.window(session=street["session"])
        desk.goto("/desk/queues/")
        desk.get_by_role("link", name="今天开厅").first.click()
        desk.get_by_label("窗口数").fill("1")
        desk.get_by_role("button", name="开厅").click()
        expect(desk.get_by_text("已开厅，可以取号了。")).to_be_visible()
        hall = desk.url
        desk.get_by_role("link", name="进入 1 号窗口").click()
        desk.get_by_role("button", name="开始叫号").click()
        expect(desk.get_by_role("button", name="叫下一号")).to_be_visible()
        # Somebody draws an ordinary number at the touch screen, by telephone-sized screen too.
        touch = people.window(PHONE)
        touch.goto(f"/queue/{street['unit']}/take/{street['touch']}/")
        touch.get_by_role("button", name="综合受理").click()
        expect(touch.get_by_role("heading", name="A001")).to_be_visible()
        touch.get_by_role("link", name="下一位取号").click()
        expect(touch.get_by_role("button", name="综合受理")).to_be_visible()
        # The elder of 85 is known: her number is a priority one, with the wait on the paper.
        desk.goto(hall)
        desk.get_by_label("先找居民（可以不找）").fill("陈桂英")
        desk.get_by_role("button", name="查找").click()
        desk.get_by_role("link", name="85 岁").click()
        expect(desk.get_by_text("自动优先")).to_be_visible()
        desk.get_by_role("button", name="取号").click()
        expect(desk.get_by_role("heading", name="P001")).to_be_visible()
        expect(desk.get_by_text("优先号，排在普通号前面")).to_be_visible()
        expect(desk.locator(".q-standing")).to_contain_text("0 人")
        expect(desk.locator(".q-standing")).to_contain_text("8 分钟以内")
        # The wall, and the ordinary number, know that she is before it.
        wall = people.window({"width": 1920, "height": 1080})
        wall.goto(f"/queue/{street['unit']}/")
        expect(wall.locator(".q-next li").nth(0)).to_contain_text("P001")
        expect(wall.locator(".q-next li").nth(1)).to_contain_text("A001")
        touch.goto(f"/queue/{street['unit']}/number/A001/")
        expect(touch.locator(".q-standing")).to_contain_text("1 人")
        # The window calls her first; the wall shows it without being touched.
        desk.goto(hall)
        desk.get_by_role("link", name="进入 1 号窗口").click()
        desk.get_by_role("button", name="叫下一号").click()
        expect(desk.locator(".q-big")).to_have_text("P001")
        expect(wall.locator(".q-called .is-new")).to_contain_text("P001", timeout=20_000)
        expect(wall.locator(".q-called .is-new")).to_contain_text("1 号窗口")
        desk.get_by_role("button", name="开始办理").click()
        expect(desk.locator("#main").get_by_role("link", name="受理事项")).to_have_attribute(
            "href", re.compile(r"/desk/matters/accept/\?resident=\d+$")
        )
        desk.get_by_role("button", name="办结").click()
        desk.get_by_role("button", name="叫下一号").click()
        expect(desk.locator(".q-big")).to_have_text("A001")
        # Everybody can read these pages, in every mode.
        found = [fault for page in (desk, touch, wall) for fault in look(page)]
        desk.goto(hall)
        found += look(desk)
        touch.goto(f"/queue/{street['unit']}/take/{street['touch']}/")
        found += look(touch)
        phone = people.window(PHONE, session=street["session"], language="en")
        for address in ("/desk/queues/", hall, f"/queue/{street['unit']}/"):
            phone.goto(address)
            found += look(phone)
        assert found == []


def test_the_wall_names_itself_again_where_no_script_runs(live_site, street):
    with visitors(live_site.url) as people:
        quiet = people.browser.new_context(base_url=live_site.url, java_script_enabled=False)
        page = quiet.new_page()
        page.goto(f"/queue/{street['unit']}/")
        expect(page.locator('meta[http-equiv="refresh"]')).to_have_attribute("content", "5")
