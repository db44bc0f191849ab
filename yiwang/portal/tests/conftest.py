"""A resident's matter in every state, and a browser without an account."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.world import COMMUNITY, World
from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances
from yiwang.core.memory import forget
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Matter
from yiwang.matters.reads import planned
from yiwang.matters.rules import StepState

LAST_FOUR = "8830"
CITY_CENTRE_PHONE = "0513-00000112"


@pytest.fixture(autouse=True)
def _fresh_memory():
    """Each test has its own city; what a process keeps of another one is wrong."""
    cache.clear()
    forget("matters.")
    yield
    cache.clear()


def hand_in(
    world: World, resident: Any, item: str = "senior-allowance", days_ago: float = 0
) -> Matter:
    """Accept an item at the community's counter with every paper."""
    papers = [HandedIn(need.code) for need in planned(item).guide.materials]
    with circumstances(at=timezone.now() - timedelta(days=days_ago)):
        return actions.accept_matter(
            world.place(COMMUNITY), item=item, resident=resident, answers={}, channel="window",
            materials=papers, by=world.network_admin,
        )  # fmt: skip


def finish(matter: Matter, days_ago: float = 0, *, granted: bool = True) -> Matter:
    """Walk a matter through its steps to its result."""
    system = Actor.system()
    with circumstances(at=timezone.now() - timedelta(days=days_ago)):
        while matter.steps.exclude(state=StepState.DONE).count() > 1:
            step = matter.steps.filter(state=StepState.ACTIVE)[0]
            actions.complete_step(step, opinion="情况属实", by=system)
        last = matter.steps.get(state=StepState.ACTIVE)
        actions.finish_matter(last, granted=granted, text="从本月起按月发放。", by=system)
    matter.refresh_from_db()
    return matter


MISSING = [
    {"kind": "material", "code": "bank_card", "name": "本人银行卡", "wrong": "看不清卡号"},
    {"kind": "field", "code": "emergency_contact", "name": "紧急联系人", "wrong": "没有填"},
]


def ask_back(matter: Matter, items: Any = None) -> Matter:
    """Return the matter for correction with everything that is missing."""
    step = matter.steps.get(state=StepState.ACTIVE)
    actions.return_matter(step, items=items or MISSING, reason="请重拍", by=Actor.system())
    matter.refresh_from_db()
    return matter


@pytest.fixture
def handed_in(world, catalogue, resident):
    """A matter at work."""
    return hand_in(world, resident)


@pytest.fixture
def finished(handed_in):
    """The same matter with its result."""
    return finish(handed_in)


@pytest.fixture
def holder(client, handed_in):
    """A browser that has proved to hold the matter."""
    client.post("/track/", {"number": handed_in.number, "last_four": LAST_FOUR})
    return client
