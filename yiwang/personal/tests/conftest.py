"""People of 南园社区: an elder, her daughter in another county, a child; and their accounts."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.world import COMMUNITY, VILLAGE, World
from yiwang.accounts.roles import Role
from yiwang.personal.actions import issue_code, use_code
from yiwang.personal.models import ResidentAccount
from yiwang.personal.reads import own_actor
from yiwang.residents.actions import add_resident
from yiwang.residents.models import Resident

PASSWORD = "haohe2026"
ELDER_PHONE, DAUGHTER_PHONE = "15400008830", "15400008831"


@dataclass
class Family:
    """The elder lives in 南园社区, her daughter in 群贤村, the grandchild with the elder."""

    elder: Resident
    daughter: Resident
    child: Resident


def build_family(world: World) -> Family:
    by = world.network_admin
    place = world.place(COMMUNITY)
    elder = add_resident(
        place, name="陈桂英",
        values={"identity_number": "320690194703120026", "phone": ELDER_PHONE,
                "home_address": "南园新村12幢302室", "emergency_contact": "刘芳"},
        source="visit", source_label="走访", by=by,
    )  # fmt: skip
    village = world.actor(Role.COMMUNITY_NETWORK, VILLAGE, "committee", "韩霞")
    daughter = add_resident(
        world.place(VILLAGE), name="刘芳",
        values={"born_on": "1975-06-01", "phone": DAUGHTER_PHONE}, by=village,
    )  # fmt: skip
    child = add_resident(
        place, name="陈小宝", values={"born_on": "2018-05-20"}, surely_new=True, by=by
    )
    return Family(elder, daughter, child)


def open_account(person: Resident, phone: str, by: Any) -> ResidentAccount:
    """At the counter: the document seen, the code told, the password chosen."""
    code = issue_code(person, phone=phone, manner="counter", document="居民身份证", by=by)
    return use_code(code, password=PASSWORD, by=own_actor(person))


@pytest.fixture
def family(world: World) -> Family:
    return build_family(world)


@pytest.fixture
def elder(family: Family) -> Resident:
    return family.elder


@pytest.fixture
def account(world: World, elder: Resident) -> ResidentAccount:
    return open_account(elder, ELDER_PHONE, world.network_admin)
