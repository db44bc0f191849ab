"""A unit with work of every colour, and browsers of the people who see it."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.world import CHONGCHUAN, CITY, COMMUNITY, STREET
from yiwang.core.acts import circumstances
from yiwang.core.memory import forget
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Matter, Step
from yiwang.matters.reads import planned


@pytest.fixture(autouse=True)
def _fresh_memory():
    """Each test has its own city; what a process remembers of another one is wrong."""
    forget("console.")
    yield
    forget("console.")


@pytest.fixture
def accept(world, catalogue, resident):
    """Accept an item so many days ago at the community's counter."""

    def do(item="elder-care-subsidy", *, days_ago=0, by=None, person=None):
        papers = [HandedIn(need.code) for need in planned(item).guide.materials]
        by = by or world.network_admin
        with circumstances(at=timezone.now() - timedelta(days=days_ago)):
            return actions.accept_matter(
                world.place(by.division_id), item=item, resident=person or resident, answers={},
                channel="window", materials=papers, by=by,
            )  # fmt: skip

    return do


def due(matter: Matter, moment: datetime, amber: datetime | None = None) -> None:
    """Move the deadline of the active steps of a matter, as if it had been promised so."""
    for step in Step.objects.filter(matter=matter, state="active"):
        step.due_at, step.amber_at = moment, amber or min(step.amber_at or moment, moment)
        step.save()


@pytest.fixture
def stream(world, accept):
    """Matters waiting for the community: late, due tonight, amber, green."""
    now = timezone.now()
    tonight = timezone.localtime(now).replace(hour=23, minute=59, second=30, microsecond=0)
    late, today, amber, green = (accept() for _ in range(4))
    due(late, now - timedelta(days=2))
    due(today, tonight, now - timedelta(hours=1))
    due(amber, now + timedelta(days=3), now - timedelta(hours=1))
    due(green, now + timedelta(days=9), now + timedelta(days=8))
    return {"late": late, "today": today, "amber": amber, "green": green}


__all__ = ["CHONGCHUAN", "CITY", "COMMUNITY", "STREET", "due"]
