"""A late clock climbs the levels, each told exactly once, whatever happens meanwhile (HOT-06)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from tests.test_two_at_once import committed_matter, two_at_once
from tests.world import CHONGCHUAN, CITY, COMMUNITY, STREET
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.models import JournalLine
from yiwang.core.reads import calendar
from yiwang.core.rules.calendar import Calendar, Unit, deadline
from yiwang.divisions.rules import Depth
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.jobs import escalate_late
from yiwang.matters.models import Escalation, Event, Step
from yiwang.matters.reads import planned
from yiwang.matters.reads.escalation import next_rung
from yiwang.matters.rules import ClockKind, EventKind, Stage, State
from yiwang.matters.rules.escalation import rungs
from yiwang.matters.rules.limits import Clock

__all__ = ["committed_matter"]
BEIJING = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 10, 21, tzinfo=BEIJING)
LIMIT = ClockKind.LIMIT
WEEK = Calendar(date(2026, 11, 23), date(2026, 11, 29), ((time(9), time(17)),))


@pytest.fixture
def matter(world, catalogue, resident):
    papers = [HandedIn(need.code) for need in planned("elder-care-subsidy").guide.materials]
    with circumstances(at=MONDAY):
        return actions.accept_matter(
            world.place(COMMUNITY), item="elder-care-subsidy", resident=resident, answers={},
            channel="window", materials=papers, by=world.network_admin,
        )  # fmt: skip


def active(matter):
    return Step.objects.select_related("unit").get(matter=matter, state="active")


def taken(matter, by, at=MONDAY):
    with circumstances(at=at):
        return actions.take_step(active(matter), by=by)


def run(at):
    with circumstances(at=at):
        return escalate_late()


def late(matter, days):
    """The moment a step is so many working days overdue, one minute later."""
    due = active(matter).due_at
    end = deadline(due, days, Unit.WORKING_DAYS, calendar()) if days else due
    return end + timedelta(minutes=1)


def stages(matter, clock=LIMIT):
    return [one.stage for one in Escalation.objects.filter(matter=matter, clock=clock)]


def test_a_late_step_climbs_from_the_community_to_the_city_level_by_level(world, matter):
    step = taken(matter, world.network_admin)
    assert run(MONDAY + timedelta(minutes=1)) == 0
    run(step.amber_at)
    assert stages(matter) == ["community"]
    for days, told in ((0, "township"), (3, "county"), (5, "city")):
        assert run(late(matter, days)) == 1
        assert stages(matter)[-1] == told
    assert run(late(matter, 20)) == 0
    assert stages(matter) == ["community", "township", "county", "city"]


def test_an_outage_of_three_days_is_caught_up_in_order(world, matter):
    step = taken(matter, world.network_admin)
    back = late(matter, 3) + timedelta(hours=1)
    assert back - step.due_at > timedelta(days=3)
    assert run(back) == 3
    told = list(Escalation.objects.filter(matter=matter).order_by("pk"))
    assert [one.stage for one in told] == ["community", "township", "county"]
    assert [one.fell_due_at for one in told] == [
        step.amber_at, step.due_at, deadline(step.due_at, 3, Unit.WORKING_DAYS, calendar()),
    ]  # fmt: skip
    assert {one.noticed_at for one in told} == {back}
    assert run(back + timedelta(hours=1)) == 0


def test_stages_of_several_matters_are_told_in_the_order_they_fell_due(world, matter, resident):
    papers = [HandedIn(need.code) for need in planned("temporary-relief").guide.materials]
    with circumstances(at=MONDAY + timedelta(days=1)):
        actions.accept_matter(
            world.place(COMMUNITY), item="temporary-relief", resident=resident, answers={},
            channel="window", materials=papers, by=world.network_admin,
        )  # fmt: skip
    run(late(matter, 3))
    told = list(Escalation.objects.order_by("pk"))
    assert len({one.matter_id for one in told}) == 2
    assert [one.fell_due_at for one in told] == sorted(one.fell_due_at for one in told)


def test_two_workers_at_once_tell_a_level_once(committed_matter):
    _world, matter = committed_matter
    moment = late(matter, 0)

    def work(_number):
        return run(moment)

    got = two_at_once(work)
    told = Escalation.objects.filter(matter=matter)
    assert sum(got) == told.count() == len({(one.clock, one.stage) for one in told})
    assert {one.stage for one in told if one.clock == LIMIT} == {"community", "township"}


def test_the_database_refuses_the_second_record_of_a_stage(world, matter):
    taken(matter, world.network_admin)
    run(late(matter, 0))
    first = Escalation.objects.get(matter=matter, clock=LIMIT, stage="township")
    first.pk, first.event = None, Event.tell(matter, EventKind.ESCALATED, Actor.system())
    with pytest.raises(IntegrityError, match="told_once"), transaction.atomic():
        first.save(force_insert=True)


def test_a_request_untouched_for_two_working_hours_reaches_the_township(world, matter):
    clerk = world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre", "丁网")
    run(MONDAY + timedelta(hours=1))
    assert stages(matter, ClockKind.RESPONSE) == ["community"]
    # 10:21 and two working hours: the noon break is not counted.
    run(MONDAY + timedelta(hours=3))
    assert stages(matter, ClockKind.RESPONSE) == ["community"]
    run(MONDAY + timedelta(hours=5))
    told = Escalation.objects.get(matter=matter, clock=ClockKind.RESPONSE, stage="township")
    assert (told.place_id, told.post_id) == (STREET, clerk.post_id)
    assert told.unit == active(matter).unit


def test_whoever_has_taken_it_has_responded(world, matter):
    taken(matter, world.network_admin)
    run(MONDAY + timedelta(hours=6))
    assert stages(matter, ClockKind.RESPONSE) == []


def test_a_pause_stops_the_ladder_and_moves_what_is_left(world, matter):
    step = taken(matter, world.network_admin)
    with circumstances(at=MONDAY + timedelta(hours=1)):
        actions.pause_matter(
            active(matter), kind="expert_review", reason="等待鉴定", by=world.network_admin
        )
    assert run(late(matter, 5)) == 0
    with circumstances(at=MONDAY + timedelta(days=14)):
        actions.resume_matter(active(matter), by=world.network_admin)
    assert active(matter).due_at > step.due_at
    assert run(step.due_at + timedelta(minutes=1)) == 0
    run(late(matter, 0))
    assert stages(matter) == ["community", "township"]


def test_handing_on_does_not_begin_the_clock_again(world, matter):
    step = taken(matter, world.network_admin)
    run(step.due_at + timedelta(minutes=1))
    with circumstances(at=step.due_at + timedelta(hours=1)):
        actions.hand_on_step(
            active(matter), unit=world.unit(STREET, "civil_affairs"), reason="请街道办理",
            by=world.network_admin,
        )  # fmt: skip
    assert active(matter).due_at == step.due_at
    run(step.due_at + timedelta(hours=2))
    # The township is not told again; its own level above, the county, is told of what is late.
    assert stages(matter) == ["community", "township", "county"]


def test_the_supervisor_of_the_level_is_the_first_role_somebody_holds_there(world, matter):
    world.actor(Role.COUNTY_GROUP, CHONGCHUAN, "civil_affairs", "陆组")
    chief = world.actor(Role.COUNTY_NETWORK, CHONGCHUAN, "civil_affairs", "顾县")
    taken(matter, world.network_admin)
    run(late(matter, 3))
    assert Escalation.objects.get(stage="county").post_id == chief.post_id


def test_a_level_where_nobody_supervises_is_on_record_all_the_same(world, matter):
    taken(matter, world.network_admin)
    run(late(matter, 5))
    assert Escalation.objects.get(stage="city").post is None
    assert Escalation.objects.get(stage="city").place_id == CITY


def test_a_stage_cannot_be_told_before_its_time(world, matter):
    step = taken(matter, world.network_admin)
    with circumstances(at=step.amber_at), pytest.raises(Refused) as refused:
        actions.escalate_step(active(matter), clock=LIMIT, stage=Stage.CITY, by=Actor.system())
    assert refused.value.code == "not_to_tell"


def test_each_told_level_is_a_line_of_the_journal_and_of_the_timeline(world, matter):
    taken(matter, world.network_admin)
    run(late(matter, 0))
    lines = JournalLine.objects.filter(act="matters.supervise", subject_model="matters.escalation")
    assert lines.count() == Event.objects.filter(kind="escalated", shown=False).count() == 2
    assert {line.channel for line in lines} == {"job"}


def test_a_step_that_begins_after_the_matter_fell_due_does_not_tell_it_again(world, matter):
    taken(matter, world.network_admin)
    Step.objects.filter(matter=matter).update(limit_amount=90)
    step = active(matter)
    step.due_at = step.amber_at = matter.due_at
    step.save()
    run(late(matter, 0))
    with circumstances(at=late(matter, 1)):
        actions.complete_step(active(matter), opinion="属实", by=world.network_admin)
    before = stages(matter)
    assert active(matter).started_at >= active(matter).due_at
    run(late(matter, 1) + timedelta(minutes=5))
    assert stages(matter) == [*before, "county"]


def test_what_comes_next_is_said_with_its_time_and_the_post(world, matter):
    clerk = world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre", "丁网")
    step = taken(matter, world.network_admin)
    run(step.amber_at)
    ahead = next_rung(matter, [active(matter)], Escalation.objects.filter(matter=matter))
    assert ahead is not None
    assert ahead.post is not None
    assert (ahead.rung.stage, ahead.rung.at) == (Stage.TOWNSHIP, step.due_at)
    assert ahead.post.pk == clerk.post_id
    matter.state = State.PAUSED
    assert next_rung(matter, [active(matter)], []) is None


def test_a_county_department_is_told_on_and_the_city_hears_as_soon_as_it_is_late():
    clock = Clock(MONDAY, MONDAY + timedelta(days=1))
    found = rungs(LIMIT, clock, Depth.COUNTY, ["amber", 0, 3, 5], WEEK)
    assert [(one.stage, one.at) for one in found] == [
        (Stage.COUNTY, clock.amber_at), (Stage.CITY, clock.due_at),
    ]  # fmt: skip


def test_a_level_without_a_moment_is_left_out():
    clock = Clock(MONDAY, MONDAY)
    found = rungs(LIMIT, clock, Depth.COMMUNITY, [None, 0], WEEK)
    assert [one.stage for one in found] == [Stage.TOWNSHIP]
