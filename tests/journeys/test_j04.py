"""J04, accepted once: one matter, three doors. Steps 1 to 10, 12, 15 and 17.

The kiosk's clerk works with the pages of all staff, and sees what her kiosk accepted alone. Steps 8,
10 and 11 go on in test_papers.
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
from tests.visitors import DESK, PHONE, Visitors, aside, at_work, visitors
from tests.world import BINCHA, CHONGCHUAN, CITY, VILLAGE, World, build_world, unit_name
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post, Unit
from yiwang.accounts.roles import Role
from yiwang.core.memory import forget
from yiwang.divisions.models import Division, Kind, Level
from yiwang.matters.actions import accept_matter, give_entrustment, set_offering
from yiwang.matters.actions.entrustment import Terms
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Entrustment, Matter, Result, ServiceItem, Step
from yiwang.matters.reads import planned
from yiwang.matters.reads.results import pickup_code
from yiwang.matters.sheets import load_catalogue
from yiwang.personal.actions import issue_code, use_code
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
ITEMS = (REPAIR, VETERAN, ALLOWANCE, JOBLESS, VERY_OLD, *OTHERS)
KIOSK = "NT-CC-017"
SOLDIER = "蒋国强"
DAD, FOUR = "徐凤楼", "7719"
KNOWN = {
    "identity_number": "320691194803150034", "phone": "15400007719",
    "domicile_address": "五一新村3幢101室", "home_address": "五一新村3幢101室",
    "household_size": "2", "household_income": "21600", "low_income_status": "marginal",
    "employment_status": "retired", "housing_kind": "reform", "housing_area": "52",
    "bank_account": "6228480402564890018",
}  # fmt: skip
STAFF = {
    "kiosk": (Role.KIOSK, WUYI, "kiosk", "顾小兰"),
    "network": (Role.COMMUNITY_NETWORK, WUYI, "committee", "周敏"),
    "window": (Role.WINDOW, WENFENG, "service_centre", "吴芳"),
    "civil_affairs": (Role.DEPARTMENT, CHONGCHUAN, "civil_affairs", "沈国平"),
    "housing": (Role.DEPARTMENT, CHONGCHUAN, "housing", "陶卫东"),
    "human_resources": (Role.DEPARTMENT, CHONGCHUAN, "human_resources", "葛晓红"),
    "leader": (Role.LEADER, CHONGCHUAN, "civil_affairs", "陆建华"),
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
    Unit.objects.get_or_create(
        division_id=WUYI, code="kiosk",
        defaults={"name": "五一便民亭", "number": KIOSK, "unit_class": "kiosk"},
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
    people = (
        (WUYI, DAD, KNOWN),
        (WUYI, SOLDIER, {"identity_number": "320692197005020059", "phone": "15400007720",
                       "home_address": "五一新村5幢202室"}),
        (VILLAGE, "丁长富", {"identity_number": "32069319380101001X", "phone": "15400007721",
                          "home_address": "群贤村三组12号"}),
    )  # fmt: skip
    for place, name, values in people:
        if not Resident.objects.filter(name=name, division_id=place).exists():
            made = add_resident(
                Division.objects.get(pk=place), name=name, values=values, source="visit",
                source_label="走访", by=Actor.system(),
            )  # fmt: skip
            if name == SOLDIER:
                filing = Filing("veteran_certificate", "南通市退役军人事务局", None,
                                date(2028, 5, 1), "counter")  # fmt: skip
                file = SimpleUploadedFile("优待证.png", PNG)
                file_document(made, filing=filing, uploads=[file], by=Actor.system())


@dataclass
class Journey:
    """Everybody's windows and the one matter."""

    people: Visitors
    site: Any
    sessions: dict[str, str]
    number: str = ""

    def at(self, who: str, size: dict[str, int] | None = None) -> Page:
        return self.people.window(size, session=self.sessions[who])

    def know(self, work: Any, *arguments: Any) -> Any:
        return aside(self.site.run, work, *arguments)

    def step(self, unit: str) -> int:
        """The running step of a unit."""
        return int(self.know(_running, self.number, unit))

    def handle(self, page: Page, key: str, unit: str = "", **fields: str) -> None:
        """Do one thing with the matter on its own page, without the help of a script."""
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


def test_one_matter_through_three_doors(live_site, sessions):
    with visitors(live_site.url) as people:
        journey = Journey(people, live_site, sessions)
        a_visitor_finds_the_place_and_the_guide(people)
        what_is_no_longer_entrusted_is_blocked_until_renewed(journey)
        journey.number = accepted_at_the_kiosk(journey)
        three_departments_work_at_once_and_one_asks_back(journey)
        the_son_sends_the_page_from_home(journey)
        the_call_goes_on_with_the_same_case(journey)
        amber_for_the_leader_then_finished(journey)
        printed_delivered_and_rated(journey)
        aside(live_site.run, one_case_and_nothing_else, journey.number)


def a_visitor_finds_the_place_and_the_guide(people: Visitors) -> None:
    """Step 1, on a telephone: the community, its window with hours or telephone, the guide."""
    page = people.window(PHONE)
    page.goto("/")
    page.locator("input[type=search]").first.fill("五一社区")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("五一社区")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("五一社区")
    expect(page.locator("main")).to_contain_text("0513-00000123")
    page.goto("/search/?q=修房子")
    page.get_by_role("link", name=re.compile("住房修缮困难补助")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("住房修缮困难补助")
    expect(page.locator("main")).to_contain_text("房屋权属证明")
    fits(page, PHONE)


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
    for size in (DESK, PHONE):
        page = journey.at("kiosk", size)
        page.goto("/desk/matters/accept/?q=失业登记")
        expect(page.locator("#items")).to_contain_text("已于")
        page.locator(f"#items button[value={JOBLESS}]").click()
        expect(page.locator("main, .messages, body").first).to_contain_text("可以办理续期的单位")
        expect(page).to_have_url(re.compile(r"/desk/matters/accept/$"))
        fits(page, size)
    department = journey.at("human_resources", PHONE)
    department.goto(f"/desk/matters/entrustments/?q={KIOSK}&when=over")
    department.get_by_role("link", name="五一便民亭").first.click()
    expect(department.locator("main")).to_contain_text("已到期")
    department.fill("[name=ends_on]", f"{timezone.localdate() + timedelta(days=365):%Y-%m-%d}")
    department.get_by_role("button", name="续期").click()
    expect(department.get_by_text("受托单位现在可以受理")).to_be_visible()
    fits(department, PHONE)
    journey.know(forget, "matters.entrusted.")
    page = journey.at("kiosk")
    page.goto("/desk/matters/accept/?q=失业登记")
    page.locator(f"#items button[value={JOBLESS}]").click()
    expect(page).to_have_url(re.compile(r"/accept/\d+/person/"))


def accepted_at_the_kiosk(journey: Journey) -> str:
    """Step 3: 13 of 18 fields are known, 5 are asked; the receipt has a number."""
    page = journey.at("kiosk", PHONE)
    choose(page, "住房修缮困难补助", DAD, "kiosk")
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
    fits(page, PHONE)
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
        one.goto(f"/desk/matters/{journey.number}/steps/{journey.step(unit)}/take/")
        one.locator("main form.card-b button.btn-lg").click()
    housing = windows["housing"]
    housing.goto(f"/desk/matters/{journey.number}/steps/{journey.step('housing')}/return/")
    housing.check("[name=materials][value=housing_proof]")
    housing.fill("[name=reason]", "缺第二页")
    housing.locator("main form.card-b button.btn-lg").click()
    expect(housing.get_by_text("已一次性告知需要补正")).to_be_visible()
    expect(housing.get_by_role("link", name="退回补正", exact=True)).to_have_count(0)
    housing.goto(f"/desk/matters/{journey.number}/correction-notice/")
    expect(housing.locator("article")).to_contain_text("房屋权属证明")


def the_son_sends_the_page_from_home(journey: Journey) -> None:
    """Step 5: by number and last four digits, on a telephone; progress in plain words."""
    page = journey.people.window(PHONE)
    follow(page, journey.number)
    expect(page.get_by_text("请补这些，只需补这一次")).to_be_visible()
    page.get_by_role("link", name="在网上补").click()
    page.set_input_files(
        "input[type=file]",
        files=[FilePayload(name="第二页.png", mimeType="image/png", buffer=PNG)],
    )
    page.get_by_role("button", name="提交").click()
    expect(page.locator("main")).to_contain_text("现在在")
    expect(page.locator("main")).to_contain_text("住建部门查勘房屋")
    expect(page.locator("main")).not_to_contain_text(DAD)


def follow(page: Page, number: str) -> None:
    page.goto("/track/")
    page.fill("[name=number]", number)
    page.fill("[name=last_four]", FOUR)
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("住房修缮困难补助")


def the_call_goes_on_with_the_same_case(journey: Journey) -> None:
    """Step 6: the window that answers finds the number by the caller's telephone and writes the
    call on it, instead of accepting again; the community's administrator sees it there."""
    window = journey.at("window")
    window.goto(f"/desk/matters/accept/?q={REPAIR}")
    choose(window, "住房修缮困难补助", DAD, "phone")
    if "/person/" in window.url:
        window.locator(".actbar button").click()
    expect(window.get_by_text("还在办")).to_be_visible()
    window.get_by_role("link", name="接着办这一件").first.click()
    window.fill("[name=text]", "问还差什么材料")
    window.locator("main form.card-b button.btn-lg").click()
    expect(window.get_by_text("已记在这件事上")).to_be_visible()
    for who, size in (("window", DESK), ("network", PHONE)):
        page = journey.at(who, size)
        page.goto("/desk/search/?q=" + KNOWN["phone"])
        expect(page.locator("main")).to_contain_text(re.compile("住房修缮困难补助|徐"))
        page.goto(f"/desk/matters/?q={journey.number}&tab=area")
        page.goto(f"/desk/matters/{journey.number}/")
        expect(page.locator(".m-path")).to_contain_text("住建部门查勘房屋")
        expect(page.locator(".tl")).to_contain_text("申请人")
        expect(page.locator("[aria-labelledby=h-con]")).to_contain_text("问还差什么材料")
        expect(page.locator("[aria-labelledby=h-con]")).to_contain_text("便民亭")
        fits(page, size)


def amber_for_the_leader_then_finished(journey: Journey) -> None:
    """Step 7: at 80 % of the time it is amber on the leader's page; then the handlers finish."""
    journey.know(_let_time_pass, journey.number)
    for size in (DESK, PHONE):
        page = journey.at("leader", size)
        page.goto("/desk/supervise/")
        expect(page.locator(".supervise-stats")).to_contain_text("预警")
        page.goto(f"/desk/matters/{journey.number}/")
        expect(page.locator(".hero .chip-warn").first).to_be_visible()
        fits(page, size)
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
    """Step 8: the numbered result is printed, handed out at the kiosk, and rated 满意."""
    page = journey.at("kiosk")
    page.goto(f"/desk/matters/{journey.number}/result/")
    expect(page.locator("article")).to_contain_text("住房修缮困难补助批准通知书")
    code = journey.know(_code, journey.number)
    journey.handle(page, "deliver", how="kiosk", receiver=DAD, code=code)
    expect(page.get_by_text("已登记送达。")).to_be_visible()
    phone = journey.people.window(PHONE)
    follow(phone, journey.number)
    phone.get_by_role("link", name="我来评价").click()
    phone.locator("label:has([name=grade][value='4'])").click()
    phone.get_by_role("button", name="交出评价").click()
    expect(phone.locator("main")).to_contain_text("满意")
    phone.goto(f"/track/{journey.number}/")
    expect(phone.get_by_role("link", name="我来评价")).to_have_count(0)
    expect(phone.locator(".tl-v").last).to_contain_text("受理")


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
    assert matter.acceptor_unit is not None
    assert matter.acceptor_unit.number == KIOSK


def test_a_clerk_is_guided_through_a_matter_she_never_did(live_site, sessions):
    """Step 9: an answer opens a question, on desk and telephone; a certificate comes from the file."""
    with visitors(live_site.url) as people:
        page = people.window(session=sessions["window"])
        choose(page, "优抚", SOLDIER, "window")
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
        phone = people.window(PHONE, session=sessions["window"])
        phone.goto(page.url)
        expect(phone.locator("[name=a-disability_grade]")).to_have_count(1)
        phone.select_option("[name=a-veteran_status]", "none")
        expect(phone.locator("[name=a-disability_grade]")).to_have_count(0)
        phone.select_option("[name=a-veteran_status]", "disabled_veteran")
        expect(phone.locator("[name=a-disability_grade]")).to_have_count(1)
        fill_everything(phone, but="a-veteran_status")
        phone.locator("button[name=do][value=next]").last.click()
        expect(phone.locator("main")).to_contain_text("档案里已有")
        tick_and_sign_on_paper(phone, "吴芳")
        expect(phone.get_by_text("已受理。")).to_be_visible()
        fits(phone, PHONE)


def test_a_bed_ridden_man_is_helped_at_home(live_site, sessions):
    """Step 10, on the worker's telephone: a neighbour acts for him, a witness signs; then the receipt."""
    with visitors(live_site.url) as people:
        page = people.window(PHONE, session=sessions["worker"])
        page.goto("/desk/matters/accept/?q=养老服务补贴")
        page.locator(f"#items button[value={ALLOWANCE}]").click()
        page.locator("#person-q").fill("丁长富")
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
        fits(page, PHONE)


def fill_everything(page: Page, but: str = "") -> None:
    """Plausible answers to whatever a form asks."""
    words = {"date": "2026-10-01", "bank_account": "6228480402564890018", "phone": "15400007723"}
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


def test_the_city_window_accepts_what_a_far_town_decides(live_site, sessions):
    """Step 12: a 如东县 resident at the city window; 栟茶镇 goes on under the same number."""
    with visitors(live_site.url) as people:
        journey = Journey(people, live_site, sessions)
        page = journey.at("city_window")
        choose(page, "高龄津贴", "丁长富", "window")
        if "/person/" in page.url:
            page.locator(".actbar button").click()
        fill_everything(page)
        page.locator("button[name=do][value=next]").last.click()
        tick_and_sign_on_paper(page, "吴芳")
        expect(page.get_by_text("已受理。")).to_be_visible()
        journey.number = re.sub(r"\D", "", page.locator(".m-number").inner_text())
        village = journey.at("village", PHONE)
        journey.handle(village, "complete", "committee", agreed="yes", opinion="属实")
        expect(village.get_by_text("环节已完成。")).to_be_visible()
        town = journey.at("bincha", PHONE)
        town.goto("/desk/matters/?tab=mine")
        expect(town.locator(f"main a[href*='{journey.number}']").first).to_be_visible()
        journey.handle(town, "complete", "civil_affairs", agreed="yes", opinion="同意")
        expect(town.get_by_text("环节已完成。")).to_be_visible()
        fits(town, PHONE)
        page.goto(f"/desk/matters/{journey.number}/")
        expect(page.locator("[aria-labelledby=h-why]")).to_contain_text("首问负责")
        expect(page.locator(".m-path")).to_contain_text("栟茶镇")


def test_a_birth_matter_is_nobody_elses(live_site, sessions):
    """Step 15: whoever accepted it reads it; other roles of the same area are told 无权."""
    number = live_site.run(_accept_birth)
    with visitors(live_site.url) as people:
        own = people.window(PHONE, session=sessions["network"])
        own.goto(f"/desk/matters/{number}/")
        expect(own.locator(".hero")).to_contain_text("保密")
        for who, size in (("window", DESK), ("leader", PHONE), ("kiosk", PHONE)):
            page = people.window(size, session=sessions[who])
            answer = page.goto(f"/desk/matters/{number}/")
            assert answer is not None
            assert answer.status == 404
            expect(page.locator("main")).to_contain_text("无权")
            expect(page.locator("main")).not_to_contain_text("生育")
            fits(page, size)
        people.faults.clear()  # the browser itself reports each 404


def _accept_birth() -> str:
    post = Post.objects.get(role=Role.COMMUNITY_NETWORK, division_id=WUYI)
    papers = [HandedIn(need.code) for need in planned(BIRTH).guide.materials]
    person = Resident.objects.get(name=SOLDIER)
    made: Matter = accept_matter(
        Division.objects.get(pk=WUYI), item=BIRTH, resident=person, answers={}, channel="window",
        materials=papers, by=Actor.of(post),
    )  # fmt: skip
    return made.number


def test_a_township_sees_which_of_the_ten_categories_is_missing(live_site, sessions):
    """Step 17: 银树村 offers nine of ten; the missing one is named."""
    with visitors(live_site.url) as people:
        for size in (DESK, PHONE):
            page = people.window(size, session=sessions["bincha"])
            page.goto("/desk/matters/catalogue/")
            line = page.locator("[aria-labelledby=h-co] li", has_text="银树村")
            expect(line).to_contain_text("9/10")
            expect(line).to_contain_text("拥军优抚")
            expect(page.locator("[aria-labelledby=h-co] li", has_text="群贤村")).to_have_count(0)
            fits(page, size)


PASSWORD = "haohe2026"


def test_a_resident_applies_from_home_and_is_told_once_what_is_missing(live_site, sessions):
    """Steps 4 and 5 from the other side: applied for online, returned once, completed, accepted."""
    live_site.run(_account)
    with visitors(live_site.url) as people:
        journey = Journey(people, live_site, sessions)
        page = people.window(PHONE)
        sign_in_at_home(page)
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
        the_community_accepts_on_the_telephone(journey)
        page.goto("/my/applications/")
        expect(page.locator("main")).to_contain_text("办理中")
        assert look(page) == []


def _account() -> None:
    dad = Resident.objects.get(name=DAD)
    by = Actor.system()
    code = issue_code(dad, phone=KNOWN["phone"], manner="counter", document="身份证", by=by)
    use_code(code, password=PASSWORD, by=own_actor(dad))


def sign_in_at_home(page: Page) -> None:
    page.goto("/my/sign-in/")
    page.get_by_label("手机号").fill(KNOWN["phone"])
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
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


def the_community_accepts_on_the_telephone(journey: Journey) -> None:
    phone = journey.at("network", PHONE)
    phone.goto(f"/desk/matters/{journey.number}/steps/{journey.step('committee')}/admit/")
    assert look(phone) == []
    phone.locator("main form.card-b button.btn-lg").click()
    expect(phone.get_by_text("已受理，承办环节已经开始")).to_be_visible()
    expect(phone.get_by_role("link", name="退回补正", exact=True)).to_have_count(0)
    fits(phone, PHONE)
