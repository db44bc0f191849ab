"""The entrustment register: a kiosk accepts what is entrusted and in force (KSK-06, KSK-07)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import CHONGCHUAN, COMMUNITY, NEIGHBOUR
from yiwang.accounts.actions import create_unit
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.console.reads.duties import Today, duties
from yiwang.core.errors import Refused
from yiwang.core.memory import forget
from yiwang.matters import actions
from yiwang.matters.actions.delivery import Receipt
from yiwang.matters.actions.entrustment import Terms
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Entrustment, Matter, Result
from yiwang.matters.reads import planned
from yiwang.matters.reads.results import pickup_code
from yiwang.matters.rules.delivery import Proof

pytestmark = pytest.mark.usefixtures("catalogue")
ITEM = "housing-repair-aid"


@pytest.fixture(autouse=True)
def _nothing_remembered():
    forget("matters.entrusted.")
    yield
    forget("matters.entrusted.")


@pytest.fixture
def kiosk(world):
    return create_unit(world.place(COMMUNITY), code="kiosk", name="南园便民亭", by=Actor.system())


@pytest.fixture
def clerk(world, kiosk):
    return world.actor(Role.KIOSK, COMMUNITY, "kiosk", "顾小兰")


@pytest.fixture
def housing(world):
    return world.actor(Role.DEPARTMENT, CHONGCHUAN, "housing", "陶卫东")


def give(world, kiosk, by, days=(-30, 30), **more):
    today = timezone.localdate()
    terms = Terms(
        starts_on=today + timedelta(days=days[0]), ends_on=today + timedelta(days=days[1]),
        duties="核对材料、出具回执", data_rights="只看本亭受理的事项", items=[ITEM], **more,
    )  # fmt: skip
    made = actions.give_entrustment(
        world.unit(CHONGCHUAN, "housing"), agent=kiosk, terms=terms, by=by
    )
    forget("matters.entrusted.")
    return made


def accept(world, resident, by):
    papers = [HandedIn(need.code) for need in planned(ITEM).guide.materials]
    return actions.accept_matter(
        world.place(COMMUNITY), item=ITEM, resident=resident, answers={}, channel="kiosk",
        materials=papers, by=by,
    )  # fmt: skip


def test_kiosks_are_numbered_by_county(world, kiosk):
    assert kiosk.number == "NT-CC-001"
    second = create_unit(world.place(NEIGHBOUR), code="kiosk", name="濠东便民亭", by=Actor.system())
    assert second.number == "NT-CC-002"


def test_what_expired_yesterday_is_blocked_and_renewed_is_allowed(
    world, kiosk, clerk, housing, resident
):
    given = give(world, kiosk, housing, days=(-365, -1))
    with pytest.raises(Refused) as refusal:
        accept(world, resident, clerk)
    assert refusal.value.code == "entrustment_over"
    assert given.authority.label in str(refusal.value)
    assert str(given.ends_on) in str(refusal.value)
    renewed = actions.renew_entrustment(
        given, ends_on=timezone.localdate() + timedelta(days=365), by=housing
    )
    forget("matters.entrusted.")
    matter = accept(world, resident, clerk)
    assert (matter.channel, matter.acceptor_unit) == ("kiosk", kiosk)
    assert renewed.renews == given
    assert Matter.objects.visible_to(clerk).get() == matter


def test_what_nobody_entrusted_is_blocked(world, kiosk, clerk, resident):
    with pytest.raises(Refused) as refusal:
        accept(world, resident, clerk)
    assert refusal.value.code == "not_entrusted"


def test_a_window_is_bound_only_by_what_was_entrusted_to_it(world, housing, resident):
    committee = world.unit(COMMUNITY, "committee")
    accept(world, resident, world.network_admin)
    give(world, committee, housing, days=(-9, -1))
    with pytest.raises(Refused, match="到期"):
        accept(world, resident, world.network_admin)


def test_it_ends_before_its_time_with_a_reason(world, kiosk, clerk, housing, resident):
    given = give(world, kiosk, housing)
    actions.end_entrustment(given, reason="亭主更换", by=housing)
    forget("matters.entrusted.")
    with pytest.raises(Refused):
        accept(world, resident, clerk)
    with pytest.raises(Refused, match="已"):
        actions.renew_entrustment(given, ends_on=timezone.localdate(), by=housing)


def test_soon_ending_ones_are_listed_until_renewed(world, kiosk, housing):
    given = give(world, kiosk, housing, days=(-30, 5))
    today = timezone.localdate()
    assert list(Entrustment.objects.ending(today)) == [given]
    actions.renew_entrustment(given, ends_on=today + timedelta(days=400), by=housing)
    assert not Entrustment.objects.ending(today).exists()


def test_the_unit_reads_beforehand_that_an_entrustment_ends(world, kiosk, clerk, housing, resident):
    given, today = give(world, kiosk, housing, days=(-30, 300)), timezone.localdate()
    seen = Today.at(timezone.now())
    assert duties(clerk, seen)["entrusted_soon"] == 0
    for last in (today - timedelta(days=1), given.ends_on):
        with pytest.raises(Refused, match="最后一天"):
            actions.end_entrustment(given, reason="亭主更换", last=last, by=housing)
    actions.end_entrustment(given, reason="亭主更换", last=today + timedelta(days=10), by=housing)
    told = duties(clerk, seen)
    assert (told["entrusted_soon"], told["entrusted_ended"]) == (1, 0)
    accept(world, resident, clerk)
    again = give(world, kiosk, housing, days=(-30, 300))
    actions.end_entrustment(again, reason="不再委托", by=housing)
    assert duties(clerk, seen)["entrusted_ended"] == 1


def test_a_department_entrusts_in_its_own_name_alone(world, kiosk):
    with pytest.raises(Refused, match="本单位的名义"):
        give(world, kiosk, world.bureau_clerk)
    with pytest.raises(PermissionDenied):
        give(world, kiosk, world.network_admin)


def test_a_kiosk_hands_out_the_result_it_accepted(world, kiosk, clerk, housing, resident):
    give(world, kiosk, housing)
    matter = accept(world, resident, clerk)
    Matter.objects.filter(pk=matter.pk).update(state="finished", finished_at=timezone.now())
    step = matter.steps.first()
    matter.refresh_from_db()
    result = Result.objects.create(
        matter=matter, unit=step.unit, number="1号", title="通知", granted=True, text="准予",
        issued_on=timezone.localdate(),
    )  # fmt: skip
    code = Receipt(proof=Proof.CODE, code=pickup_code(result))
    actions.deliver_result(matter, how="kiosk", receiver="陈桂英", receipt=code, by=clerk)
    assert matter.result.delivered_how == "kiosk"
