"""J04, accepted once: one matter, three doors. Steps 1 to 10, 12, 15 and 17, at the desk and on a
telephone, each with people of its own.

The kiosk's clerk works with the pages of all staff, and sees what her kiosk accepted alone. Steps 8
and 10 go on in test_papers, step 11 in the queues' own test.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import FilePayload, Page, expect

from tests.axe import look
from tests.pictures import PNG
from tests.server import LET_GO
from tests.visitors import DESK, PHONE, Visitors, aside, at_work, visitors
from tests.world import BINCHA, CHONGCHUAN, CITY, STREET, VILLAGE, World, build_world, unit_name
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.accounts.roles import Role
from yiwang.divisions.models import Division, Kind, Level
from yiwang.matters.actions import complete_step, finish_matter, give_entrustment, set_offering
from yiwang.matters.actions.entrustment import Terms
from yiwang.matters.models import Entrustment, Material, Matter, Result, ServiceItem, Step
from yiwang.matters.reads.results import pickup_code
from yiwang.matters.sheets import load_catalogue
from yiwang.personal.actions import grant_authorisation, issue_code, use_code
from yiwang.personal.reads import own_actor
from yiwang.residents.actions import Filing, add_resident, file_document
from yiwang.residents.models import Resident

pytestmark = pytest.mark.browser
WENFENG, WUYI, YINSHU = 320613_006_000, 320613_006_003, 320623_102_377
REPAIR, VETERAN, ALLOWANCE = "housing-repair-aid", "veteran-preferential-care", "elder-care-subsidy"
JOBLESS, VERY_OLD = "unemployment-registration", "senior-allowance"
BIRTH = "birth-registration"
OTHERS = (
    BIRTH, "smartphone-course", "compulsory-school-enrolment", "family-doctor", "library-card",
    "sports-venue-booking",
)  # fmt: skip
PASSWORD = "haohe2026"
ITEMS = (REPAIR, VETERAN, ALLOWANCE, JOBLESS, VERY_OLD, *OTHERS)
KIOSK = "NT-CC-017"
KNOWN = {
    "domicile_address": "五一新村3幢101室", "home_address": "五一新村3幢101室",
    "household_size": "2", "household_income": "21600", "low_income_status": "marginal",
    "employment_status": "retired", "housing_kind": "reform", "housing_area": "52",
    "bank_account": "6228480402564890018",
}  # fmt: skip


@dataclass(frozen=True)
class Cast:
    """Who takes part in one telling of the journey, and what everybody looks at."""

    size: dict[str, int]
    dad: tuple[str, str, str]
    son: tuple[str, str, str]
    soldier: tuple[str, str, str]
    bedridden: tuple[str, str, str]
    far: tuple[str, str, str]

    @property
    def four(self) -> str:
        """The last digits of the telephone, by which the matter is followed."""
        return self.dad[2][-4:]


DESKTOP = Cast(
    DESK,
    ("徐凤楼", "320691194803150034", "15400007719"),
    ("徐建明", "320691197908120054", "15400007724"),
    ("蒋国强", "320692197005020059", "15400007720"),
    ("丁长富", "32069319380101001X", "15400007721"),
    ("丁祥林", "320693193507080025", "15400007725"),
)
TELEPHONE = Cast(
    PHONE,
    ("徐凤亭", "320691194811030075", "15400007819"),
    ("徐志刚", "320691197812120092", "15400007824"),
    ("蒋卫东", "320692197106020058", "15400007820"),
    ("丁长贵", "320693193602040013", "15400007821"),
    ("丁有才", "32069319390304005X", "15400007825"),
)
CASTS = (DESKTOP, TELEPHONE)
in_both_sizes = pytest.mark.parametrize("cast", CASTS, ids=["desktop", "phone"])
STAFF = {
    "kiosk": (Role.KIOSK, WUYI, "kiosk", "顾小兰"),
    "network": (Role.COMMUNITY_NETWORK, WUYI, "committee", "周敏"),
    "window": (Role.WINDOW, WENFENG, "service_centre", "吴芳"),
    "civil_affairs": (Role.DEPARTMENT, CHONGCHUAN, "civil_affairs", "沈国平"),
    "housing": (Role.DEPARTMENT, CHONGCHUAN, "housing", "陶卫东"),
    "human_resources": (Role.DEPARTMENT, CHONGCHUAN, "human_resources", "葛晓红"),
    "leader": (Role.LEADER, CHONGCHUAN, "civil_affairs", "陆建华"),
    "other_window": (Role.WINDOW, STREET, "service_centre", "季红"),
    "worker": (Role.WORKER, VILLAGE, "committee", "缪桂芳"),
    "city_window": (Role.WINDOW, CITY, "service_centre", "吴芳"),
    "village": (Role.COMMITTEE, VILLAGE, "committee", "丁建国"),
    "bincha": (Role.TOWNSHIP_OFFICE, BINCHA, "civil_affairs", "缪军"),
}  # fmt: skip


def build() -> dict[str, str]:
    """五一社区 in 文峰街道, the people of the journey and their sessions."""
    if not Division.objects.filter(pk=CITY).exists():
        build_world()
    load_catalogue(only=ITEMS)
    _place(WENFENG, CHONGCHUAN, "文峰街道", Kind.SUBDISTRICT)
    _place(WUYI, WENFENG, "五一社区", Kind.RESIDENTS)
    for key, codes in {
        WENFENG: ("civil_affairs", "service_centre", "veterans_affairs", "health"),
        WUYI: ("committee", "service_centre"),
    }.items():
        for code in codes:
            Unit.objects.get_or_create(
                division_id=key, code=code,
                defaults={"name": unit_name(Division.objects.get(pk=key).name, code), "phone": "0513-00000123"},
            )  # fmt: skip
    open_daily = {kind: [["07:30", "19:00"]] for kind in ("work", "saturday", "sunday", "holiday")}
    Unit.objects.get_or_create(
        division_id=WUYI, code="kiosk",
        defaults={"name": "五一便民亭", "number": KIOSK, "unit_class": "kiosk", "hours": open_daily},
    )  # fmt: skip
    _entrusted()
    _residents()
    _place(YINSHU, BINCHA, "银树村", Kind.VILLAGERS)
    veterans = ServiceItem.objects.get(code=VETERAN)
    village = Division.objects.get(pk=YINSHU)
    set_offering(village, item=veterans, offered=False, by=Actor.system(), reason="尚未开办")
    return at_work(World({}), STAFF)


def _entrusted() -> None:
    """Housing entrusts its aid; the entrustment of 劳动保障 expired yesterday."""
    kiosk, today = Unit.objects.get(number=KIOSK), timezone.localdate()
    if Entrustment.objects.filter(agent=kiosk).exists():
        return
    entrusted: tuple[tuple[str, dict[str, Any], int], ...] = (
        ("housing", {"items": [REPAIR]}, 300), ("human_resources", {"categories": ["labour"]}, -1),
    )  # fmt: skip
    for code, what, last in entrusted:
        terms = Terms(
            starts_on=today - timedelta(days=365), ends_on=today + timedelta(days=last),
            duties="收件、核对、出具回执", data_rights="只看本亭受理的事项", **what,
        )  # fmt: skip
        authority = Unit.objects.get(division_id=CHONGCHUAN, code=code)
        give_entrustment(authority, agent=kiosk, terms=terms, by=Actor.system())


def _place(key: int, parent: int, name: str, kind: str) -> None:
    level = Level.TOWNSHIP if kind == Kind.SUBDISTRICT else Level.COMMUNITY
    Division.objects.get_or_create(
        key=key,
        defaults={"parent_id": parent, "level": level, "name": name, "short_name": name, "kind": kind},
    )  # fmt: skip


def _residents() -> None:
    for cast in CASTS:
        dad = _person(WUYI, cast.dad, **KNOWN)
        son = _person(VILLAGE, cast.son, home_address="群贤村一组3号")
        soldier = _person(WUYI, cast.soldier, home_address="五一新村5幢202室")
        _person(VILLAGE, cast.bedridden, home_address="群贤村三组12号")
        _person(VILLAGE, cast.far, home_address="群贤村五组7号")
        filing = Filing(
            "veteran_certificate", "南通市退役军人事务局", None, date(2028, 5, 1), "counter"
        )
        file = SimpleUploadedFile("优待证.png", PNG)
        file_document(soldier, filing=filing, uploads=[file], by=Actor.system())
        grant_authorisation(
            dad, holder=son, relation="儿子", scopes=["apply"], basis="counter", evidence="授权委托书",
            by=Actor.system(),
        )  # fmt: skip
        for person, phone in ((dad, cast.dad[2]), (son, cast.son[2])):
            code = issue_code(
                person, phone=phone, manner="counter", document="身份证", by=Actor.system()
            )
            use_code(code, password=PASSWORD, by=own_actor(person))


def _person(place: int, who: tuple[str, str, str], **values: str) -> Resident:
    name, identity, phone = who
    return add_resident(
        Division.objects.get(pk=place), name=name, source="visit", source_label="走访",
        values={"identity_number": identity, "phone": phone, **values}, by=Actor.system(),
    )  # fmt: skip


@dataclass
class Journey:
    """Everybody's windows and the one matter."""

    people: Visitors
    site: Any
    sessions: dict[str, str]
    cast: Cast
    number: str = ""

    def at(self, who: str) -> Page:
        return self.people.window(self.cast.size, session=self.sessions[who])

    def outside(self) -> Page:
        """A window of somebody who has no post."""
        return self.people.window(self.cast.size)

    def fits(self, page: Page) -> None:
        fits(page, self.cast.size)

    def know(self, work: Any, *arguments: Any) -> Any:
        return aside(self.site.run, work, *arguments)

    def step(self, unit: str) -> int:
        """The running step of a unit."""
        return int(self.know(_running, self.number, unit))

    def handle(self, page: Page, key: str, unit: str = "", **fields: str) -> None:
        """Do one thing with the matter on its own page, without the help of a script."""
        # A page that is still being answered would call the next one off.
        page.wait_for_load_state()
        step = f"steps/{self.step(unit)}/" if unit else "do/"
        page.goto(f"/desk/matters/{self.number}/{step}{key}/")
        for name, value in fields.items():
            control = page.locator(f"main [name={name}]").first
            kind = control.get_attribute("type") or control.evaluate("it => it.tagName")
            if kind == "radio":
                page.check(f"main [name={name}][value={value}]")
            elif kind == "SELECT":
                control.select_option(value)
            else:
                control.fill(value)
        page.locator("main form.card-b button.btn-lg").click()


def _running(number: str, unit: str) -> int:
    return Step.objects.get(matter__number=number, unit__code=unit, state="active").pk


@pytest.fixture(scope="module")
def sessions(live_site):
    return live_site.run(build)


@in_both_sizes
def test_one_matter_through_three_doors(live_site, sessions, cast):
    aside(live_site.run, _labour_expired_yesterday)
    with visitors(live_site.url) as people:
        journey = Journey(people, live_site, sessions, cast)
        journey.outside().request.get(LET_GO)
        a_visitor_finds_the_place_and_the_guide(journey)
        what_is_no_longer_entrusted_is_blocked_until_renewed(journey)
        before = on_time_in_the_street(journey)
        journey.number = accepted_at_the_kiosk(journey)
        three_departments_work_at_once_and_one_asks_back(journey)
        the_son_sends_the_page_from_home(journey)
        the_call_goes_on_with_the_same_case(journey)
        amber_for_the_leader_then_finished(journey)
        assert on_time_in_the_street(journey) == before + 1
        printed_delivered_and_rated(journey)
        aside(live_site.run, one_case_and_nothing_else, journey.number)


def _labour_expired_yesterday() -> None:
    """The entrustment of 劳动保障 as it was before anybody renewed it."""
    renewed = {"agent__number": KIOSK, "authority__code": "human_resources"}
    Entrustment.objects.filter(**renewed, starts_on=timezone.localdate()).delete()


def a_visitor_finds_the_place_and_the_guide(journey: Journey) -> None:
    """Step 1: the community with its kiosk and window, their hours and telephone; the guide."""
    page = journey.outside()
    page.goto("/")
    page.locator("input[type=search]").first.fill("五一社区")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("五一社区")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("五一社区")
    expect(page.locator("main")).to_contain_text("0513-00000123")
    expect(page.locator("main")).to_contain_text("五一社区便民服务中心")
    kiosk = page.locator("main li", has_text="五一便民亭")
    kiosk.get_by_text("办公时间").click()
    expect(kiosk).to_contain_text("07:30")
    page.goto("/search/?q=修房子")
    page.get_by_role("link", name=re.compile("住房修缮困难补助")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("住房修缮困难补助")
    expect(page.locator("main")).to_contain_text("房屋权属证明")
    journey.fits(page)


def fits(page: Page, size: dict[str, int]) -> None:
    """Nothing runs over the edge."""
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def choose(page: Page, item: str, who: str, channel: str) -> None:
    """Item and person of an acceptance, by the clerk's own search."""
    page.goto(f"/desk/matters/accept/?q={item}")
    page.locator("#items button").first.click()
    page.locator("#person-q").fill(who)
    page.keyboard.press("Enter")
    page.locator(f"label:has([name=channel][value={channel}])").click()
    page.locator("#people button").first.click()


def answer_what_is_asked(page: Page, **given: str) -> None:
    for name, value in given.items():
        control = page.locator(f"[name=a-{name}]")
        if control.count():
            control.fill(value)


def tick_and_sign_on_paper(page: Page, witness: str) -> None:
    """Whatever is not held already is seen on paper; the signature is on the paper form."""
    # A list is read at once: the page must stand before.
    page.locator("button[name=do][value=accept]").wait_for()
    for box in page.locator("[name=tick]").all():
        box.check()
    page.locator("label:has([name=signature_manner][value=paper])").click()
    page.fill("[name=witness]", witness)
    page.locator("button[name=do][value=accept]").click()


def what_is_no_longer_entrusted_is_blocked_until_renewed(journey: Journey) -> None:
    """Step 2: blocked with the reason and who may renew; the department renews; then allowed."""
    page = journey.at("kiosk")
    page.goto("/desk/matters/accept/?q=失业登记")
    expect(page.locator("#items")).to_contain_text("已于")
    page.locator(f"#items button[value={JOBLESS}]").click()
    expect(page.locator("main, .messages, body").first).to_contain_text("可以办理续期的单位")
    expect(page).to_have_url(re.compile(r"/desk/matters/accept/$"))
    journey.fits(page)
    department = journey.at("human_resources")
    department.goto(f"/desk/matters/entrustments/?q={KIOSK}&when=over")
    department.get_by_role("link", name="五一便民亭").first.click()
    expect(department.locator("main")).to_contain_text("已到期")
    department.fill("[name=ends_on]", f"{timezone.localdate() + timedelta(days=365):%Y-%m-%d}")
    department.get_by_role("button", name="续期").click()
    expect(department.get_by_text("受托单位现在可以受理")).to_be_visible()
    journey.fits(department)
    page.goto("/desk/matters/accept/?q=失业登记")
    page.locator(f"#items button[value={JOBLESS}]").click()
    expect(page).to_have_url(re.compile(r"/accept/\d+/person/"))


def on_time_in_the_street(journey: Journey) -> int:
    """What the leader reads of 文峰街道 this month: matters answered in time."""
    page = journey.at("leader")
    page.goto(f"/desk/performance/?place={WENFENG}")
    link = page.locator(".stats a", has_text="按时办结")
    journey.fits(page)
    return int(re.sub(r"\D", "", link.first.inner_text()) or 0) if link.count() else 0


def accepted_at_the_kiosk(journey: Journey) -> str:
    """Step 3: 13 of 18 fields are known, 5 are asked; the receipt has a number and is printed."""
    page = journey.at("kiosk")
    choose(page, "住房修缮困难补助", journey.cast.dad[0], "kiosk")
    if "/person/" in page.url:
        page.locator(".actbar button").click()
    expect(page.locator(".once")).to_contain_text("这件事需要 18 项信息，13 项一网已有")
    expect(page.locator(".ask [name^=a-]")).to_have_count(5)
    answer_what_is_asked(
        page, damage_description="厨房屋顶漏雨", event_date="2026-10-20", amount_requested="6000",
        wanted_time="周末上午", application_reason="无力修缮",
    )  # fmt: skip
    page.locator("button[name=do][value=next]").last.click()
    tick_and_sign_on_paper(page, "顾小兰")
    expect(page.get_by_text("已受理。")).to_be_visible()
    shown = page.locator(".m-number").inner_text()
    expect(page.locator(".m-qr svg")).to_be_visible()
    number = re.sub(r"\D", "", shown)
    journey.fits(page)
    page.emulate_media(media="print")
    expect(page.locator(".m-number")).to_be_visible()
    expect(page.locator(".m-qr svg")).to_be_visible()
    assert journey.know(_facts, number) == (18, 5, "kiosk")
    return number


def _facts(number: str) -> tuple[int, int, str]:
    matter = Matter.objects.get(number=number)
    return matter.fields_needed, matter.fields_asked, matter.channel


def three_departments_work_at_once_and_one_asks_back(journey: Journey) -> None:
    """Step 4: after the visit three departments hold the same number; one notice, no second."""
    page = journey.at("network")
    journey.handle(page, "complete", "committee", agreed="yes", opinion="入户核实，情况属实")
    expect(page.get_by_text("环节已完成。")).to_be_visible()
    departments = ("civil_affairs", "housing", "human_resources")
    windows = {unit: journey.at(unit) for unit in departments}
    for unit, one in windows.items():
        one.goto("/desk/matters/?tab=mine")
        expect(one.locator(f"main a[href*='{journey.number}']").first).to_be_visible()
        journey.fits(one)
        one.goto(f"/desk/matters/{journey.number}/steps/{journey.step(unit)}/take/")
        one.locator("main form.card-b button.btn-lg").click()
    housing = windows["housing"]
    housing.goto(f"/desk/matters/{journey.number}/steps/{journey.step('housing')}/return/")
    housing.check("[name=materials][value=housing_proof]")
    housing.fill("[name=reason]", "缺第二页")
    housing.locator("main form.card-b button.btn-lg").click()
    expect(housing.get_by_text("已一次性告知需要补正")).to_be_visible()
    labour = windows["human_resources"]
    for one in (housing, labour):
        one.goto(f"/desk/matters/{journey.number}/")
        expect(one.get_by_role("link", name="退回补正", exact=True)).to_have_count(0)
    housing.goto(f"/desk/matters/{journey.number}/correction-notice/")
    expect(housing.locator("article")).to_contain_text("房屋权属证明")


def the_son_sends_the_page_from_home(journey: Journey) -> None:
    """Step 5: the son signs in himself, acts for his father and adds the page; plain words."""
    page = journey.outside()
    sign_in_at_home(page, journey.cast.son[2])
    page.get_by_role("button", name=re.compile("^代徐.*办理$")).click()
    page.goto("/my/applications/")
    page.get_by_role("link", name=re.compile("^查看")).first.click()
    expect(page.locator("main")).to_contain_text("住房修缮困难补助")
    page.get_by_role("link", name="看进度、补材料、看结果").click()
    expect(page.get_by_text("请补这些，只需补这一次")).to_be_visible()
    page.get_by_role("link", name="在网上补").click()
    page.set_input_files(
        "input[type=file]",
        files=[FilePayload(name="第二页.png", mimeType="image/png", buffer=PNG)],
    )
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("现在在")
    expect(page.locator("main")).to_contain_text("住建部门查勘房屋")
    expect(page.locator("main")).not_to_contain_text(journey.cast.dad[0])
    journey.fits(page)


def follow(page: Page, number: str, four: str) -> None:
    page.goto("/track/")
    page.fill("[name=number]", number)
    page.fill("[name=last_four]", four)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("住房修缮困难补助")


def the_call_goes_on_with_the_same_case(journey: Journey) -> None:
    """Step 6: the window that answers finds the number by the caller's telephone and writes the
    call on it, instead of accepting again; the community's administrator sees it there."""
    window = journey.at("window")
    choose(window, "住房修缮困难补助", journey.cast.dad[0], "phone")
    if "/person/" in window.url:
        window.locator(".actbar button").click()
    expect(window.get_by_text("还在办")).to_be_visible()
    window.get_by_role("link", name="接着办这一件").first.click()
    window.fill("[name=text]", "问还差什么材料")
    window.locator("main form.card-b button.btn-lg").click()
    expect(window.get_by_text("已记在这件事上")).to_be_visible()
    for who in ("window", "network"):
        page = journey.at(who)
        page.goto("/desk/search/?q=" + journey.cast.dad[2])
        expect(page.locator("main")).to_contain_text(re.compile("住房修缮困难补助|徐"))
        page.goto(f"/desk/matters/?q={journey.number}&tab=area")
        expect(page.locator(f"main a[href*='{journey.number}']").first).to_be_visible()
        page.goto(f"/desk/matters/{journey.number}/")
        expect(page.locator(".m-path")).to_contain_text("住建部门查勘房屋")
        expect(page.locator(".tl")).to_contain_text("申请人")
        expect(page.locator("[aria-labelledby=h-con]")).to_contain_text("问还差什么材料")
        expect(page.locator("[aria-labelledby=h-con]")).to_contain_text("便民亭")
        journey.fits(page)


def amber_for_the_leader_then_finished(journey: Journey) -> None:
    """Step 7: at 80 % of the time it is amber on the leader's page with the handler's name; then
    the handlers finish."""
    journey.know(_let_time_pass, journey.number)
    leader = journey.at("leader")
    leader.goto("/desk/supervise/")
    expect(leader.locator(".supervise-stats")).to_contain_text("预警")
    journey.fits(leader)
    leader.goto(f"/desk/supervision/?q={journey.number}")
    line = leader.locator("main tr", has=leader.locator(f"a[href*='{journey.number}']"))
    expect(line.filter(has_text="陶卫东").first).to_contain_text("预警")
    journey.fits(leader)
    leader.goto(f"/desk/matters/{journey.number}/")
    expect(leader.locator(".hero .chip-warn").first).to_be_visible()
    journey.fits(leader)
    for unit in ("civil_affairs", "housing", "human_resources"):
        one = journey.at(unit)
        journey.handle(one, "complete", unit, agreed="yes", opinion="同意")
        expect(one.get_by_text("环节已完成。")).to_be_visible()
    one = journey.at("civil_affairs")
    journey.handle(one, "finish", "civil_affairs", granted="yes", text="准予补助 6000 元。")
    expect(one.get_by_text("已办结，可以打印结果文书。")).to_be_visible()


def _let_time_pass(number: str) -> None:
    now = timezone.now()
    near = {"amber_at": now - timedelta(hours=1), "due_at": now + timedelta(hours=9)}
    Matter.objects.filter(number=number).update(**near)
    Step.objects.filter(matter__number=number, state="active").update(**near)


def printed_delivered_and_rated(journey: Journey) -> None:
    """Step 8: the numbered result is printed, handed out at the kiosk against the code that the
    applicant reads on the page of the matter, and rated with four stars."""
    page = journey.at("kiosk")
    page.goto(f"/desk/matters/{journey.number}/result/")
    expect(page.locator("article")).to_contain_text("住房修缮困难补助批准通知书")
    outside = journey.outside()
    follow(outside, journey.number, journey.cast.four)
    code = outside.locator("[data-code]").inner_text()
    assert code.replace("-", "") == journey.know(_code, journey.number)
    journey.handle(page, "deliver", how="kiosk", receiver=journey.cast.dad[0], code="1")
    expect(page.locator("#error-summary")).to_contain_text("取件码不对")
    journey.handle(page, "deliver", how="kiosk", receiver=journey.cast.dad[0], code=code)
    expect(page.get_by_text("已登记送达。")).to_be_visible()
    journey.fits(page)
    outside.goto(f"/track/{journey.number}/")
    outside.get_by_role("link", name="我来评价").click()
    outside.locator("label:has([name=grade][value='4'])").click()
    outside.get_by_role("button", name="交出评价").click()
    expect(outside.locator("main")).to_contain_text("满意")
    outside.goto(f"/track/{journey.number}/")
    expect(outside.get_by_role("link", name="我来评价")).to_have_count(0)
    expect(outside.locator(".tl-v").last).to_contain_text("受理")
    journey.fits(outside)


def _code(number: str) -> str:
    return pickup_code(Result.objects.get(matter__number=number))


def one_case_and_nothing_else(number: str) -> None:
    """What the journey asserts at its end: one case, contacts from three doors, one rating."""
    matter = Matter.objects.get(number=number)
    assert Matter.objects.filter(resident=matter.resident, item__code=REPAIR).count() == 1
    assert matter.state == "finished"
    assert matter.rating.grade == 4
    assert matter.correction.answered_at
    kinds = list(matter.events.order_by("pk").values_list("kind", flat=True))
    assert kinds[0] == "accepted"
    assert {"returned", "corrected", "finished", "delivered", "rated", "contacted"} <= set(kinds)
    assert matter.channel == "kiosk"
    assert matter.events.get(kind="contacted").facts["channel"] == "phone"
    assert matter.events.get(kind="corrected").by == "申请人"
    assert matter.acceptor_unit is not None
    assert matter.acceptor_unit.number == KIOSK


@in_both_sizes
def test_a_clerk_is_guided_through_a_matter_she_never_did(live_site, sessions, cast):
    """Step 9: an answer opens a question; a certificate comes from the file, with the receipt."""
    with visitors(live_site.url) as people:
        page = people.window(cast.size, session=sessions["window"])
        choose(page, "优抚", cast.soldier[0], "window")
        if "/person/" in page.url:
            page.locator(".actbar button").click()
        expect(page.locator(".once")).to_contain_text("14 项信息")
        expect(page.locator(".once")).to_contain_text("另有 1 项")
        expect(page.locator("aside")).to_contain_text("退役")
        expect(page.locator("aside")).to_contain_text("承诺")
        expect(page.locator("[name=a-disability_grade]")).to_have_count(0)
        page.select_option("[name=a-veteran_status]", "disabled_veteran")
        expect(page.locator("[name=a-disability_grade]")).to_have_count(1)
        expect(page.locator(".once")).to_contain_text("15 项信息")
        page.select_option("[name=a-veteran_status]", "none")
        expect(page.locator("[name=a-disability_grade]")).to_have_count(0)
        page.select_option("[name=a-veteran_status]", "disabled_veteran")
        expect(page.locator("[name=a-disability_grade]")).to_have_count(1)
        fill_everything(page, but="a-veteran_status")
        page.locator("button[name=do][value=next]").last.click()
        expect(page.locator("main")).to_contain_text("档案里已有")
        tick_and_sign_on_paper(page, "吴芳")
        expect(page.get_by_text("已受理。")).to_be_visible()
        number = re.sub(r"\D", "", page.locator(".m-number").inner_text())
        fits(page, cast.size)
        assert aside(live_site.run, _from_the_file, number) == ["veteran_certificate"]


def _from_the_file(number: str) -> list[str]:
    papers = Material.objects.filter(matter__number=number, document__isnull=False)
    return list(papers.values_list("document__kind", flat=True))


@in_both_sizes
def test_a_bed_ridden_man_is_helped_at_home(live_site, sessions, cast):
    """Step 10: a neighbour acts for him, a witness signs; the result is brought home and signed
    for, with a receipt."""
    with visitors(live_site.url) as people:
        journey = Journey(people, live_site, sessions, cast)
        page = journey.at("worker")
        page.goto("/desk/matters/accept/?q=养老服务补贴")
        page.locator(f"#items button[value={ALLOWANCE}]").click()
        page.locator("#person-q").fill(cast.bedridden[0])
        page.keyboard.press("Enter")
        expect(page.locator("#people button").first).to_be_visible()
        page.locator("label:has([name=channel][value=visit])").click()
        page.locator("label:has([name=who][value=agent])").click()
        page.fill("[name=agent_name]", "丁小军")
        page.fill("[name=agent_phone]", "15400007722")
        page.fill("[name=agent_relation]", "侄子")
        page.locator("#people button").first.click()
        if "/person/" in page.url:
            page.locator(".actbar button").click()
        expect(page.locator(".once")).to_be_visible()
        fill_everything(page)
        page.locator("button[name=do][value=next]").last.click()
        tick_and_sign_on_paper(page, "缪桂芳")
        expect(page.get_by_text("已受理。")).to_be_visible()
        expect(page.locator("article")).to_contain_text("代办")
        journey.number = re.sub(r"\D", "", page.locator(".m-number").inner_text())
        fits(page, cast.size)
        journey.know(_granted, journey.number)
        brought_home(journey)


def _granted(number: str) -> None:
    """The offices agree, one after the other, and the last one writes the result."""
    matter = Matter.objects.get(number=number)
    *steps, last = matter.steps.order_by("stage", "pk")
    for step in steps:
        step.refresh_from_db()
        complete_step(step, agreed=True, opinion="同意", by=Actor.system())
    last.refresh_from_db()
    finish_matter(last, granted=True, text="准予，每月 200 元。", by=Actor.system())


def brought_home(journey: Journey) -> None:
    page = journey.at("worker")
    journey.handle(
        page, "deliver", how="visit", receiver="丁小军", relation="relative", proof="witness",
        witness="缪桂芳",
    )  # fmt: skip
    expect(page.get_by_text("已登记送达。")).to_be_visible()
    page.goto(f"/desk/matters/{journey.number}/delivery-receipt/")
    expect(page.locator("article")).to_contain_text("丁小军")
    journey.fits(page)


def fill_everything(page: Page, but: str = "") -> None:
    """Plausible answers to whatever a form asks."""
    words = {
        "date": "2026-10-01", "bank_account": "6228480402564890018", "phone": "15400007723",
        "identity": "320692199506080016",
    }  # fmt: skip
    page.locator(".ask [name^=a-]").last.wait_for()
    for one in page.locator(".ask [name^=a-]").all():
        name = (one.get_attribute("name") or "")[2:]
        if f"a-{name}" == but:
            continue
        tag, kind = one.evaluate("it => [it.tagName, it.type]")
        if tag == "SELECT":
            one.select_option(index=1)
        elif kind in ("checkbox", "radio"):
            one.check()
        else:
            word = next((text for part, text in words.items() if part in name), "")
            one.fill(word or ("2026-10-01" if name.endswith("_on") else "3"))


@in_both_sizes
def test_the_city_window_accepts_what_a_far_town_decides(live_site, sessions, cast):
    """Step 12: a 如东县 resident at the city window; 栟茶镇 decides under the same number."""
    with visitors(live_site.url) as people:
        journey = Journey(people, live_site, sessions, cast)
        page = journey.at("city_window")
        choose(page, "高龄津贴", cast.far[0], "window")
        if "/person/" in page.url:
            page.locator(".actbar button").click()
        fill_everything(page)
        page.locator("button[name=do][value=next]").last.click()
        tick_and_sign_on_paper(page, "吴芳")
        expect(page.get_by_text("已受理。")).to_be_visible()
        journey.number = re.sub(r"\D", "", page.locator(".m-number").inner_text())
        village = journey.at("village")
        journey.handle(village, "complete", "committee", agreed="yes", opinion="属实")
        expect(village.get_by_text("环节已完成。")).to_be_visible()
        town = journey.at("bincha")
        town.goto("/desk/matters/?tab=mine")
        expect(town.locator(f"main a[href*='{journey.number}']").first).to_be_visible()
        journey.handle(town, "complete", "civil_affairs", agreed="yes", opinion="同意")
        expect(town.get_by_text("环节已完成。")).to_be_visible()
        journey.fits(town)
        page.goto(f"/desk/matters/{journey.number}/")
        expect(page.locator("[aria-labelledby=h-why]")).to_contain_text("首问负责")
        expect(page.locator(".m-path")).to_contain_text("栟茶镇")
        journey.fits(page)


@in_both_sizes
def test_a_birth_matter_is_nobody_elses(live_site, sessions, cast):
    """Step 15: whoever accepted it reads it; every other role, of this area and of another
    township, is told 无权, on the page and by the interface, and finds it in no list."""
    with visitors(live_site.url) as people:
        journey = Journey(people, live_site, sessions, cast)
        own = journey.at("network")
        journey.number = a_couple_asks_on_registration(own, cast)
        own.goto(f"/desk/matters/{journey.number}/")
        expect(own.locator(".hero")).to_contain_text("保密")
        journey.fits(own)
        for who in ("window", "other_window", "leader", "kiosk"):
            page = journey.at(who)
            answer = page.goto(f"/desk/matters/{journey.number}/")
            assert answer is not None
            assert answer.status == 404
            expect(page.locator("main")).to_contain_text("无权")
            expect(page.locator("main")).not_to_contain_text("生育")
            journey.fits(page)
            assert page.request.get(f"/api/v1/matters/{journey.number}").status == 404
            page.goto(f"/desk/matters/?q={journey.number}&tab=area")
            expect(page.locator(f"main a[href$='/matters/{journey.number}/']")).to_have_count(0)
        people.faults.clear()  # the browser itself reports each 404


def a_couple_asks_on_registration(page: Page, cast: Cast) -> str:
    choose(page, "生育登记", cast.soldier[0], "window")
    if "/person/" in page.url:
        page.locator(".actbar button").click()
    fill_everything(page)
    page.locator("button[name=do][value=next]").last.click()
    tick_and_sign_on_paper(page, "周敏")
    expect(page.get_by_text("已受理。")).to_be_visible()
    return re.sub(r"\D", "", page.locator(".m-number").inner_text())


@in_both_sizes
def test_a_township_sees_which_of_the_ten_categories_is_missing(live_site, sessions, cast):
    """Step 17: 银树村 offers nine of ten; the missing one is named."""
    with visitors(live_site.url) as people:
        page = people.window(cast.size, session=sessions["bincha"])
        page.goto("/desk/matters/catalogue/")
        line = page.locator("[aria-labelledby=h-co] li", has_text="银树村")
        expect(line).to_contain_text("9/10")
        expect(line).to_contain_text("拥军优抚")
        expect(page.locator("[aria-labelledby=h-co] li", has_text="群贤村")).to_have_count(0)
        fits(page, cast.size)


@in_both_sizes
def test_a_resident_applies_from_home_and_is_told_once_what_is_missing(live_site, sessions, cast):
    """Steps 4 and 5 from the other side: applied for online, returned once, completed, accepted."""
    with visitors(live_site.url) as people:
        journey = Journey(people, live_site, sessions, cast)
        page = journey.outside()
        sign_in_at_home(page, cast.dad[2])
        page.goto(f"/services/{VERY_OLD}/")
        page.get_by_role("link", name="网上申请").click()
        assert look(page) == []
        page.get_by_role("button", name="开始填写").click()
        expect(page.locator(".once")).to_contain_text("项一网已有")
        assert look(page) == []
        fill_everything(page)
        page.locator("main button[name=do][value=next]").last.click()
        page.get_by_role("button", name="提交申请").click()
        expect(page.locator("#error-summary")).to_contain_text("请勾选声明")
        assert look(page) == []
        for one in page.locator("input[type=file]").all():
            with page.expect_response(re.compile("/papers/$")):
                one.set_input_files(FilePayload(name="a.png", mimeType="image/png", buffer=PNG))
        page.locator("[name=declared]").check()
        page.get_by_role("button", name="提交申请").click()
        expect(page.get_by_text("已经收到。")).to_be_visible()
        expect(page.locator(".m-qr svg")).to_be_visible()
        assert look(page) == []
        journey.number = re.sub(r"\D", "", page.locator(".m-number").inner_text())
        the_community_returns_it_once(journey)
        page.get_by_role("link", name="看进度、补材料、看结果").click()
        page.get_by_role("link", name="在网上补").click()
        page.locator("input[type=file]").first.set_input_files(
            FilePayload(name="b.png", mimeType="image/png", buffer=PNG)
        )
        page.get_by_role("button", name="提交").click()
        expect(page.locator("main")).to_contain_text("已经收到，等受理")
        the_community_accepts(journey)
        page.goto("/my/applications/")
        expect(page.locator("main")).to_contain_text("办理中")
        assert look(page) == []


def sign_in_at_home(page: Page, phone: str) -> None:
    page.goto("/my/sign-in/")
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).to_have_url(re.compile("/my/(read/)?$"))
    page.wait_for_load_state()  # the address changes before the page stands
    if page.url.endswith("/my/read/"):
        page.get_by_label("网上账号").check()
        page.get_by_role("button", name="我看过了").click()
    expect(page).to_have_url(re.compile("/my/$"))


def the_community_returns_it_once(journey: Journey) -> None:
    """In its work list, from the web; what is missing is named whole, and only this once."""
    desk = journey.at("network")
    desk.goto("/desk/matters/?tab=mine&channel=web")
    row = desk.locator("tr", has=desk.locator(f"a[href*='{journey.number}']")).first
    expect(row).to_contain_text("网上")
    expect(row).to_contain_text("审查")
    desk.goto(f"/desk/matters/{journey.number}/steps/{journey.step('committee')}/return/")
    assert look(desk) == []
    desk.locator("[name=materials]").first.check()
    desk.fill("[name=reason]", "看不清")
    desk.locator("main form.card-b button.btn-lg").click()
    expect(desk.get_by_text("已一次性告知需要补正")).to_be_visible()


def the_community_accepts(journey: Journey) -> None:
    desk = journey.at("network")
    desk.goto(f"/desk/matters/{journey.number}/steps/{journey.step('committee')}/admit/")
    assert look(desk) == []
    desk.locator("main form.card-b button.btn-lg").click()
    expect(desk.get_by_text("已受理，承办环节已经开始")).to_be_visible()
    expect(desk.get_by_role("link", name="退回补正", exact=True)).to_have_count(0)
    journey.fits(desk)
