"""The desk's pages: accounts at the window, requests decided, lists approved, look-ups explained."""

import io
import json
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import CHONGCHUAN, CITY, COMMUNITY, NEIGHBOUR, STREET, World
from yiwang.accounts.models import Post, User
from yiwang.accounts.roles import Role
from yiwang.core.models import JournalLine
from yiwang.personal import actions
from yiwang.personal.jobs import keep_rules
from yiwang.personal.models import (
    Authorisation,
    Consent,
    DestructionList,
    Finding,
    Notice,
    RetentionRule,
    RightsRequest,
)
from yiwang.personal.reads import code_for, own_actor
from yiwang.residents.actions import mark_deceased, reveal_field
from yiwang.residents.models import Resident

from .conftest import DAUGHTER_PHONE, ELDER_PHONE, Family


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def desk(world: World, role: Role, key: int, code: str = "committee") -> Client:
    post: Post = world.post(role, key, code)
    client = Client()
    client.force_login(post.user)
    return client


@pytest.fixture
def admin(world: World) -> Client:
    return desk(world, Role.COMMUNITY_NETWORK, COMMUNITY)


@pytest.fixture
def officer(world: World) -> Client:
    return desk(world, Role.DATA_OFFICER, CITY, "data_bureau")


@pytest.fixture
def asked(elder: Resident) -> RightsRequest:
    return actions.ask_for_right(
        elder, kind="correct", field="phone", proposed="15400009999", words="换了手机",
        by=own_actor(elder),
    )  # fmt: skip


def test_the_residents_page_leads_to_account_and_agents(admin, elder):
    page = text_of(admin.get(elder.get_absolute_url()))
    assert reverse("personal:person", args=[elder.pk]) in page


def test_a_code_is_shown_once_and_opens(admin, elder):
    url = reverse("personal:code", args=[elder.pk])
    assert ELDER_PHONE not in text_of(admin.get(url))
    bad = admin.post(url, {"phone": ELDER_PHONE, "manner": "counter"})
    assert "document" in bad.context["form"].errors
    said = {"phone": "", "manner": "counter", "document": "身份证", "_key": "a1"}
    page = text_of(admin.post(url, said))
    shown = re.search(r"(\d{4}) (\d{4})", page)
    assert shown
    assert code_for(ELDER_PHONE, "".join(shown.groups()))
    assert ELDER_PHONE not in page
    assert "已经显示过" in text_of(admin.post(url, said))


def test_the_letter_bears_the_address(admin, elder):
    said = {"phone": ELDER_PHONE, "manner": "letter"}
    page = text_of(admin.post(reverse("personal:code", args=[elder.pk]), said))
    assert "南园新村12幢302室" in page


def test_an_agent_is_recorded_with_evidence_and_revoked(admin, family: Family):
    url = reverse("personal:agent", args=[family.elder.pk])
    said = {"name": "刘芳", "phone": DAUGHTER_PHONE, "relation": "女儿", "basis": "counter",
            "scopes": ["apply"], "evidence": "签字委托书"}  # fmt: skip
    assert "phone" in admin.post(url, {**said, "name": "王芳"}).context["form"].errors
    page = text_of(admin.post(url, said, follow=True))
    assert "刘*（群贤村）代办" in page
    given = Authorisation.objects.get()
    page = text_of(admin.post(reverse("personal:revoke", args=[given.pk]), follow=True))
    assert "已撤销" in page
    page = text_of(admin.post(reverse("personal:revoke", args=[given.pk]), follow=True))
    assert "已经撤销" in page


def test_the_account_is_closed_with_a_reason(admin, elder, account):
    url = reverse("personal:account-end", args=[account.pk])
    assert admin.post(url, {"reason": ""}).status_code == 422
    page = text_of(admin.post(url, {"reason": "手机丢失"}, follow=True))
    assert "手机丢失" in page


def test_agreements_are_recorded_at_the_window(admin, elder):
    url = reverse("personal:agree", args=[elder.pk])
    admin.post(url, {"purpose": "care"})
    given = Consent.objects.get()
    assert (given.how, given.given_by.split(" ")[0]) == ("counter", "周敏")
    admin.post(reverse("personal:withdraw", args=[given.pk]))
    given.refresh_from_db()
    assert given.withdrawn_at


def test_a_request_at_the_window_is_decided_with_its_value_and_printed(admin, elder):
    said = {"kind": "correct", "field": "phone", "proposed": "15400009999"}
    url = reverse("personal:ask", args=[elder.pk])
    assert "proposed" in admin.post(url, {**said, "proposed": "1"}).context["form"].errors
    page = text_of(admin.post(url, said, follow=True))
    assert "15400009999" in page
    assert "watermark" in page
    asked = RightsRequest.objects.get()
    decide = reverse("personal:decide", args=[asked.pk])
    assert admin.post(decide, {"granted": "no"}).status_code == 422
    admin.post(decide, {"granted": "yes", "answer": "已电话核实"})
    elder.refresh_from_db()
    assert elder.phone == "15400009999"
    letter = text_of(admin.get(reverse("personal:answer", args=[asked.pk])))
    assert "已电话核实" in letter
    assert "陈*英" in letter


def test_the_list_shows_what_is_open_and_exports_masked(admin, asked):
    page = text_of(admin.get(reverse("personal:requests")))
    assert asked.get_absolute_url() in page
    for secret in ("陈桂英", "15400009999"):
        assert secret not in page
    none = text_of(admin.get(reverse("personal:requests"), {"state": "refused"}))
    assert asked.get_absolute_url() not in none
    answer = admin.get(reverse("personal:export"), {"kind": "correct"})
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [cell.value for cell in sheet[5]][1:4] == ["陈*英", "南园社区", "更正"]
    assert "周敏" in str(sheet["A2"].value)
    assert "周敏" in str(sheet.oddFooter.center.text)


def test_the_neighbour_sees_nothing_of_it(world, asked, elder):
    client = desk(world, Role.COMMUNITY_NETWORK, NEIGHBOUR)
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert client.get(reverse("personal:person", args=[elder.pk])).status_code == 404
    assert asked.get_absolute_url() not in text_of(client.get(reverse("personal:requests")))


def test_deleting_is_decided_above_the_community(admin, world, elder):
    asked = actions.ask_for_right(
        elder, kind="delete", field="emergency_contact", words="不再联系", by=own_actor(elder)
    )
    page = text_of(admin.get(asked.get_absolute_url()))
    assert 'value="yes"' not in page
    decide = reverse("personal:decide", args=[asked.pk])
    assert admin.post(decide, {"granted": "yes", "answer": "好"}).status_code == 403
    street = desk(world, Role.TOWNSHIP_OFFICE, STREET, "civil_affairs")
    street.post(decide, {"granted": "yes", "answer": "同意删除"})
    asked.refresh_from_db()
    assert asked.state == "granted"


def test_a_restriction_is_shown_and_lifted(admin, elder):
    asked = actions.ask_for_right(elder, kind="restrict", words="先停", by=own_actor(elder))
    admin.post(reverse("personal:decide", args=[asked.pk]), {"granted": "yes"})
    assert "限制使用中" in text_of(admin.get(reverse("personal:person", args=[elder.pk])))
    admin.post(reverse("personal:lift", args=[asked.restriction.pk]))
    assert "限制使用中" not in text_of(admin.get(reverse("personal:person", args=[elder.pk])))


def test_the_data_officer_runs_the_rules_and_approves_a_list(officer, world, elder):
    mark_deceased(elder, on=date(2020, 11, 1), by=world.network_admin)
    page = text_of(officer.get(reverse("personal:retention")))
    assert "已去世居民的档案" in page
    officer.post(reverse("personal:retention-run"))
    drawn = DestructionList.objects.get()
    item = drawn.items.get()
    url = drawn.get_absolute_url()
    assert officer.post(url, {"destroy": "yes", "keep": [item.pk]}).status_code == 422
    page = text_of(officer.post(url, {"destroy": "yes"}, follow=True))
    assert "已执行" in page
    assert "陈桂英" not in page
    assert Resident.objects.get(pk=elder.pk).name == "已匿名"


def test_the_data_officer_changes_a_period(officer):
    rule = RetentionRule.objects.get(data_class="import_file")
    url = reverse("personal:rule", args=[rule.pk])
    said = {"days": 30, "by_itself": "on", "source": "市规", "starts_on": "2020-01-01"}
    assert "starts_on" in officer.post(url, said).context["form"].errors
    officer.post(url, {**said, "starts_on": timezone.localdate().isoformat()})
    assert RetentionRule.objects.get(data_class="import_file", ends_on=None).days == 30


def test_a_look_up_of_a_neighbour_is_asked_about_and_explained(officer, world, elder):
    by = world.network_admin
    for _turn in range(20):
        reveal_field(elder, field="phone", reason="随便看看", by=by)
    officer.post(reverse("personal:findings-run"))
    finding = Finding.objects.exclude(kind="night").get()
    assert finding.kind == "hour"
    page = text_of(officer.get(finding.get_absolute_url()))
    assert page.count("随便看看") == 20
    url = finding.get_absolute_url()
    assert officer.post(url, {"outcome": "explained", "explanation": ""}).status_code == 422
    officer.post(url, {"outcome": "explained", "explanation": "集中回访"})
    finding.refresh_from_db()
    assert finding.state == "explained"
    auditor = desk(world, Role.AUDITOR, CITY, "data_bureau")
    assert "集中回访" in text_of(auditor.get(url))
    assert auditor.post(url, {"outcome": "misuse", "explanation": "x"}).status_code == 403


def test_a_county_officer_sees_the_findings_of_the_county(world, elder):
    for _turn in range(20):
        reveal_field(elder, field="phone", reason="随便看看", by=world.network_admin)
    county = desk(world, Role.DATA_OFFICER, CHONGCHUAN, "civil_affairs")
    county.post(reverse("personal:findings-run"))
    assert "周敏" in text_of(county.get(reverse("personal:findings")))


def test_a_new_notice_is_published_and_shown(officer, client):
    url = reverse("personal:notice")
    said = {"text": "新的告知书", "text_en": "The new notice", "starts_on": timezone.localdate()}
    assert officer.post(url, {**said, "text_en": ""}).status_code == 422
    officer.post(url, said)
    assert Notice.objects.count() == 2
    assert "新的告知书" in text_of(client.get(reverse("my:notice")))


def test_a_look_behind_the_mask_bears_the_watermark(admin, elder, world):
    url = reverse("residents:reveal", args=[elder.pk]) + "?field=phone"
    assert "watermark" not in text_of(admin.get(url))
    page = text_of(admin.post(url, {"reason": "核对电话号码"}))
    assert 'class="watermark"' in page
    assert f">{world.network_admin.label}<" in page
    assert timezone.localtime().strftime("%Y-%m-%d") in page


def test_the_export_of_residents_names_who_exported_it(admin, elder):
    content = admin.get(reverse("residents:export")).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert "周敏" in str(sheet["F2"].value)
    assert "周敏" in str(sheet.oddFooter.center.text)


def api(client: Client, method: str, path: str, body: Any = None) -> Any:
    answer = client.generic(
        method, f"/api/v1/personal/{path}", "" if body is None else json.dumps(body),
        content_type="application/json",
    )  # fmt: skip
    return answer.status_code, answer.json()


def test_the_desk_does_the_same_over_the_api(admin, officer, world, family: Family):
    elder = family.elder
    status, code = api(admin, "POST", f"residents/{elder.pk}/codes",
                       {"phone": ELDER_PHONE, "document": "身份证"})  # fmt: skip
    assert status == 201
    given = code_for(ELDER_PHONE, code["code"])
    assert given is not None
    account = actions.use_code(given, password="haohe2026", by=own_actor(elder))
    agent = {"name": "刘芳", "phone": DAUGHTER_PHONE, "relation": "女儿", "scopes": ["book"],
             "basis": "counter", "evidence": "委托书"}  # fmt: skip
    status, made = api(admin, "POST", f"residents/{elder.pk}/authorisations", agent)
    assert (status, made["holder"]) == (201, "刘*")
    unknown = {**agent, "name": "王芳"}
    assert api(admin, "POST", f"residents/{elder.pk}/authorisations", unknown)[0] == 409
    assert len(api(admin, "GET", f"residents/{elder.pk}/authorisations")[1]) == 1
    assert api(admin, "POST", f"authorisations/{made['id']}/revoke")[1]["revoked_at"]
    path = f"residents/{elder.pk}/consents"
    status, given_now = api(admin, "POST", path, {"purpose": "care", "how": "paper"})
    assert status == 201
    assert api(admin, "POST", path, {"purpose": "care", "how": "x"})[0] == 409
    assert len(api(admin, "GET", path)[1]) == 1
    assert api(admin, "POST", f"consents/{given_now['id']}/withdraw")[1]["withdrawn_at"]
    said = {"kind": "restrict", "words": "先停"}
    status, asked = api(admin, "POST", f"residents/{elder.pk}/requests", said)
    assert (status, asked["state"]) == (201, "open")
    assert [one["id"] for one in api(admin, "GET", "requests?state=open")[1]["requests"]] == [
        asked["id"]
    ]
    assert api(admin, "GET", f"requests/{asked['id']}")[1]["words"] == "先停"
    status, done = api(admin, "POST", f"requests/{asked['id']}/decide", {"granted": True})
    assert done["state"] == "granted"
    held = RightsRequest.objects.get().restriction
    assert api(admin, "POST", f"restrictions/{held.pk}/lift")[0] == 200
    assert api(admin, "POST", f"accounts/{account.pk}/end", {"reason": "停用"})[0] == 200


def test_the_data_officer_does_the_same_over_the_api(officer, world, elder):
    mark_deceased(elder, on=date(2020, 11, 1), by=world.network_admin)
    rules = api(officer, "GET", "retention")[1]
    assert {one["data_class"]: one["due"] for one in rules}["resident_deceased"] == 1
    keep_rules()
    (drawn,) = api(officer, "GET", "destruction")[1]
    status, done = api(officer, "POST", f"destruction/{drawn['id']}", {"destroy": True})
    assert (status, done["state"]) == (200, "done")
    today = timezone.localdate().isoformat()
    rule = {"days": 30, "by_itself": True, "source": "市规", "starts_on": today}
    assert api(officer, "POST", f"retention/{rules[0]['id']}", rule)[0] == 201
    assert api(officer, "POST", "findings/check")[0] == 200
    finding = Finding.objects.create(
        kind="night",
        on=timezone.localdate(),
        user_id=1,
        by="某人",
        division_key=COMMUNITY,
        lines=[],
    )
    assert [one["id"] for one in api(officer, "GET", "findings")[1]] == [finding.pk]
    said = {"misuse": True, "explanation": "查实"}
    assert api(officer, "POST", f"findings/{finding.pk}", said)[1]["state"] == "misuse"
    text = {"text": "新", "text_en": "new", "starts_on": today}
    assert api(officer, "POST", "notice/1", text)[1]["version"] == 2
    assert len(api(Client(), "GET", "notice")[1]) == 2
    assert JournalLine.objects.filter(act="personal.notice").count() == 1
    assert User.objects.count() >= 2
