"""A resident reads her own assessment, all of it, and says when the grade is wrong."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.world import COMMUNITY, World
from yiwang.accounts.roles import Role
from yiwang.assessments.models import PersonAssessment
from yiwang.assessments.tests.scores import assessed
from yiwang.residents.models import Resident

from .conftest import DAUGHTER_PHONE, Family, open_account
from .test_pages_own import enter, text_of


@pytest.fixture
def graded(world: World, elder: Resident) -> PersonAssessment:
    worker = world.actor(Role.WORKER, COMMUNITY, "committee")
    return assessed(elder, worker, world.network_admin, timezone.localdate())


@pytest.fixture
def own(account: Any) -> Client:
    return enter()


def test_she_sees_her_grade_and_every_score_and_asks_for_another(
    own: Client, graded: PersonAssessment
) -> None:
    assert "中度失能" in text_of(own.get(reverse("my:assessments")))
    page = text_of(own.get(reverse("my:assessment", args=[graded.pk])))
    assert "进食" in page
    assert "请求复评" in page
    address = reverse("my:assessment-object", args=[graded.pk])
    assert own.get(address).status_code == 200
    assert own.post(address, {"words": ""}).status_code == 422
    assert own.post(address, {"words": "我自己能走路"}).status_code == 302
    graded.refresh_from_db()
    assert graded.objection == "我自己能走路"
    assert own.post(address, {"words": "再说一次"}).status_code == 422
    copied = own.get("/api/v1/personal/mine/data").json()
    assert copied["assessments"][0]["scores"]["eating"] == 2


def test_the_api_is_equal(own: Client, graded: PersonAssessment) -> None:
    mine = own.get("/api/v1/personal/mine/assessments").json()
    assert [row["grade"] for row in mine] == ["moderate"]
    sent = own.post(
        f"/api/v1/personal/mine/assessments/{graded.pk}/objection", {"words": "评低了"},
        content_type="application/json",
    )  # fmt: skip
    assert sent.json()["objected_on"] == timezone.localdate().isoformat()


def test_nobody_else_finds_it(world: World, family: Family, graded: PersonAssessment) -> None:
    village = world.actor(Role.COMMUNITY_NETWORK, family.daughter.division_id, "committee", "韩霞")
    open_account(family.daughter, DAUGHTER_PHONE, village)
    daughter = enter(DAUGHTER_PHONE)
    assert "中度失能" not in text_of(daughter.get(reverse("my:assessments")))
    assert daughter.get(reverse("my:assessment", args=[graded.pk])).status_code == 404
    address = f"/api/v1/personal/mine/assessments/{graded.pk}/objection"
    refused = daughter.post(address, {"words": "评低了"}, content_type="application/json")
    assert refused.status_code == 404
