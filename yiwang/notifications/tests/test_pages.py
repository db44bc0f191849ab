"""The outbox, the letters and the words, as staff and other systems use them."""

import io

import openpyxl
import pytest

from tests.corners import first_step
from yiwang.core.models import JournalLine
from yiwang.matters import actions as on_matters
from yiwang.notifications.models import Delivery, Wording

from .conftest import of

OUTBOX = "/desk/notifications/"


@pytest.fixture
def dead(matter, provider, send):
    """A text message the provider refused for good."""
    provider.plan = [422]
    send()
    return of(matter, "sms")


@pytest.fixture
def letter(world, matter, send):
    """A letter that waits, because no other way is set up here."""
    missing = [{"kind": "material", "code": "id", "name": "身份证"}]
    on_matters.return_matter(first_step(matter), items=missing, by=world.network_admin)
    send()
    return Delivery.objects.get(channel="print")


def text_of(answer):
    return answer.content.decode()


def test_the_outbox_shows_what_did_not_arrive_and_why_to_the_area_alone(
    world, dead, resident, sign_in
):
    page = sign_in(world.network_admin).get(f"{OUTBOX}?state=dead")
    assert [one.pk for one in page.context["page"]] == [dead.pk]
    assert "422" in text_of(page)
    assert resident.phone not in text_of(page)
    assert resident.name not in text_of(page)
    sums = {one.channel: (one.total, one.dead) for one in page.context["figures"]}
    assert sums == {"app": (0, 0), "sms": (1, 1), "email": (0, 0), "print": (0, 0)}
    neighbour = sign_in(world.neighbour_admin)
    assert not neighbour.get(OUTBOX).context["page"].object_list
    assert neighbour.get(f"{OUTBOX}{dead.pk}/").status_code == 404
    for query in (
        "q=1",
        "q=x",
        "channel=sms",
        "kind=accepted",
        "since=2020-01-01&until=2099-01-01",
    ):
        assert sign_in(world.network_admin).get(f"{OUTBOX}?{query}").status_code == 200


def test_a_dead_letter_is_on_the_workbench_and_is_sent_again(
    world, matter, dead, provider, send, sign_in
):
    browser = sign_in(world.network_admin)
    assert "1 条通知没有送到居民" in text_of(browser.get("/desk/"))
    browser.post(f"{OUTBOX}{dead.pk}/again/")
    assert "没有送到居民" not in text_of(browser.get("/desk/"))
    assert send() == 1
    assert of(matter, "sms").state == "sent"
    assert "已发送" in text_of(browser.get(f"/desk/matters/{matter.number}/"))


def test_the_export_is_masked_and_on_record(world, dead, resident, sign_in):
    answer = sign_in(world.network_admin).get(f"{OUTBOX}export/?state=dead")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "没有送到" in cells
    assert resident.phone not in cells
    assert JournalLine.objects.get(act="notifications.export").facts == {"rows": 1}


def test_a_letter_is_printed_with_the_address_on_record_and_said_to_be_posted(
    world, letter, resident, sign_in
):
    browser = sign_in(world.network_admin)
    listed = text_of(browser.get(f"{OUTBOX}letters/"))
    assert resident.dwelling.address not in listed
    sheets = text_of(browser.post(f"{OUTBOX}letters/print/"))
    assert resident.dwelling.address in sheets
    assert f"{resident.name}：" in sheets
    assert "身份证" in sheets
    line = JournalLine.objects.get(act="notifications.print")
    assert line.facts["resident"] == resident.pk
    browser.post(f"{OUTBOX}letters/done/", {"letter": [letter.pk, "x"]})
    letter.refresh_from_db()
    assert letter.state == "sent"
    browser.post(f"{OUTBOX}letters/done/", {"letter": [letter.pk]})
    assert not browser.get(f"{OUTBOX}letters/").context["total"]


def test_a_letter_instead_of_what_did_not_arrive(world, dead, sign_in):
    browser = sign_in(world.network_admin)
    assert "改为寄信" in text_of(browser.get(f"{OUTBOX}{dead.pk}/"))
    browser.post(f"{OUTBOX}{dead.pk}/letter/")
    assert "改为寄信" not in text_of(browser.get(f"{OUTBOX}{dead.pk}/"))
    assert Delivery.objects.get(channel="print").state == "waiting"


def test_the_city_changes_the_words_and_what_went_out_keeps_the_old_ones(
    world, matter, provider, send, sign_in
):
    send()
    browser = sign_in(world.city_bureau)
    address = f"{OUTBOX}words/accepted/sms/"
    said = {"text": "{name}，{item}", "text_en": "{name}"}
    wrong = browser.post(address, {**said, "publish": "1"})
    assert wrong.status_code == 422
    assert "不能用 {item}" in text_of(wrong)
    said["text"] = "{name}您好：{number}已受理。"
    seen = text_of(browser.post(address, {**said, "look": ""}))
    assert "陈**您好：20261130-0000-017已受理。" in seen
    assert not Wording.objects.exists()
    browser.post(address, {**said, "publish": "1"})
    assert Wording.objects.get().version == 1
    old = text_of(browser.get(f"{OUTBOX}{of(matter, 'sms').pk}/"))
    assert "查进度" in old
    assert "第 1 版" in text_of(browser.get(f"{OUTBOX}words/"))
    assert browser.get(f"{OUTBOX}words/accepted/print/").status_code == 404
    assert sign_in(world.network_admin).get(address).status_code == 403


def test_the_api_is_equal(world, matter, dead, resident, sign_in):
    browser = sign_in(world.network_admin)
    base = "/api/v1/notifications/"
    (one,) = browser.get(f"{base}?state=dead").json()["deliveries"]
    assert (one["id"], one["to"]) == (dead.pk, "154****8830")
    assert browser.get(f"{base}{dead.pk}").json()["text"]
    sums = {row["channel"]: row["dead"] for row in browser.get(f"{base}figures").json()}
    assert sums == {"app": 0, "sms": 1, "email": 0, "print": 0}
    made = browser.post(f"{base}{dead.pk}/letter").json()
    opened = browser.post(f"{base}{made['id']}/open").json()
    assert opened["address"] == resident.dwelling.address
    assert browser.post(f"{base}{made['id']}/printed").json()["state"] == "sent"
    assert browser.post(f"{base}{dead.pk}/open").status_code == 409
    assert browser.post(f"{base}{dead.pk}/again").json()["state"] == "waiting"
    told = browser.get(f"/api/v1/matters/{matter.number}").json()["told"]
    assert {row["channel"] for row in told} == {"app", "sms", "print"}
    city = sign_in(world.city_bureau)
    words = f"{base}words/accepted/sms"
    said = {"text": "{name} {number}", "text_en": "{name}"}
    kind = "application/json"
    seen = city.post(f"{words}/preview", said, content_type=kind).json()
    assert seen["text"] == "陈** 20261130-0000-017"
    assert city.post(words, said, content_type=kind).status_code == 201
    assert city.get(words).json()["version"] == 1
    assert city.get(f"{base}words/no/sms").status_code == 409
    assert city.post(words, {**said, "text": "{item}"}, content_type=kind).status_code == 409
