"""A telephone in the elder edition: from the number to the rating, without any script."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from tests.axe import MODES, look
from tests.visitors import CHROMIUM, FLAGS
from tests.world import COMMUNITY

from .conftest import LAST_FOUR
from .town import Town, build_town

pytestmark = pytest.mark.browser
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def town(live_site: Any) -> Town:
    made: Town = live_site.run(build_town)
    return made


@pytest.fixture(scope="module")
def chromium(town: Town) -> Iterator[Browser]:
    # The town first: the browser's event loop keeps the ORM from working in this thread.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_site(chromium: Browser, live_site: Any) -> Iterator[Any]:
    """A fresh browser of some size and mode; at its end nothing may stand in the console."""
    faults: list[str] = []
    contexts = []

    def do(
        mode: str = "standard", *, size: ViewportSize = PHONE, script: bool = True, **cookies: str
    ) -> Page:
        context = chromium.new_context(
            viewport=size,
            java_script_enabled=script,
            base_url=live_site.url,
            locale="zh-CN",
        )
        contexts.append(context)
        kept = {**MODES[mode], **cookies}
        context.add_cookies(
            [{"name": name, "value": value, "url": live_site.url} for name, value in kept.items()]
        )
        page = context.new_page()
        page.on("console", lambda said: faults.append(said.text) if _is_fault(said) else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        return page

    yield do
    for context in contexts:
        context.close()
    assert faults == []


def _is_fault(said: Any) -> bool:
    """Any error of the console but the note that a form was answered with its faults (422)."""
    return said.type == "error" and "422" not in said.text


def prove(page: Page, number: str) -> None:
    page.goto("/track/")
    page.get_by_label("编号").fill(number)
    page.get_by_label("手机号末四位").fill(LAST_FOUR)
    page.get_by_role("button", name="查询").click()


def test_an_elder_tracks_and_rates_without_scripts(open_site, town, live_site):
    page = open_site("elder", script=False)
    page.goto("/")
    expect(page.get_by_role("link", name="打热线电话")).to_be_visible()
    page.get_by_role("link", name="查办事进度").click()
    page.get_by_label("编号").fill(town.finished)
    page.get_by_label("手机号末四位").fill("0001")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("alert")).to_contain_text("还可以试 4 次")
    page.get_by_label("手机号末四位").fill(LAST_FOUR)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("已经办好").first).to_be_visible()
    page.get_by_role("link", name="我来评价").click()
    page.get_by_label("基本满意").check()
    page.get_by_label("办得快").check()
    page.get_by_role("button", name="交出评价").click()
    expect(page.get_by_role("heading", name="谢谢您的评价")).to_be_visible()
    page.get_by_role("link", name="回首页").click()
    expect(page).to_have_url(f"{live_site.url}/")
    page.goto(f"/track/{town.finished}/")
    expect(page.get_by_text("基本满意")).to_be_visible()
    expect(page.get_by_role("link", name="我来评价")).to_have_count(0)


def test_a_visitor_finds_the_community_and_a_guide(open_site, town):
    page = open_site(size=DESK)
    page.goto("/")
    page.get_by_label("社区名称").fill("南园")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("button", name="南园社区").click()
    expect(page.get_by_text("0513-0000 0134").first).to_be_visible()
    page.get_by_label("想办什么事").fill("津贴")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name="高龄津贴").first.click()
    expect(page.get_by_role("heading", name="要什么材料")).to_be_visible()


def addresses(town: Town) -> list[str]:
    return [
        "/", "/search/?q=津贴", "/search/?q=没有的", "/choose/", f"/community/{COMMUNITY}/",
        "/services/?category=eldercare", "/services/elder-nursing-subsidy/?version=1", "/track/",
        f"/track/{town.working}/", f"/track/{town.correcting}/",
        f"/track/{town.correcting}/correct/", f"/track/{town.second}/rate/",
        f"/track/{town.second}/result/", f"/verify/{town.code}/", "/about/", "/about/promise/",
    ]  # fmt: skip


def test_nobody_is_shut_out_and_nothing_runs_over_the_edge(open_site, town):
    page = open_site(**{"yw-community": str(COMMUNITY)})
    for number in (town.working, town.correcting, town.second):
        prove(page, number)
    found = []
    for address in addresses(town):
        page.goto(address)
        found += look(page)
    assert found == []


def test_in_the_elder_edition_targets_are_large_and_entries_few(open_site, town):
    page = open_site("elder", **{"yw-community": str(COMMUNITY)})
    page.goto("/")
    entries = page.locator("nav.big a:visible")
    assert 1 <= entries.count() <= 7
    for number in range(entries.count()):
        box = entries.nth(number).bounding_box()
        assert box is not None
        assert box["height"] >= 60


def test_a_guide_prints_on_at_most_two_sheets(open_site, town):
    page = open_site(size=DESK)
    page.goto("/services/elder-nursing-subsidy/")
    assert page.pdf(format="A4").count(b"/Type /Page\n") <= 2
