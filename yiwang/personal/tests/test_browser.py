"""A telephone, an elder, a window: and nothing personal left behind (issue 3, EXP-20, EXP-21)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.axe import look
from tests.visitors import DESK, PHONE, Visitors, aside, session_of, visitors
from tests.world import CITY, COMMUNITY, World, build_world
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.memory import forget
from yiwang.core.models import JournalLine
from yiwang.personal import actions
from yiwang.personal.jobs import keep_rules, watch_looks
from yiwang.personal.models import DestructionList, Finding, RightsRequest
from yiwang.personal.reads import own_actor
from yiwang.residents.actions import change_resident, reveal_field
from yiwang.residents.models import Resident

from .conftest import DAUGHTER_PHONE, ELDER_PHONE, PASSWORD, build_family, open_account

pytestmark = pytest.mark.browser
NAMES = re.compile("陈.英|刘.|周敏.*|中文")
SECRETS = ("陈桂英", "320690194703120026", ELDER_PHONE, "302室", PASSWORD)


@dataclass
class Scene:
    """Who sits where."""

    elder: int
    request: str
    finding: str
    drawn: str
    admin: str
    officer: str


def build_scene() -> Scene:
    """A family with an account, a daughter who may act, requests, look-ups and a list."""
    forget("")
    world: World = build_world()
    family = build_family(world)
    by = world.network_admin
    elder = family.elder
    values = {
        "living_situation": "alone",
        "employer": "南通棉纺厂",
        "emergency_phone": "15400008877",
    }
    change_resident(elder, changes=values, source="visit", source_label="走访", by=by)
    Resident.objects.filter(pk=family.child.pk).update(fresh_until="2019-01-01")
    open_account(elder, ELDER_PHONE, by)
    open_account(family.daughter, DAUGHTER_PHONE, Actor.system())
    actions.grant_authorisation(
        elder, holder=family.daughter, relation="女儿", scopes=["data", "book"], basis="herself",
        by=own_actor(elder),
    )  # fmt: skip
    asked = actions.ask_for_right(
        elder, kind="delete", field="employer", words="早就退休了", by=own_actor(elder)
    )
    for _turn in range(20):
        reveal_field(elder, field="phone", reason="核对补贴资格", by=by)
    watch_looks()
    keep_rules()
    world.post(Role.DATA_OFFICER, CITY, "data_bureau", "郭平")
    return Scene(
        elder.pk, asked.get_absolute_url(), Finding.objects.exclude(kind="night").get().get_absolute_url(),
        DestructionList.objects.get().get_absolute_url(),
        f"n3-{COMMUNITY}-committee", f"a2-{CITY}-data_bureau",
    )  # fmt: skip


@pytest.fixture(scope="module")
def scene(live_site: Any) -> Scene:
    made: Scene = live_site.run(build_scene)
    return made


@pytest.fixture
def people(scene: Scene, live_site: Any) -> Iterator[Visitors]:
    with visitors(live_site.url) as found:
        yield found


PATIENCE = 120_000  # milliseconds: a busy machine is no fault of the page
expect.set_options(timeout=PATIENCE)


def window(people: Visitors, size: Any, *, session: str = "") -> Page:
    """A fresh window that waits as long as a busy machine needs."""
    page = people.window(size, session=session)
    page.set_default_timeout(PATIENCE)
    return page


def enter(page: Page, phone: str = ELDER_PHONE) -> None:
    page.goto("/my/sign-in/")
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    agree(page)


def agree(page: Page) -> None:
    """Read what must be read: whoever agreed before, in whatever order the tests run, goes on."""
    expect(page).to_have_url(re.compile("/my/(read/)?$"))
    page.wait_for_load_state()  # the address changes before the page stands
    if page.url.endswith("/my/read/"):
        agreed = page.get_by_label("网上账号")
        if agreed.count():
            agreed.check()
        page.get_by_role("button", name="我看过了").click()
    expect(page).to_have_url(re.compile("/my/$"))


def test_an_elder_opens_her_account_and_confirms_with_one_tap(people, scene, live_site):
    code = aside(live_site.run, _new_code, scene.elder)
    page = window(people, PHONE)
    page.goto("/?size=elder")
    page.get_by_role("link", name="我的信息").click()
    page.get_by_role("link", name="第一次登录").click()
    page.get_by_label("手机号").fill(ELDER_PHONE)
    page.get_by_label("登录码").fill(code)
    page.get_by_label("设一个密码").fill(PASSWORD)
    page.get_by_label("再输一次密码").fill(PASSWORD)
    page.get_by_role("button", name="开通并登录").click()
    agree(page)
    page.get_by_role("link", name="我的信息").first.click()
    # The telephone may be under correction by her daughter, whichever test runs first.
    page.get_by_role("button", name="正确 现住址").click()
    expect(page.get_by_text("已经确认")).to_be_visible()


def _new_code(pk: int) -> str:
    elder = Resident.objects.get(pk=pk)
    return actions.issue_code(
        elder, phone=ELDER_PHONE, manner="counter", document="身份证", by=Actor.system()
    ).secret


def test_a_daughter_acts_for_her_mother_and_the_page_says_so(people, scene, live_site):
    page = window(people, PHONE)
    enter(page, DAUGHTER_PHONE)
    page.get_by_role("button", name="代陈*英办理").click()
    expect(page.get_by_text("正在代 陈*英 办理")).to_be_visible()
    page.goto("/my/data/")
    expect(page.locator("svg.watermark")).to_have_count(1)
    page.get_by_role("link", name="更正 联系电话").click()
    page.get_by_label("联系电话").fill("15400009999")
    page.get_by_role("button", name="交给社区核实").click()
    expect(page.get_by_text("社区收到了")).to_be_visible()
    held = aside(
        live_site.run, lambda: list(RightsRequest.objects.values_list("holder_id", "kind"))
    )
    assert any(holder and kind == "correct" for holder, kind in held)
    page.get_by_role("button", name="回到自己").click()
    expect(page.get_by_text("刘芳")).to_be_visible()


def addresses(scene: Scene) -> dict[str, list[str]]:
    """Every page, by who opens it."""
    return {
        "": ["/my/sign-in/", "/my/code/", "/my/notice/"],
        "own": ["/my/", "/my/data/", "/my/data/phone/correct/", "/my/looks/", "/my/copy/",
                "/my/requests/", "/my/requests/new/", "/my/consents/", "/my/agents/",
                "/my/agents/new/", "/my/account/"],
        scene.admin: ["/desk/personal/", scene.request,
                      f"/desk/personal/residents/{scene.elder}/",
                      f"/desk/personal/residents/{scene.elder}/code/",
                      f"/desk/personal/residents/{scene.elder}/ask/",
                      f"/desk/personal/residents/{scene.elder}/agent/"],
        scene.officer: ["/desk/personal/retention/", "/desk/personal/findings/", scene.finding,
                        scene.drawn, "/desk/personal/notice/"],
    }  # fmt: skip


CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
WORDS = "main h1, main h2, main label, main th, main dt, main .btn"


def windows(people: Visitors, scene: Scene, live_site: Any, size: Any) -> Iterator[Any]:
    """A window for everybody who has pages, and the addresses of these."""
    for who, pages in addresses(scene).items():
        cookie = aside(live_site.run, session_of, who) if "-" in who else ""
        page = window(people, size, session=cookie)
        if who == "own":
            enter(page)
        else:
            page.goto("/my/notice/")
        yield page, pages


def test_on_a_telephone_nobody_is_shut_out_and_nothing_runs_over_the_edge(people, scene, live_site):
    faults = []
    for page, pages in windows(people, scene, live_site, PHONE):
        for address in pages:
            page.goto(address)
            faults += look(page)
    assert faults == []


def test_in_english_no_chinese_sentence_is_left_and_nothing_runs_over_the_edge(
    people, scene, live_site
):
    """Names, and what staff and residents wrote, stay as they were written."""
    faults = []
    for page, pages in windows(people, scene, live_site, DESK):
        page.context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": live_site.url}]
        )
        for address in pages:
            page.goto(address)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            faults += [f"{address} is {wide} px too wide"] if wide > 0 else []
            said = page.locator(WORDS).all_inner_texts()
            faults += [f"{address} {text}" for text in said if CHINESE.search(NAMES.sub("", text))]
    assert faults == []


def test_nothing_personal_is_left_in_logs_addresses_error_pages_or_the_browser(
    people, scene, live_site
):
    page = window(people, PHONE)
    seen: list[str] = []
    page.on("request", lambda sent: seen.append(sent.url))
    enter(page)
    for address in addresses(scene)["own"]:
        page.goto(address)
    page.goto("/my/data/phone/correct/")
    page.get_by_label("联系电话").fill("12")
    page.get_by_role("button", name="交给社区核实").click()
    for wrong in ("/my/nonsense/", "/my/data/nonsense/correct/", "/desk/personal/"):
        answer = page.goto(wrong)
        assert answer is not None
        assert not any(secret in answer.text() for secret in SECRETS), wrong
    page.goto("/my/account/")
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("已退出。")).to_be_visible()
    left = page.evaluate(
        """async () => JSON.stringify([
            Object.entries(localStorage), Object.entries(sessionStorage), document.cookie,
            document.body.innerText, await indexedDB.databases(), await caches.keys(),
        ])"""
    )
    kept = page.context.cookies()
    assert not any(one["name"] == "yw-resident" for one in kept)
    page.go_back()
    expect(page).to_have_url(re.compile("/my/sign-in/"))
    _wrong_tries(page)
    told = [*seen, left, str(kept), live_site.log.read_text(encoding="utf-8")]
    found = [secret for secret in SECRETS for text in told if secret in text]
    assert found == []
    lines = aside(live_site.run, _journal)
    assert not any(secret in lines for secret in SECRETS[1:])


def _wrong_tries(page: Page) -> None:
    """A log-in that fails, and one with a broken token: both leave no trace of the number."""
    page.goto("/my/sign-in/")
    page.get_by_label("手机号").fill("15499990000")
    page.get_by_label("密码").fill("wrong-password-1")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("不对")
    answer = page.request.post("/my/sign-in/", form={"phone": ELDER_PHONE, "password": PASSWORD})
    assert answer.status == 403
    assert PASSWORD not in answer.text()


def _journal() -> str:
    rows = JournalLine.objects.filter(act__startswith="personal.")
    return str(list(rows.values_list("by", "facts", "reason", "subject_id")))
