"""An order is placed, answered in time or back again, proved, confirmed and rated (INF-19)."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.world import COMMUNITY, NEIGHBOUR, VILLAGE
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.matters import actions as matter_actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.reads import planned
from yiwang.notifications.models import Message
from yiwang.orders import actions
from yiwang.orders.jobs import return_unanswered
from yiwang.orders.models import OrderRating, ServiceOrder
from yiwang.orders.reads import figures_of
from yiwang.orders.rules import State

from .conftest import open_company, picture, place

PUBLIC = Actor.public("orders.own")


def refusal(act, *args, **more):
    with pytest.raises(Refused) as refused:
        act(*args, **more)
    return refused.value.code


def finished(order, worker):
    actions.accept_order(order, by=worker)
    actions.add_proof(order, upload=picture(), by=worker)
    return actions.finish_order(order, text="换了水管，试水不漏", by=worker)


def test_a_repair_order_is_accepted_closed_with_a_photo_and_rated(
    world, company, resident, sign_in
):
    """INF-19: order from 新城社区, the company accepts and closes it with a photo, the resident is
    asked to rate and the company sees the rating."""
    clerk, worker = sign_in(world.network_admin), sign_in(company[1])
    placed = clerk.post("/desk/orders/new/", {
        "organization": company[0].pk, "place": COMMUNITY, "what": "水管漏水", "resident": "陈桂英",
        "shared": ["name", "phone", "address"], "due_on": timezone.localdate().isoformat(),
    })  # fmt: skip
    order = ServiceOrder.objects.get()
    address = order.get_absolute_url()
    assert placed.status_code == 302
    assert "水管漏水" in worker.get("/desk/orders/").content.decode()
    assert worker.post(f"{address}do/accept/").status_code == 302
    assert worker.post(f"{address}do/finish/", {"text": "修好了"}).status_code == 422
    worker.post(f"{address}do/proof/", {"upload": picture()})
    assert worker.post(f"{address}do/finish/", {"text": "修好了"}).status_code == 302
    asked = Message.objects.get(kind="order_done")
    assert (asked.resident_id, asked.facts["code"]) == (resident.pk, order.code)
    held = {"number": order.number, "code": order.code}
    resident_page = Client()
    assert "确认完工并交出评价" in resident_page.post("/service/", held).content.decode()
    said = resident_page.post("/service/", {**held, "answer": "1", "grade": 5, "comment": "很快"})
    assert "谢谢您的评价" in said.content.decode()
    order.refresh_from_db()
    assert (order.state, order.confirmed_how) == (State.CONFIRMED, "code")
    seen = worker.get(address).content.decode()
    assert "非常满意" in seen
    assert "很快" in seen


def test_whom_it_is_for_is_masked_until_accepted_and_then_read_on_record(
    order, company, resident, sign_in
):
    worker = sign_in(company[1])
    address = order.get_absolute_url()
    page = worker.get(address).content.decode()
    assert resident.phone not in page
    assert resident.name not in page
    worker.post(f"{address}reveal/")
    assert not JournalLine.objects.filter(facts__did="reveal_order").exists()
    worker.post(f"{address}do/accept/")
    assert resident.phone not in worker.get(address).content.decode()
    shown = worker.post(f"{address}reveal/").content.decode()
    assert resident.phone in shown
    assert "南园新村12幢302室" in shown
    assert JournalLine.objects.filter(facts__did="reveal_order").count() == 1
    actions.add_proof(order, upload=picture(), by=company[1])
    order.refresh_from_db()
    actions.finish_order(order, text="好了", by=company[1])
    actions.answer_as_resident(order, code=order.code, by=PUBLIC)
    assert refusal(actions.reveal_order, order, by=company[1]) == "no_grant"


def test_only_what_was_shared_is_ever_shown(world, company, resident):
    order = place(world, company[0], resident, shared=["address"])
    assert list(order.masked()) == list(order.plain()) == ["地址"]


def test_an_offer_nobody_answers_goes_back_and_counts(world, order, company, sign_in):
    assert return_unanswered() == 0
    ServiceOrder.objects.update(answer_due_at=timezone.now() - timedelta(minutes=1))
    order.refresh_from_db()
    assert refusal(actions.accept_order, order, by=company[1]) == "too_late"
    assert return_unanswered() == 1
    order.refresh_from_db()
    (line,) = figures_of(ServiceOrder.objects.all())
    assert (order.state, line.offered, line.lapsed, line.accepted) == (State.LAPSED, 1, 1, 0)
    waiting = ServiceOrder.objects.visible_to(world.network_admin).waiting(world.network_admin)
    assert list(waiting) == [order]
    assert list(ServiceOrder.objects.all().for_the_hand_of(world.network_admin)) == [order]


def test_a_refused_order_is_placed_with_somebody_else_once(world, order, company):
    assert refusal(actions.refuse_order, order, reason=" ", by=company[1]) == "text_missing"
    actions.refuse_order(order, reason="师傅都在外面", by=company[1])
    other, _worker = open_company(world, "南园水电行", 22, "nanyuan")
    again = place(world, other, order.resident, follows=order)
    assert again.follows_id == order.pk
    assert refusal(place, world, other, order.resident, follows=order) == "not_back"
    assert (
        not ServiceOrder.objects.visible_to(world.network_admin)
        .waiting(world.network_admin)
        .exists()
    )


def test_only_admitted_organisations_with_a_work_area_get_orders(world, company):
    from yiwang.organizations.models import Provider
    from yiwang.organizations.tests.town import admitted, code, enter

    other = enter(world, "没有账号的公司", "company", credit_code=code(31))
    assert refusal(place, world, other) == "not_admitted"
    admitted(world, other, areas=[world.place(COMMUNITY)])
    assert refusal(place, world, other) == "no_workplace"
    Provider.objects.filter(organization=company[0]).update(state="suspended")
    assert refusal(place, world, company[0]) == "not_admitted"


@pytest.mark.parametrize(("changes", "code"), [
    ({"what": " "}, "text_missing"), ({"place_text": ""}, "no_place"),
    ({"due_on": timezone.localdate() - timedelta(days=1)}, "past"),
    ({"shared": ["identity"]}, "unknown_share"),
])  # fmt: skip
def test_what_cannot_be_ordered_is_refused(world, company, changes, code):
    assert refusal(place, world, company[0], **changes) == code


def test_an_order_out_of_a_matter_is_for_its_applicant(
    world, company, catalogue, resident, sign_in
):
    papers = [HandedIn(need.code) for need in planned("elder-care-subsidy").guide.materials]
    matter = matter_actions.accept_matter(
        world.place(COMMUNITY), item="elder-care-subsidy", resident=resident, answers={},
        channel="window", materials=papers, by=world.network_admin,
    )  # fmt: skip
    clerk = sign_in(world.network_admin)
    assert (
        f"/desk/orders/new/?matter={matter.number}"
        in clerk.get(matter.get_absolute_url()).content.decode()
    )
    body = {"organization": company[0].pk, "what": "装扶手", "due_on": timezone.localdate()}
    assert clerk.post(f"/desk/orders/new/?matter={matter.number}", body).status_code == 302
    order = ServiceOrder.objects.get()
    assert (order.matter, order.resident) == (matter, resident)


def test_an_organisation_sees_its_own_orders_and_nothing_else(world, order, company, sign_in):
    stranger = open_company(world, "别家公司", 23, "biejia")[1]
    browser = sign_in(stranger)
    assert browser.get(order.get_absolute_url()).status_code == 404
    for page in (
        "/desk/matters/",
        "/desk/residents/",
        "/desk/statistics/",
        "/desk/accounts/people/",
    ):
        assert browser.get(page).status_code == 403, page
    assert refusal(
        actions.accept_order, order, by=world.network_admin.within_act("orders.work")
    ) == ("not_addressed")
    with pytest.raises(PermissionDenied):
        actions.accept_order(order, by=stranger)
    assert browser.get("/desk/").status_code == 200


def test_its_unit_is_no_public_body(world, company):
    unit = Unit.objects.get(pk=company[1].unit_id)
    assert unit not in Unit.objects.public()
    assert unit not in Unit.objects.offices()


def test_another_community_neither_sees_nor_settles(world, order, company):
    finished(order, company[1])
    for place_key in (NEIGHBOUR, VILLAGE):
        other = world.actor(Role.COMMUNITY_NETWORK, place_key, "committee", "旁人")
        assert order not in ServiceOrder.objects.visible_to(other)
        with pytest.raises(PermissionDenied):
            actions.confirm_order(order, by=other)


def test_work_that_is_not_right_goes_back_and_is_confirmed_by_the_community(world, order, company):
    finished(order, company[1])
    actions.return_work(order, reason="接头还在漏", by=world.network_admin)
    assert order.state == State.ACCEPTED
    actions.finish_order(order, text="换了接头", by=company[1])
    actions.confirm_order(order, by=world.network_admin)
    assert order.confirmed_how == "community"
    assert refusal(actions.cancel_order, order, reason="不要了", by=world.network_admin) == (
        "wrong_state"
    )


def test_wrong_codes_lock_and_nothing_is_told(world, order, company, client):
    finished(order, company[1])
    wrong = {"number": order.number, "code": "000000" if order.code != "000000" else "1"}
    for _turn in range(5):
        assert client.post("/service/", wrong).status_code == 422
    right = {"number": order.number, "code": order.code}
    locked = client.post("/service/", right)
    unknown = client.post("/service/", {"number": "2026010100000", "code": "123456"})
    assert (locked.status_code, unknown.status_code) == (422, 422)
    order.refresh_from_db()
    with circumstances(at=timezone.now() + timedelta(days=1)):
        assert actions.answer_as_resident(order, code=order.code, grade=4, by=PUBLIC).proved
    ServiceOrder.objects.update(locked_until=None)
    assert (
        refusal(actions.answer_as_resident, order, code=order.code, grade=4, by=PUBLIC) == "rated"
    )
    assert OrderRating.objects.count() == 1


def test_a_worker_ends_the_work_with_the_residents_code(order, company, sign_in):
    finished(order, company[1])
    worker = sign_in(company[1])
    address = f"{order.get_absolute_url()}do/code/"
    assert worker.post(address, {"code": "1"}).status_code == 422
    assert worker.post(address, {"code": order.code}).status_code == 302
    order.refresh_from_db()
    assert order.state == State.CONFIRMED


def test_a_file_that_is_no_picture_is_refused(order, company, sign_in):
    from django.core.files.uploadedfile import SimpleUploadedFile

    actions.accept_order(order, by=company[1])
    address = f"{order.get_absolute_url()}do/proof/"
    text = SimpleUploadedFile("完工.png", b"no picture")
    assert sign_in(company[1]).post(address, {"upload": text}).status_code == 422
    assert order.proofs.count() == 0


def test_accounts_are_opened_and_ended(world, company, sign_in):
    clerk = sign_in(world.street_clerk)
    workplace = company[0].workplace
    body = {"name": "陆师傅", "username": "lushifu", "phone": ""}
    page = clerk.post(f"/desk/orders/workplaces/{workplace.pk}/", body, follow=True)
    assert "只显示这一次" in page.content.decode()
    post = workplace.unit.posts.get(user__username="lushifu")
    clerk.post(f"/desk/orders/workplaces/{workplace.pk}/end/{post.pk}/")
    post.refresh_from_db()
    assert post.ended_at is not None
    assert (
        refusal(actions.open_workplace, company[0], name="一", username="yi", by=world.street_clerk)
        == "opened"
    )


def test_orders_are_filtered_and_exported(world, order, company, sign_in):
    clerk = sign_in(world.network_admin)
    for query, count in (({"state": "offered"}, 1), ({"state": "done"}, 0), ({"late": "1"}, 0),
                         ({"q": "水管"}, 1), ({"state": "waiting"}, 0),
                         ({"organization": company[0].pk}, 1)):  # fmt: skip
        assert clerk.get("/desk/orders/", query).context["page"].paginator.count == count, query
    book = load_workbook(io.BytesIO(clerk.get("/desk/orders/export/").content))
    assert book.worksheets[0]["A5"].value == order.number
    assert book.worksheets[1]["B5"].value == 1


def test_other_systems_walk_the_same_way(world, company, resident, sign_in):
    clerk, worker = sign_in(world.network_admin), sign_in(company[1])
    json = "application/json"
    body = {
        "organization": company[0].pk, "what": "修灯", "resident": resident.pk,
        "due_on": timezone.localdate().isoformat(), "shared": ["phone"],
    }  # fmt: skip
    made = clerk.post("/api/v1/orders/", body, json)
    assert made.status_code == 201, made.content
    address = f"/api/v1/orders/{made.json()['id']}"
    assert worker.post(f"{address}/accept").json()["state"] == "accepted"
    assert worker.post(f"{address}/person").json()["person"] == {"电话": resident.phone}
    assert worker.post(f"{address}/reports", {"text": "在路上"}, json).status_code == 200
    assert worker.post(f"{address}/proofs", {"file": picture()}).json()["proofs"] == 1
    assert worker.post(f"{address}/finish", {"text": "好了"}, json).json()["state"] == "done"
    order = ServiceOrder.objects.get()
    anybody = Client()
    held = {"number": order.number, "code": "1", "grade": 5}
    assert anybody.post("/api/v1/orders/answers", held, json).status_code == 404
    said = anybody.post("/api/v1/orders/answers", {**held, "code": order.code}, json)
    assert said.json()["state"] == "confirmed"
    assert worker.get(address).json()["grade"] == 5
    assert worker.get("/api/v1/orders/figures").json()[0]["grade"] == 5
