"""J03, collect once: the network administrator's first month. Steps 1 to 15.

Left out: units located in the community (half of 7), which the tests of organisations have.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Locator, Page, expect

from config.demonstration.network import COURSE
from config.demonstration.people import Person, Population, Shares
from tests.visitors import PHONE, Visitors, aside, at_work, visitors
from tests.world import CHONGCHUAN, CITY, COMMUNITY, LAN, NEIGHBOUR, STREET, World, build_world
from yiwang.accounts.actions import end_post
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.accounts.roles import Role
from yiwang.collection import actions as collection
from yiwang.collection.actions.campaigns import Order
from yiwang.collection.models import Campaign, Item, Submission
from yiwang.core.acts import circumstances
from yiwang.core.models import JournalLine
from yiwang.core.vault import keyed_hash
from yiwang.divisions.models import Division, Kind, Level
from yiwang.liaison.actions import offer_course
from yiwang.liaison.models import DayLog
from yiwang.linkage.jobs import work_on_file
from yiwang.linkage.models import CheckTask, DepartmentFile
from yiwang.matters.actions import accept_matter
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.reads import planned
from yiwang.matters.sheets import load_catalogue
from yiwang.organizations.tests.town import code as credit_code
from yiwang.personal.models import RightsRequest
from yiwang.residents.actions import (
    add_resident,
    create_household,
    import_residents,
    open_import,
)
from yiwang.residents.models import Household, Resident, SourceRecord
from yiwang.residents.rules.reading import read_table
from yiwang.statistics.jobs import keep_figures

pytestmark = pytest.mark.browser
HAIMEN, CHANGLE, BALIE = 320614_000_000, 320614_103_000, 320614_103_208
RUGAO, RUCHENG, YINGXIN = 320682_000_000, 320682_001_000, 320682_001_001
PLACES = (
    (HAIMEN, CITY, "海门区", Kind.DISTRICT), (CHANGLE, HAIMEN, "常乐镇", Kind.TOWN),
    (BALIE, CHANGLE, "八烈村", Kind.VILLAGERS), (RUGAO, CITY, "如皋市", Kind.COUNTY_CITY),
    (RUCHENG, RUGAO, "如城街道", Kind.SUBDISTRICT), (YINGXIN, RUCHENG, "迎新社区", Kind.RESIDENTS),
)  # fmt: skip
BODIES = {CITY: ("health", "education"), HAIMEN: ("civil_affairs",), CHANGLE: ("civil_affairs",), BALIE: ("committee",),
          YINGXIN: ("committee",)}  # fmt: skip
STAFF = {
    "admin": (Role.COMMUNITY_NETWORK, COMMUNITY, "committee", "周敏"),
    "neighbour": (Role.COMMUNITY_NETWORK, NEIGHBOUR, "committee", "季红"),
    "rucheng": (Role.COMMUNITY_NETWORK, YINGXIN, "committee", "石磊"),
    "street": (Role.TOWNSHIP_NETWORK, STREET, "civil_affairs", "严芳"),
    "changle": (Role.TOWNSHIP_NETWORK, CHANGLE, "civil_affairs", "陆勤"),
    "health": (Role.DEPARTMENT, CITY, "health", "顾宁"),
    "education": (Role.DEPARTMENT, CITY, "education", "范静"),
    "haimen": (Role.COUNTY_NETWORK, HAIMEN, "civil_affairs", "江海"),
    "disabled": (Role.DEPARTMENT, CHONGCHUAN, "disabled_federation", "施兰"),
    "civil": (Role.CIVIL_AFFAIRS, CITY, "civil_affairs", "徐明"),
    "data": (Role.DATA_OFFICER, CITY, "data_bureau", "殷平"),
}  # fmt: skip
LONG_AGO = datetime.fromisoformat("2024-03-01T09:00:00+08:00")
LISTED, DISABLED, KNOWN = 612, 1000, 960
FAULTY = {12: "number", 103: "number", 204: "number", 305: "number", 50: "name", 151: "name",
          253: "name", 401: "twice", 503: "twice"}  # fmt: skip
UNMET, MOVED, CODE, PASSWORD = 37, "钱小妹", "身份证", "haohe2026"
MOVED_NUMBER = "320691198803150067"
HEAD = ["姓名", "公民身份号码", "联系电话", "户号", "与户主关系"]
ELDER, ELDER_PHONE = "陈桂英", LAN["phone"]
FIELD, XLSX = "/desk/collection/field/", "application/vnd.ms-excel"


def invented() -> list[Person]:
    """The same thousand grown-ups every time; the first 612 stand in the old list of 南园社区."""
    drawn = Population(11, date(2026, 11, 26))
    return [drawn.person(Shares.of(11, 30, 22, 48), band=1) for _ in range(DISABLED)]


def build() -> dict[str, str]:
    """The corner of the city, everybody at work in it, and what they know so far."""
    world = build_world()
    for key, parent, name, kind in PLACES:
        level = Level.COMMUNITY if kind in (Kind.RESIDENTS, Kind.VILLAGERS) else (
            Level.TOWNSHIP if kind in (Kind.TOWN, Kind.SUBDISTRICT) else Level.COUNTY)  # fmt: skip
        world.places[key] = Division.objects.create(
            key=key, parent_id=parent, level=level, name=name, short_name=name, kind=kind
        )
    for key, codes in BODIES.items():
        for code in codes:
            Unit.objects.create(
                division_id=key, code=code, name=f"{world.place(key).name}{code}", short_name=code
            )
    civil = world.post(*STAFF["civil"])
    offer_course(world.place(CITY), plan=COURSE, by=Actor.of(civil))
    _village(world)
    _community(world, Actor.of(world.post(*STAFF["admin"])))
    _register(world, invented()[LISTED:KNOWN])
    add_resident(
        world.place(YINGXIN), name=MOVED,
        values={"identity_number": MOVED_NUMBER, "phone": "15400009901"},
        source="visit", by=Actor.of(world.post(*STAFF["rucheng"])),
    )  # fmt: skip
    return at_work(world, STAFF)


def _village(world: World) -> None:
    """八烈村: 37 whom nobody has met for long, three met lately; its administrator left."""
    old = world.post(Role.COMMUNITY_NETWORK, BALIE, "committee", "沈桂华")
    for number in range(UNMET + 3):
        moment = LONG_AGO if number < UNMET else timezone.now()
        with circumstances(at=moment):
            add_resident(
                world.place(BALIE), name=f"姜{'甲乙丙丁戊己庚辛'[number % 8]}{'东南西北中'[number // 8]}",
                values={"born_on": f"{1940 + number}-02-11", "home_address": f"八烈村{number + 1}号"},
                source="visit", surely_new=True, by=Actor.of(old),
            )  # fmt: skip
    manager = world.actor(Role.TOWNSHIP_NETWORK, CHANGLE, "civil_affairs")
    end_post(old, on=timezone.localdate() - timedelta(days=3), reason="退休", by=manager)


def _community(world: World, by: Actor) -> None:
    """南园社区: six old households to be visited, four small children, an elder with two matters."""
    place = world.place(COMMUNITY)
    with circumstances(at=LONG_AGO):
        for number in range(6):
            head = add_resident(
                place, name=f"葛{'甲乙丙丁戊己'[number]}生",
                values={"born_on": f"{1950 + number}-01-12", "phone": f"1540000980{number}",
                        "home_address": f"南园新村1幢{number + 101}室"},
                source="visit", surely_new=True, by=by,
            )  # fmt: skip
            create_household(
                place, number=f"访{number}", head=head,
                address=f"南园新村1幢{number + 101}室", by=by,
            )  # fmt: skip
    order = Order(title="老户复核", reason="年度复核", fields=["phone", "home_address"])
    checker = world.actor(Role.TOWNSHIP_NETWORK, STREET, "civil_affairs")
    collection.open_campaign(world.place(STREET), order=order, by=checker)
    for number in range(4):
        born = timezone.localdate() - timedelta(days=900 + 40 * number)
        add_resident(
            place, name=f"葛小{'春夏秋冬'[number]}", values={"born_on": born.isoformat()},
            source="visit", surely_new=True, by=by,
        )  # fmt: skip
    elder = add_resident(
        place, name=ELDER, values={**LAN, "home_address": "南园新村12幢302室"},
        source="visit", source_label="走访", by=by,
    )  # fmt: skip
    load_catalogue(only=("elder-care-subsidy",))
    papers = [HandedIn(need.code) for need in planned("elder-care-subsidy").guide.materials]
    for _turn in range(2):
        accept_matter(
            place, item="elder-care-subsidy", resident=elder, answers={}, channel="window",
            materials=papers, by=by,
        )  # fmt: skip


def _register(world: World, people: Sequence[Person]) -> None:
    """Into 濠东社区, as her network administrator imported them last year."""
    content = workbook([[p.name, p.identity_number, p.phone, "", ""] for p in people])
    place, by = world.place(NEIGHBOUR), world.neighbour_admin
    batch = open_import(place, file_name="濠东.xlsx", content=content, keep=False, by=by)
    import_residents(batch, table=read_table(content), by=by)


def workbook(rows: Sequence[Sequence[str]], head: Sequence[str] = HEAD) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [head, *rows]:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def row_of(at: int, person: Person) -> list[str]:
    """As the old list has it: three to a household, the first its head."""
    relation = ("户主", "配偶", "子女")[at % 3]
    return [person.name, person.identity_number, person.phone, f"南{at // 3:03d}", relation]


def old_list() -> list[list[str]]:
    """612 rows, nine of them as such lists are: mistyped numbers, names left out, lines twice."""
    rows = [row_of(at, person) for at, person in enumerate(invented()[:LISTED])]
    for at, fault in FAULTY.items():
        if fault == "number":
            digits = rows[at][1]
            rows[at][1] = digits[:-1] + ("0" if digits[-1] != "0" else "1")
        elif fault == "name":
            rows[at][0] = ""
        else:
            rows[at][1] = rows[at - 1][1]
    return rows


@dataclass
class Journey:
    """Everybody's windows."""

    people: Visitors
    site: Any
    sessions: dict[str, str]

    def at(self, who: str, size: dict[str, int] | None = None) -> Page:
        return self.people.window(size, session=self.sessions[who])

    def know(self, work: Any, *arguments: Any) -> Any:
        return aside(self.site.run, work, *arguments)


@pytest.fixture(scope="module")
def sessions(live_site):
    return live_site.run(build)


@pytest.fixture
def journey(live_site, sessions):
    with visitors(live_site.url) as people:
        yield Journey(people, live_site, sessions)


def fits(page: Page, size: dict[str, int]) -> None:
    """Nothing runs over the edge."""
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


# The control that has the focus, and whether a bar that sticks to the foot lies over its middle.
FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const box = it.getBoundingClientRect(), name = (it.name || it.textContent || it.id).trim().slice(0, 30);
  if (it.closest('.botnav, .actbar, .c-act')) return [name, false];
  const over = document.elementFromPoint(
    Math.min(box.left + box.width / 2, innerWidth - 1), Math.max(box.top + box.height / 2, 0));
  return [name, !!over && !!over.closest('.botnav, .actbar, .c-act')];
}"""


def nothing_covers_the_focus(page: Page, tabs: int = 60) -> None:
    """By the tabulator through the page, no control is hidden by the bars at the foot."""
    page.locator("main").focus()
    for _turn in range(tabs):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        assert found is None or not found[1], f"{page.url} covers {found}"


def menu(page: Page, name: str) -> None:
    """Whoever works at a desk finds everything in the menu at the left."""
    page.locator(".side").get_by_role("link", name=re.compile(f"^{name}")).first.click()


def figure(where: Locator) -> int:
    return int(re.sub(r"\D", "", where.inner_text()))


# ---------- appointed and at work ----------


def test_a_vacant_village_gets_its_administrator_who_begins_with_a_visit_list(journey):
    password = vacancy_is_filled(journey.at("changle"))
    page = journey.people.window()
    first_log_in(page, "lin.hua", password)
    the_unmet_become_a_visit_list(page)
    aside(journey.site.run, thirty_seven_wait)
    the_post_has_a_computer_and_a_telephone(journey, page)
    a_notice_is_confirmed_and_the_day_written_down(journey, page)


def vacancy_is_filled(page: Page) -> str:
    """Step 1: the township sees 八烈村 vacant for three days, appoints and names a deputy."""
    page.goto("/desk/")
    page.locator(".alerts").get_by_role("link", name=re.compile("1 处没有网络管理员")).click()
    row = page.get_by_role("row").filter(has_text="八烈村")
    expect(row).to_contain_text("3 天")
    row.get_by_role("link", name=re.compile("开通账号并任命")).click()
    password = appointed(page, "林华", "lin.hua", "专职")
    menu(page, "单位与人员")
    page.get_by_role("link", name="管理员空缺").click()
    expect(page.get_by_text("没有空缺", exact=True)).to_be_visible()
    page.goto(f"/desk/accounts/people/new/?division={BALIE}")
    appointed(page, "汤红", "tang.hong", "副职")
    page.goto("/desk/liaison/administrators/")
    for name in ("林华", "汤红"):
        expect(page.get_by_role("row").filter(has_text=name)).to_contain_text("在学")
    page.goto("/desk/accounts/people/?q=tang")
    expect(page.get_by_role("row").filter(has_text="汤红")).to_contain_text("社区网络管理员")
    return password


def appointed(page: Page, name: str, username: str, manner: str) -> str:
    """Account, first password and post, one page after the other."""
    page.get_by_label(re.compile("^姓名")).fill(name)
    page.get_by_label("用户名").fill(username)
    page.get_by_role("button", name="开通").click()
    password = page.locator("#temporary-password").inner_text()
    page.get_by_role("link", name="任命岗位").click()
    page.get_by_label("单位").select_option(index=1)
    page.get_by_label("岗位").select_option(label="社区网络管理员")
    page.get_by_label("任用方式").fill(manner)
    page.get_by_role("button", name="任命", exact=True).click()
    expect(page.get_by_text("已任命")).to_be_visible()
    return password


def first_log_in(page: Page, username: str, password: str) -> None:
    """Step 2: the first password is changed at once, then the workbench opens."""
    page.goto("/accounts/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label(re.compile("^密码")).fill(password)
    page.keyboard.press("Enter")
    fields = page.locator("main input[type=password]")
    expect(fields).to_have_count(3)
    for at, text in enumerate((password, "Green-harbour-27", "Green-harbour-27")):
        fields.nth(at).fill(text)
    page.keyboard.press("Enter")
    expect(fields).to_have_count(0)
    page.goto("/desk/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("林华")
    expect(page.locator("nav.side")).to_contain_text("信息采集")


def the_unmet_become_a_visit_list(page: Page) -> None:
    """Step 13: 37 of 40 had no contact for a year; one step makes them a visit list."""
    menu(page, "信息采集")
    page.get_by_role("link", name="未触达").click()
    expect(page.get_by_role("heading", name=f"{UNMET} 人")).to_be_visible()
    expect(page.locator(".pager")).to_contain_text(f"共 {UNMET} 条")
    page.get_by_role("button", name="生成走访名单").click()
    expect(page.get_by_text("走访名单已生成。")).to_be_visible()
    expect(page.locator("main")).to_contain_text(f"{UNMET}")


def the_post_has_a_computer_and_a_telephone(journey: Journey, page: Page) -> None:
    """Steps 3 and 15: the village counts with both, not while one is broken; then 100 % do."""
    township = journey.at("changle")
    for kind, name in (("联网电脑", "联想启天"), ("独立电话", "TCL868")):
        coverage_is(township, "0%")
        page.goto("/desk/liaison/devices/new/")
        page.get_by_label("种类").select_option(label=kind)
        page.get_by_label("品牌型号").fill(name)
        page.get_by_role("button", name="登记", exact=True).click()
        expect(page.get_by_text("设备已登记。")).to_be_visible()
    coverage_is(township, "100%")
    page.get_by_label("故障").fill("听不见声音")
    page.get_by_role("button", name="报修").click()
    coverage_is(township, "0%")
    township.get_by_role("link", name=re.compile("设备不达标")).first.click()
    expect(township.get_by_role("row").filter(has_text="八烈村")).to_have_count(1)
    page.get_by_label("处理情况").first.fill("换了话筒")
    page.get_by_role("button", name="修好了").click()
    expect(page.get_by_text("已修好。")).to_be_visible()
    coverage_is(township, "100%")


def coverage_is(page: Page, share: str) -> None:
    page.goto("/desk/liaison/")
    expect(page.locator("#share")).to_have_text(share)


def a_notice_is_confirmed_and_the_day_written_down(journey: Journey, page: Page) -> None:
    """Step 14: the county sees who has not confirmed; she confirms and writes the log."""
    county = journey.at("haimen")
    county.goto("/desk/liaison/notices/new/")
    county.get_by_label("发给").select_option(label="各社区（村）")
    county.get_by_label("标题").fill("冬季防火")
    county.get_by_label("正文").fill("请各村巡查")
    county.get_by_role("button", name="发出").click()
    expect(county.locator("#waiting")).to_have_text("1")
    page.goto("/desk/")
    page.locator(".alerts").get_by_role("link", name=re.compile("工作通知待确认")).click()
    page.get_by_role("link", name="冬季防火").click()
    page.get_by_role("button", name="确认收到").click()
    expect(page.get_by_text("已确认。")).to_be_visible()
    county.reload()
    expect(county.locator("#waiting")).to_have_text("0")
    page.goto("/desk/liaison/logs/write/")
    page.get_by_label("设备检查").fill("电脑、电话正常")
    page.get_by_role("button", name="提交日志").click()
    expect(page.get_by_text("日志已提交。")).to_be_visible()
    figures = aside(journey.site.run, lambda: DayLog.objects.get(division_id=BALIE).figures)
    assert (figures["confirmed"], figures["broken"]) == (1, 1)


def thirty_seven_wait() -> None:
    campaign = Campaign.objects.get(purpose="unreached")
    assert Item.objects.filter(task__campaign=campaign, state="todo").count() == UNMET


def test_every_count_of_the_workbench_equals_the_list_behind_it(journey):
    """Step 2."""
    page = journey.at("admin")
    page.goto("/desk/")
    shown = 0
    page.locator(".stats .stat").last.wait_for()
    for at in range(page.locator(".stats .stat").count()):
        stat = page.locator(".stats .stat").nth(at)
        count = figure(stat.locator("b"))
        stat.click()
        expect(page.locator("#todo tbody tr")).to_have_count(count)
        shown += count
    assert shown
    stale = figure(page.locator("#h-fresh ~ * .muted.sm, section:has(#h-fresh) .muted.sm").first)
    page.get_by_role("link", name="待核实的居民").click()
    expect(page.locator(".pager")).to_contain_text(f"共 {stale} 条")


# ---------- entered once ----------


def test_an_old_list_serves_the_departments_and_the_figures(journey):
    an_old_list_is_loaded_and_nine_rows_come_back(journey)
    of_a_thousand_960_are_known_and_40_are_checked(journey)
    the_number_of_households_equals_the_list(journey)


def an_old_list_is_loaded_and_nine_rows_come_back(journey: Journey) -> None:
    """Step 4: checked first, 603 entered, nine downloaded, corrected and entered as well."""
    page = journey.at("admin")
    page.goto("/desk/")
    menu(page, "导入")
    page.get_by_role("link", name="表格导入").first.click()
    upload(page, "南园旧名册.xlsx", workbook(old_list()))
    counts = page.locator(".r-counts b")
    expect(counts).to_have_text([str(LISTED), "603", "0", "9"])
    faults = page.locator("section:has(#h-errors) tbody tr")
    expect(faults).to_have_count(9)
    columns = {"number": "公民身份号码", "name": "姓名", "twice": "公民身份号码"}
    for at, fault in FAULTY.items():
        row = faults.filter(has=page.get_by_role("cell", name=str(at + 2), exact=True))
        expect(row).to_contain_text(columns[fault])
    page.get_by_role("button", name="导入 603 人").click()
    expect(page.locator("main")).to_contain_text("已导入 603 人")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载有错误的行").click()
    fixed = corrected(download.value.path().read_bytes())
    page.get_by_role("link", name="再上传一份").click()
    upload(page, "改好的九行.xlsx", fixed)
    expect(page.locator(".r-counts b")).to_have_text(["9", "9", "0", "0"])
    page.get_by_role("button", name="导入 9 人").click()
    expect(page.locator("main")).to_contain_text("已导入 9 人")
    journey.know(everybody_is_there_once)


def upload(page: Page, name: str, content: bytes) -> None:
    page.set_input_files(
        "input[type=file]", files=[FilePayload(name=name, mimeType=XLSX, buffer=content)]
    )
    page.get_by_role("button", name=re.compile("^上传")).click()


def corrected(content: bytes) -> bytes:
    """What the administrator does in the file that came back: she looks each of the nine up."""
    people = invented()[:LISTED]
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    assert sheet is not None
    assert sheet.max_row == 1 + len(FAULTY)
    for at, (line, fault) in enumerate(sorted(FAULTY.items()), start=2):
        row = row_of(line, people[line])
        assert sheet.cell(at, len(HEAD) + 1).value, fault
        for column, value in enumerate(row, start=1):
            sheet.cell(at, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def everybody_is_there_once() -> None:
    """No duplicate for the same identity number."""
    held = list(
        Resident.objects.exclude(identity_hash=None).values_list("identity_hash", flat=True)
    )
    assert len(held) == len(set(held))
    numbers = [person.identity_number for person in invented()[:LISTED]]
    hashes = [keyed_hash("identity", number) for number in numbers]
    assert Resident.objects.filter(identity_hash__in=hashes, division=COMMUNITY).count() == LISTED


def test_on_a_telephone_the_bars_at_the_foot_never_cover_the_focus(journey):
    """WCAG 2.4.11, on the pages of this journey and on a form with a bar of its own."""
    page = journey.at("admin", PHONE)
    for address in ("/desk/residents/new/", "/desk/collection/", "/desk/collection/campaigns/new/"):
        page.goto(address)
        nothing_covers_the_focus(page)
    page.goto("/desk/matters/accept/?q=养老服务补贴")
    page.locator("#items button").first.click()
    page.locator("#person-q").fill(ELDER_PHONE)
    page.keyboard.press("Enter")
    page.locator("#people button").first.click()
    if "/person/" in page.url:
        page.locator(".actbar button").click()
    expect(page.locator(".once")).to_be_visible()
    expect(page.locator(".actbar")).to_be_visible()
    nothing_covers_the_focus(page)


def test_a_visit_and_a_joint_task_are_collected_once(journey):
    a_visit_without_network_arrives_once(journey)
    demands = two_demands_and_what_is_held(journey)
    both_sign_and_one_task_follows(journey, demands)
    two_new_items_are_collected(journey)
    the_township_returns_two_with_marked_fields(journey)
    township_accepts(journey, "幼儿接种", 4)
    aside(journey.site.run, nobody_was_asked_twice)


def a_visit_without_network_arrives_once(journey: Journey) -> None:
    """Step 5: on a telephone in the stairwell; one spouse is new; checked, the household is one."""
    page = journey.at("admin", PHONE)
    page.goto("/desk/collection/")
    page.get_by_role("link", name="手机采集").click()
    page.evaluate("() => navigator.serviceWorker.ready")
    page.get_by_role("button", name="取今天的表").click()
    expect(page.locator("#c-count")).to_have_text("6")
    page.context.set_offline(True)
    page.locator("#c-list li button").first.click()
    for box in page.get_by_label("没有变").all():
        box.check()
    page.get_by_role("button", name="登记新成员").click()
    page.keyboard.type("钱素珍")
    new = page.locator("[data-newcomer]")
    new.get_by_label("与户主关系").select_option(label="配偶")
    new.get_by_label("联系电话").fill("15400009811")
    new.get_by_label("现住址").fill("南园新村1幢101室")
    nothing_covers_the_focus(page, 12)
    page.get_by_role("button", name="填好了").click()
    expect(page.locator("#c-queue")).to_have_text("1 份待送出。")
    fits(page, PHONE)
    assert journey.know(Submission.objects.count) == 0
    page.context.set_offline(False)
    expect(page.get_by_text("全部送出，本机已不留。")).to_be_visible()
    page.get_by_role("link", name="回到任务").click()
    page.get_by_role("link", name="老户复核").click()
    page.get_by_role("button", name="全部提交").click()
    township_accepts(journey, "老户复核", 1)
    desk = journey.at("admin")
    desk.goto("/desk/residents/households/?q=访0")
    row = desk.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("2")
    assert journey.know(_households_and_forms) == (1, 1, 2)


def _households_and_forms() -> tuple[int, int, int]:
    home = Household.objects.filter(number="访0")
    forms = Submission.objects.filter(item__household=home.get())
    return home.count(), forms.count(), home.get().members.count()


def township_accepts(journey: Journey, title: str, count: int) -> None:
    """The other pair of eyes: the township checks what waits."""
    page = journey.at("street")
    page.goto("/desk/")
    waiting = re.compile(f"{count} 份采集表等您审核")
    page.locator(".alerts").get_by_role("link", name=waiting).click()
    row = page.get_by_role("row").filter(has_text=title)
    expect(row).to_contain_text(str(count))
    row.get_by_role("button", name=re.compile("全部核对")).click()
    page.locator("#yw-confirm").get_by_role("button", name="确定").click()
    expect(page.get_by_role("row").filter(has_text=title)).to_have_count(0)


def test_somebody_held_elsewhere_is_asked_for_and_not_entered_again(journey):
    """Step 6: 已采集 while the number is typed; asked for; the other side agrees."""
    page = journey.at("admin")
    page.goto("/desk/")
    menu(page, "居民与家庭")
    page.get_by_role("link", name="登记居民").first.click()
    page.get_by_label("姓名").fill(MOVED)
    page.get_by_label("公民身份号码").fill(MOVED_NUMBER)
    page.keyboard.press("Tab")
    expect(page.locator("#check")).to_contain_text("已采集")
    expect(page.locator("#check")).to_contain_text("迎新社区")
    page.locator("#check").get_by_role("link", name="申请迁入").click()
    page.get_by_role("button", name="向对方社区申请").click()
    expect(page.get_by_text("已提出，对方同意后档案整份转来")).to_be_visible()
    other = journey.at("rucheng")
    other.goto("/desk/")
    other.locator(".alerts").get_by_role("link", name=re.compile("迁移")).click()
    other.locator("main tbody a").first.click()
    other.get_by_role("button", name="同意迁移").click()
    expect(other.get_by_text("已迁移")).to_be_visible()
    assert journey.know(_where, MOVED_NUMBER) == [COMMUNITY]


def _where(number: str) -> list[int]:
    rows = Resident.objects.filter(identity_hash=keyed_hash("identity", number))
    return list(rows.values_list("division_id", flat=True))


# ---------- bodies, departments, lists ----------


def test_the_bodies_of_the_community_stand_on_its_board_with_their_terms(journey):
    """Step 7: committee and party, then the units located in the community."""
    page = journey.at("admin")
    page.goto("/desk/")
    menu(page, "社区公示栏")
    for body, position, name, manner in (
        ("村（居）民委员会", "主任", "施国强", "选举"), ("党组织", "书记", "倪建平", "选举"),
    ):  # fmt: skip
        page.get_by_role("link", name="登记任职").first.click()
        page.get_by_label("组织").select_option(label=body)
        page.get_by_label("职务").fill(position)
        page.get_by_label("姓名").fill(name)
        page.get_by_label("产生方式").select_option(label=manner)
        page.get_by_label("任期开始").fill("2026-03-01")
        page.get_by_label("任期届满").fill("2031-02-28")
        page.get_by_label("在居民网站公示").check()
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_text("已登记。")).to_be_visible()
    phone = journey.people.window(PHONE)
    phone.goto(f"/community/{COMMUNITY}/")
    for word in ("施国强", "倪建平", "2031-02-28"):
        expect(phone.locator("main")).to_contain_text(word)
    fits(phone, PHONE)
    a_school_of_the_community_shares_its_ground(page)
    it_is_known_on_telephones(journey)


def a_school_of_the_community_shares_its_ground(page: Page) -> None:
    """Step 7: entered once, with what it shares and what was done together; twice is refused."""
    page.goto("/desk/")
    menu(page, "单位和组织")
    the_school_is_entered(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("南通市城中小学")
    expect(page.locator("main")).not_to_contain_text("15400007711")
    page.get_by_role("link", name="登记共享资源").click()
    page.get_by_label("种类").select_option(label="运动场地")
    page.get_by_label("名称").fill("校园操场")
    page.get_by_label("开放时间").fill("周六、周日 8:00–17:00")
    page.get_by_label("联系电话（公开）").fill("15400007712")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("校园操场")
    page.get_by_role("link", name="登记 合作").click()
    page.get_by_label("日期").fill("2026-07-01")
    page.get_by_label("合作内容").fill("暑期托管班")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("暑期托管班")
    the_school_is_entered(page)
    expect(page.locator(".err, [role=alert]").first).to_contain_text("登记")
    expect(page).to_have_url(re.compile("/organizations/new/$"))


def the_school_is_entered(page: Page) -> None:
    page.goto("/desk/organizations/new/")
    page.get_by_label("名称").fill("南通市城中小学")
    page.get_by_label("类型").select_option(label="学校、幼儿园")
    page.get_by_label("统一社会信用代码").fill(credit_code(11))
    page.get_by_label("地址").fill("青年路18号")
    page.get_by_label("联系人").fill("孔令辉")
    page.get_by_label("联系电话").fill("15400007711")
    page.get_by_role("radio", name="是").check()
    page.get_by_role("button", name="登记", exact=True).click()


def it_is_known_on_telephones(journey: Journey) -> None:
    """Step 7: her list of located units, and what residents read; no staff telephone there."""
    phone = journey.at("admin", PHONE)
    phone.goto("/desk/organizations/?view=located")
    expect(phone.locator("main tbody")).to_contain_text("南通市城中小学")
    fits(phone, PHONE)
    visitor = journey.people.window(PHONE)
    visitor.goto(f"/community/{COMMUNITY}/")
    expect(visitor.locator("main")).to_contain_text("校园操场")
    expect(visitor.locator("main")).to_contain_text("15400007712")
    expect(visitor.locator("main")).not_to_contain_text("15400007711")
    fits(visitor, PHONE)


def two_demands_and_what_is_held(journey: Journey) -> list[str]:
    """Step 8: health and education file; each sees at once how much is held."""
    asked = (
        ("health", "幼儿接种", "接种证｜有、没有", "疫苗管理法第四十五条"),
        ("education", "幼儿入园", "想入的幼儿园｜文字", "学前教育法第九条"),
    )
    found = []
    for who, title, question, law in asked:
        page = journey.at(who)
        page.goto("/desk/")
        menu(page, "数据需求")
        page.get_by_role("link", name="提出需求").first.click()
        page.get_by_label("名称").fill(title)
        page.get_by_label("监护人电话").check()
        page.get_by_label("出生日期").check()
        page.get_by_label("新增内容").fill(question)
        page.get_by_label("年龄到（岁）").fill("5")
        page.get_by_label("用途").fill(title)
        page.get_by_label("合法性基础").select_option("statutory_duty")
        page.get_by_label("法律依据").fill(law)
        page.get_by_label("使用到").fill((timezone.localdate() + timedelta(days=60)).isoformat())
        page.get_by_role("button", name="提出").click()
        held = page.locator("section:has(#h-over) tbody tr")
        expect(held.filter(has_text="出生日期")).to_contain_text("100%")
        expect(held.filter(has_text="监护人电话")).to_contain_text("0%")
        found.append(page.url)
    return found


def both_sign_and_one_task_follows(journey: Journey, demands: list[str]) -> None:
    """Step 8: the bureau and the data officer see that both ask alike and sign; one task follows."""
    for who in ("civil", "data"):
        page = journey.at(who)
        for address in demands:
            page.goto(address)
            if who == "civil":
                expect(page.locator("section:has(#h-like)")).to_contain_text("幼儿")
            page.get_by_label("审批意见").fill("同意，一次采集")
            page.get_by_role("button", name="批准", exact=True).click()
            expect(page.locator("main")).to_contain_text("同意，一次采集")
    expect(page.locator("section:has(#h-work)")).to_contain_text("幼儿接种")
    page = journey.at("admin")
    page.goto("/desk/collection/")
    expect(page.get_by_role("row").filter(has_text="幼儿")).to_have_count(1)


def two_new_items_are_collected(journey: Journey) -> None:
    """Step 9: four children, three answers each; what is known is not asked."""
    page = journey.at("admin")
    page.goto("/desk/collection/")
    page.get_by_role("link", name="幼儿接种").click()
    task = page.url
    for at in range(4):
        page.goto(f"{task}?state=todo")
        page.locator("main tbody a").first.click()
        expect(page.get_by_label("出生日期")).to_have_count(0)
        page.get_by_label("监护人电话").fill(f"1540000982{at}")
        page.get_by_label("接种证").select_option(label="有")
        page.get_by_label("想入的幼儿园").fill("南园幼儿园" if at else "好")
        page.get_by_role("button", name="保存").click()
    page.goto(task)
    page.get_by_role("button", name="全部提交").click()


def the_township_returns_two_with_marked_fields(journey: Journey) -> None:
    """Step 9: N2 returns two, each with the field that is wrong; the form shows it marked there."""
    page = journey.at("street")
    page.goto("/desk/collection/waiting/")
    page.get_by_role("link", name="幼儿接种").click()
    waiting = page.url
    for reason in ("电话停机，请再问", "接电话的不是家长，请再问"):
        page.goto(waiting)
        page.locator("main tbody a").first.click()
        wrong = page.get_by_label("有问题的项")
        phone = wrong.locator("option").filter(has_text="监护人电话").first
        wrong.select_option(value=phone.get_attribute("value"))
        page.get_by_label("原因").fill(reason)
        page.get_by_role("button", name="退回").click()
    page = journey.at("admin", PHONE)
    page.goto("/desk/")
    page.locator(".alerts").get_by_role("link", name=re.compile("退回")).click()
    page.get_by_role("link", name="幼儿接种").click()
    task = page.url
    for at in range(2):
        page.goto(f"{task}?state=returned")
        page.locator("main tbody a").first.click()
        marked = page.locator(".c-marked")
        expect(marked).to_have_count(1)
        expect(marked).to_contain_text("监护人电话")
        expect(marked).to_contain_text("请再问")
        fits(page, PHONE)
        marked.get_by_label("监护人电话").fill(f"1540000983{at}")
        page.get_by_role("button", name="保存").click()
    page.goto(task)
    page.get_by_role("button", name="全部提交").click()


def nobody_was_asked_twice() -> None:
    """One campaign for both, one form a child, every answer in the register."""
    campaign = Campaign.objects.get(purpose="demand")
    items = Item.objects.filter(task__campaign=campaign)
    assert items.count() == items.filter(state="accepted").count() == 4
    assert len(campaign.questions) == 2
    told = SourceRecord.objects.filter(sealed__has_key="guardian_phone")
    assert told.values("resident").distinct().count() == 4


def of_a_thousand_960_are_known_and_40_are_checked(journey: Journey) -> None:
    """Step 10; what the old list of step 4 brought is what most rows are recognised by."""
    page = journey.at("disabled")
    page.goto("/desk/")
    menu(page, "部门数据")
    page.get_by_role("link", name="报送名单").first.click()
    rows = [
        [p.name, p.identity_number, p.phone, "南园社区" if at % 2 else "濠东社区",
         ("一级", "二级", "三级", "四级")[at % 4]]
        for at, p in enumerate(invented())
    ]  # fmt: skip
    head = ["姓名", "公民身份号码", "联系电话", "社区", "残疾等级"]
    upload(page, "持证残疾人.xlsx", workbook(rows, head))
    page.get_by_role("button", name="确认，开始比对").click()
    expect(page.locator("main")).to_contain_text("正在比对")
    journey.know(_work)
    page.reload()
    expect(page.locator(".l-counts b")).to_have_text(["1,000", "960", "0", "40", "0", "0"])
    page.get_by_role("button", name="写入已匹配的").click()
    journey.know(_work)
    page.reload()
    expect(page.locator("main")).to_contain_text("已写入 960 人的信息")
    desk = journey.at("admin")
    desk.goto("/desk/")
    desk.locator(".alerts").get_by_role("link", name=re.compile("核查")).click()
    expect(desk.locator(".tab .count").first).to_have_text("20")
    desk.locator("main tbody a").first.click()
    desk.get_by_label("查无此人").check()
    desk.get_by_role("button").filter(has_text="记录").click()
    expect(desk.locator(".tab .count").first).to_have_text("19")
    assert journey.know(CheckTask.objects.count) == DISABLED - KNOWN


def _work() -> None:
    work_on_file(DepartmentFile.objects.get().pk)


def test_health_reads_elders_under_an_agreement_and_nobody_else(journey):
    """Step 11: asked for elders of 65 and more, approved; a younger person gives nothing."""
    page = journey.at("health")
    an_agreement_is_asked_for(page)
    address = page.url
    officer = journey.at("data")
    officer.goto("/desk/")
    officer.locator(".alerts").get_by_role("link", name=re.compile("共享协议等您审批")).click()
    officer.get_by_role("link", name="老年人体检").click()
    officer.get_by_role("link", name="审批", exact=True).click()
    officer.get_by_role("button", name="批准", exact=True).click()
    expect(officer.get_by_text("已批准，立即生效。")).to_be_visible()
    page.goto(address)
    query(page, MOVED_NUMBER)
    expect(page.get_by_text("协议范围内没有这个人")).to_be_visible()
    assert journey.know(_lines_of_nothing) == 1
    query(page, LAN["identity_number"])
    found = page.locator("section:has(#h-found) tbody tr")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("南园社区")
    expect(found).not_to_contain_text(LAN["identity_number"])
    assert "identity" not in page.url
    assert journey.know(_told_to_the_elder) == 1


def an_agreement_is_asked_for(page: Page) -> None:
    """Name, born on and number, of people from 65 on, for a stated purpose and law."""
    page.goto("/desk/")
    menu(page, "共享协议")
    page.get_by_role("link", name="申请协议").first.click()
    page.get_by_label("名称").fill("老年人体检")
    page.get_by_label("用途").fill("65 岁以上老年人免费体检")
    page.get_by_label("法律依据").fill("老年人权益保障法第五十条")
    for item in ("姓名", "出生日期", "公民身份号码"):
        page.get_by_role("checkbox", name=item, exact=True).first.check()
    page.get_by_label("年龄从（岁）").fill("65")
    page.get_by_label("有效期至").fill((timezone.localdate() + timedelta(days=90)).isoformat())
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("等待数据保护员审批")).to_be_visible()


def query(page: Page, text: str) -> None:
    page.get_by_label("身份证号、电话或完整姓名").fill(text)
    page.get_by_role("button", name="查询", exact=True).click()


def _lines_of_nothing() -> int:
    return JournalLine.objects.filter(act="sharing.read", facts__found=0).count()


def _told_to_the_elder() -> int:
    return JournalLine.objects.filter(act="sharing.given").count()


# ---------- the resident and the figures ----------


def test_a_resident_opens_her_account_confirms_and_objects_once(journey):
    code = a_code_is_told_at_the_counter(journey.at("admin"))
    page = journey.people.window(PHONE)
    she_confirms_her_telephone(page, code)
    she_sees_who_looked_and_objects(page)
    page = journey.at("admin")
    page.goto("/desk/")
    menu(page, "个人信息请求")
    expect(page.locator("main tbody tr").filter(has_text="陈")).to_have_count(1)
    assert journey.know(RightsRequest.objects.filter(kind="object").count) == 1


def a_code_is_told_at_the_counter(page: Page) -> str:
    """Step 12: she is found, her number is looked at with a reason, the code is told."""
    page.goto("/desk/residents/")
    page.locator("#id_q").fill(ELDER_PHONE)
    page.locator("#id_q").press("Enter")
    page.wait_for_url(re.compile("w=[0-9a-f]{8}"))  # her number stands in no address
    page.locator("main tbody a").first.click()
    person = page.url
    page.goto(f"{person}reveal/?field=phone")
    page.get_by_label(re.compile("原因|理由")).fill("核对补贴电话")
    page.locator("main form button").last.click()
    expect(page.locator("main")).to_contain_text(ELDER_PHONE)
    page.goto(person)
    page.get_by_role("link", name="账号与授权").click()
    page.get_by_role("link", name="发登录码").click()
    page.get_by_label("当面核验的证件").fill("居民身份证")
    page.get_by_role("button", name="生成登录码").click()
    return re.sub(r"\D", "", page.locator("#code").inner_text())


def she_confirms_her_telephone(page: Page, code: str) -> None:
    """Step 12, on her telephone."""
    page.goto("/")
    page.get_by_role("link", name="我的信息").click()
    page.get_by_role("link", name="第一次登录").click()
    page.get_by_label("手机号").fill(ELDER_PHONE)
    page.get_by_label("登录码").fill(code)
    page.get_by_label("设一个密码").fill(PASSWORD)
    page.get_by_label("再输一次密码").fill(PASSWORD)
    page.get_by_role("button", name="开通并登录").click()
    page.get_by_label("网上账号").check()
    page.get_by_role("button", name="我看过了").click()
    page.get_by_role("link", name="我的信息").first.click()
    page.get_by_role("button", name="正确 联系电话").click()
    expect(page.get_by_text("已经确认")).to_be_visible()
    fits(page, PHONE)


def she_sees_who_looked_and_objects(page: Page) -> None:
    """Step 12: the reason stands beside the name; one objection goes to the community."""
    page.get_by_role("link", name="谁看过我的信息").click()
    expect(page.locator("main")).to_contain_text("核对补贴电话")
    expect(page.locator("main")).to_contain_text("周敏")
    fits(page, PHONE)
    page.go_back()
    page.get_by_role("link", name="反对、限制使用，或请求删除").click()
    page.get_by_label("反对").check()
    page.get_by_label("理由").fill("不要把我的电话给推销的人")
    page.get_by_role("button", name="交给社区").click()
    expect(page.get_by_text("社区收到了")).to_be_visible()


def the_number_of_households_equals_the_list(journey: Journey) -> None:
    """Step 15: what the city reads leads down to the list itself."""
    journey.know(keep_figures)
    page = journey.at("civil")
    page.goto("/desk/")
    menu(page, "统计分析")
    page.get_by_role("link", name="崇川区").click()
    page.get_by_role("link", name="城东街道").click()
    page.get_by_role("link", name="南园社区").click()
    homes = page.locator(".stat").filter(has_text="家庭").first
    count = figure(homes.locator("b"))
    assert count > 200
    homes.get_by_role("link").click()
    expect(page.locator(".pager")).to_contain_text(f"共 {count} 条")
