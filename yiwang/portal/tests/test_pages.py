"""Home, places, guides, search: only what exists, for the community chosen (INF-01, SVC-02)."""

import json
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import (
    BINCHA,
    CHONGCHUAN,
    CITY,
    COMMUNITY,
    ITEMS,
    NEIGHBOUR,
    RUDONG,
    STREET,
    VILLAGE,
)
from yiwang.accounts.actions import create_unit
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.accounts.roles import Role
from yiwang.core.memory import forget
from yiwang.core.reads import parameter
from yiwang.divisions.models import Change, Division, Succession
from yiwang.matters.actions import (
    end_entrustment,
    give_entrustment,
    publish_version,
    rate_matter,
    retire_item,
    set_offering,
)
from yiwang.matters.actions.entrustment import Terms
from yiwang.matters.models import ServiceItem
from yiwang.portal.public.catalogue import qr
from yiwang.portal.reads.figures import figures_of
from yiwang.portal.reads.search import search
from yiwang.queues.actions import close_day, open_day

from .conftest import finish, hand_in


def text_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def choose(client, key):
    return client.post("/choose/", {"key": str(key)})


def ring(key, code, phone):
    Unit.objects.filter(division_id=key, code=code).update(phone=phone)


# ---------- home and places ----------


def test_home_shows_the_city_and_asks_for_the_community_first(client, world, catalogue):
    html = text_of(client, "/")
    assert "您住在哪个社区" in html
    assert "12345" in html
    assert html.count('class="cat-name"') == 10


def test_choosing_a_community_is_remembered(client, world, catalogue):
    response = choose(client, COMMUNITY)
    assert response.cookies["yw-community"].value == str(COMMUNITY)
    assert response.cookies["yw-community"]["httponly"]
    html = text_of(client, "/")
    assert "南园社区" in html
    assert "您住在哪个社区" not in html


def test_the_community_can_be_forgotten_again(client, world):
    choose(client, COMMUNITY)
    assert choose(client, "").cookies["yw-community"].value == ""


@pytest.mark.parametrize("key", ["0", "abc", "9" * 40, "110101001001"])
def test_a_cookie_of_nonsense_is_no_community(client, world, key):
    client.cookies["yw-community"] = key
    assert "选择我的社区" in text_of(client, "/")


def test_the_chooser_goes_back_to_our_own_pages_only(client, world):
    ours = client.post("/choose/", {"key": str(COMMUNITY), "next": "/services/"})
    theirs = client.post("/choose/", {"key": str(COMMUNITY), "next": "https://example.org/"})
    assert ours.headers["Location"] == "/services/"
    assert theirs.headers["Location"] == "/"


def test_the_chooser_walks_down_the_tree_and_searches(client, world):
    assert "崇川区" in text_of(client, "/choose/")
    assert f'value="{COMMUNITY}"' in text_of(client, f"/choose/?in={STREET}")
    found = text_of(client, "/choose/?q=群贤")
    assert f'value="{VILLAGE}"' in found
    assert "栟茶镇" in found
    assert "没有叫这个名字" in text_of(client, "/choose/?q=不存在的地方")


def test_the_telephone_is_the_nearest_one_there_is(client, world):
    choose(client, COMMUNITY)
    assert "tel:12345" in text_of(client, "/")
    ring(STREET, "service_centre", "0513-0000 0111")
    assert "tel:051300000111" in text_of(client, "/")
    ring(COMMUNITY, "committee", "0513-0000 0222")
    assert "tel:051300000222" in text_of(client, "/")


def test_a_community_page_shows_units_services_and_the_way_up(client, world, catalogue):
    ring(COMMUNITY, "service_centre", "0513-0000 0134")
    html = text_of(client, f"/community/{COMMUNITY}/")
    for words in ("南园社区便民服务中心", "南园社区居民委员会", "0513-0000 0134", "高龄津贴"):
        assert words in html
    for key in (CITY, CHONGCHUAN, STREET):
        assert f"/community/{key}/" in html


@pytest.mark.parametrize(("key", "child"), [(CITY, RUDONG), (RUDONG, BINCHA), (STREET, NEIGHBOUR)])
def test_every_level_has_a_page_that_leads_down(client, world, key, child):
    assert f"/community/{child}/" in text_of(client, f"/community/{key}/")


def test_a_place_of_another_city_or_of_nowhere_has_no_page(client, world):
    assert client.get("/community/110101001001/").status_code == 404
    assert client.get("/community/320613001999/").status_code == 404


def test_a_place_that_ended_names_its_heirs(client, world):
    former = Division.objects.create(
        key=320611_000_000, parent_id=CITY, level=3, name="港闸区", short_name="港闸",
        valid_to=date(2020, 7, 3),
    )  # fmt: skip
    change = Change.objects.create(
        type="merge", effective_on=date(2020, 7, 4), document="苏政发〔2020〕1号", division=former
    )
    Succession.objects.create(change=change, predecessor=former, successor=world.place(CHONGCHUAN))
    response = client.get("/community/320611000000/")
    assert response.status_code == 410
    assert f"/community/{CHONGCHUAN}/" in response.content.decode()


# ---------- figures ----------


def test_figures_of_few_are_not_published(client, world, catalogue, resident):
    least = int(parameter("portal.figure_least"))
    for _number in range(least - 1):
        finish(hand_in(world, resident))
    figures = figures_of(world.place(COMMUNITY))
    assert figures is not None
    assert not figures
    assert "本月办结" not in text_of(client, f"/community/{COMMUNITY}/")


def test_figures_are_counted_from_the_matters(client, world, catalogue, resident):
    least = int(parameter("portal.figure_least"))
    for number in range(least):
        matter = finish(hand_in(world, resident))
        grade = 1 if number == 0 else 5
        rate_matter(matter, grade=grade, by=Actor.public("matters.rate"))
    figures = figures_of(world.place(COMMUNITY))
    assert figures is not None
    assert (figures.finished, figures.on_time) == (least, 100)
    assert figures.satisfied == (least - 1) * 1000 // least / 10
    assert figures.accepted == least
    assert [count for _category, count in figures.top] == [least]
    text = text_of(client, f"/community/{COMMUNITY}/")
    assert "本月办结" in text
    assert "一年来办得最多的" in text
    assert figures_of(world.place(NEIGHBOUR)) is not None
    assert not figures_of(world.place(NEIGHBOUR))


def test_above_the_township_nothing_is_counted_live(world):
    assert figures_of(world.place(CITY)) is None


# ---------- guides ----------


def test_a_guide_says_who_what_how_long_and_on_what_basis(client, world, catalogue):
    html = text_of(client, "/services/senior-allowance/")
    for words in (
        "年满80周岁", "居民身份证", "已有可免交", "入户核实", "10 个工作日", "20 个工作日",
        "待核对", "不收费", "高龄津贴发放通知", "老年人权益保障法", "家人能代办吗", "第 1 版",
    ):  # fmt: skip
        assert words in html
    assert "<svg" in html
    assert "data-print" in html


def test_a_guide_names_the_units_of_the_chosen_community(client, world, catalogue):
    ring(STREET, "civil_affairs", "0513-0000 0444")
    choose(client, COMMUNITY)
    html = text_of(client, "/services/senior-allowance/")
    assert "城东街道民政办公室" in html
    assert "tel:051300000444" in html


def test_a_place_that_does_not_offer_a_service_says_so(client, world, catalogue):
    item = ServiceItem.objects.get(code="senior-allowance")
    set_offering(world.place(COMMUNITY), item=item, offered=False, by=Actor.system())
    choose(client, COMMUNITY)
    assert "暂时不办这一项" in text_of(client, "/services/senior-allowance/")
    assert "高龄津贴" not in text_of(client, f"/community/{COMMUNITY}/")
    choose(client, NEIGHBOUR)
    assert "暂时不办这一项" not in text_of(client, "/services/senior-allowance/")


def test_a_new_version_is_shown_with_its_date_and_the_old_one_stays_readable(
    client, world, catalogue
):
    item = ServiceItem.objects.get(code="senior-allowance")
    content = {**item.versions.get().content, "summary": "新版的简介"}
    day = timezone.localdate()
    publish_version(
        world.place(CITY), code=item.code, category="eldercare", content=content,
        effective_from=day, by=Actor.system(),
    )  # fmt: skip
    assert "新版的简介" in text_of(client, f"/services/{item.code}/")
    old = text_of(client, f"/services/{item.code}/?version=1")
    assert "不是现行的一版" in old
    assert "新版的简介" not in old
    assert client.get(f"/services/{item.code}/?version=9").status_code == 404


def test_a_retired_service_keeps_its_page_but_leaves_the_catalogue(client, world, catalogue):
    item = ServiceItem.objects.get(code="senior-allowance")
    retire_item(item, on=timezone.localdate(), by=Actor.system())
    assert "不再受理" in text_of(client, f"/services/{item.code}/")
    assert f"/services/{item.code}/" not in text_of(client, "/services/")


def test_the_catalogue_is_filtered_by_category_and_audience(client, world, catalogue):
    veterans = text_of(client, "/services/?category=veterans")
    assert "/services/veteran-preferential-care/" in veterans
    assert "/services/senior-allowance/" not in veterans
    elders = text_of(client, "/services/?for=elders")
    assert "/services/senior-allowance/" in elders
    assert "/services/birth-registration/" not in elders
    assert f"共 {len(ITEMS)} 项" in text_of(client, "/services/?category=nothing&for=nobody")
    assert "没有事项" in text_of(client, "/services/?category=veterans&for=students")


def test_an_unknown_service_is_not_found(client, world):
    assert client.get("/services/no-such-thing/").status_code == 404


# ---------- search ----------


@pytest.mark.parametrize(
    "words", ["高龄津贴", "津贴", "尊老金", "gljt", "gaolingjintie", "allowance for the very"]
)
def test_a_service_is_found_by_words_key_words_pinyin_and_english(world, catalogue, words):
    assert "senior-allowance" in {one.code for one in search(words).items}


def test_a_whole_question_finds_what_shares_its_words(world, catalogue):
    found = search("我妈妈八十岁了想问高龄津贴怎么领")
    assert "senior-allowance" in {one.code for one in found.related}


def test_places_are_found_by_name_and_pinyin_with_the_names_above(world):
    Division.objects.filter(pk=COMMUNITY).update(pinyin="nanyuan", initials="ny")
    for words in ("南园", "nanyuan", "nan yuan", "NY"):
        spots = search(words).places
        assert [spot.pk for spot in spots] == [COMMUNITY]
        assert spots[0].where == "城东街道，崇川区，南通市"


def test_units_are_found_by_name(client, world):
    assert "南园社区居民委员会" in text_of(client, "/search/?q=南园社区居民")


@pytest.mark.parametrize("words", ["%", "_", "'; --", "🙂", "<b>", "x" * 3000, "\x00", "　"])
def test_strange_questions_are_answered_calmly(client, world, catalogue, words):
    response = client.get("/search/", {"q": words})
    assert response.status_code == 200
    assert "<b>" not in response.content.decode().replace("<b>12345</b>", "")


# ---------- genuine papers, machines, the rest ----------


def test_a_genuine_result_is_confirmed_without_its_text(client, finished):
    code = finished.result.code
    typed = f"{code[:4].lower()}-{code[4:]}"
    html = client.get("/verify/", {"code": typed}, follow=True).content.decode()
    for words in ("这份文书是真的", finished.result.number, "陈*英"):
        assert words in html
    assert "从本月起按月发放" not in html
    assert "陈桂英" not in html
    assert finished.number not in html


def test_an_invented_code_is_not_confirmed(client, db):
    response = client.get("/verify/ABCD2345/")
    assert response.status_code == 404
    assert "没有核验码" in response.content.decode()


def test_the_result_is_a_document_with_its_code(holder, handed_in):
    assert holder.get(f"/track/{handed_in.number}/result/").status_code == 404
    finish(handed_in)
    html = text_of(holder, f"/track/{handed_in.number}/result/")
    code = handed_in.result.code
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in html
    assert "加盖公章处" in html
    assert "陈桂英" not in html


def test_the_site_map_lists_public_pages_only(client, world, catalogue):
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    addresses = [one.text or "" for one in tree.findall(".//{*}loc")]
    assert any(one.endswith(f"/community/{COMMUNITY}/") for one in addresses)
    assert any(one.endswith("/services/senior-allowance/") for one in addresses)
    assert not any("/track/" in one or "/desk/" in one for one in addresses)


def test_robots_are_kept_from_personal_and_staff_pages(client, db):
    said = client.get("/robots.txt").content.decode()
    for path in ("/track/", "/verify/", "/desk/"):
        assert f"Disallow: {path}" in said


def test_the_manifest_names_the_site(client, db):
    response = client.get("/manifest.webmanifest")
    assert response.headers["Content-Type"].startswith("application/manifest+json")
    assert json.loads(response.content)["start_url"] == "/"


@pytest.mark.parametrize("topic", ["", "promise/", "accessibility/", "privacy/"])
def test_what_the_site_promises_is_written_down_with_the_numbers_in_force(client, world, topic):
    html = text_of(client, f"/about/{topic}")
    if topic == "promise/":
        assert f"{parameter('matters.rating_invitation')} 天内可以评价" in html
    assert client.get("/about/nothing/").status_code == 404


def test_no_public_page_sends_visitors_to_the_log_in(client, world, catalogue):
    for address in ("/", "/search/", "/choose/", "/services/", "/track/", "/verify/", "/about/"):
        assert client.get(address).status_code == 200, address
    assert client.get("/community/").headers["Location"] == "/choose/"


def test_home_needs_few_statements(client, world, catalogue, django_assert_max_num_queries):
    choose(client, COMMUNITY)
    client.get("/")
    with django_assert_max_num_queries(15):
        client.get("/")


def test_staff_looking_at_the_portal_see_the_same_page(client, world, catalogue):
    client.force_login(world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "committee").user)
    assert "十类服务" in text_of(client, "/")


def test_yesterdays_lock_does_not_matter(client, handed_in):
    handed_in.tracking_locked_until = timezone.now() - timedelta(days=1)
    handed_in.save()
    said = {"number": handed_in.number, "last_four": "8830"}
    assert client.post("/track/", said).status_code == 302


def test_an_open_hall_is_linked_from_the_page_of_its_place(client, world, catalogue):
    unit = world.unit(COMMUNITY, "service_centre")
    clerk = world.actor(Role.WINDOW, COMMUNITY, "service_centre")
    place = reverse("portal:community", args=[COMMUNITY])
    screen = reverse("queues:screen", args=[unit.pk])
    assert screen not in client.get(place).content.decode()
    day = open_day(unit, letters=["A"], windows=1, by=clerk)
    assert screen in client.get(place).content.decode()
    close_day(day, by=clerk)
    assert screen not in client.get(place).content.decode()


def test_a_kiosk_has_a_sheet_for_its_door_with_its_code_and_what_was_entrusted(world, catalogue):
    """EXP-42, KSK-06: the printed code leads to the page with hours and entrusted matters."""
    kiosk = create_unit(world.place(COMMUNITY), code="kiosk", name="南园便民亭", by=Actor.system())
    today, visitor = timezone.localdate(), Client()
    terms = Terms(starts_on=today, ends_on=today + timedelta(days=30), items=["housing-repair-aid"],
                  duties="收件", data_rights="只看本亭受理的事项")  # fmt: skip
    housing = world.unit(CHONGCHUAN, "housing")
    before = visitor.get(f"/units/{kiosk.pk}/").content.decode()
    assert "受委托办理" not in before
    given = give_entrustment(housing, agent=kiosk, terms=terms, by=Actor.system())
    forget("matters.entrusted.")
    page = visitor.get(f"/units/{kiosk.pk}/")
    shown = page.content.decode()
    assert "/services/housing-repair-aid/" in shown
    assert f"{housing.label}委托" in shown
    assert page.context["qr"] == qr(f"http://testserver/units/{kiosk.pk}/")
    end_entrustment(given, reason="亭子搬走", by=Actor.system())
    forget("matters.entrusted.")
    assert "受委托办理" not in visitor.get(f"/units/{kiosk.pk}/").content.decode()
