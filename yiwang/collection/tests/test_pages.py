"""Pages and API of collection work as people use them."""

import io
import json
from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.world import CHONGCHUAN, COMMUNITY, STREET, World
from yiwang.accounts.roles import Role
from yiwang.collection import actions
from yiwang.collection.models import Campaign, Demand, Item, Scan, Submission
from yiwang.core.models import JournalLine

from .place import checker, form_for, items_of, opened, phone, settled, task_of, worker

BASE = "/desk/collection/"


def signed_in(world: World, role: Role, key: int, code: str) -> Client:
    client = Client()
    client.force_login(world.post(role, key, code).user)
    return client


@pytest.fixture
def admin(world: World) -> Client:
    return signed_in(world, Role.COMMUNITY_NETWORK, COMMUNITY, "committee")


@pytest.fixture
def township(world: World) -> Client:
    return signed_in(world, Role.TOWNSHIP_NETWORK, STREET, "civil_affairs")


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def typed(item: Item, **values: str) -> dict[str, str]:
    """What a page sends for a form."""
    found = {"base": str(item.version), "note": ""}
    for person in item.people():
        found[f"{person.pk}.status"] = "here"
        for code in item.task.campaign.fields:
            if code in values:
                found[f"{person.pk}.{code}"] = values[code]
            else:
                found[f"{person.pk}.same.{code}"] = "on"
    return found


def test_an_order_is_given_on_a_page_and_a_fault_stands_beside_its_field(world, township):
    settled(world, 2)
    page = township.post(f"{BASE}campaigns/new/", {"limit_days": "5", "target": "household"})
    assert page.status_code == 422
    assert "有 2 处需要改正" in text_of(page)
    said = {"title": "电话复核", "reason": "年度", "limit_days": "5", "target": "household",
            "only_due": "on"}  # fmt: skip
    page = township.post(f"{BASE}campaigns/new/", said)
    assert "请至少选一项采集内容。" in text_of(page)
    said |= {"fields_asked": "phone", "questions": "有无报警器｜是否\n用气｜管道、瓶装"}
    page = township.post(f"{BASE}campaigns/new/", said)
    campaign = Campaign.objects.get()
    assert page["Location"] == campaign.get_absolute_url()
    assert [(one["name"], one["type"]) for one in campaign.questions] == [
        ("有无报警器", "boolean"), ("用气", "choice"),
    ]  # fmt: skip
    page = text_of(township.get(campaign.get_absolute_url()))
    assert "南园社区" in page
    assert "有无报警器" in page


def test_a_form_is_filled_submitted_and_checked_on_pages(world, admin, township):
    person = settled(world, 1)[0]
    item = items_of(opened(world))[0]
    page = text_of(admin.get(item.get_absolute_url()))
    assert person.masked_name in page
    for secret in (person.name, phone(0), "南园新村1幢01室"):
        assert secret not in page
    assert admin.post(item.get_absolute_url(), typed(item, phone="123")).status_code == 302
    assert "标出的问题" in text_of(admin.get(item.get_absolute_url()))
    item.refresh_from_db()
    admin.post(item.get_absolute_url(), typed(item, phone=phone(77)))
    admin.post(f"{BASE}tasks/{item.task_id}/submit/")
    assert "南园社区" in text_of(township.get(f"{BASE}waiting/"))
    back = {"at": f"{person.pk}.phone", "reason": ""}
    page = township.post(f"{BASE}items/{item.pk}/return/", back)
    assert page.status_code == 422
    township.post(f"{BASE}items/{item.pk}/return/", back | {"reason": "空号"})
    assert "空号" in text_of(admin.get(item.get_absolute_url()))
    item.refresh_from_db()
    admin.post(item.get_absolute_url(), typed(item, phone=phone(78)))
    admin.post(f"{BASE}tasks/{item.task_id}/submit/")
    township.post(f"{BASE}items/{item.pk}/accept/")
    person.refresh_from_db()
    assert person.phone == phone(78)
    assert "已入库" in text_of(township.get(item.get_absolute_url()))


def test_two_forms_are_shown_side_by_side_and_one_is_chosen(world, admin):
    settled(world, 1)
    item = items_of(opened(world))[0]
    for key, number in (("a", 4411), ("b", 4422)):
        actions.fill_item(
            item, key=key, answers=form_for(item, phone=phone(number)), base=0, by=worker(world)
        )
    page = text_of(admin.get(item.get_absolute_url()))
    assert "两台设备填得不一样" in page
    assert "4411" in page
    assert "4422" in page
    assert phone(4411) not in page
    admin.post(f"{BASE}items/{item.pk}/settle/", {"form": "x"})
    item.refresh_from_db()
    assert item.state == "conflict"
    right = Submission.objects.get(key="b")
    admin.post(f"{BASE}items/{item.pk}/settle/", {"form": right.pk})
    current = Submission.objects.get(state="current")
    assert current.answers == right.answers


def test_a_whole_signed_list_is_entered_on_one_screen_with_its_scan(world, admin):
    """EXP-05."""
    settled(world, 3)
    campaign = opened(world)
    one, two, three = items_of(campaign)
    address = f"{BASE}tasks/{task_of(campaign).pk}/paper/"
    assert "还有 3 份没录" in text_of(admin.get(address))
    assert admin.post(address, {"note": ""}).status_code == 422
    assert not Submission.objects.exists()
    said = typed(one, phone=phone(91)) | typed(two, phone=phone(92))
    said |= {f"got.{one.pk}": "1", f"got.{two.pk}": "1", "_key": "list"}
    wrong = io.BytesIO(b"MZ not a picture")
    wrong.name = "签字.exe"
    assert admin.post(address, said | {"scan": wrong}).status_code == 422
    assert not Submission.objects.exists()
    picture = io.BytesIO(b"\x89PNG the signed list")
    picture.name = "签字.png"
    assert admin.post(address, said | {"scan": picture}).status_code == 302
    again = io.BytesIO(b"\x89PNG the signed list")
    again.name = "签字.png"
    admin.post(address, said | {"scan": again})
    assert Submission.objects.count() == 2
    assert [item.state for item in items_of(campaign)] == ["filled", "filled", "todo"]
    scan = Scan.objects.get()
    assert sealed_in_the_database(scan)
    assert admin.get(f"{BASE}scans/{scan.pk}/").content == b"\x89PNG the signed list"
    assert three.pk


def sealed_in_the_database(scan: Scan) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM collection_scan WHERE id = %s", [scan.pk])
        raw = bytes(cursor.fetchone()[0])
    return b"signed list" not in raw and b64encode(b"signed list")[:8] not in raw


def test_the_walking_list_has_names_in_full_and_is_journaled(world, admin):
    person = settled(world, 1)[0]
    task = task_of(opened(world))
    assert admin.get(f"{BASE}tasks/{task.pk}/list/").status_code == 405
    page = text_of(admin.post(f"{BASE}tasks/{task.pk}/list/"))
    assert person.name in page
    assert "南园新村1幢01室" in page
    assert phone(0) not in page
    line = JournalLine.objects.latest("pk")
    assert (line.facts["did"], line.facts["how"]) == ("take_along", "paper")


def test_what_a_telephone_takes_along_is_its_own_and_journaled(world, admin):
    people = settled(world, 3)
    task = task_of(opened(world))
    other = world.actor(Role.COMMUNITY_NETWORK, COMMUNITY, "service_centre", "季红")
    mine = items_of(task.campaign)
    Item.objects.filter(pk=mine[0].pk).update(worker_id=other.post_id)
    pack = admin.post(f"{BASE}field/package/").json()
    assert [one["id"] for one in pack["items"]] == [mine[1].pk, mine[2].pk]
    assert pack["items"][0]["people"][0]["name"] == people[1].name
    assert phone(1) not in json.dumps(pack)
    assert JournalLine.objects.latest("pk").facts["how"] == "telephone"
    stranger = signed_in(world, Role.COMMUNITY_NETWORK, 320613_001_002, "committee")
    assert stranger.post(f"{BASE}field/package/").json()["items"] == []


def test_a_due_list_becomes_work_with_one_step(world, admin):
    settled(world, 12)
    page = text_of(admin.get(f"{BASE}due/"))
    assert "12 人有到期的内容" in page
    said = {"title": "2 幢复核", "limit_days": "5", "building": "南园新村2幢"}
    answer = admin.post(f"{BASE}due/", said)
    assert answer.status_code == 302
    assert len(items_of(Campaign.objects.get())) == 2
    assert admin.post(f"{BASE}due/", {"title": "", "limit_days": "5"}).status_code == 422


def test_the_unreached_become_a_visit_list(world, admin, township):
    settled(world, 2)
    page = text_of(admin.get(f"{BASE}unreached/"))
    assert "2 人" in page
    assert "南园社区" in text_of(township.get(f"{BASE}unreached/"))
    for group, found in (("elder", True), ("no_phone", False), ("minor", False)):
        page = text_of(admin.get(f"{BASE}unreached/", {"group": group}))
        assert ("没有这样的人" not in page) == found
    admin.post(f"{BASE}unreached/", {"title": "走访", "limit_days": "10"})
    assert Campaign.objects.get().purpose == "unreached"


def test_freshness_leads_down_to_the_list(world, admin, township):
    settled(world, 2)
    page = text_of(admin.get(f"{BASE}freshness/"))
    assert f"due/?place={COMMUNITY}&amp;field=phone" in page.replace("&field", "&amp;field")
    assert "还没有统计" in text_of(township.get(f"{BASE}freshness/"))
    actions.measure_freshness(world.place(COMMUNITY), by=checker(world))
    page = text_of(township.get(f"{BASE}freshness/"))
    assert "南园社区" in page
    assert township.get(f"{BASE}freshness/", {"place": "999"}).status_code == 200


def test_progress_is_exported_and_assigned_and_urged(world, admin, township):
    settled(world, 2)
    campaign = opened(world)
    task = task_of(campaign)
    book = load_workbook(io.BytesIO(township.get(f"{BASE}campaigns/{campaign.pk}/export/").content))
    assert [cell.value for cell in book.worksheets[0][5]] == ["南园社区", 2, 2, 0, 0, 0]
    post = worker(world).post_id
    admin.post(f"{BASE}tasks/{task.pk}/assign/", {"to": post, "building": ""})
    assert Item.objects.filter(worker_id=post).count() == 2
    admin.post(f"{BASE}tasks/{task.pk}/assign/", {"to": "999999", "building": ""})
    assert Item.objects.filter(worker_id=post).count() == 2
    page = township.post(f"{BASE}tasks/{task.pk}/urge/", {"back": "campaign"}, follow=True)
    assert "已催办" in text_of(page)
    page = township.post(f"{BASE}tasks/{task.pk}/urge/", follow=True)
    assert "刚催办过" in text_of(page)
    page = township.post(f"{BASE}tasks/{task.pk}/check/", follow=True)
    assert "没有等待审核的表" in text_of(page)
    page = township.post(f"{BASE}campaigns/{campaign.pk}/close/", follow=True)
    assert "已结束" in text_of(page)
    assert campaign.title in text_of(township.get(BASE, {"show": "over"}))


def test_the_list_is_searched_and_filtered(world, admin):
    settled(world, 2)
    campaign = opened(world)
    task = task_of(campaign)
    assert campaign.title in text_of(admin.get(BASE, {"q": "复核", "sort": "-due"}))
    assert "没有这样的任务" in text_of(admin.get(BASE, {"q": "没有"}))
    page = text_of(admin.get(task.get_absolute_url(), {"state": "accepted"}))
    assert "没有符合条件的对象" in page
    page = text_of(admin.get(task.get_absolute_url(), {"building": "南园新村1幢", "mine": "1"}))
    assert "去掉这个条件" in page
    assert campaign.title in text_of(admin.get(f"{BASE}campaigns/", {"state": "open", "q": "复"}))


def test_a_demand_goes_from_the_department_to_the_result(world):
    settled(world, 2)
    health = signed_in(world, Role.DEPARTMENT, CHONGCHUAN, "health")
    bureau = signed_in(world, Role.CIVIL_AFFAIRS, CHONGCHUAN, "civil_affairs")
    officer = signed_in(world, Role.DATA_OFFICER, CHONGCHUAN, "housing")
    assert health.post(f"{BASE}demands/new/", {"basis": "statutory_duty"}).status_code == 422
    until = timezone.localdate() + timedelta(days=30)
    said = {"title": "老年人电话", "place": CHONGCHUAN, "fields_asked": ["phone", "born_on"],
            "purpose": "家庭医生签约", "basis": "statutory_duty", "law": "某法第一条",
            "until": until.isoformat()}  # fmt: skip
    health.post(f"{BASE}demands/new/", said)
    demand = Demand.objects.get()
    page = text_of(bureau.get(demand.get_absolute_url()))
    assert "一网已有多少" in page
    refused = bureau.post(f"{BASE}demands/{demand.pk}/refuse/", {"reason": ""})
    assert refused.status_code == 422
    bureau.post(f"{BASE}demands/{demand.pk}/approve/", {"reason": "同意"})
    assert bureau.post(f"{BASE}demands/{demand.pk}/approve/").status_code == 422
    officer.post(f"{BASE}demands/{demand.pk}/approve/", {})
    demand.refresh_from_db()
    assert demand.state == Demand.State.APPROVED
    assert demand.campaign
    assert demand.campaign.fields == ["phone"]
    assert demand.title in text_of(officer.get(f"{BASE}demands/{demand.pk}/sheet/"))
    page = text_of(health.get(f"{BASE}demands/{demand.pk}/result/"))
    assert "名单（已脱敏）" in page
    assert phone(0) not in page
    assert JournalLine.objects.filter(facts__did="result").count() == 1
    away = bureau.get(f"{BASE}demands/{demand.pk}/result/", follow=True)
    assert "结果只给提出需求的单位看" in text_of(away)
    health.post(f"{BASE}demands/{demand.pk}/withdraw/")
    assert demand.title in text_of(health.get(f"{BASE}demands/", {"state": "withdrawn", "q": "老"}))


def test_the_api_walks_the_whole_way(world, admin, township):
    settled(world, 2)
    api = "/api/v1/collection"

    def send(client: Client, path: str, **body: Any) -> Any:
        answer = client.post(f"{api}{path}", json.dumps(body), content_type="application/json")
        return answer.status_code, answer.json()

    made = send(township, "/campaigns", division=STREET, title="复核", reason="年度",
                fields=["phone"])[1]  # fmt: skip
    (task,) = admin.get(f"{api}/tasks").json()
    assert (task["total"], task["campaign"]) == (2, made["id"])
    items = admin.get(f"{api}/tasks/{task['id']}/items", {"state": "todo"}).json()
    for one in items:
        answers = form_for(Item.objects.get(pk=one["id"]))
        status, said = send(
            admin, f"/items/{one['id']}/forms", key=f"x{one['id']}", answers=answers
        )
        assert (status, said["item"]["state"], said["state"]) == (200, "filled", "current")
    assert send(admin, f"/tasks/{task['id']}/submit")[1]["waiting"] == 2
    assert send(admin, f"/tasks/{task['id']}/check", items=[])[0] == 403
    back = send(township, f"/items/{items[0]['id']}/return", marks={"form.rule": "重填"})[1]
    assert back["marks"] == {"form.rule": "重填"}
    assert send(township, f"/tasks/{task['id']}/check", items=[])[1]["done"] == 1
    assert send(township, f"/items/{items[0]['id']}/accept")[1]["code"] == "wrong_state"
    assert send(admin, f"/items/{items[0]['id']}/settle", key="s", answers={})[0] == 409
    assert admin.get(f"{api}/due").json()[0]["people"] == 2
    assert admin.get(f"{api}/unreached").json() == {"people": 2, "unreached": 1}
    assert admin.get(f"{api}/freshness").json()["phone"]["fresh"] == 1
    assert send(township, f"/tasks/{task['id']}/urge")[0] == 200
    assert send(admin, f"/tasks/{task['id']}/assign", post=worker(world).post_id)[0] == 200
    assert send(township, f"/campaigns/{made['id']}/close")[1]["state"] == "closed"
