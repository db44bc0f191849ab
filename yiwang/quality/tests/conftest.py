"""A matter of 南园社区 that ended, a standard of its item, and the people who check."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.pictures import picture
from tests.world import CHONGCHUAN, COMMUNITY, STREET
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.rules.photos import lean_photo
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Matter, ServiceItem, Step
from yiwang.matters.reads import planned
from yiwang.quality.actions import plan_check, publish_standard
from yiwang.quality.actions.checking import Plan

ITEM = "elder-care-subsidy"
POINTS = [
    {"name": "送餐温度", "name_en": "Temperature", "method": "visit", "level": "不低于60℃",
     "level_en": "At least 60 °C", "consequence": "hold"},
    {"name": "送餐时间", "method": "call_back", "level": "12点前", "consequence": "correct"},
]  # fmt: skip
JPG = lean_photo(picture("JPEG"), "image/jpeg", longest=2560, quality=85).body


@pytest.fixture
def township(world):
    return world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre", "丁网")


@pytest.fixture
def county(world):
    return world.actor(Role.COUNTY_NETWORK, CHONGCHUAN, "civil_affairs", "顾县")


@pytest.fixture
def item(catalogue):
    return ServiceItem.objects.get(code=ITEM)


@pytest.fixture
def standard(world, item):
    return publish_standard(item, points=POINTS, by=world.city_bureau)


@pytest.fixture
def finished(world, item, resident):
    """As many matters as asked for, ended so many days ago."""

    def one(days):
        papers = [HandedIn(need.code) for need in planned(ITEM).guide.materials]
        with circumstances(at=timezone.now() - timedelta(days=days)):
            matter = actions.accept_matter(
                world.place(COMMUNITY), item=ITEM, resident=resident, answers={},
                channel="window", materials=papers, by=world.network_admin,
            )  # fmt: skip
            steps = Step.objects.select_related("matter", "unit").filter(state="active")
            for by in (world.network_admin, world.street_clerk):
                actions.complete_step(steps.get(matter=matter), by=by)
            last = steps.get(matter=matter)
            actions.finish_matter(last, granted=True, text="准予", by=world.bureau_clerk)
        return Matter.objects.get(pk=matter.pk)

    return lambda count=1, days=2: [one(days) for _turn in range(count)]


@pytest.fixture
def visit(world, standard, township):
    """A visit to the committee of 南园社区, planned by the township."""
    plan = Plan("visit", world.unit(COMMUNITY, "committee"), standard=standard)
    return plan_check(world.place(STREET), plan=plan, by=township)
