"""A city official adds a service of five steps in three departments without code, and it works."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.axe import violations
from tests.visitors import PHONE, Visitors, aside, session_of, visitors
from tests.world import CHONGCHUAN, CITY, COMMUNITY, LAN, World, build_world
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.divisions.models import Division
from yiwang.matters.models import Matter
from yiwang.matters.sheets import load_catalogue
from yiwang.residents.actions import add_resident

pytestmark = pytest.mark.browser
TITLE = "老旧小区加装扶手补助"
# name, level, kind of unit, what it is for, days
STEPS = (
    ("入户查看", "community", "committee", "check", "2"),
    ("街道审核", "township", "civil_affairs", "review", "3"),
    ("住建勘验", "county", "housing", "check", "3"),
    ("区级批准", "county", "civil_affairs", "decide", "4"),
    ("通知送达", "community", "committee", "deliver", "1"),
)


def build() -> dict[str, str]:
    """The corner of the world with an official of the city and whoever holds the five steps."""
    if not Division.objects.filter(pk=CITY).exists():
        build_world()
    load_catalogue(only=("elder-care-subsidy",))
    world = World({one.pk: one for one in Division.objects.all()})
    actors = {
        "official": world.city_bureau,
        "committee": world.network_admin,
        "street": world.street_clerk,
        "housing": world.actor(Role.DEPARTMENT, CHONGCHUAN, "housing", "陶卫东"),
        "bureau": world.bureau_clerk,
    }
    add_resident(
        world.place(COMMUNITY), name="陈桂英", source="visit", source_label="走访",
        values={**LAN, "home_address": "南园新村12幢302室"}, by=world.network_admin,
    )  # fmt: skip
    names = {who: User.objects.get(pk=one.user_id).username for who, one in actors.items()}
    return {who: session_of(name) for who, name in names.items()}


@pytest.fixture(scope="module")
def sessions(live_site: Any) -> Any:
    return live_site.run(build)


def test_a_service_of_five_steps_is_written_published_and_works_at_once(
    live_site: Any, sessions: dict[str, str]
) -> None:
    with visitors(live_site.url) as people:
        official = people.window(session=sessions["official"])
        official.set_default_timeout(8000)
        write_the_texts(official)
        write_the_steps(official)
        the_linter_asks_for_what_is_missing(official)
        condition_and_way_back(official)
        try_it_out(official)
        on_a_telephone(people, sessions["official"], official.url)
        publish(official)
        number = accepted(people, sessions["committee"])
        walk(live_site, people, sessions, number)
        assert aside(live_site.run, _done, number) == ([one[0] for one in STEPS], "finished")


def _done(number: str) -> tuple[list[str], str]:
    matter = Matter.objects.get(number=number)
    return [one.name for one in matter.steps.filter(state="done")], matter.state


def write_the_texts(page: Page) -> None:
    page.goto("/desk/matters/catalogue/")
    page.get_by_role("link", name="新增事项").first.click()
    page.get_by_label("名称").fill(TITLE)
    page.get_by_label("服务类别").select_option("eldercare")
    page.get_by_role("button", name="开始起草").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    page.fill("[name=audience]", "六十岁以上的老小区住户")
    page.fill("[name=summary]", "给老小区楼道加装扶手的，给予补助。")
    page.fill("[name=promised_amount]", "15")
    page.get_by_role("button", name="保存，下一步").click()
    for field in ("name", "phone", "home_address"):
        page.get_by_label("加一项").select_option(field)
        page.get_by_role("button", name="加进表单").click()
    expect(page.locator(".m-list-edit li")).to_have_count(3)
    page.get_by_role("button", name="保存，下一步").click()
    page.get_by_role("button", name="加一份材料").click()
    page.get_by_label("名称", exact=False).first.fill("楼道照片")
    page.get_by_role("button", name="保存，下一步").click()
    expect(page).to_have_url(re.compile("variants"))
    page.get_by_role("button", name="保存，下一步").click()
    expect(page).to_have_url(re.compile("/steps/"))


def write_the_steps(page: Page) -> None:
    for number, (name, level, unit, kind, days) in enumerate(STEPS):
        page.get_by_label("新环节的名称").fill(name)
        page.get_by_role("button", name="加一个环节").last.click()
        page.get_by_label("哪一级").select_option(level)
        page.get_by_label("哪一类单位").select_option(unit)
        page.get_by_label("性质").select_option(kind)
        page.fill("[name=amount]", days)
        if number == 2:
            page.get_by_label("与上一个环节同时办理").check()
        page.get_by_role("button", name="保存，回到全部环节").click()
        expect(page.locator(".m-list-edit > li")).to_have_count(number + 1)


def the_linter_asks_for_what_is_missing(page: Page) -> None:
    """A step moved to the end is asked about at once; one press takes it back."""
    page.get_by_role("button", name="删除 通知送达").click()
    page.get_by_role("button", name="删除 区级批准").click()
    expect(page.locator("#r-state")).to_contain_text("它不能作决定")
    page.get_by_role("button", name="撤销上一步").click()
    expect(page.locator(".m-list-edit > li")).to_have_count(4)
    expect(page.locator("#r-state")).to_contain_text("可以发布")
    page.get_by_label("新环节的名称").fill("通知送达")
    page.get_by_role("button", name="加一个环节").last.click()
    expect(page.locator("#r-state")).to_contain_text("请选择哪一类单位来办")
    page.get_by_label("哪一级").select_option("community")
    page.get_by_label("哪一类单位").select_option("committee")
    page.get_by_label("性质").select_option("deliver")
    # The list is live: nothing was sent by a button.
    expect(page.locator("#r-state")).to_contain_text("可以发布")
    page.fill("[name=amount]", "1")
    page.get_by_role("button", name="保存，回到全部环节").click()


def condition_and_way_back(page: Page) -> None:
    page.get_by_role("link", name="修改 区级批准").click()
    page.get_by_label("退回到").select_option(label="入户查看")
    page.get_by_role("button", name="保存，回到全部环节").click()
    page.get_by_role("link", name="修改 通知送达").click()
    page.get_by_label("按什么分").select_option(label="区级批准")
    page.get_by_role("button", name="加一个条件").click()
    page.locator(".m-rule").get_by_label("同意", exact=True).check()
    page.get_by_role("button", name="保存，回到全部环节").click()
    steps = page.locator(".m-list-edit")
    expect(steps).to_contain_text("只在“区级批准”是“同意”时办理")
    expect(steps).to_contain_text("不同意时退回到“入户查看”，最多 1 次")
    assert violations(page) == []


def try_it_out(page: Page) -> None:
    page.get_by_role("link", name="检查和试办").last.click()
    page.get_by_label("找村（居）").fill("南园")
    page.get_by_role("button", name="查找").click()
    page.locator("[name=step-step_4]").select_option("declined_first")
    page.get_by_role("button", name="试办").first.click()
    found = page.locator("#rehearsed")
    expect(found.locator("tbody tr")).to_have_count(9)  # five steps, four of them twice
    expect(found).to_contain_text("第 2 次")
    expect(found).to_contain_text("崇川区住房和城乡建设局")
    assert violations(page) == []


def on_a_telephone(people: Visitors, session: str, address: str) -> None:
    page = people.window(PHONE, session=session, language="en")
    for part in ("check/", "steps/", "steps/step_4/", "basics/", "fields/", "materials/"):
        page.goto(re.sub(r"check/.*", part, address))
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], part
        assert violations(page) == [], part


def publish(page: Page) -> None:
    page.get_by_role("link", name="下一步：发布").click()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("已发布")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)


def accepted(people: Visitors, session: str) -> str:
    page = people.window(session=session)
    page.goto(f"/desk/matters/accept/?q={TITLE}")
    page.locator("#items button").first.click()
    page.locator("#person-q").fill("陈桂英")
    page.keyboard.press("Enter")
    page.locator("#people button").first.click()
    page.locator("button[name=do][value=next]").last.click()
    page.locator("button[name=do][value=accept]").wait_for()
    for box in page.locator("[name=tick]").all():
        box.check()
    page.locator("label:has([name=signature_manner][value=paper])").click()
    page.fill("[name=witness]", "周敏")
    page.locator("button[name=do][value=accept]").click()
    expect(page.get_by_text("已受理。")).to_be_visible()
    return re.sub(r"\D", "", page.locator(".m-number").inner_text())


def walk(site: Any, people: Visitors, sessions: dict[str, str], number: str) -> None:
    """Everybody finds the matter waiting and does the next step."""
    doers = ("committee", "street", "housing", "bureau", "committee")
    for at, who in enumerate(doers):
        page = people.window(session=sessions[who])
        page.goto(f"/desk/matters/{number}/")
        last = at == len(doers) - 1
        name = "办结" if last else "完成环节"
        page.locator(".hero").get_by_role("link", name=name).click()
        box = page.locator("dialog[open]")
        if last:
            box.locator("[name=granted]").first.check(force=True)
            box.locator("[name=text]").fill("准予补助，扶手已安装。")
        box.get_by_role("button", name=f"确认{name}").click()
        expect(page.locator("dialog[open]")).to_have_count(0)
