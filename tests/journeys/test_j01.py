"""J01, the city starts the programme: steps 1, 2 and 4, from an empty installation."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import cast

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.installations import ROOT, Installation, made
from tests.visitors import DESK, PHONE, Visitors, visitors

pytestmark = pytest.mark.browser
PASSWORD, NEW_PASSWORD = "Blue-calico-11", "Green-harbour-27"
HAIMEN, CHONGCHUAN, ZONE, HAIAN = 320614000000, 320613000000, 320671000000, 320685000000
SLOWLY = 180_000  # milliseconds: the whole city is loaded by one click


@pytest.fixture(scope="module")
def empty_site() -> Iterator[str]:
    """A migrated installation without a single account, served by the ordinary command."""
    installation = made("journey")
    done = installation.yiwang("migrate")
    assert done.returncode == 0, done.stderr
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        port = it.getsockname()[1]
    yield from _served(installation, port)
    installation.remove()


def _served(installation: Installation, port: int) -> Iterator[str]:
    url, log = f"http://127.0.0.1:{port}", installation.folder / "serve.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            installation.command("serve", "--port", str(port), "--workers", "1"),
            env=installation.surroundings(),
            cwd=ROOT,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        while url not in log.read_text().splitlines():
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def sign_in(page: Page, name: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="登录", exact=True).click()


def test_the_city_starts_and_the_county_sees_its_own_part(empty_site):
    with visitors(empty_site) as people:
        page = people.window()
        first_start(page)
        for size in (DESK, PHONE):
            page.set_viewport_size(cast("ViewportSize", size))
            the_tree_shows_the_whole_city(page)
        page.set_viewport_size(cast("ViewportSize", DESK))
        classes_are_marked(page)
        passwords = posts_are_given(page)
        haimen_sees_haimen_alone(people, passwords["zhao.qing"])


def first_start(page: Page) -> None:
    """Step 1: the seed of the city is chosen, then the first administrator is made."""
    page.goto("/desk/")
    page.goto("/desk/accounts/first-start/")
    expect(page.get_by_role("heading", name="首次启动")).to_be_visible()
    expect(page.locator("main")).to_contain_text("南通市")
    page.get_by_role("button", name="以南通市开始").click()
    expect(page.get_by_text("基础数据已经装好。")).to_be_visible(timeout=SLOWLY)
    page.fill("[name=name]", "沈立")
    page.fill("[name=username]", "shen.li")
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.get_by_role("button", name="建立管理员").click()
    expect(page.get_by_text("第一位系统管理员已建立")).to_be_visible()
    sign_in(page, "shen.li", PASSWORD)
    expect(page).to_have_url(re.compile("/desk/"))
    page.goto("/desk/accounts/first-start/")
    expect(page.get_by_role("heading", name="首次启动")).to_have_count(0)


def the_tree_shows_the_whole_city(page: Page) -> None:
    """Step 1, what is visible: 8 / 136 / 2,005, and what 海安市 was called."""
    page.goto("/desk/divisions/")
    head = page.locator(".page-h")
    expect(head).to_contain_text("8 个县（市、区）")
    expect(head).to_contain_text("136 个乡镇（街道）")
    expect(head).to_contain_text("2,005 个村（居）")
    page.goto(f"/desk/divisions/{HAIAN}/")
    expect(page.locator("main")).to_contain_text("原海安县")


def classes_are_marked(page: Page) -> None:
    """Step 2: the urban core is marked, and the villages of 平潮镇 are rural by default."""
    core = page.locator("main section").first.locator(".chip").filter(has_text=re.compile("^市区$"))
    for key in (CHONGCHUAN, ZONE):
        classify(page, key, core=False, phase="2")
        expect(core).to_have_count(0)
        classify(page, key, core=True, phase="1")
        expect(core).to_be_visible()
    page.goto("/desk/divisions/?q=平潮镇")
    page.get_by_role("link", name="平潮镇").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("平潮镇")
    village = page.locator("tr, li").filter(has_text="村").get_by_role("link").first
    village.click()
    expect(page.locator("main")).to_contain_text("农村")


def classify(page: Page, key: int, *, core: bool, phase: str) -> None:
    page.goto(f"/desk/divisions/{key}/classify/")
    page.set_checked("[name=urban_core]", core)
    page.fill("[name=kiosk_phase]", phase)
    page.fill("[name=document]", "通政发〔2026〕1号")
    page.fill("[name=effective_on]", "2026-11-01")
    page.fill("[name=reason]", "划定市区和便民亭批次")
    page.get_by_role("button", name="保存").click()
    expect(page).to_have_url(re.compile(f"/divisions/{key}/$"))


def posts_are_given(page: Page) -> dict[str, str]:
    """Step 4: the city's people and the group of 海门区 get accounts and posts."""
    return {
        "wang.bin": give_post(page, "王斌", "wang.bin", 320600000000, "G1", "民政"),
        "xu.ming": give_post(page, "徐明", "xu.ming", 320600000000, "G2", "民政"),
        "zhao.qing": give_post(page, "赵清", "zhao.qing", HAIMEN, "G5", "民政"),
        "qian.jin": give_post(page, "钱进", "qian.jin", HAIMEN, "G7", "财政"),
    }


def give_post(page: Page, name: str, username: str, place: int, role: str, unit: str) -> str:
    page.goto(f"/desk/accounts/people/new/?division={place}")
    page.fill("[name=name]", name)
    page.fill("[name=username]", username)
    page.get_by_role("button", name="开通").click()
    password = page.locator("main code").inner_text().strip()
    page.goto("/desk/accounts/people/?q=" + username)
    page.get_by_role("link", name=name).first.click()
    number = re.search(r"/people/(\d+)/", page.url)
    assert number
    page.goto(f"/desk/accounts/people/{number.group(1)}/appoint/?division={place}")
    options = page.locator("select[name=unit] option").all_inner_texts()
    page.locator("select[name=unit]").select_option(
        label=next(one for one in options if unit in one)
    )
    page.select_option("select[name=role]", role)
    page.get_by_role("button", name="任命", exact=True).click()
    expect(page.get_by_text("已任命")).to_be_visible()
    return password


def haimen_sees_haimen_alone(people: Visitors, password: str) -> None:
    """Step 4, what is visible, on a telephone: whoever signs in as G5 sees 海门区 and nothing beside it."""
    page = people.window(PHONE)
    sign_in(page, "zhao.qing", password)
    expect(page.get_by_role("heading", level=1)).to_contain_text("密码")
    fields = page.locator("main input[type=password]")
    for index, text in enumerate((password, NEW_PASSWORD, NEW_PASSWORD)):
        fields.nth(index).fill(text)
    page.locator("main form button.btn-primary").first.click()
    page.goto("/desk/accounts/people/")
    expect(page.locator("main")).to_contain_text("钱进")
    expect(page.locator("main")).not_to_contain_text("王斌")
    page.goto("/desk/divisions/")
    expect(page.locator("main")).to_contain_text("海门区")
    for other in ("崇川区", "如东县", "启东市"):
        expect(page.locator("main")).not_to_contain_text(other)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
