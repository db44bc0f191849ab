"""The resident's word on a telephone, and a sample whose finding nobody mends (J04 step 8, J08 step 10)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.visitors import DESK, PHONE, aside, session_of, visitors
from tests.world import COMMUNITY, LAN, STREET, World, build_world
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Matter, ServiceItem, Step
from yiwang.matters.reads import planned
from yiwang.matters.sheets import load_catalogue
from yiwang.notifications.models import Message
from yiwang.notifications.reads import link_of
from yiwang.quality.actions import publish_standard
from yiwang.quality.jobs import tell_missed
from yiwang.quality.models import Finding
from yiwang.residents.actions import add_resident

from .conftest import ITEM, JPG, POINTS

pytestmark = pytest.mark.browser


def build() -> dict[str, str]:
    """A matter that ended and was handed over two days ago; gives sessions, its number, its link."""
    world = build_world()
    load_catalogue(only=(ITEM,))
    publish_standard(ServiceItem.objects.get(code=ITEM), points=POINTS, by=Actor.system())
    admin = world.network_admin
    with circumstances(at=timezone.now() - timedelta(days=2)):
        number = _handed_over(world, admin)
    township = world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre", "丁网")
    names = {key: User.objects.get(pk=one.user_id).username
             for key, one in (("admin", admin), ("township", township))}  # fmt: skip
    link = link_of(Message.objects.get(kind="rating"))["link"]
    sessions = {key: session_of(name) for key, name in names.items()}
    return {"number": number, "link": link, **sessions}


def _handed_over(world: World, admin: Actor) -> str:
    resident = add_resident(world.place(COMMUNITY), name="陈桂英", values=LAN, by=admin)
    papers = [HandedIn(need.code) for need in planned(ITEM).guide.materials]
    matter = actions.accept_matter(
        world.place(COMMUNITY), item=ITEM, resident=resident, answers={}, channel="window",
        materials=papers, by=admin,
    )  # fmt: skip
    steps = Step.objects.select_related("matter", "unit").filter(state="active")
    for by in (admin, world.street_clerk):
        actions.complete_step(steps.get(matter=matter), by=by)
    actions.finish_matter(
        steps.get(matter=matter), granted=True, text="准予", by=world.bureau_clerk
    )
    matter = Matter.objects.get(pk=matter.pk)
    actions.deliver_result(matter, how="window", receiver="陈桂英", by=admin)
    return matter.number


def missed() -> int:
    Finding.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    return tell_missed()


@pytest.fixture(scope="module")
def site(live_site: Any) -> Any:
    return live_site, live_site.run(build)


def test_a_bad_rating_by_link_is_followed_up_and_reopened_once(site):
    live, town = site
    base = f"/desk/matters/{town['number']}/rating/"
    with visitors(live.url) as people:
        phone = people.window(PHONE)
        phone.goto(town["link"])
        phone.locator("[name=grade][value='1']").check()
        phone.locator("[name=reasons][value='等候太久']").check()
        phone.fill("[name=comment]", "等了一上午")
        phone.locator("main form button").click()
        expect(phone.locator("h1")).to_have_text("谢谢您的评价")
        phone.goto(town["link"])  # the link is worth one rating
        expect(phone.locator("main form")).to_have_count(0)

        desk = people.window(DESK, session=town["admin"])
        desk.goto("/desk/matters/follow-ups/")
        desk.locator("main table a.cell-main").click()
        answer = "main form.card-b"
        desk.fill("[name=answer]", "已经解释")
        desk.locator(f"{answer} button.btn-primary").click()
        expect(desk.locator("main")).to_contain_text("须写明理由")
        for _turn in range(2):  # dissatisfied twice, done again once
            desk.goto(base)
            desk.select_option("[name=grade] >> nth=-1", "2")
            desk.locator("[name=opinion]").fill("还是没到账")
            desk.locator(f"form[action='{base}call-back/'] button").click()
            expect(desk.locator("#h-re")).to_be_visible()
        desk.goto("/desk/matters/follow-ups/")
        desk.locator("main table a.cell-main").click()
        desk.fill("[name=answer]", "已经解释")
        desk.fill("[name=reason]", "依规定办理，已转上一级重办")
        desk.locator(f"{answer} button.btn-primary").click()
        desk.goto("/desk/matters/reopened/")
        expect(desk.locator("main tbody tr")).to_have_count(1)
        desk.locator("main tbody a.cell-main").click()
        expect(desk.locator("#h-1")).to_have_text("首次结果")

        above = people.window(DESK, session=town["township"])
        above.goto("/desk/matters/ratings/against/")
        expect(above.locator("main tbody")).to_contain_text("依规定办理，已转上一级重办")


def test_a_sampled_finding_that_nobody_mends_is_told_to_the_township(site):
    live, town = site
    today = timezone.localdate()
    with visitors(live.url) as people:
        desk = people.window(DESK, session=town["township"])
        desk.goto("/desk/quality/samples/")
        desk.fill("[name=first]", str(today - timedelta(days=9)))
        desk.fill("[name=last]", str(today - timedelta(days=1)))
        desk.select_option("[name=kind]", "visit")
        desk.locator("main form.card-b button").click()
        expect(desk.locator("main")).to_contain_text("重抽一致")
        desk.locator("main tbody a.cell-main").click()
        desk.check("[name=p1][value=fail]")
        desk.check("[name=p2][value=none]")
        desk.fill("[name=note]", "饭送到已经凉了")
        desk.locator("main form.card-b button.btn-lg").click()
        expect(desk.locator("#h-f")).to_be_visible()
        assert aside(live.run, missed) == 1
        desk.goto("/desk/quality/findings/?state=missed")
        expect(desk.locator("main tbody")).to_contain_text("暂缓结算")
        expect(desk.locator("main tbody")).to_contain_text("城东街道")

        phone = people.window(PHONE, session=town["admin"])
        phone.goto("/desk/quality/findings/")
        phone.locator("main tbody a.cell-main").click()
        phone.fill("[name=action]", "换了保温箱")
        photo: Any = {"name": "改后.jpg", "mimeType": "image/jpeg", "buffer": JPG}
        phone.set_input_files("[name=upload]", photo)
        phone.locator("main form.card-b button.btn-lg").click()
        expect(phone.locator("main")).to_contain_text("待复查")
        desk.locator("main tbody a.cell-main").click()
        desk.check("[name=passed][value=yes]")
        desk.fill("[name=text]", "65度")
        desk.locator("#h-re >> xpath=ancestor::section >> button").click()
        expect(desk.locator("main")).to_contain_text("复查合格")
