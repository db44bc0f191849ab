"""The resident's word after the result: invitation, rating, call back, once more (SVC-24, HOT-07)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import CITY, COMMUNITY, STREET
from yiwang.accounts.actor import Actor
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.matters import actions
from yiwang.matters.jobs import escalate_follow_ups
from yiwang.matters.models import FollowUp, Matter, Rating, RatingEscalation, Reopening, Step
from yiwang.matters.reads.rating import (
    closed_against,
    ended,
    invitation_path,
    invited,
    rating_total,
)
from yiwang.matters.rules.rating import RatingChannel, against, reasons_of, unknown
from yiwang.notifications.models import Message
from yiwang.notifications.reads import told_to

HOLDER = Actor.public("matters.rate")


def test_whose_word_stands():
    assert against("", None, 2)  # nobody has asked yet
    assert against("unreached", None, 2)
    assert against("reached", 2, 2)
    assert not against("reached", 3, 2)
    assert not against("declined", None, 2)


def test_reasons_are_data_and_others_are_unknown():
    offered = reasons_of([{"words": "办得太慢", "words_en": "Too slow", "grades": [1, 2]}])
    assert unknown(["办得太慢", "天气不好"], offered) == ["天气不好"]


def test_an_invitation_is_ours_or_none():
    token = invitation_path("202611300000017", RatingChannel.LINK).split("/")[2]
    assert invited(token) == ("202611300000017", RatingChannel.LINK)
    other = token.replace("l", "q", 1)  # a link does not become the code on a paper
    for wrong in (other, token[:-1] + "0", "202611300000017", "", "²02611300000017l" + token[16:]):
        assert invited(wrong) is None


@pytest.fixture
def finished(world, accepted):
    """A matter of 南园社区, decided by the county."""
    matter = accepted()

    def step():
        return Step.objects.select_related("matter", "unit").get(matter=matter, state="active")

    actions.complete_step(step(), by=world.network_admin)
    actions.complete_step(step(), by=world.street_clerk)
    actions.finish_matter(step(), granted=True, text="准予", by=world.bureau_clerk)
    return Matter.objects.get(pk=matter.pk)


@pytest.fixture
def bad(finished):
    actions.rate_matter(finished, grade=1, reasons=["等候太久"], by=HOLDER)
    return FollowUp.objects.get()


def test_the_message_has_the_link_for_the_resident_alone(world, finished):
    actions.deliver_result(finished, how="window", receiver="陈桂英", by=world.network_admin)
    message = Message.objects.get(kind="rating")
    assert invitation_path(finished.number, RatingChannel.LINK) in told_to(message, "zh-hans")[1]
    assert finished.number not in str(message.facts)
    with pytest.raises(Refused) as refused:
        actions.invite_to_rate(finished, channel="link", by=world.network_admin)
    assert refused.value.code == "invited"


def test_a_paper_card_is_entered_in_the_clerks_name_and_once(world, finished):
    rating = actions.enter_rating(finished, grade=4, channel="paper", by=world.network_admin)
    assert "周敏" in rating.entered_by
    with pytest.raises(Refused) as refused:
        actions.enter_rating(finished, grade=5, channel="phone", by=world.network_admin)
    assert refused.value.code == "rated"


@pytest.mark.parametrize(("more", "code"), [
    ({"channel": "link"}, "channel"), ({"grade": 9}, "grade"), ({"reasons": ["乱写"]}, "reasons"),
])  # fmt: skip
def test_what_staff_may_not_enter(world, finished, more, code):
    said = {"grade": 4, "channel": "paper", **more}
    with pytest.raises(Refused) as refused:
        actions.enter_rating(finished, **said, by=world.network_admin)
    assert refused.value.code == code


def test_nobody_of_another_community_enters_or_calls(world, finished):
    for act in (
        lambda: actions.enter_rating(finished, grade=5, channel="paper", by=world.neighbour_admin),
        lambda: actions.record_call_back(finished, outcome="declined", by=world.neighbour_admin),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_dissatisfied_call_reopens_once_at_the_next_level(world, finished, bad):
    actions.record_call_back(
        finished, outcome="reached", grade=2, opinion="还是没到账", by=world.network_admin
    )
    again = Reopening.objects.get()
    assert (again.unit.division_id, again.unit.code) == (CITY, "civil_affairs")
    assert again.first_result == finished.result
    assert again.reason == "还是没到账"
    actions.record_call_back(finished, outcome="reached", grade=1, by=world.network_admin)
    assert Reopening.objects.count() == 1
    assert Message.objects.filter(kind="reopened").count() == 1


def test_a_case_the_community_closed_reopens_at_the_township(world, finished):
    finished.result.unit = world.unit(COMMUNITY, "committee")
    finished.result.save()
    actions.record_call_back(finished, outcome="reached", grade=2, by=world.network_admin)
    again = Reopening.objects.get()
    assert (again.unit.division_id, again.unit.code) == (STREET, "service_centre")


def test_nothing_is_closed_against_the_residents_word_without_a_reason(world, finished, bad):
    admin, leader = world.network_admin, world.leader
    with pytest.raises(Refused) as refused:
        actions.answer_follow_up(bad, answer="已解释", by=admin)
    assert refused.value.code == "against_word"
    assert list(closed_against(leader)) == []
    actions.answer_follow_up(bad, answer="已解释", reason="政策如此，已当面说明", by=admin)
    assert list(closed_against(leader)) == [finished]
    assert finished.events.filter(text="政策如此，已当面说明", shown=False).exists()


def test_a_content_resident_needs_no_reason(world, finished, bad):
    actions.record_call_back(finished, outcome="reached", grade=4, by=world.network_admin)
    done = actions.answer_follow_up(bad, answer="已补发", by=world.network_admin)
    assert done.against == ""
    assert list(closed_against(world.leader)) == []


def test_the_second_result_needs_the_opinion_or_a_reason(world, finished):
    actions.record_call_back(finished, outcome="reached", grade=1, by=world.network_admin)
    again = Reopening.objects.get()
    with pytest.raises(Refused) as refused:
        actions.finish_reopening(again, text="已补发", by=world.city_bureau)
    assert refused.value.code == "against_word"
    with circumstances(at=timezone.now() + timedelta(minutes=1)):
        actions.record_call_back(finished, outcome="declined", by=world.network_admin)
    done = actions.finish_reopening(again, text="已补发", by=world.city_bureau)
    assert (done.text, done.against) == ("已补发", "")
    assert Message.objects.filter(kind="redone").exists()


def test_a_late_follow_up_climbs_each_level_once(world, bad):
    supervisor = world.actor(Role.TOWNSHIP_NETWORK, STREET, "service_centre", "丁网")
    FollowUp.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert escalate_follow_ups() == 1
    assert escalate_follow_ups() == 0
    told = RatingEscalation.objects.get()
    assert (told.stage, told.post_id) == ("township", supervisor.post_id)


def test_the_shares_count_what_ended(world, finished, bad):
    now = timezone.now()
    rows = ended(Matter.objects.all(), now - timedelta(days=1), now + timedelta(days=1))
    before = rating_total(rows)
    assert (before.finished, before.rated, before.low, before.low_called_share) == (1, 1, 1, 0)
    actions.record_call_back(finished, outcome="reached", grade=4, by=world.network_admin)
    assert rating_total(rows).called_share == 100


def test_pages_and_interface_do_the_same(world, finished, sign_in):
    browser = sign_in(world.network_admin)
    base = f"/desk/matters/{finished.number}/rating/"
    assert browser.post(base + "call-back/", {"outcome": "reached"}).status_code == 422
    browser.post(base + "enter/", {"channel": "phone", "grade": 1, "reasons": ["多要材料"]})
    assert Rating.objects.get().channel == "phone"
    made = browser.post(
        f"/api/v1/matters/{finished.number}/call-backs",
        {"outcome": "reached", "grade": 1, "opinion": "不满意"}, "application/json",
    )  # fmt: skip
    assert made.status_code == 201
    (again,) = browser.get("/api/v1/matters/reopened").json()
    assert again["first_result"] == finished.result.number
    for name in ("ratings/", "reopened/", f"reopened/{again['id']}/", "follow-ups/"):
        assert browser.get(f"/desk/matters/{name}").status_code == 200
    for name in ("ratings/export/", "reopened/export/"):
        assert browser.get(f"/desk/matters/{name}").content[:2] == b"PK"
    told = browser.get("/api/v1/matters/ratings/figures").json()
    assert [one["low"] for one in told if one["finished"]] == [1]
