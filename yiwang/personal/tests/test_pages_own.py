"""The residents' pages: two doors that never open each other, and everything behind this one."""

import io
import json
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import World
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import User
from yiwang.core.models import JournalLine
from yiwang.personal import actions
from yiwang.personal.models import Attempt, Authorisation, Consent, ResidentSession, RightsRequest
from yiwang.personal.reads import notice_in_force, own_actor, scopes_held
from yiwang.residents.actions import reveal_field
from yiwang.residents.models import Resident
from yiwang.residents.reads import known_fields

from .conftest import DAUGHTER_PHONE, ELDER_PHONE, PASSWORD, Family, open_account

COOKIE = "yw-resident"
TICKED = {"purpose": ["online_account", "care"]}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def enter(phone: str = ELDER_PHONE, password: str = PASSWORD) -> Client:
    """Somebody at a browser who signs in and has read the notice."""
    client = Client()
    client.post(reverse("my:sign-in"), {"phone": phone, "password": password})
    client.post(reverse("my:read"), TICKED)
    return client


@pytest.fixture
def own(account: Any) -> Client:
    return enter()


def test_a_code_from_the_community_opens_the_account_and_the_notice_comes_first(world, elder):
    code = actions.issue_code(
        elder, phone=ELDER_PHONE, manner="counter", document="身份证", by=world.network_admin
    )
    client = Client()
    said = {"phone": ELDER_PHONE, "code": f"{code.secret[:4]} {code.secret[4:]}",
            "password": PASSWORD, "again": PASSWORD}  # fmt: skip
    assert client.post(reverse("my:code"), {**said, "again": "other"}).status_code == 422
    answer = client.post(reverse("my:code"), said, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("my:read")
    refused = client.post(reverse("my:read"), {"purpose": ["care"]})
    assert refused.status_code == 422
    answer = client.post(reverse("my:read"), TICKED, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("my:home")
    assert set(Consent.objects.values_list("purpose", flat=True)) == {"online_account", "care"}
    assert Client().post(reverse("my:code"), said).status_code == 422


def test_a_wrong_password_says_the_same_for_everybody_and_locks(account):
    client, said = Client(), set()
    for phone in (ELDER_PHONE, "15499990000"):
        answer = client.post(reverse("my:sign-in"), {"phone": phone, "password": "wrong"})
        said.add(str(answer.context["form"].non_field_errors()))
    assert len(said) == 1
    for _try in range(4):
        client.post(reverse("my:sign-in"), {"phone": ELDER_PHONE, "password": "wrong"})
    answer = client.post(reverse("my:sign-in"), {"phone": ELDER_PHONE, "password": PASSWORD})
    assert "以后再试" in text_of(answer)
    assert COOKIE not in answer.cookies
    assert Attempt.objects.count() == 6


def test_the_cookie_is_hers_alone_and_leads_back_only_to_own_pages(account):
    client = Client()
    said = {"phone": ELDER_PHONE, "password": PASSWORD}
    answer = client.post(reverse("my:sign-in"), {**said, "next": "/my/data/"})
    assert answer["Location"] == "/my/data/"
    morsel = answer.cookies[COOKIE]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Lax"
    assert not ResidentSession.objects.filter(digest=morsel.value.encode()[:16]).exists()
    for elsewhere in ("https://evil.example/", "//evil.example", "/my//evil", "/desk/"):
        answer = client.post(reverse("my:sign-in"), {**said, "next": elsewhere})
        assert answer["Location"] == "/my/"


def test_a_residents_session_opens_no_desk_and_staff_open_no_residents_page(own, world):
    for page in ("/desk/", "/desk/residents/", "/desk/personal/", "/site/journal/"):
        assert own.get(page)["Location"].startswith("/accounts/login/")
    assert own.get("/api/v1/personal/requests").status_code == 401
    staff = Client()
    staff.force_login(User.objects.get(pk=world.network_admin.user_id))
    for name in ("home", "data", "requests", "account", "agents", "copy-json"):
        assert staff.get(reverse(f"my:{name}"))["Location"].startswith("/my/sign-in/")
    assert staff.get("/api/v1/personal/mine/data").status_code == 401


PAGES = ("home", "data", "looks", "copy", "requests", "ask", "consents", "agents", "agent-new",
         "account")  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_and_none_before_signing_in(own, name):
    assert own.get(reverse(f"my:{name}")).status_code == 200
    assert Client().get(reverse(f"my:{name}")).status_code == 302


def test_she_sees_everything_whole_with_source_purpose_and_due_day(own):
    page = text_of(own.get(reverse("my:data")))
    for word in (
        "陈桂英",
        ELDER_PHONE,
        "320690194703120026",
        "走访",
        "用于：社区居民登记",
        "有效至",
    ):
        assert word in page


def test_one_tap_confirms(own, elder):
    answer = own.post(reverse("my:confirm"), {"field": ["phone", "home_address"]}, follow=True)
    assert "已经确认" in text_of(answer)
    known = known_fields(elder, ["phone"], timezone.localdate())["phone"]
    assert known.collected_on == timezone.localdate()
    assert "请选择" in text_of(own.post(reverse("my:confirm"), {}, follow=True))


def test_a_correction_is_asked_with_its_faults_beside_the_field(own, elder):
    url = reverse("my:correct", args=["phone"])
    bad = own.post(url, {"proposed": "123"})
    assert bad.status_code == 422
    assert "proposed" in bad.context["form"].errors
    page = text_of(own.post(url, {"proposed": "15400009999", "words": "换号"}, follow=True))
    assert "社区收到了" in page
    assert own.get(reverse("my:correct", args=["nonsense"])).status_code == 404
    asked = RightsRequest.objects.get()
    page = text_of(own.post(reverse("my:take-back", args=[asked.pk]), follow=True))
    assert "已经撤回" in page


def test_the_copy_comes_as_page_workbook_and_json(own, elder):
    data = json.loads(own.get(reverse("my:copy-json")).content)
    assert {one["code"] for one in data["fields"]} >= {"name", "phone", "home_address"}
    book = openpyxl.load_workbook(io.BytesIO(own.get(reverse("my:copy-xlsx")).content))
    sheet = book.worksheets[0]
    assert "陈*英" in str(sheet["A2"].value)
    assert "陈*英" in str(sheet.oddFooter.center.text)
    assert ELDER_PHONE in [row[1].value for row in sheet.iter_rows()]
    assert "watermark" in text_of(own.get(reverse("my:copy")))
    assert JournalLine.objects.filter(act="personal.own", facts__kind="xlsx").exists()


def test_who_looked_is_told_with_the_reason(own, elder, world):
    reveal_field(elder, field="phone", reason="电话回访满意度", by=world.network_admin)
    page = text_of(own.get(reverse("my:looks")))
    assert "电话回访满意度" in page
    assert world.network_admin.label in page


def test_withdrawing_the_online_consent_signs_her_out(own, account):
    given = Consent.objects.get(purpose="online_account")
    answer = own.post(reverse("my:disagree", args=[given.pk]))
    assert answer["Location"] == "/my/sign-in/"
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    account.refresh_from_db()
    assert account.ended_at


def test_agreements_are_given_and_taken_back(own):
    own.post(reverse("my:agree"), {"purpose": "reminders"})
    given = Consent.objects.get(purpose="reminders")
    own.post(reverse("my:disagree", args=[given.pk]))
    given.refresh_from_db()
    assert given.withdrawn_at
    page = text_of(own.post(reverse("my:agree"), {"purpose": "register"}, follow=True))
    assert "不用同意" in page


def test_a_request_and_a_complaint_reach_the_community(own, world):
    page = own.post(reverse("my:ask"), {"kind": "complain", "words": ""})
    assert page.status_code == 422
    own.post(reverse("my:ask"), {"kind": "object", "field": "phone", "words": "不要打电话"})
    assert RightsRequest.objects.visible_to(world.network_admin).get().kind == "object"
    assert not RightsRequest.objects.visible_to(world.neighbour_admin).exists()


def test_sessions_are_listed_and_ended(own, account):
    other = enter()
    ours = ResidentSession.objects.order_by("pk").first()
    assert ours is not None
    theirs = ResidentSession.objects.order_by("pk").last()
    assert theirs is not None
    own.post(reverse("my:end-one", args=[theirs.pk]))
    assert other.get(reverse("my:home")).status_code == 302
    bad = own.post(reverse("my:password"), {"old": "x", "password": "newpass99"})
    assert "old" in bad.context["form"].errors
    own.post(reverse("my:password"), {"old": PASSWORD, "password": "newpass99"})
    assert own.get(reverse("my:home")).status_code == 200
    assert own.post(reverse("my:end-all"))["Location"] == "/my/sign-in/"
    assert own.get(reverse("my:home")).status_code == 302


def test_signing_out_leaves_nothing(own):
    answer = own.post(reverse("my:sign-out"))
    assert answer.cookies[COOKIE].value == ""
    assert answer["Clear-Site-Data"]
    assert own.get(reverse("my:home")).status_code == 302


def agent_said(**said: Any) -> dict[str, Any]:
    return {"name": "刘芳", "phone": DAUGHTER_PHONE, "relation": "女儿",
            "scopes": ["data", "book"], **said}  # fmt: skip


def test_a_mother_lets_her_daughter_act_and_takes_it_back(own, family: Family, world: World):
    wrong = own.post(reverse("my:agent-new"), agent_said(phone="15499990000"))
    assert "对不上" in text_of(wrong)
    own.post(reverse("my:agent-new"), agent_said())
    given = Authorisation.objects.get()
    open_account(family.daughter, DAUGHTER_PHONE, Actor.system())
    daughter = enter(DAUGHTER_PHONE)
    page = text_of(daughter.post(reverse("my:switch"), {"person": family.elder.pk}, follow=True))
    assert "正在代 陈*英 办理" in page
    daughter.post(reverse("my:confirm"), {"field": ["phone"]})
    line = JournalLine.objects.filter(act="personal.own", facts__fields=["phone"]).latest("pk")
    assert "刘*" in line.by
    assert "代陈*英" in line.by
    assert "不能再授权" in text_of(daughter.get(reverse("my:agent-new"), follow=True))
    own.post(reverse("my:agent-end", args=[given.pk]))
    assert "data" not in scopes_held(family.daughter, family.elder, timezone.localdate())
    assert ELDER_PHONE not in text_of(daughter.get(reverse("my:data")))


def test_guessing_names_is_locked(own):
    for _try in range(5):
        own.post(reverse("my:agent-new"), agent_said(phone="15499990000"))
    answer = own.post(reverse("my:agent-new"), agent_said())
    assert "次数太多" in text_of(answer)


def test_nobody_switches_to_a_stranger_or_touches_what_is_not_hers(own, family, world):
    page = text_of(own.post(reverse("my:switch"), {"person": family.daughter.pk}, follow=True))
    assert "正在代" not in page
    asked = actions.ask_for_right(
        family.daughter, kind="complain", words="投诉", by=own_actor(family.daughter)
    )
    assert own.post(reverse("my:take-back", args=[asked.pk])).status_code == 404
    given = actions.give_consent(
        family.daughter, purpose="care", how="online", by=own_actor(family.daughter)
    )
    assert own.post(reverse("my:disagree", args=[given.pk])).status_code == 404


def test_the_notice_is_public_with_every_version(client, world):
    page = text_of(client.get(reverse("my:notice"), {"version": "1"}))
    assert "您的权利" in page
    english = text_of(client.get(reverse("my:notice"), headers={"Accept-Language": "en"}))
    assert "Your rights" in english


def api(own: Client, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    answer = own.generic(
        method, f"/api/v1/personal/mine/{path}", json.dumps(body) if body is not None else "",
        content_type="application/json",
    )  # fmt: skip
    return answer.status_code, json.loads(answer.content or b"null")


def test_the_resident_does_the_same_over_the_api(own, elder: Resident, family: Family):
    status, data = api(own, "GET", "data")
    assert (status, data["community"]) == (200, "南园社区")
    assert api(own, "POST", "confirm", {"fields": ["phone"]})[0] == 200
    assert api(own, "POST", "confirm", {"fields": []})[1]["code"] == "nothing_chosen"
    said = {"kind": "correct", "field": "phone", "proposed": "15400009999"}
    status, asked = api(own, "POST", "requests", said)
    assert (status, asked["proposed"]) == (201, "15400009999")
    assert [one["id"] for one in api(own, "GET", "requests")[1]] == [asked["id"]]
    assert api(own, "POST", f"requests/{asked['id']}/withdraw")[1]["state"] == "withdrawn"
    status, given = api(own, "POST", "consents", {"purpose": "surveys"})
    assert status == 201
    assert api(own, "POST", f"consents/{given['id']}/withdraw")[1]["withdrawn_at"]
    assert len(api(own, "GET", "consents")[1]) == 3
    wrong = agent_said(phone="15499990000")
    assert api(own, "POST", "authorisations", wrong)[1]["code"] == "nobody"
    status, agent = api(own, "POST", "authorisations", agent_said())
    assert (status, agent["holder"]) == (201, "刘*")
    assert len(api(own, "GET", "authorisations")[1]) == 1
    assert api(own, "POST", f"authorisations/{agent['id']}/revoke")[1]["revoked_at"]
    other = {"person": family.daughter.pk}
    assert api(own, "POST", "act-for", other)[1]["code"] == "not_authorised"
    assert api(own, "POST", "act-for", {"person": None})[0] == 200
    assert api(own, "POST", "sign-out-everywhere")[0] == 200
    assert api(own, "GET", "data")[0] == 401


def test_the_api_waits_for_the_notice_and_asks_for_the_token_of_pages(account, elder):
    client = Client(enforce_csrf_checks=True)
    session = actions.begin_session(account, device="", by=own_actor(elder))
    client.cookies[COOKIE] = session.secret
    assert api(client, "GET", "data")[0] == 403
    account.notice = notice_in_force(timezone.localdate())
    account.save()
    assert api(client, "GET", "data")[0] == 200
    assert api(client, "POST", "confirm", {"fields": ["phone"]})[0] == 403


def test_an_agent_does_what_was_allowed_and_nothing_else(family):
    """Only to apply: the pages and the interface of everything else stay shut."""
    open_account(family.elder, ELDER_PHONE, Actor.system())
    open_account(family.daughter, DAUGHTER_PHONE, Actor.system())
    actions.grant_authorisation(
        family.elder, holder=family.daughter, relation="女儿", scopes=["apply"], basis="herself",
        by=own_actor(family.elder),
    )  # fmt: skip
    client = enter(DAUGHTER_PHONE)
    assert client.post(reverse("my:switch"), {"person": family.elder.pk}).status_code == 302
    home = client.get("/my/").content.decode()
    assert "/my/applications/" in home
    assert "/my/data/" not in home
    assert client.get("/my/applications/").status_code == 200
    for address in ("/my/data/", "/my/looks/", "/my/messages/", "/my/appointments/", "/my/copy/"):
        assert client.get(address).headers["Location"] == "/my/", address
    assert "没有授权您" in client.get("/my/").content.decode()
    assert client.get("/api/v1/matters/mine/applications").status_code == 200
    assert client.get("/api/v1/personal/mine/data").status_code == 403
    assert client.get("/api/v1/personal/mine/appointments").status_code == 403
