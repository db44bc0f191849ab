"""Notices: what others did to my matters, until I have read it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from yiwang.console.actions import mark_notices_read
from yiwang.console.models import Look
from yiwang.console.reads.notices import notices_for, unread
from yiwang.core.acts import circumstances
from yiwang.core.models import JournalLine
from yiwang.matters import actions
from yiwang.matters.models import Event, Step

NOTICES = "/desk/notices/"


@pytest.fixture
def urged(world, accept):
    """A matter of the community, urged by the leader of the county."""
    matter = accept(days_ago=1)
    actions.urge_matter(matter, text="居民来电催问", by=world.leader)
    return matter


def look_of(actor):
    return Look(user_id=actor.user_id, post_id=actor.post_id)


def test_my_own_doings_are_no_news_to_me(world, accept):
    accept()
    assert not notices_for(world.network_admin).exists()


def test_what_others_do_to_my_matter_is(world, urged):
    assert [event.kind for event in notices_for(world.network_admin)] == ["urged"]
    assert not notices_for(world.neighbour_admin).exists()


def test_an_urging_reaches_the_unit_that_has_the_matter(world, urged):
    step = Step.objects.get(matter=urged, state="active")
    actions.complete_step(step, opinion="属实", by=world.network_admin)
    actions.urge_matter(urged, text="再催一次", by=world.leader)
    assert "urged" in {event.kind for event in notices_for(world.street_clerk)}


def test_the_bell_counts_and_stops_counting_when_read(world, urged, sign_in):
    browser = sign_in(world.network_admin)
    page = browser.get(NOTICES)
    assert "通知，1 条未读" in page.content.decode()
    browser.post(NOTICES + "read/", {"up_to": page.context["up_to"]})
    assert "条未读" not in browser.get(NOTICES).content.decode()
    assert len(browser.get(NOTICES).context["rows"]) == 1


def test_what_came_after_the_page_was_drawn_stays_unread(world, urged):
    actor = world.network_admin
    before = Event.objects.get(kind="urged").at - timedelta(seconds=1)
    mark_notices_read(look_of(actor), up_to=before, by=actor)
    assert unread(actor).count() == 1


def test_reading_never_goes_back(world, urged):
    actor, now = world.network_admin, timezone.now()
    mark_notices_read(look_of(actor), up_to=now, by=actor)
    look = mark_notices_read(look_of(actor), up_to=now - timedelta(days=1), by=actor)
    assert look.seen_at == now
    assert Look.objects.count() == 1


def test_reading_is_on_record(world, urged):
    actor = world.network_admin
    mark_notices_read(look_of(actor), up_to=timezone.now(), by=actor)
    line = JournalLine.objects.filter(subject_model="console.look").get()
    assert "notices_read_to" in line.facts


def test_nobody_reads_for_somebody_else(world, urged):
    with pytest.raises(PermissionDenied):
        mark_notices_read(
            look_of(world.network_admin), up_to=timezone.now(), by=world.neighbour_admin
        )
    assert not Look.objects.exists()


@pytest.mark.parametrize("up_to", ["", "nonsense", "2999-01-01T00:00:00+00:00", "2026-01-01"])
def test_a_forged_moment_means_now(world, urged, sign_in, up_to):
    browser = sign_in(world.network_admin)
    assert browser.post(NOTICES + "read/", {"up_to": up_to}).status_code == 302
    look = Look.objects.get()
    assert look.seen_at <= timezone.now()
    assert not unread(world.network_admin).exists()


def test_old_news_is_no_news(world, accept):
    with circumstances(at=timezone.now() - timedelta(days=60)):
        pass
    matter = accept(days_ago=60)
    actions.urge_matter(matter, text="催", by=world.leader)
    Event.objects.filter(kind="urged").exists()
    assert notices_for(world.network_admin).filter(kind="accepted").count() == 0


def test_a_stranger_is_sent_to_the_log_in(client, world):
    assert client.get(NOTICES).status_code == 302
