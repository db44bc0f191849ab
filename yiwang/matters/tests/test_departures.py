"""The dead and departed: no new matter, a stop on open ones, nothing sent (EXP-50)."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from tests.world import COMMUNITY
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.matters import actions
from yiwang.matters.actions.delivery import Receipt
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Event, Matter
from yiwang.matters.reads import planned
from yiwang.matters.rules import State
from yiwang.residents.actions import mark_deceased, move_resident

from .test_handling import active, finished
from .test_pages_accept import at, begin, choose

pytestmark = pytest.mark.usefixtures("catalogue")
AFTER = "funeral-relief"


def dies(world, resident):
    return mark_deceased(resident, on=timezone.localdate(), by=world.network_admin)


def refused(work, *args, **kwargs):
    with pytest.raises(Refused) as no:
        work(*args, **kwargs)
    return no.value.code


def accept(world, resident, item):
    papers = [HandedIn(need.code) for need in planned(item).guide.materials]
    return actions.accept_matter(
        world.place(COMMUNITY), item=item, resident=resident, answers={"phone": "13900012345"},
        channel="window", materials=papers, by=world.network_admin,
    )  # fmt: skip


def test_nobody_applies_for_the_dead_but_for_what_is_meant_for_them(world, resident, sign_in):
    dies(world, resident)
    assert refused(accept, world, resident, "elder-care-subsidy") == "not_live"
    matter = accept(world, resident, AFTER)
    assert not matter.waits_for_decision
    actions.complete_step(active(matter)[0], opinion="属实", by=world.street_clerk)
    desk = sign_in(world.network_admin)
    draft = begin(desk)
    answer = choose(desk, draft, resident)
    assert answer.status_code == 422
    assert "只能受理身后事项" in answer.content.decode()
    found = desk.get(at("accept-person", begin(desk, AFTER)), {"q": resident.name})
    assert [one.pk for one in found.context["people"]] == [resident.pk]
    assert choose(desk, begin(desk, AFTER), resident).status_code == 302


def test_who_left_the_city_gets_no_matter_not_even_one_after_death(world, resident):
    move_resident(resident, to=None, on=timezone.localdate(), by=world.network_admin)
    assert refused(accept, world, resident, AFTER) == "not_live"


def test_an_open_matter_stops_until_somebody_decides_and_goes_on(world, resident, accepted):
    matter = accepted()
    step = active(matter)[0]
    resident.refresh_from_db()
    dies(world, resident)
    step = active(matter)[0]
    by = world.network_admin
    assert refused(actions.complete_step, step, opinion="属实", by=by) == "departed"
    missing = [{"kind": "other", "code": "x", "name": "近照"}]
    assert refused(actions.return_matter, step, items=missing, by=by) == "departed"
    matter = Matter.objects.get()
    assert (
        refused(actions.decide_departure, matter, go_on=True, reason=" ", by=by) == "reason_missing"
    )
    with pytest.raises(PermissionDenied):
        actions.decide_departure(matter, go_on=True, reason="继承", by=world.neighbour_admin)
    actions.decide_departure(matter, go_on=True, reason="补贴已发生，由女儿承接", by=by)
    assert (
        refused(actions.decide_departure, matter, go_on=False, reason="改", by=by) == "not_departed"
    )
    line = JournalLine.objects.filter(facts__did="decide_departure").get()
    assert line.facts["go_on"] is True
    assert not Event.objects.get(kind="departure").shown
    actions.complete_step(active(matter)[0], opinion="属实", by=by)


def test_an_open_matter_may_end_with_the_person(world, resident, accepted):
    matter = accepted()
    resident.refresh_from_db()
    dies(world, resident)
    matter = Matter.objects.get()
    actions.decide_departure(matter, go_on=False, reason="本人已去世", by=world.network_admin)
    assert (matter.state, matter.steps.filter(state="active").count()) == (State.WITHDRAWN, 0)


def test_a_matter_of_who_left_stops_as_well(world, resident, accepted):
    matter = accepted()
    resident.refresh_from_db()
    move_resident(resident, to=None, on=timezone.localdate(), by=world.network_admin)
    assert refused(actions.take_step, active(matter)[0], by=world.network_admin) == "departed"


def test_a_result_is_not_sent_to_the_dead(world, resident, accepted):
    matter = finished(world, accepted())
    resident.refresh_from_db()
    dies(world, resident)
    by = world.network_admin
    matter = Matter.objects.get()
    said = {"how": "post", "by": by}
    assert refused(actions.deliver_result, matter, receiver="刘芳", **said) == "departed"
    actions.decide_departure(matter, go_on=True, reason="女儿代领", by=by)
    dead = refused(actions.deliver_result, matter, receiver=resident.name, **said)
    assert dead == "not_to_the_dead"
    receipt = Receipt(relation="child")
    actions.deliver_result(matter, receiver="刘芳", receipt=receipt, **said)
    matter.result.refresh_from_db()
    assert matter.result.receiver == "刘芳"


def test_a_result_nobody_inherits_stays_on_file(world, resident, accepted):
    matter = finished(world, accepted())
    resident.refresh_from_db()
    dies(world, resident)
    by, matter = world.network_admin, Matter.objects.get()
    actions.decide_departure(matter, go_on=False, reason="无人承接", by=by)
    assert matter.state == State.FINISHED
    assert refused(actions.deliver_result, matter, how="post", receiver="刘芳", by=by) == "ended"


def test_the_page_warns_and_takes_the_decision(world, resident, accepted, sign_in):
    matter = accepted()
    resident.refresh_from_db()
    dies(world, resident)
    desk = sign_in(world.network_admin)
    page = reverse("matters:detail", args=[matter.number])
    text = desk.get(page).content.decode()
    assert "请先决定怎样处理" in text
    assert "已去世" in desk.get(reverse("matters:list") + "?tab=area").content.decode()
    desk.post(
        reverse("matters:handle", args=[matter.number, "departure"]),
        {"go_on": "yes", "reason": "由女儿承接"},
    )
    assert Matter.objects.get().departure_on == timezone.localdate()
    assert "只与亲属或代办人联系" in desk.get(page).content.decode()
