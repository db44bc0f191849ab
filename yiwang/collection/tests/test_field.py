"""Telephones in the stairwell: 200 forms, no network, a restart, two devices on one household."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.visitors import CHROMIUM, FLAGS, PHONE, aside, session_of
from tests.world import COMMUNITY, STREET, World, build_world
from yiwang.accounts.roles import Role
from yiwang.collection import actions
from yiwang.collection.actions.campaigns import Order
from yiwang.collection.models import Item, Submission
from yiwang.residents.models import (
    Dwelling,
    Household,
    Resident,
    Source,
    SourceKind,
    SourceRecord,
)

from .place import checker, phone, worker

pytestmark = pytest.mark.browser
HOMES = 199
SLOWLY = 600_000  # milliseconds: 200 forms one by one on a machine that others use too
FIELD = "/desk/collection/field/"
NAME, FIRST_PHONE = "欧阳文静", phone(0)

# Fills the first n forms that wait: everything is as before.
FILL = """async n => {
  const until = async ok => { while (!ok()) await new Promise(r => setTimeout(r, 5)); };
  const list = () => [...document.querySelectorAll('#c-list li')].filter(
    li => li.querySelector('.chip').textContent === '待采集');
  for (let k = 0; k < n; k++) {
    const before = list().length;
    list()[0].querySelector('button').click();
    await until(() => !document.getElementById('c-sheet').hidden);
    document.querySelectorAll('#c-fields [data-same]').forEach(c => { c.checked = true; });
    document.getElementById('c-sheet').requestSubmit();
    await until(() => !document.getElementById('c-listing').hidden && list().length === before - 1);
  }
}"""
# Everything the browser holds, as text: databases byte by byte, caches, storages.
STORED = """async () => {
  let said = JSON.stringify(localStorage) + JSON.stringify(sessionStorage);
  const show = v => v instanceof ArrayBuffer || ArrayBuffer.isView(v)
    ? new TextDecoder().decode(v) : v && typeof v === 'object' && !(v instanceof CryptoKey)
    ? Object.values(v).map(show).join(' ') : String(v);
  for (const one of await indexedDB.databases()) {
    const db = await new Promise(done => {
      const r = indexedDB.open(one.name); r.onsuccess = () => done(r.result); });
    for (const store of db.objectStoreNames) {
      const rows = await new Promise(done => {
        const r = db.transaction(store).objectStore(store).getAll();
        r.onsuccess = () => done(r.result); });
      said += rows.map(show).join(' ');
    }
    db.close();
  }
  for (const name of await caches.keys())
    for (const key of await (await caches.open(name)).keys())
      said += await (await caches.match(key)).text();
  return said;
}"""
LEFT = """async () => [
  (await indexedDB.databases()).map(d => d.name), await caches.keys(),
  (await navigator.serviceWorker.getRegistrations()).length]"""


def build_street() -> tuple[str, str]:
    """199 households whose telephone has grown old, and two workers of the community."""
    world: World = build_world()
    homes = Dwelling.objects.bulk_create(
        Dwelling(division_id=COMMUNITY, address=f"南园新村1幢{n}室", estate="南园新村",
                 building="1", room=str(n)) for n in range(HOMES)
    )  # fmt: skip
    households = Household.objects.bulk_create(
        Household(division_id=COMMUNITY, number=f"户{n:03d}", dwelling=home)
        for n, home in enumerate(homes)
    )
    people = []
    for n, household in enumerate(households):
        one = Resident(division_id=COMMUNITY, household=household, dwelling=household.dwelling)
        one.put_name(NAME)
        one.put_phone(phone(n))
        people.append(one)
    long_ago = Source(SourceKind.VISIT, on=date(2024, 3, 1))
    SourceRecord.objects.bulk_create(
        SourceRecord.objects.told(one, {"phone": phone(n)}, long_ago)
        for n, one in enumerate(Resident.objects.bulk_create(people))
    )
    order = Order(title="电话复核", reason="年度复核", fields=["phone"])
    actions.open_campaign(world.place(STREET), order=order, by=checker(world))
    second = world.actor(Role.COMMUNITY_NETWORK, COMMUNITY, "service_centre", "季红")
    users = [world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "committee").user.username]
    assert worker(world).user_id != second.user_id
    users.append(world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "service_centre").user.username)
    return users[0], users[1]


@pytest.fixture(scope="module")
def street(live_site: Any) -> tuple[str, str]:
    found: tuple[str, str] = live_site.run(build_street)
    return found


Device = Callable[[str], BrowserContext]


@pytest.fixture
def device(street: Any, live_site: Any, tmp_path: Path) -> Iterator[Device]:
    """Telephones by name: the same name again is the same telephone switched on again."""
    faults: list[str] = []
    with sync_playwright() as play:
        on: list[BrowserContext] = []

        def switch_on(name: str) -> BrowserContext:
            context = play.chromium.launch_persistent_context(
                str(tmp_path / name), executable_path=CHROMIUM, args=FLAGS,
                base_url=live_site.url, viewport=cast("ViewportSize", PHONE), locale="zh-CN",
                reduced_motion="reduce",
            )  # fmt: skip
            context.on("weberror", lambda error: faults.append(str(error.error)))
            on.append(context)
            return context

        yield switch_on
        for context in on:
            context.close()
    assert faults == []


def sign_in(context: BrowserContext, live_site: Any, user: str) -> None:
    value = aside(live_site.run, session_of, user)
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_site.url}]
    )


def take_along(page: Page) -> None:
    page.goto(FIELD)
    page.evaluate("() => navigator.serviceWorker.ready")
    page.get_by_role("button", name="取今天的表").click()
    expect(page.locator("#c-count")).to_have_text(str(HOMES), timeout=SLOWLY)


def arrived(live_site: Any) -> int:
    count: int = aside(live_site.run, Submission.objects.count)
    return count


def lose_some_answers(context: BrowserContext) -> list[str]:
    """Every seventh form reaches the server, but its answer never reaches the telephone."""
    sent: list[str] = []

    def pass_on(route: Any) -> None:
        sent.append(route.request.url)
        if len(sent) % 7 == 3:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    context.route("**/api/v1/collection/items/*/forms", pass_on)
    return sent


def test_two_hundred_forms_arrive_once_whatever_happens(street, live_site, device):
    first, second = street
    a, b = device("a"), device("b")
    sign_in(a, live_site, first)
    sign_in(b, live_site, second)
    page, other = a.pages[0], b.pages[0]
    take_along(page)
    take_along(other)
    the_other_device_fills_the_first_household(b, other)

    sent = lose_some_answers(a)
    page.evaluate(FILL, 40)
    a.set_offline(True)
    page.evaluate(FILL, 80)
    expect(page.locator("#c-banner")).to_contain_text("现在没有网络")
    stored = page.evaluate(STORED)
    for secret in (NAME, FIRST_PHONE, "南园新村1幢"):
        assert secret not in stored
    a.close()

    aside(live_site.run, Session.objects.all().delete)  # the log-in ends meanwhile
    a = device("a")
    a.set_offline(True)
    page = a.pages[0]
    page.goto(FIELD)
    expect(page.locator("#c-queue")).to_contain_text("份待送出", timeout=SLOWLY)
    page.evaluate(FILL, HOMES - 120)
    expect(page.locator("#c-list li .chip", has_text="待采集")).to_have_count(0)

    a.set_offline(False)
    expect(page.locator("#c-login")).to_be_visible(timeout=SLOWLY)
    assert arrived(live_site) < HOMES
    sign_in(a, live_site, first)
    page.goto(FIELD)
    expect(page.get_by_text("全部送出，本机已不留。")).to_be_visible(timeout=SLOWLY)

    sign_in(b, live_site, second)
    b.set_offline(False)
    other.goto(FIELD)
    expect(other.locator("#c-list .chip", has_text="两份不一致")).to_have_count(1, timeout=SLOWLY)
    assert len(sent) > 2  # so that at least one answer was lost on its way
    exactly_two_hundred_once(live_site)
    page.goto("/desk/")
    nothing_is_left_after_log_out(page)


def the_other_device_fills_the_first_household(b: BrowserContext, other: Page) -> None:
    b.set_offline(True)
    other.locator("#c-list li button").first.click()
    other.get_by_role("button", name="填好了").click()
    expect(other.get_by_text("写新的内容，或勾“没有变”。")).to_be_visible()
    other.get_by_label("联系电话").fill("13900001234")
    other.get_by_role("button", name="填好了").click()
    expect(other.locator("#c-queue")).to_have_text("1 份待送出。")


def exactly_two_hundred_once(live_site: Any) -> None:
    def look() -> tuple[int, int, dict[str, int], list[str]]:
        rows = Submission.objects.all()
        states = list(Item.objects.values_list("state", flat=True))
        clash = Item.objects.get(state="conflict")
        values = [
            str(next(iter(one.answers["people"].values()))) for one in clash.submissions.all()
        ]
        keys = set(rows.values_list("key", flat=True))
        return rows.count(), len(keys), {one: states.count(one) for one in set(states)}, values

    count, keys, states, values = aside(live_site.run, look)
    assert (count, keys) == (HOMES + 1, HOMES + 1)
    assert states == {"filled": HOMES - 1, "conflict": 1}
    assert len(values) == 2
    assert sum("13900001234" in one for one in values) == 1


def nothing_is_left_after_log_out(page: Page) -> None:
    page.locator(".top details.menu > summary", has_text="打开账户菜单").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    page.goto("/accounts/login/")
    assert page.evaluate(LEFT) == [[], [], 0]


def test_who_logs_out_with_forms_unsent_is_asked_first(street, live_site, device):
    c = device("c")
    sign_in(c, live_site, street[0])
    page = c.pages[0]
    page.goto(FIELD)
    page.evaluate("""() => collectionStore.put({id: 1}, {key: 'k', answers: {note: '欧阳文静'}})""")
    page.goto("/desk/")
    page.locator(".top details.menu > summary", has_text="打开账户菜单").click()
    page.get_by_role("button", name="退出登录").click()
    dialog = page.locator("#yw-confirm")
    expect(dialog).to_contain_text("还有 1 份表没有送出")
    dialog.get_by_role("button", name="取消").click()
    expect(page).to_have_url(live_site.url + "/desk/")
    page.locator(".top details.menu > summary", has_text="打开账户菜单").click()
    page.get_by_role("button", name="退出登录").click()
    dialog.get_by_role("button", name="确定").click()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    page.goto("/accounts/login/")
    assert page.evaluate(LEFT) == [[], [], 0]


def test_the_header_clears_the_browser_even_without_the_script(world):
    client = Client()
    client.force_login(world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "committee").user)
    assert "Clear-Site-Data" not in client.get(FIELD).headers
    answer = client.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"storage"'


def test_the_shell_and_its_worker_hold_nothing_of_anybody(world):
    client = Client()
    client.force_login(world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "committee").user)
    shell = client.get(FIELD).content.decode()
    assert "周敏" not in shell
    assert "csrfmiddlewaretoken" not in shell
    script = client.get(f"{FIELD}worker.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert "package" not in script.content.decode()
