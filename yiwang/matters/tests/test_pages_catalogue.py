"""The catalogue as those who keep it use it: versions, rows, offering, ten kinds (SVC-01, SVC-02)."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import CITY, STREET, VILLAGE
from yiwang.core.errors import Refused
from yiwang.matters import actions
from yiwang.matters.models import Category, FollowUp, Rating, Revision, ServiceItem
from yiwang.matters.reads import completeness
from yiwang.matters.sheets import load_catalogue

pytestmark = pytest.mark.usefixtures("catalogue")
CODE = "temporary-relief"


@pytest.fixture
def keeper(world, sign_in):
    return sign_in(world.city_bureau)


def as_sent(*forms):
    """Forms as a browser would send them back unchanged."""
    said = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value not in (None, False):
                said[bound.html_name] = "on" if value is True else value
    return said


def begin(keeper):
    """The address of a fresh draft of the item's next version."""
    answer = keeper.post(reverse("matters:catalogue-revise", args=[CODE]))
    return answer.url


def test_a_new_version_shows_its_date_and_what_changed(keeper):
    draft = begin(keeper)
    page = keeper.get(f"{draft}basics/")
    said = as_sent(page.context["form"]) | {"edition": 1}
    said |= {"promised_amount": 10, "summary": "遇到急难，先救助、后补手续。"}
    assert keeper.post(f"{draft}basics/", said).status_code == 302
    changes = keeper.get(f"{draft}compare/").context["changes"]
    assert [one.label for one in changes] == ["简介", "承诺时限"]
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = keeper.get(f"{draft}publish/").context["form"]
    assert form["effective_from"].value() == timezone.localdate()
    sent = {"effective_from": str(tomorrow), "edition": 2}
    assert keeper.post(f"{draft}publish/", sent).status_code == 302
    item = ServiceItem.objects.get(code=CODE)
    new = item.versions.order_by("-number")[0]
    assert (new.number, new.guide.promised.amount, new.effective_from) == (2, 10, tomorrow)
    page = keeper.get(reverse("matters:catalogue-item", args=[CODE]), {"version": "2"})
    shown = {one.label: (one.before, one.after) for one in page.context["changes"]}
    assert shown["承诺时限"] == ("15 个工作日", "10 个工作日")
    assert "材料" not in shown
    old = item.versions.get(number=1).content
    kept = ("questions", "materials", "fields", "steps", "legal_basis", "conditions", "result")
    assert {key: new.content[key] for key in kept} == {key: old[key] for key in kept}


def test_a_row_is_added_and_moved_without_losing_what_was_typed(keeper):
    draft = begin(keeper)
    rows = keeper.get(f"{draft}materials/").context["rows"]
    said = as_sent(rows.management_form, *rows) | {"edition": 1, "rows-0-name": "改到一半"}
    keeper.post(f"{draft}materials/", said | {"do": "down:0"})
    rows = keeper.get(f"{draft}materials/").context["rows"]
    assert rows[1]["name"].value() == "改到一半"
    said = as_sent(rows.management_form, *rows) | {"edition": 2, "do": "add"}
    keeper.post(f"{draft}materials/", said)
    after = keeper.get(f"{draft}materials/").context["rows"]
    assert len(after.forms) == len(rows.forms) + 1
    assert ServiceItem.objects.get(code=CODE).versions.count() == 1


def test_faults_are_said_and_nothing_is_published(keeper):
    draft = begin(keeper)
    said = as_sent(keeper.get(f"{draft}basics/").context["form"])
    keeper.post(f"{draft}basics/", said | {"edition": 1, "promised_amount": 99})
    page = keeper.get(f"{draft}publish/").content.decode()
    assert "承诺时限不能长于法定时限" in page
    assert "还不能发布" in page
    tomorrow = str(timezone.localdate() + timedelta(days=1))
    answer = keeper.post(f"{draft}publish/", {"effective_from": tomorrow, "edition": 2})
    assert answer.status_code == 422
    assert ServiceItem.objects.get(code=CODE).versions.count() == 1


def test_a_process_goes_out_and_comes_back_as_a_file(keeper):
    draft = begin(keeper)
    file = SimpleUploadedFile("process.bpmn", keeper.get(f"{draft}bpmn/").content)
    keeper.post(f"{draft}steps/", {"edition": 1, "do": "remove:community_check"})
    sent = {"file": file, "edition": 2}
    assert "流程已从文件读入" in keeper.post(f"{draft}bpmn/", sent, follow=True).content.decode()
    revision = Revision.objects.get()
    before = ServiceItem.objects.get(code=CODE).versions.get().content["steps"]
    kept = ("code", "name", "stage", "level", "unit", "kind")
    assert [[one[key] for key in kept] for one in revision.content["steps"]] == [
        [one[key] for key in kept] for one in before
    ]
    bomb = SimpleUploadedFile("bomb.bpmn", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    page = keeper.post(f"{draft}bpmn/", {"file": bomb, "edition": 3}, follow=True)
    assert "DOCTYPE" in page.content.decode()


def test_the_drafts_are_listed_found_exported_put_away_and_restored(keeper):
    draft = begin(keeper)
    address = reverse("matters:revisions")
    assert "临时救助" in keeper.get(address, {"q": "救助", "sort": "title"}).content.decode()
    assert "没有草稿" in keeper.get(address, {"q": "不存在"}).content.decode()
    assert keeper.get(reverse("matters:revisions-export")).content[:2] == b"PK"
    keeper.post(f"{draft}discard/")
    assert "没有草稿" in keeper.get(address).content.decode()
    assert "临时救助" in keeper.get(address, {"state": "discarded"}).content.decode()
    keeper.post(f"{draft}restore/")
    keeper.post(f"{draft}fields/", {"edition": 3, "do": "remove:0"})
    first = Revision.objects.get().content["fields"][0]
    keeper.post(f"{draft}undo/", {"part": "fields"})
    assert Revision.objects.get().content["fields"][1] == first


def test_whoever_does_not_keep_the_catalogue_reads_it(world, sign_in):
    browser = sign_in(world.network_admin)
    page = browser.get(reverse("matters:catalogue-item", args=[CODE]))
    assert "起草新版本" not in page.content.decode()
    assert browser.post(reverse("matters:catalogue-revise", args=[CODE])).status_code == 403
    assert browser.get(reverse("matters:revisions")).status_code == 403
    assert browser.post(reverse("matters:catalogue-retire", args=[CODE])).status_code == 403
    assert ServiceItem.objects.get(code=CODE).retired_on is None


def test_a_retired_item_is_no_longer_accepted(keeper, world, sign_in):
    keeper.post(reverse("matters:catalogue-retire", args=[CODE]))
    assert ServiceItem.objects.get(code=CODE).retired_on == timezone.localdate()
    page = sign_in(world.network_admin).get(reverse("matters:accept"), {"category": "relief"})
    assert CODE not in [one["item"].code for one in page.context["items"]]


def test_a_village_that_lacks_a_category_is_named_with_what_it_lacks(world, keeper):
    before = {place.pk: names for place, _count, names in completeness(VILLAGE).lacking}
    veterans = ServiceItem.objects.get(code="veteran-preferential-care")
    actions.set_offering(world.place(VILLAGE), item=veterans, offered=False, by=world.city_bureau)
    after = {place.pk: names for place, _count, names in completeness(VILLAGE).lacking}
    category = Category.objects.get(code="veterans")
    assert category not in before.get(VILLAGE, [])
    assert category in after[VILLAGE]
    page = keeper.get(reverse("matters:catalogue")).content.decode()
    assert "群贤村" in page
    assert "拥军优抚" in page


def test_completeness_costs_the_same_for_any_number_of_villages(
    world, django_assert_max_num_queries
):
    for division in (STREET, CITY):
        with django_assert_max_num_queries(4):
            completeness(division)


def test_an_offering_is_set_from_the_page(keeper):
    address = reverse("matters:catalogue-offer", args=[CODE])
    keeper.post(address, {"division": "320623000000", "offered": "no", "reason": "另有渠道"})
    text = keeper.get(reverse("matters:catalogue-item", args=[CODE])).content.decode()
    assert "另有渠道" in text
    assert keeper.post(address, {"division": "nowhere", "offered": "no"}).status_code == 404


def test_a_bad_rating_is_followed_up_once(world, accepted, sign_in):
    matter = accepted()
    rating = Rating.objects.create(matter=matter, grade=1, comment="等了太久", channel="web")
    found = FollowUp.objects.create(
        rating=rating, unit_id=matter.acceptor_unit_id, due_at=timezone.now() + timedelta(days=3)
    )
    browser = sign_in(world.network_admin)
    assert matter.title in browser.get(reverse("matters:follow-ups")).content.decode()
    address = reverse("matters:follow-up", args=[found.pk])
    assert "等了太久" in browser.get(address).content.decode()
    assert browser.post(address, {"answer": " "}).status_code == 422
    said = {"answer": "已上门致歉，补派人手。", "reason": "居民外出，没有联系上"}
    assert browser.post(address, said).status_code == 302
    assert "这项整改已经完成。" in browser.post(address, {"answer": "再写"}).content.decode()
    assert sign_in(world.neighbour_admin).get(address).status_code == 404


def test_the_form_of_an_item_is_printed_blank(world, sign_in):
    text = sign_in(world.network_admin).get(reverse("matters:blank-form", args=[CODE]))
    assert "临时救助申请表" in text.content.decode()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("手机号", "请改用信息项“联系电话”（phone）"),
        ("no_such_item", "数据字典里没有"),
        ("name", "重复"),
    ],
)
def test_a_form_is_published_only_when_it_binds_items_of_the_dictionary(world, asked, told):
    item = ServiceItem.objects.get(code=CODE)
    content = item.versions.get(number=1).content
    with pytest.raises(Refused) as refusal:
        actions.publish_version(
            world.place(CITY), code=CODE, category=item.category_id,
            content={**content, "fields": [*content["fields"], asked]},
            effective_from=timezone.localdate() + timedelta(days=1), by=world.city_bureau,
        )  # fmt: skip
    assert told in str(refusal.value)


def test_a_category_is_called_otherwise_and_what_it_was_called_stays_known(keeper, world, sign_in):
    """SVC-17, EXP-32: the label is the city's, by date; an upgrade does not take it back."""
    address = reverse("matters:category", args=["family"])
    assert keeper.post(address, {"name": "生育", "name_en": ""}).status_code == 422
    same = keeper.post(
        address, {"name": "文化", "name_en": "Culture", "reason": "通政办发〔2026〕9 号"}
    )
    assert "已有另一个类别叫“文化”" in same.content.decode()
    before = Category.objects.get(pk="family")
    said = {"name": "生育支持", "name_en": "Childbirth support", "reason": "通政办发〔2026〕9 号"}
    assert keeper.post(address, said).status_code == 302
    page = keeper.get(reverse("matters:categories")).content.decode()
    assert "生育支持" in page
    assert f"{before.name}，用到" in page
    assert "计划生育" in page
    now, today = Category.objects.get(pk="family"), timezone.localdate()
    assert (now.label_on(today), now.label_on(today - timedelta(days=1))) == (
        "生育支持",
        before.name,
    )
    load_catalogue(only=("birth-registration",))
    told = Client().get("/api/v1/matters/categories").json()
    (one,) = [row for row in told if row["code"] == "family"]
    assert (one["name"], one["plan_name"], one["names"][0]["name"]) == (
        "生育支持", "计划生育", before.name,
    )  # fmt: skip
    again = {"name": "生育服务站", "name_en": "Birth", "reason": "改"}
    put = "/api/v1/matters/categories/family"
    assert keeper.put(put, again, content_type="application/json").status_code == 200
    assert now.names.count() == 1
    clerk = sign_in(world.street_clerk)
    assert clerk.post(address, said).status_code == 403
    assert clerk.put(put, again, content_type="application/json").status_code == 403
