"""A roster has no gaps in working hours, one person at a time, and swaps that both want."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.world import COMMUNITY
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.liaison import actions
from yiwang.liaison.models import Duty, Swap
from yiwang.liaison.reads.roster import on_duty_now, roster
from yiwang.liaison.rules.roster import uncovered

JSON = "application/json"


def at(hour, minute=0):
    return datetime(2026, 12, 1, hour, minute, tzinfo=UTC)


@pytest.fixture
def people(world):
    return [
        world.post(role, COMMUNITY, "committee", name)
        for role, name in ((Role.COMMUNITY_NETWORK, "周敏"), (Role.WORKER, "季红"))
    ]


@pytest.fixture
def filled(world, people):
    unit, by = world.unit(COMMUNITY, "committee"), world.network_admin
    tomorrow = timezone.localdate() + timedelta(days=1)
    return actions.fill_roster(unit, first=tomorrow, days=7, posts=people, by=by)


def test_what_no_shift_covers_is_left():
    day = [(at(9), at(12)), (at(14), at(18))]
    assert uncovered(day, []) == day
    assert uncovered(day, [(at(8), at(10)), (at(11), at(15))]) == [
        (at(10), at(11)),
        (at(15), at(18)),
    ]
    assert uncovered(day, [(at(0), at(23))]) == []


def test_a_week_is_filled_in_turn_and_two_swap_when_both_agree(world, filled, people, sign_in):
    first, (mine, hers) = timezone.localdate() + timedelta(days=1), people
    days = roster(filled, first, 7)
    assert not any(day.gaps for day in days)
    assert all(bool(day.shifts) == day.working for day in days)
    turns = [day.shifts[0].post for day in days if day.working]
    assert turns[:2] == [mine, hers]
    own, other = Duty.objects.filter(post=mine)[0], Duty.objects.filter(post=hers)[0]
    desk, colleague = sign_in(Actor.of(mine)), sign_in(Actor.of(hers))
    page = f"/desk/liaison/duties/{own.pk}/"
    assert desk.post(f"{page}swap/", {"other": own.pk}).status_code == 422
    desk.post(f"{page}swap/", {"other": other.pk})
    swap = Swap.objects.get()
    desk.post(f"/desk/liaison/swaps/{swap.pk}/answer/", {"agreed": "yes"})
    assert Swap.objects.waiting().exists()  # only the other side agrees
    colleague.post(f"/desk/liaison/swaps/{swap.pk}/answer/", {"agreed": "yes"})
    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.post, other.post, own.deputy) == (hers, mine, None)
    shown = colleague.get(f"/desk/liaison/roster/{filled.pk}/?from={first}")
    assert shown.context["gaps"] == 0
    feed = desk.get(f"/desk/liaison/roster/{filled.pk}/calendar.ics").content.decode()
    assert feed.count("BEGIN:VEVENT") == Duty.objects.count()


def test_the_deputy_stands_in_and_is_the_one_on_duty_now(world, people, sign_in):
    unit, now, by = world.unit(COMMUNITY, "committee"), timezone.now(), world.network_admin
    mine, hers = people
    assert on_duty_now(unit, now) is None
    shift = actions.set_duty(
        unit, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1), post=mine,
        deputy=hers, by=by,
    )  # fmt: skip
    desk = sign_in(by)
    assert desk.post(f"/desk/liaison/duties/{shift.pk}/", {"reason": " "}).status_code == 422
    desk.post(f"/desk/liaison/duties/{shift.pk}/", {"reason": "病假"})
    found = on_duty_now(unit, now)
    assert found
    assert (found.post, found.absent) == (hers, mine)
    assert desk.get(f"/api/v1/liaison/roster/{unit.pk}/now").json()["name"] == "季红"


def test_what_cannot_be_is_refused(world, filled, people, township):
    by, (mine, hers) = world.network_admin, people
    own, other = Duty.objects.filter(post=mine)[0], Duty.objects.filter(post=hers)[0]

    def shift(hours, post, deputy=None, length=2):
        start = own.starts_at + timedelta(hours=hours)
        return lambda: actions.set_duty(
            filled, starts_at=start, ends_at=start + timedelta(hours=length), post=post,
            deputy=deputy, by=by,
        )  # fmt: skip

    def fill(first, days, posts):
        return lambda: actions.fill_roster(filled, first=first, days=days, posts=posts, by=by)

    stranger = world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "service_centre", "外人")
    first = timezone.localdate()
    for code, act in (
        ("taken", shift(0, mine)),
        ("order", shift(-4, mine, length=-1)),
        ("same", shift(-4, mine, mine)),
        ("not_here", shift(-4, stranger)),
        ("nobody", fill(first, 7, [])),
        ("days", fill(first, 400, people)),
        ("full", fill(timezone.localdate(own.starts_at), 1, people)),
        ("not_own", lambda: actions.propose_swap(own, other=other, by=township)),
        ("other", lambda: actions.propose_swap(own, other=own, by=by)),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == code
    actions.remove_duty(own, by=by)
    assert not Duty.objects.filter(pk=own.pk).exists()


def test_other_systems_set_and_swap(world, people, sign_in):
    unit, (mine, hers) = world.unit(COMMUNITY, "committee"), people
    desk, colleague = sign_in(Actor.of(mine)), sign_in(Actor.of(hers))
    base, made = "/api/v1/liaison", []
    for post, day in ((mine, 2), (hers, 3)):
        start = timezone.now() + timedelta(days=day)
        body = {"starts_at": start.isoformat(), "post": post.pk,
                "ends_at": (start + timedelta(hours=3)).isoformat()}  # fmt: skip
        made.append(desk.post(f"{base}/roster/{unit.pk}/duties", body, JSON).json()["id"])
    asked = desk.post(f"{base}/duties/{made[0]}/swaps", {"other": made[1]}, JSON).json()["id"]
    told = colleague.post(f"{base}/swaps/{asked}/answer", {"agreed": True}, JSON).json()
    assert told["agreed"] is True
    assert Duty.objects.get(pk=made[0]).post == hers
    assert desk.get(f"{base}/roster/{unit.pk}/now").status_code == 204
    assert desk.delete(f"{base}/duties/{made[0]}").status_code == 204
    assert len(desk.get(f"{base}/roster/{unit.pk}?first={date(2026, 12, 7)}").json()) == 7
