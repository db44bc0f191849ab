"""A late step of a community, and the people above who hear of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.world import CHONGCHUAN, COMMUNITY, STREET
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.jobs import escalate_late
from yiwang.matters.models import Step
from yiwang.matters.reads import planned


@pytest.fixture
def township(world):
    return world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre", "丁网")


@pytest.fixture
def county(world):
    return world.actor(Role.COUNTY_NETWORK, CHONGCHUAN, "civil_affairs", "顾县")


@pytest.fixture
def accept(world, catalogue, resident):
    """A step taken by the community and moved so many days late (negative: still green)."""

    def do(days_late, item="elder-care-subsidy", *, taken=True):
        papers = [HandedIn(need.code) for need in planned(item).guide.materials]
        with circumstances(at=timezone.now() - timedelta(days=20)):
            matter = actions.accept_matter(
                world.place(COMMUNITY), item=item, resident=resident, answers={},
                channel="window", materials=papers, by=world.network_admin,
            )  # fmt: skip
            step = Step.objects.select_related("matter").get(matter=matter, state="active")
            if taken:
                actions.take_step(step, by=world.network_admin)
        step.due_at = timezone.now() - timedelta(days=days_late)
        step.amber_at = step.due_at - timedelta(hours=2)
        step.save()
        return step

    return do


@pytest.fixture
def late(world, township, county, accept):
    """One step late by a day, told to the community and the township."""
    step = accept(1)
    escalate_late()
    return step
