"""Two clerks, or one clerk twice, in the same moment: one is first, the other reads why not."""

import threading

import pytest
from django.db import connection

from tests.corners import accepted, first_step
from tests.world import COMMUNITY, LAN, build_world
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.core.memory import forget
from yiwang.core.models import JournalLine
from yiwang.matters.actions import take_step
from yiwang.matters.models import Matter
from yiwang.matters.sheets import load_catalogue
from yiwang.residents.actions import add_resident


def two_at_once(work):
    """Both begin at the same moment; gives what each got."""
    gate, got = threading.Barrier(2), []

    def one(number):
        try:
            gate.wait()
            got.append(work(number))
        except Refused as refusal:
            got.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return got


@pytest.fixture
def committed_matter(committed_db):
    """A matter in a database of its own, where two clerks really meet."""
    forget("")
    world = build_world()
    load_catalogue(only=("elder-care-subsidy",))
    resident = add_resident(
        world.place(COMMUNITY), name="陈桂英", values=dict(LAN), source="visit",
        source_label="走访", by=world.network_admin,
    )  # fmt: skip
    yield world, accepted(world.place(COMMUNITY), resident, world.network_admin)
    forget("")


def test_of_two_clerks_at_once_one_takes_the_step_and_the_other_reads_who(committed_matter):
    world, matter = committed_matter
    clerks = [world.network_admin, world.actor(Role.COMMITTEE, COMMUNITY, "committee", "季红")]
    got = two_at_once(lambda number: take_step(first_step(matter), by=clerks[number]))
    refusals = [one for one in got if isinstance(one, Refused)]
    assert [one.code for one in refusals] == ["taken"]
    assert JournalLine.objects.filter(act="matters.handle").count() == 1


def test_the_same_request_twice_at_once_accepts_one_matter(committed_matter):
    world, matter = committed_matter
    place, by = world.place(COMMUNITY), world.network_admin

    def send(_number):
        with circumstances(idempotency_key="one-click"):
            return accepted(place, matter.resident, by)

    got = two_at_once(send)
    assert got[0] == got[1]
    assert Matter.objects.count() == 2
