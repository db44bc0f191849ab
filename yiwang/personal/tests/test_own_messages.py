"""What I was told lies in my account, and I choose by which way I am told."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.corners import accepted
from tests.world import COMMUNITY, World
from yiwang.accounts.actor import Actor
from yiwang.notifications.actions import route_message
from yiwang.notifications.models import Choice, Message
from yiwang.personal.jobs import keep_rules
from yiwang.personal.models import DestructionList
from yiwang.residents.models import Resident

from .test_pages_own import enter, text_of


@pytest.fixture
def own(account: Any) -> Client:
    return enter()


@pytest.fixture
def told(world: World, catalogue: None, elder: Resident) -> Message:
    matter = accepted(world.place(COMMUNITY), elder, world.network_admin)
    message = Message.objects.get(reference=f"matter:{matter.number}")
    return route_message(message, by=Actor.system().within_act("notifications.deliver"))


def test_she_reads_what_she_was_told_in_her_language(own: Client, told: Message) -> None:
    assert "1 条没看" in text_of(own.get("/my/"))
    page = text_of(own.get("/my/messages/"))
    assert told.facts["item"] in page
    english = text_of(own.get("/my/messages/", headers={"accept-language": "en"}))
    assert "accepted your matter" in english
    own.post("/my/messages/read/")
    told.refresh_from_db()
    assert told.read_at is not None
    assert "条没看" not in text_of(own.get("/my/"))


def test_she_chooses_the_way_and_the_last_choice_holds(own: Client, elder: Resident) -> None:
    said = {"channel": "email", "email": "chen", "language": "en", "optional": ""}
    wrong = own.post("/my/messages/way/", said)
    assert wrong.status_code == 422
    assert not Choice.objects.exists()
    own.post("/my/messages/way/", {**said, "email": "chen@example.cn"})
    own.post("/my/messages/way/", {"channel": "app", "language": "zh-hans", "optional": "on"})
    kept = list(Choice.objects.for_holder(elder))
    assert [(one.channel, one.optional) for one in kept] == [("app", True), ("email", False)]
    assert kept[1].email == "chen@example.cn"


def test_nobody_else_reads_them(own: Client, told: Message, elder: Resident) -> None:
    other = Resident.objects.exclude(name=elder.name).first()
    Message.objects.filter(pk=told.pk).update(resident=other)
    assert told.facts["item"] not in text_of(own.get("/my/messages/"))
    own.post("/my/messages/read/")
    told.refresh_from_db()
    assert told.read_at is None
    assert Client().get("/my/messages/").status_code == 302


def test_the_api_is_equal_for_her(own: Client, told: Message) -> None:
    base = "/api/v1/personal/mine"
    (one,) = own.get(f"{base}/messages").json()
    assert (one["kind"], one["read_at"]) == ("accepted", None)
    own.post(f"{base}/messages/read")
    assert own.get(f"{base}/messages").json()[0]["read_at"]
    assert own.get(f"{base}/way").json()["channel"] == "sms"
    said = {"channel": "email", "email": "c@example.cn", "language": "en", "optional": False}
    kind = "application/json"
    assert own.put(f"{base}/way", said, content_type=kind).json() == said
    assert own.get(f"{base}/way").json() == said
    assert own.put(f"{base}/way", {**said, "email": "c"}, content_type=kind).status_code == 409
    assert Choice.objects.get().created_at <= timezone.now()


def test_what_she_was_told_is_part_of_her_copy_and_ends_with_its_period(
    own: Client, told: Message
) -> None:
    """PIPL 45 and 19: in the copy as page, workbook and JSON; gone after the years of the rule."""
    (one,) = json.loads(own.get(reverse("my:copy-json")).content)["messages"]
    assert (one["kind"], one["number"]) == ("accepted", told.number)
    assert [way["channel"] for way in one["ways"]]
    assert told.number in text_of(own.get(reverse("my:copy")))
    keep_rules()
    assert Message.objects.filter(pk=told.pk).exists()
    years = timezone.now() - timedelta(days=1200)
    Message.objects.filter(pk=told.pk).update(routed_at=years)
    told.deliveries.exclude(state="sent").update(state="sent", done_at=years)
    keep_rules()
    assert not Message.objects.filter(pk=told.pk).exists()
    assert DestructionList.objects.get(rule__data_class="message").count == 1
