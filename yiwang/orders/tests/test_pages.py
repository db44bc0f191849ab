"""The work area in a real browser: a company on a telephone, the community at its desk."""

import pytest

from tests.pictures import PNG
from tests.visitors import DESK, PHONE, session_of, visitors
from tests.world import COMMUNITY, LAN, build_world
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.orders.models import ServiceOrder
from yiwang.orders.rules import State
from yiwang.residents.actions import add_resident

from .conftest import open_company, place

pytestmark = pytest.mark.browser


def town():
    """An order that waits; the sessions of the company and of the community."""
    world = build_world()
    resident = add_resident(
        world.place(COMMUNITY), name="陈桂英",
        values={**LAN, "home_address": "南园新村12幢302室"},
        source="visit", source_label="走访", by=world.network_admin,
    )  # fmt: skip
    company, worker = open_company(world)
    order = place(world, company, resident)
    User.objects.update(must_change_password=False)
    clerk = world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "committee").user.username
    worker_name = User.objects.get(pk=worker.user_id).username
    return (
        order.get_absolute_url(),
        session_of(worker_name),
        session_of(clerk),
        order.number,
        order.code,
    )


def test_a_company_takes_an_order_proves_it_and_reads_the_rating(live_site, tmp_path):
    address, company, clerk, number, code = live_site.run(town)
    photo = tmp_path / "完工.png"
    photo.write_bytes(PNG)
    with visitors(live_site.url) as people:
        page = people.window(PHONE, session=company)
        page.goto("/desk/orders/")
        page.get_by_role("link", name="厨房水管漏水，请上门维修").click()
        assert "陈*英" in page.content()
        page.get_by_role("button", name="接单", exact=True).click()
        page.get_by_role("button", name="查看完整信息").click()
        page.get_by_text("南园新村12幢302室").wait_for()
        page.goto(address)
        page.set_input_files("input[type=file]", str(photo))
        page.get_by_role("button", name="上传").click()
        page.get_by_role("link", name="完工.png").wait_for()
        page.locator("form[action$=finish\\/] textarea").fill("换了水管")
        page.get_by_role("button", name="报完工").click()
        page.get_by_text("居民会收到确认和评价的邀请").wait_for()
        resident = people.window(PHONE)
        resident.goto("/service/")
        resident.fill("[name=number]", number)
        resident.fill("[name=code]", code)
        resident.get_by_role("button", name="下一步").click()
        resident.get_by_label("非常满意").check()
        resident.get_by_role("button", name="确认完工并交出评价").click()
        resident.get_by_text("谢谢您的评价").wait_for()
        desk = people.window(DESK, session=clerk)
        desk.goto(address)
        page.goto(address)
        for one in (page, desk):
            assert "非常满意" in one.content()
    assert live_site.run(lambda: ServiceOrder.objects.get().state) == State.CONFIRMED
