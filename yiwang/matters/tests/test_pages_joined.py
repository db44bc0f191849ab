"""Pages of routing, joint work, entrustments, contacts and bundles, as their clerks use them."""

import json
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.utils import timezone

from tests.world import CHONGCHUAN, CITY, COMMUNITY, STREET
from yiwang.accounts.actions import create_unit
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.memory import forget
from yiwang.matters import actions
from yiwang.matters.actions.routing import Sending
from yiwang.matters.forms.answers import AnswersForm
from yiwang.matters.models import (
    Bundle,
    BundleCase,
    Draft,
    Entrustment,
    Matter,
    Opinion,
    RoutingRule,
)
from yiwang.matters.reads import reached_number
from yiwang.matters.sheets import DATA
from yiwang.matters.views.check import form_of

pytestmark = pytest.mark.usefixtures("catalogue")
ITEM = "elder-care-subsidy"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    forget("matters.")
    yield
    forget("matters.")


@pytest.fixture
def county(world, sign_in):
    return sign_in(world.actor(Role.CIVIL_AFFAIRS, CHONGCHUAN, "civil_affairs", "沈国平"))


def test_a_rule_is_made_tried_and_explains_itself(world, county, accepted, sign_in):
    unit = world.unit(STREET, "service_centre")
    answer = county.post(
        "/desk/matters/routing/new/",
        {
            "place": "城东街道", "item": ITEM, "step": "township_review", "unit": unit.pk,
            "pick": "unit", "order": "10", "starts_on": str(timezone.localdate()),
            "reason": "审核权下放",
        },
        follow=True,
    )  # fmt: skip
    assert "规则已保存" in answer.content.decode()
    forget("matters.")
    tried = county.get(
        f"/desk/matters/routing/try/?item={ITEM}&place=南园社区&channel=window"
    ).content.decode()
    assert "审核权下放" in tried
    assert "按分办规则" in tried
    matter = accepted()
    page = sign_in(world.network_admin).get(f"/desk/matters/{matter.number}/").content.decode()
    assert "为什么在这里" in page
    assert "审核权下放" in page
    assert "首问负责" in page


def test_what_is_wrong_with_a_rule_is_said_beside_the_field(county):
    answer = county.post("/desk/matters/routing/new/", {"place": "没有的地方"})
    assert answer.status_code == 422
    assert "没有这个地方" in answer.content.decode()
    assert not RoutingRule.objects.exists()


def test_a_fallback_is_no_rule_and_the_list_is_filtered_and_exported(world, county):
    unit = world.unit(CHONGCHUAN, "civil_affairs")
    sending = Sending(unit=unit, reason="无人承办的归民政", fallback=True)
    actions.add_rule(world.place(CHONGCHUAN), sending=sending, by=Actor.system())
    shown = county.get("/desk/matters/routing/?kind=fallback").content.decode()
    assert "无人承办的归民政" in shown
    assert "无人承办的归民政" not in county.get("/desk/matters/routing/?kind=rule").content.decode()
    assert county.get("/desk/matters/routing/export/").content[:2] == b"PK"


def test_an_opinion_is_asked_on_the_matter_and_given_on_its_list(world, accepted, sign_in):
    matter = accepted()
    step = matter.steps.get(state="active")
    lead = sign_in(world.network_admin)
    health = world.unit(CHONGCHUAN, "health")
    address = f"/desk/matters/{matter.number}/steps/{step.pk}/consult/"
    assert "请谁会办" in lead.get(address).content.decode()
    lead.post(address, {"unit": health.pk, "question": "是否失能", "days": "3"})
    asked = Opinion.objects.get()
    refused = lead.post(
        f"/desk/matters/{matter.number}/steps/{step.pk}/complete/", {"agreed": "yes"}
    )
    assert "会办意见" in refused.content.decode()
    doctor = sign_in(world.actor(Role.DEPARTMENT, CHONGCHUAN, "health", "卫健员"))
    assert "是否失能" in doctor.get("/desk/matters/opinions/").content.decode()
    doctor.post(f"/desk/matters/opinions/{asked.pk}/", {"agreed": "yes", "text": "重度"})
    assert "重度" in lead.get(f"/desk/matters/{matter.number}/").content.decode()


def test_the_first_acceptor_has_a_list_of_what_is_still_open(world, accepted, sign_in):
    matter, done = accepted(), accepted()
    actions.withdraw_matter(done, reason="不办", by=world.network_admin)
    shown = sign_in(world.network_admin).get("/desk/matters/?tab=first").content.decode()
    assert matter.number in shown
    assert done.number not in shown


def test_a_merged_number_leads_to_the_one_that_goes_on(world, accepted, sign_in):
    first, second = accepted(), accepted()
    admin = sign_in(world.network_admin)
    wrong = admin.post(
        f"/desk/matters/{first.number}/do/merge/", {"other": first.number, "reason": "一样"}
    )
    assert wrong.status_code == 422
    admin.post(
        f"/desk/matters/{first.number}/do/merge/",
        {"other": second.display_number, "reason": "报了两次"},
    )
    assert "已并入" in admin.get(f"/desk/matters/{second.number}/").content.decode()
    assert reached_number(second.number) == first.number


def test_the_register_of_entrustments_is_kept_on_its_pages(world, sign_in):
    kiosk = create_unit(world.place(COMMUNITY), code="kiosk", name="南园便民亭", by=Actor.system())
    housing = world.actor(Role.DEPARTMENT, CHONGCHUAN, "housing", "陶卫东")
    browser, today = sign_in(housing), timezone.localdate()
    said = {
        "authority": housing.unit_id, "agent": kiosk.pk, "categories": ["relief"],
        "starts_on": str(today), "ends_on": str(today + timedelta(days=5)), "duties": "代收",
        "data_rights": "本亭受理的",
    }  # fmt: skip
    answer = browser.post("/desk/matters/entrustments/new/", said, follow=True)
    assert "委托已登记" in answer.content.decode()
    made = Entrustment.objects.get()
    listed = browser.get("/desk/matters/entrustments/?when=soon").content.decode()
    assert kiosk.number in listed
    assert "即将到期" in listed
    later = {"ends_on": str(today + timedelta(days=400))}
    browser.post(f"/desk/matters/entrustments/{made.pk}/renew/", later)
    assert Entrustment.objects.get(renews=made).ends_on == today + timedelta(days=400)
    assert browser.get("/desk/matters/entrustments/export/").content[:2] == b"PK"
    ended = browser.post(f"/desk/matters/entrustments/{made.pk}/end/", {"reason": ""})
    assert ended.status_code == 422


# ---------- bundles ----------


def test_the_city_makes_a_bundle_as_data(world, sign_in):
    city = sign_in(world.city_bureau)
    answer = city.post(
        "/desk/matters/bundles/new/",
        {
            "code": "elder", "title": "老人一件事", "items": ["senior-allowance", "funeral-relief"],
            "always": ["senior-allowance"], "starts_on": str(timezone.localdate()),
        },
        follow=True,
    )  # fmt: skip
    assert "已发布" in answer.content.decode()
    assert Bundle.objects.get().items == ["senior-allowance", "funeral-relief"]
    city.post("/desk/matters/bundles/elder/retire/")
    assert Bundle.objects.get().retired_on


def test_a_bundle_is_accepted_on_one_form_at_the_counter(world, resident, sign_in):
    facts = {"title": "老人一件事", "always": ["senior-allowance"]}
    items = ["senior-allowance", "disability-allowances"]
    actions.publish_bundle(
        world.place(CITY), code="elder", facts=facts, items=items, by=Actor.system()
    )
    browser = sign_in(world.network_admin)
    browser.post("/desk/matters/bundles/elder/", {"parts": items})
    draft = Draft.objects.get()
    start = f"/desk/matters/accept/{draft.pk}"
    browser.post(f"{start}/person/", {"resident": resident.pk, "channel": "window", "who": "self"})
    draft.refresh_from_db()
    form = form_of(draft)
    answers = {}
    for code, one in AnswersForm(form.asked).fields.items():
        offered = [value for value, _label in getattr(one, "choices", ()) if value]
        answers[f"a-{code}"] = offered[0] if offered else _plausible(code)
    checked = browser.post(f"{start}/check/", {**answers, "do": "next"})
    assert checked.status_code == 302, checked.content.decode()[:3000]
    done = browser.post(
        f"{start}/materials/",
        {
            "do": "accept", "tick": [need.code for need in form.plan.guide.materials],
            "signature_manner": "paper", "witness": "周敏",
        },
        follow=True,
    )  # fmt: skip
    case = BundleCase.objects.get()
    assert case.display_number in done.content.decode()
    parts = list(case.parts.all())
    assert {one.item.code for one in parts} == set(items)
    assert all(one.number in done.content.decode().replace("-", "") for one in parts)
    assert case.fields_asked == len(form.asked)
    assert case.fields_alone > case.fields_asked
    whole = browser.get(f"/desk/matters/{parts[0].number}/").content.decode()
    assert case.display_number in whole


def _plausible(code: str) -> str:
    words = {"bank_account": "6228480402564890018", "phone": "15400007723"}
    known = next((text for part, text in words.items() if part in code), "")
    return known or ("2026-10-01" if code.endswith("_on") or "date" in code else "3")


def test_what_is_shipped_goes_together():
    """Each shipped bundle names items of the shipped catalogue, none with variants by grade."""
    known: dict[str, dict[str, Any]] = {}
    for file in (DATA / "catalogue").glob("*.yaml"):
        known |= {one["code"]: one for one in yaml.safe_load(file.read_text(encoding="utf-8"))}
    files = list((DATA / "bundles").glob("*.yaml"))
    assert len(files) == 4
    for file in files:
        bundle = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert set(bundle["always"]) <= set(bundle["items"]) <= set(known)
        assert not any(known[code].get("variants") for code in bundle["items"])


# ---------- the same by the API ----------


def test_other_systems_do_what_the_pages_do(world, accepted, resident, sign_in):
    matter = accepted()
    client = sign_in(world.network_admin)

    def post(path, **body):
        answer = client.post(f"/api/v1/matters/{path}", json.dumps(body), "application/json")
        assert answer.status_code < 300, answer.content.decode()
        return answer.json()

    why = client.get(f"/api/v1/matters/{matter.number}/why").json()
    assert why[0]["route"] == "plan"
    still = client.get(f"/api/v1/matters/open/?resident={resident.pk}&item={ITEM}").json()
    assert [one["number"] for one in still] == [matter.number]
    post(f"{matter.number}/contacts", channel="phone", text="问进度")
    contacts = client.get(f"/api/v1/matters/{matter.number}/contacts").json()
    assert [one["channel"] for one in contacts] == ["phone", "window"]
    step = matter.steps.get(state="active")
    health = world.unit(CHONGCHUAN, "health")
    post(f"{matter.number}/steps/{step.pk}/consult", unit=health.pk, question="是否失能")
    post(f"{matter.number}/steps/{step.pk}/waive", reason="不等了")
    tried = client.get(f"/api/v1/matters/routing/try?item={ITEM}&division={COMMUNITY}").json()
    assert [one["route"] for one in tried] == ["plan"] * 3
    assert Matter.objects.count() == 1
