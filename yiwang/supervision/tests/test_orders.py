"""An order is issued, answered in time or late, and closed only with an answer (SVC-23)."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from openpyxl import load_workbook

from tests.world import COMMUNITY, NEIGHBOUR, RUDONG
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.matters.models import Event
from yiwang.supervision import actions
from yiwang.supervision.models import Order, OrderState

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture
def order(late, township):
    return actions.issue_order(late, text="请今天办结并说明原因", days=2, by=township)


def refusal(act, *args, **more):
    with pytest.raises(Refused) as refused:
        act(*args, **more)
    return refused.value.code


def test_an_order_names_the_unit_and_the_day_of_the_answer_and_urges(world, late, order):
    assert (order.unit_id, order.state) == (late.unit_id, OrderState.OPEN)
    assert order.answer_due_at > timezone.now()
    event = Event.objects.filter(matter=late.matter, kind="urged").get()
    assert (event.shown, event.text) == (False, "请今天办结并说明原因")
    assert JournalLine.objects.filter(act="supervision.order").count() == 1


def test_an_order_is_closed_only_with_an_answer(world, order, township):
    assert refusal(actions.close_order, order, by=township) == "no_answer"
    actions.answer_order(order, text="家属外出，明日补验", by=world.network_admin)
    actions.close_order(order, by=township)
    order.refresh_from_db()
    assert (order.state, bool(order.closed_at)) == (OrderState.CLOSED, True)


def test_the_database_too_refuses_an_order_closed_without_an_answer(order):
    with pytest.raises(IntegrityError, match="only_with_an_answer"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="closed", closed_at=timezone.now())


def test_an_answer_that_does_not_do_is_sent_back_with_the_reason(world, order, township):
    actions.answer_order(order, text="在办", by=world.network_admin)
    actions.return_order(order, reason="没有写明办完时间", by=township)
    order.refresh_from_db()
    assert (order.state, order.answer, order.returned) == ("open", "", "没有写明办完时间")
    line = JournalLine.objects.filter(act="supervision.order").latest("pk")
    assert line.facts["answer"] == "在办"


def test_only_the_unit_that_was_asked_answers(world, order, township):
    assert refusal(actions.answer_order, order, text="代答", by=township) == "not_addressed"
    with pytest.raises(PermissionDenied):
        actions.answer_order(order, text="代答", by=world.neighbour_admin)


def test_the_level_below_the_issuer_does_not_close_its_order(world, late, county):
    order = actions.issue_order(late, text="请办", days=2, by=county)
    actions.answer_order(order, text="已办", by=world.network_admin)
    own = world.actor(Role.LEADER, COMMUNITY, "committee", "社长")
    assert refusal(actions.close_order, order, by=own) == "not_issuer"
    assert refusal(actions.close_order, order, by=world.street_clerk) == "not_issuer"


def test_a_second_order_waits_until_the_first_is_closed(late, order, county):
    assert refusal(actions.issue_order, late, text="再催", days=1, by=county) == "ordered"


@pytest.mark.parametrize(("text", "days", "code"), [
    ("", 2, "text_missing"), ("办", 0, "days"), ("办", 31, "days"),
])  # fmt: skip
def test_an_order_without_words_or_with_an_odd_limit_is_refused(late, township, text, days, code):
    assert refusal(actions.issue_order, late, text=text, days=days, by=township) == code


def test_nobody_orders_the_own_unit(world, late):
    own = world.actor(Role.LEADER, COMMUNITY, "committee", "社长")
    assert refusal(actions.issue_order, late, text="办", days=2, by=own) == "own_unit"


def test_an_order_is_answered_and_closed_on_its_pages(world, late, township, sign_in):
    above, below = sign_in(township), sign_in(world.network_admin)
    issued = above.post(f"/desk/supervision/steps/{late.pk}/order/", {"text": "请办", "days": 3})
    assert issued.status_code == 302
    order = Order.objects.get()
    address = order.get_absolute_url()
    assert "请办" in below.get("/desk/supervision/orders/").content.decode()
    assert above.get(address).context["may_answer"] is False
    empty = below.post(address, {"text": ""})
    assert empty.status_code == 422
    assert below.post(address, {"text": "明日办结"}).status_code == 302
    assert above.get(address).context["may_close"] is True
    back = above.post(address + "return/", {"reason": "写明原因"})
    assert back.status_code == 302
    below.post(address, {"text": "材料不齐，明日办结"})
    assert above.post(address + "close/").status_code == 302
    assert Order.objects.get().state == OrderState.CLOSED


def test_orders_are_filtered_and_exported(order, township, sign_in):
    browser = sign_in(township)
    page = "/desk/supervision/orders/"
    assert browser.get(page, {"late": "1"}).context["page"].paginator.count == 0
    Order.objects.update(answer_due_at=timezone.now() - timedelta(hours=1))
    assert browser.get(page, {"late": "1"}).context["page"].paginator.count == 1
    assert browser.get(page, {"state": "closed"}).context["page"].paginator.count == 0
    assert browser.get(page, {"q": "请今天"}).context["page"].paginator.count == 1
    file = browser.get(page + "export/", {"state": "open"})
    rows = list(load_workbook(io.BytesIO(file.content)).active.values)
    assert rows[4][2] == "请今天办结并说明原因"
    assert JournalLine.objects.filter(act="matters.export").count() == 1


def test_another_county_sees_no_order(world, order, sign_in):
    stranger = world.actor(Role.COUNTY_NETWORK, RUDONG, "civil_affairs", "如东")
    assert sign_in(stranger).get(order.get_absolute_url()).status_code == 404
    neighbour = world.actor(Role.COMMUNITY_NETWORK, NEIGHBOUR, "committee", "季红")
    assert list(Order.objects.visible_to(neighbour)) == []


def test_other_systems_walk_the_same_way(world, late, township, sign_in):
    above, below = sign_in(township), sign_in(world.network_admin)
    steps = above.get("/api/v1/supervision/steps").json()
    assert [(one["id"], one["tone"], one["stages"]) for one in steps] == [
        (late.pk, "red", ["community", "township"])
    ]
    json = "application/json"
    issued = above.post(
        f"/api/v1/supervision/steps/{late.pk}/orders", {"text": "请办", "days": 2}, json
    )
    address = f"/api/v1/supervision/orders/{issued.json()['id']}"
    assert issued.status_code == 201
    assert above.post(address + "/close").status_code == 409
    assert below.post(address + "/answer", {"text": "已办"}, json).json()["state"] == "answered"
    assert above.post(address + "/return", {"reason": "写明"}, json).json()["state"] == "open"
    below.post(address + "/answer", {"text": "已办"}, json)
    assert above.post(address + "/close").json()["state"] == "closed"
    assert len(above.get("/api/v1/supervision/orders?state=closed").json()) == 1
    assert above.get("/api/v1/supervision/orders?late=true").json() == []
    matter = above.get(f"/api/v1/matters/{late.matter.number}").json()
    assert [one["stage"] for one in matter["escalations"]] == ["community", "township"]
    assert matter["next_escalation"]["stage"] == "county"
    assert matter["first_response_at"] is not None


def test_late_answers_are_told_apart(world, order, township, sign_in):
    with circumstances(at=order.answer_due_at + timedelta(minutes=1)):
        actions.answer_order(order, text="迟了", by=world.network_admin)
    assert Order.objects.get().answered_late
    assert sign_in(township).get(order.get_absolute_url()).context["late"] is True
