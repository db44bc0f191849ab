"""Where no network administrator is in post (HOT-01)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.world import BINCHA, COMMUNITY, NEIGHBOUR, STREET
from yiwang.accounts.actions import end_post
from yiwang.accounts.models import Post, User
from yiwang.accounts.roles import Role

PAGE = "/desk/accounts/vacancies/"


@pytest.fixture
def manager(world):
    return world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre", "严芳")


@pytest.fixture
def desk(manager):
    client = Client()
    client.force_login(User.objects.get(pk=manager.user_id))
    return client


def test_a_place_is_vacant_from_the_day_its_administrator_left(world, manager, desk):
    for key in (COMMUNITY, NEIGHBOUR):
        world.actor(Role.COMMUNITY_NETWORK, key, "committee")
    assert "没有空缺" in desk.get(PAGE).content.decode()
    post = Post.objects.get(division_id=NEIGHBOUR)
    end_post(post, on=timezone.localdate() - timedelta(days=3), reason="调离", by=manager)
    text = desk.get(PAGE).content.decode()
    assert "濠东社区" in text
    assert "3 天" in text
    assert "南园社区" not in text
    assert "1/2" in text


def test_the_list_is_narrowed_sorted_and_ends_at_the_own_area(world, desk):
    text = desk.get(PAGE, {"sort": "-since"}).content.decode()
    assert "还没有任命过" in text
    assert "栟茶镇" not in text
    assert "没有符合条件的空缺" in desk.get(PAGE, {"q": "濠东", "tier": "4"}).content.decode()
    assert "濠东社区" in desk.get(PAGE, {"q": "濠东", "tier": "5"}).content.decode()
    assert desk.get(f"{PAGE}export/").content[:2] == b"PK"


def test_a_program_reads_the_vacancies_of_its_area(world, desk):
    found = desk.get("/api/v1/accounts/vacancies").json()
    assert [one["key"] for one in found] == [COMMUNITY, NEIGHBOUR]
    assert desk.get("/api/v1/accounts/vacancies", {"tier": 4}).json() == []
    assert BINCHA not in {one["key"] for one in found}
