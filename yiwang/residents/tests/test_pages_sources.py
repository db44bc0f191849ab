"""Pages and API of sources: history of a field, deciding, taking back, quality of the data."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from tests.world import CHONGCHUAN, CITY, COMMUNITY, LAN, STREET, World
from yiwang.accounts.roles import Role
from yiwang.core.models import JournalLine
from yiwang.residents.actions import add_resident, change_resident, record_facts
from yiwang.residents.jobs import recompute_in_background
from yiwang.residents.models import Resident, SourceRecord

from .test_pages import signed_in, text_of

NEW = "13900001234"


@pytest.fixture
def admin(world: World) -> Client:
    return signed_in(world, Role.COMMUNITY_NETWORK, COMMUNITY)


@pytest.fixture
def chen(world: World) -> Resident:
    """Visited by her community; later she told another telephone herself."""
    person = add_resident(
        world.place(COMMUNITY), name="陈桂英", values={**LAN, "employer": "益民超市"},
        source="visit", by=world.network_admin,
    )  # fmt: skip
    record_facts(person, values={"phone": NEW}, source_kind="resident", by=world.network_admin)
    return person


@pytest.fixture
def told(chen: Resident) -> SourceRecord:
    return SourceRecord.objects.latest("pk")


def test_a_field_says_whence_since_when_until_when_and_what_others_say(
    admin: Client, chen: Resident
) -> None:
    page = text_of(admin.get(chen.get_absolute_url()))
    assert "来源不一致" in page
    fragment = text_of(
        admin.get(
            reverse("residents:field", args=[chen.pk, "phone"]), headers={"HX-Request": "true"}
        )
    )
    assert "<html" not in fragment
    for words in ("首次采集", "最近确认", "有效至", "走访采集", "居民自报", "154****8830",
                  "139****1234", "以此为准"):  # fmt: skip
        assert words in fragment
    assert NEW not in fragment
    assert LAN["phone"] not in fragment


def test_an_earlier_value_is_looked_at_with_a_reason(
    admin: Client, chen: Resident, told: SourceRecord
) -> None:
    url = reverse("residents:reveal", args=[chen.pk]) + f"?field=phone&record={told.pk}"
    assert NEW not in text_of(admin.get(url))
    assert NEW in text_of(admin.post(url, {"reason": "核对电话"}))
    assert JournalLine.objects.latest("pk").facts["record"] == told.pk


def test_one_tap_decides_which_source_stands(
    admin: Client, chen: Resident, told: SourceRecord
) -> None:
    url = reverse("residents:decide", args=[chen.pk, "phone"])
    without = admin.post(url, {"record": told.pk, "reason": ""})
    assert without.status_code == 422
    assert admin.post(url, {"record": told.pk, "reason": "当面核对"}).status_code == 302
    chen.refresh_from_db()
    assert (chen.phone, chen.disputed) == (NEW, [])
    history = text_of(admin.get(reverse("residents:field", args=[chen.pk, "phone"])))
    assert "当面核对" in history
    assert "原为 154****8830" in history


def test_the_quality_page_counts_and_lists_what_is_to_be_decided(
    admin: Client, chen: Resident, world: World, django_assert_max_num_queries: Any
) -> None:
    url = reverse("residents:quality")
    admin.get(url)
    with django_assert_max_num_queries(16):
        page = admin.get(url)
    assert page.context["found"].disputed == 1
    assert page.context["found"].missing["address"] == 1
    assert "陈*英" in text_of(page)
    assert "154****8830" in text_of(page)
    assert NEW not in text_of(page)
    assert "lacks=address" in text_of(page)
    lacking = text_of(admin.get(reverse("residents:list"), {"lacks": "address"}))
    assert "陈*英" in lacking
    assert "陈*英" not in text_of(admin.get(reverse("residents:list"), {"lacks": "phone"}))
    with translation.override("en"):
        assert "Data quality" in text_of(admin.get(url, headers={"Accept-Language": "en"}))


def test_above_the_township_a_place_is_chosen_first(world: World, chen: Resident) -> None:
    city = signed_in(world, Role.CIVIL_AFFAIRS, CITY, "civil_affairs")
    url = reverse("residents:quality")
    page = city.get(url)
    assert "found" not in page.context
    assert "崇川区" in text_of(page)
    assert city.get(url, {"place": STREET}).context["found"].disputed == 1
    assert city.get(url, {"place": "x"}).status_code == 200


def test_a_register_is_recomputed_in_the_background(world: World, chen: Resident) -> None:
    city = signed_in(world, Role.CIVIL_AFFAIRS, CITY, "civil_affairs")
    assert city.post(reverse("residents:recompute")).status_code == 302
    Resident.objects.update(name_pinyin="?")
    post = world.post(Role.CIVIL_AFFAIRS, CITY, "civil_affairs")
    recompute_in_background(division=CITY, post=post.pk)
    chen.refresh_from_db()
    assert chen.name_pinyin == "chenguiying"
    facts = (
        JournalLine.objects.filter(act="residents.recompute", division_key=COMMUNITY).get().facts
    )
    assert (facts["people"], facts["changed"]) == (1, 1)


def test_all_arrivals_are_listed_and_the_last_of_ones_own_taken_back(
    admin: Client, chen: Resident, world: World
) -> None:
    change_resident(chen, changes={"employer": "市一院"}, by=world.network_admin)
    url = reverse("residents:records", args=[chen.pk])
    page = text_of(admin.get(url))
    assert "原为 益民超市" in page
    assert "撤回我的录入" in page
    last = SourceRecord.objects.latest("pk").pk
    undo = reverse("residents:undo", args=[chen.pk])
    done = admin.post(undo, {"record": last}, follow=True)
    assert "已撤回" in text_of(done)
    assert "益民超市" in text_of(done)
    again = admin.post(undo, {"record": "x"}, follow=True)
    assert "不能撤回" in text_of(again)
    assert "已撤回" in text_of(admin.get(url))


def test_a_correction_that_a_trusted_source_outranks_says_so(
    admin: Client, chen: Resident, world: World
) -> None:
    record_facts(
        chen, values={"chronic_disease": "hypertension"}, source_kind="department",
        owner=world.unit(CHONGCHUAN, "health"), by=world.network_admin,
    )  # fmt: skip
    url = reverse("residents:edit", args=[chen.pk]) + "?field=chronic_disease"
    page = text_of(
        admin.post(url, {"chronic_disease": ["diabetes"], "source": "visit"}, follow=True)
    )
    assert "另有更可信的来源" in page
    assert "另有 1 个来源说法不同" in page


@pytest.mark.parametrize("name", ["field", "records"])
def test_the_neighbour_sees_no_sources(world: World, chen: Resident, name: str) -> None:
    from tests.world import NEIGHBOUR

    other = signed_in(world, Role.COMMUNITY_NETWORK, NEIGHBOUR)
    more = ["phone"] if name == "field" else []
    assert other.get(reverse(f"residents:{name}", args=[chen.pk, *more])).status_code == 404


def test_a_field_nobody_knows_is_no_page(admin: Client, chen: Resident) -> None:
    assert admin.get(reverse("residents:field", args=[chen.pk, "shoe-size"])).status_code == 404


# ---------- API ----------

BASE = "/api/v1/residents"


def post(api: Client, path: str, **body: Any) -> Any:
    return api.post(BASE + path, json.dumps(body), content_type="application/json")


def test_sources_through_the_api(admin: Client, chen: Resident, told: SourceRecord) -> None:
    records = admin.get(f"{BASE}/{chen.pk}/records", {"field": "phone"}).json()
    assert [one["told"][0]["effect"] for one in records] == ["disputes", "stands"]
    assert records[0]["told"][0]["masked"] == "139****1234"
    assert [one["id"] for one in admin.get(f"{BASE}/sources/disputes").json()] == [chen.pk]
    reveal = post(admin, f"/{chen.pk}/reveal", field="phone", reason="核对电话", record=told.pk)
    assert reveal.json()["value"] == NEW
    decided = post(admin, f"/{chen.pk}/decide", field="phone", record=told.pk, reason="当面核对")
    assert decided.json()["phone"] == "139****1234"
    assert admin.get(f"{BASE}/sources/disputes").json() == []
    last = SourceRecord.objects.latest("pk").pk
    undone = post(admin, f"/{chen.pk}/undo", record=last)
    assert undone.json()["phone"] == "154****8830"
    assert post(admin, f"/{chen.pk}/undo", record=last).status_code == 409


def test_whom_to_believe_is_published(admin: Client, chen: Resident) -> None:
    orders = {one["code"]: one for one in admin.get(f"{BASE}/sources/trusted").json()}
    assert orders["phone"]["order"][0][0] == "committee"
    assert (orders["veteran_status"]["owner"], orders["veteran_status"]["order"][0]) == (
        "veterans_affairs", "owner",
    )  # fmt: skip


def test_what_is_due_is_listed_through_the_api(admin: Client, chen: Resident) -> None:
    assert admin.get(f"{BASE}/sources/due").json() == []
    Resident.objects.update(fresh_until=timezone.localdate().replace(year=2020))
    due = admin.get(f"{BASE}/sources/due", {"division": COMMUNITY}).json()
    assert [one["id"] for one in due] == [chen.pk]
