"""The pages of the register as staff use them, and the same by the API."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.world import COMMUNITY, NEIGHBOUR, STREET, World
from yiwang.accounts.roles import Role
from yiwang.core.models import JournalLine
from yiwang.organizations.actions import record_paper
from yiwang.organizations.models import Merge, Organization, Paper, Provider, Resource
from yiwang.organizations.rules.kinds import checks

from .town import admitted, code, enter

DESK, API = "/desk/organizations/", "/api/v1/organizations/"


def signed_in(world: World, role: Role, key: int, unit: str) -> Client:
    client = Client()
    client.force_login(world.post(role, key, unit).user)
    return client


@pytest.fixture
def worker(world: World) -> Client:
    return signed_in(world, Role.COMMUNITY_NETWORK, COMMUNITY, "committee")


@pytest.fixture
def street(world: World) -> Client:
    return signed_in(world, Role.TOWNSHIP_NETWORK, STREET, "service_centre")


def send(client: Client, address: str, **body: Any) -> Any:
    answer = client.post(API + address, json.dumps(body), content_type="application/json")
    assert answer.status_code < 300, answer.content.decode()
    return answer.json()


def test_a_likeness_shows_the_question_and_a_tick_answers_it(world: World, worker: Client) -> None:
    enter(world, "清爽洗衣店")
    said = {
        "place": COMMUNITY, "name": "清爽洗衣店", "legal_form": "individual", "located": "no",
        "source": "visit", "contact_phone": "15400007733",
    }  # fmt: skip
    asked = worker.post(f"{DESK}new/", said)
    assert asked.status_code == 422
    assert 'type="checkbox" name="surely_new"' in asked.content.decode()
    assert worker.post(f"{DESK}new/", {**said, "surely_new": "on"}).status_code == 302
    assert Organization.objects.count() == 2


def test_a_form_sent_twice_enters_one_organisation(world: World, worker: Client) -> None:
    said = {
        "place": COMMUNITY, "name": "老街剧团", "legal_form": "team", "located": "no",
        "source": "visit", "_key": "k-1",
    }  # fmt: skip
    answers = {worker.post(f"{DESK}new/", said)["Location"] for _turn in range(2)}
    assert (len(answers), Organization.objects.count()) == (1, 1)


def test_an_unchanged_form_leaves_no_trace_and_an_empty_contact_stays(
    world: World, worker: Client
) -> None:
    one = enter(world, "清爽洗衣店", contact_name="顾红", point="120.865,32.016")
    form = worker.get(f"{DESK}{one.pk}/edit/").context["form"]
    same = {**form.initial, "contact_name": "", "contact_phone": "", "source": "visit"}
    assert worker.post(f"{DESK}{one.pk}/edit/", same).status_code == 302
    assert one.source_records.count() == 1
    assert worker.post(f"{DESK}{one.pk}/edit/", {**same, "no_contact": "on"}).status_code == 302
    one.refresh_from_db()
    assert one.contact_name == ""


def test_the_list_is_searched_filtered_and_sorted(world: World, worker: Client) -> None:
    shop, team = enter(world, "清爽洗衣店", credit_code=code(1)), enter(world, "夕阳红", "team")
    admitted(world, shop, "被褥清洗")

    def shown(query: str) -> list[str]:
        return [one.name for one in worker.get(f"{DESK}?{query}").context["page"]]

    assert shown("q=被褥") == shown("view=providers") == shown("form=individual") == [shop.name]
    assert shown("q=xyh") == shown("form=team") == [team.name]
    assert shown(f"q={code(1).lower()}") == [shop.name]
    assert shown("sort=-name") == list(reversed(shown("sort=name")))
    assert shown("q=没有的") == []
    assert shown("form=nonsense&place=x&page=zz") == shown("")


def test_a_contact_is_shown_for_a_reason_and_a_scan_is_journaled(
    world: World, worker: Client
) -> None:
    one = enter(world, "清爽洗衣店", contact_phone="15400007733")
    assert "15400007733" not in worker.get(f"{DESK}{one.pk}/").content.decode()
    assert worker.post(f"{DESK}{one.pk}/reveal/", {"reason": ""}).status_code == 422
    shown = worker.post(f"{DESK}{one.pk}/reveal/", {"reason": "通知换证"}).content.decode()
    assert "15400007733" in shown
    file = SimpleUploadedFile("照.png", b"\x89PNG1")
    worker.post(f"{DESK}{one.pk}/papers/", {"kind": "licence", "scan": file})
    paper = Paper.objects.get()
    answer = worker.get(f"{DESK}papers/{paper.pk}/scan/")
    assert (answer.content, answer["Content-Type"]) == (b"\x89PNG1", "image/png")
    assert JournalLine.objects.filter(act="organizations.read_paper").count() == 1


def test_the_way_of_a_laundry_from_application_to_suspension(
    world: World, worker: Client, street: Client
) -> None:
    shop = enter(world, "清爽洗衣店")
    address = f"{DESK}{shop.pk}/"
    offer = {
        "categories": ["eldercare"], "services": "洗衣", "phone": "15400001234",
        "areas": [COMMUNITY, STREET],
    }  # fmt: skip
    assert worker.post(f"{address}provider/", offer).status_code == 302
    assert worker.post(f"{address}decide/approved/", {}).status_code == 403
    record_paper(shop, kind="licence", by=world.network_admin)
    assert street.post(f"{address}decide/approved/", {"checked": ["identity"]}).status_code == 422
    assert street.post(f"{address}decide/approved/", {"checked": list(checks())}).status_code == 302
    assert worker.post(f"{address}provider/", {**offer, "services": "干洗"}).status_code == 302
    provider = Provider.objects.get()
    assert (provider.state, provider.services, provider.areas.count()) == ("approved", "干洗", 2)
    assert street.get(f"{address}decide/refused/").status_code == 302
    assert street.post(f"{address}decide/suspended/", {"reason": ""}).status_code == 422
    assert street.post(f"{address}decide/suspended/", {"reason": "投诉"}).status_code == 302
    assert street.get(f"{address}decide/nonsense/").status_code == 404


def test_two_records_are_compared_merged_and_parted_on_pages(world: World, worker: Client) -> None:
    one, other = enter(world, "清爽洗衣店"), enter(world, "老街茶馆")
    address = f"{DESK}{one.pk}/merge/"
    assert "老街茶馆" in worker.get(f"{address}?q=老街").content.decode()
    assert "老街茶馆" in worker.get(f"{address}?other={other.pk}").content.decode()
    assert worker.post(address, {"other": other.pk, "reason": ""}).status_code == 422
    assert worker.post(address, {"reason": "同一家"}).status_code == 422
    assert worker.post(address, {"other": other.pk, "reason": "同一家"}).status_code == 302
    merge = Merge.objects.get()
    assert worker.get(f"{DESK}{other.pk}/").status_code == 404
    worker.post(f"{DESK}merges/{merge.pk}/undo/")
    assert worker.get(f"{DESK}{other.pk}/").status_code == 200


def test_a_person_decides_on_the_page_of_a_field(world: World, worker: Client) -> None:
    one = enter(world, "清爽洗衣店", address="人民路1号")
    worker.post(
        f"{DESK}{one.pk}/edit/",
        {"name": "清爽洗衣店", "legal_form": "individual", "located": "no",
         "address": "人民路9号", "source": "visit"},
    )  # fmt: skip
    first = one.source_records.earliest("pk")
    address = f"{DESK}{one.pk}/fields/address/"
    assert worker.post(address, {"record": first.pk, "reason": ""}).status_code == 422
    assert worker.post(address, {"record": first.pk, "reason": "去看过"}).status_code == 302
    one.refresh_from_db()
    assert one.address == "人民路1号"
    assert worker.get(f"{DESK}{one.pk}/fields/nonsense/").status_code == 404


def test_what_is_on_the_pages_is_in_the_api(world: World, worker: Client, street: Client) -> None:
    values = {"name": "城中小学", "legal_form": "school", "contact_phone": "15400007711",
              "located": "yes"}  # fmt: skip
    one = send(worker, "", division=COMMUNITY, values=values)["id"]
    assert worker.get(f"{API}{one}").json()["contact_phone"] == "154****7711"
    assert worker.get(f"{API}?view=located").json()["total"] == 1
    send(worker, f"{one}/changes", changes={"address": "青年路18号"})
    send(worker, f"{one}/review")
    assert send(worker, f"{one}/reveal", reason="联系")["contact_phone"] == "15400007711"
    ground = send(worker, f"{one}/resources", kind="sports", name="操场", hours="周末")["id"]
    send(worker, f"resources/{ground}", kind="sports", name="操场", hours="周日")
    send(worker, f"resources/{ground}/end")
    send(worker, f"resources/{ground}/resume")
    assert Resource.objects.get().hours == "周日"
    send(worker, f"{one}/cooperations", what="托管班", on="2026-07-01")
    assert worker.get(f"{API}{one}/cooperations").json()[0]["what"] == "托管班"
    offer = {"categories": ["sport"], "services": "篮球", "phone": "15400007712"}
    send(worker, f"{one}/provider", **offer)
    send(worker, f"{one}/provider/offer", **{**offer, "services": "足球"})
    paper = send(worker, f"{one}/papers", kind="school_permit", expires_on="2030-01-01")["id"]
    send(street, f"{one}/provider/decision", to="approved", checked=list(checks()))
    assert worker.get(f"{API}{one}/provider").json()["areas"] == [COMMUNITY]
    send(worker, f"papers/{paper}/remove")
    last = worker.get(f"{API}{one}/words").json()
    assert {"name", "address"} <= {word["field"] for word in last}
    send(worker, f"{one}/decide", field="name", record=last[0]["record"], reason="看过招牌")
    send(street, f"{one}/relocate", division=NEIGHBOUR, reason="搬迁")
    send(street, f"{one}/state", to="paused", reason="放假")
    assert [line["state"] for line in street.get(f"{API}{one}/events").json()][:1] == ["paused"]


def test_a_workbook_by_the_api_is_checked_taken_and_undone(world: World, worker: Client) -> None:
    data = f"名称,类型,统一社会信用代码\n清爽洗衣店,个体工商户,{code(1)}\n乙店,小卖部,\n".encode()

    def load(**query: Any) -> Any:
        file = SimpleUploadedFile("单位.csv", data)
        words = "&".join(f"{name}={value}" for name, value in query.items())
        return worker.post(f"{API}import?division={COMMUNITY}&{words}", {"file": file}).json()

    assert (load(check=True)["batch"], load()["batch"]) == (None, None)
    told = load(partly=True)
    assert (told["right"], told["faults"][0]["column"]) == (1, "类型")
    send(worker, f"imports/{told['batch']['id']}/undo")
    assert [one["state"] for one in worker.get(f"{API}imports").json()] == ["undone"]
    assert worker.get(f"{API}import/template").content[:2] == b"PK"
    assert worker.get(f"{API}export").content[:2] == b"PK"
