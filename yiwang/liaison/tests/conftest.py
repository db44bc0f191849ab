"""The people of a township and its communities, and their equipment."""

from datetime import date

import pytest

from tests.world import CHONGCHUAN, COMMUNITY, STREET
from yiwang.accounts.models import User
from yiwang.accounts.roles import Role
from yiwang.liaison.actions import register_device
from yiwang.liaison.actions.equipment import Facts


@pytest.fixture
def township(world):
    return world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre", "丁网")


@pytest.fixture
def county(world):
    return world.actor(Role.COUNTY_NETWORK, CHONGCHUAN, "civil_affairs", "顾县")


@pytest.fixture
def equip(world):
    """A computer and a telephone in each of the places, by the administrator of the place."""

    def do(by, *kinds, key=COMMUNITY):
        unit = world.unit(key, "committee")
        return [
            register_device(unit, facts=Facts(kind, "联想启天", date(2026, 3, 2)), by=by)
            for kind in kinds or ("computer", "telephone")
        ]

    return do


@pytest.fixture
def logged_in():
    """Somebody's last log-in."""

    def do(actor, at):
        User.objects.filter(pk=actor.user_id).update(last_login=at)

    return do
