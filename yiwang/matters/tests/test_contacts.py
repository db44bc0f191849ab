"""Telephone, window and web on one case; two cases that are one; the first acceptor (INF-25)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.world import COMMUNITY, RUDONG
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.matters import actions
from yiwang.matters.models import Matter
from yiwang.matters.reads import open_same


def test_a_call_is_a_contact_on_the_same_matter(world, accepted):
    matter = accepted()
    actions.record_contact(matter, channel="phone", text="问什么时候办好", by=world.street_clerk)
    event = matter.events.get(kind="contacted")
    assert (event.facts["channel"], event.by) == ("phone", world.street_clerk.name)
    with pytest.raises(Refused):
        actions.record_contact(matter, channel="phone", text=" ", by=world.street_clerk)


def test_what_is_still_open_is_found_before_a_second_one(world, accepted, resident):
    matter = accepted()
    assert list(open_same(resident, [matter.item])) == [matter]
    actions.withdraw_matter(matter, reason="不办了", by=world.network_admin)
    assert not open_same(resident, [matter.item])


def test_two_that_are_one_go_on_as_one(world, accepted):
    first, second = accepted(), accepted()
    kept = actions.merge_matters(
        first, other=second, reason="同一件事报了两次", by=world.network_admin
    )
    second.refresh_from_db()
    assert kept.is_open
    assert (second.state, second.merged_into) == ("withdrawn", kept)
    assert not second.steps.filter(state__in=["active", "waiting"]).exists()
    assert kept.events.get(kind="merged").facts == {"of": second.number}
    assert second.events.get(kind="merged").facts["into"] == kept.number
    with pytest.raises(Refused) as refusal:
        actions.merge_matters(first, other=second, reason="再并", by=world.network_admin)
    assert refusal.value.code == "closed"


def test_a_merge_is_taken_back_and_both_stand_again(world, accepted):
    first, second = accepted(), accepted()
    by, due = world.network_admin, second.due_at
    step = second.steps.get(state="active")
    actions.extend_matter(step, amount=2, reason="要多走访一次", by=by)
    before = list(second.steps.order_by("pk").values_list("pk", "state"))
    with pytest.raises(Refused) as refusal:
        actions.split_matters(first, reason="没有并过", by=by)
    assert refusal.value.code == "not_merged"
    actions.merge_matters(first, other=second, reason="看错了", by=by)
    second.refresh_from_db()
    window = world.actor(Role.WINDOW, COMMUNITY, "service_centre", "窗口")
    with pytest.raises(PermissionDenied):
        actions.split_matters(second, reason="不是一件", by=window)
    late = circumstances(at=timezone.now() + timedelta(days=8))
    for reason, when, code in (("", circumstances(), "reason_missing"), ("错", late, "too_late")):
        with when, pytest.raises(Refused) as refusal:
            actions.split_matters(second, reason=reason, by=by)
        assert refusal.value.code == code
    with circumstances(at=timezone.now() + timedelta(days=5)):
        actions.split_matters(second, reason="不是一件", by=by)
    second, first = (Matter.objects.get(pk=one.pk) for one in (second, first))
    assert (second.state, second.merged_into, second.finished_at) == ("working", None, None)
    assert list(second.steps.order_by("pk").values_list("pk", "state")) == before
    assert second.due_at > due
    assert second.extensions.get().state == "asked"
    assert first.is_open
    assert {"merged", "split"} <= set(first.events.values_list("kind", flat=True))
    assert second.pauses.get().ended_at


def test_only_an_administrator_merges_and_only_one_persons(world, accepted):
    first, second = accepted(), accepted()
    window = world.actor(Role.WINDOW, COMMUNITY, "service_centre", "窗口")
    with pytest.raises(PermissionDenied):
        actions.merge_matters(first, other=second, reason="一样", by=window)
    far = world.actor(Role.COUNTY_NETWORK, RUDONG, "civil_affairs", "县管")
    with pytest.raises(PermissionDenied):
        actions.merge_matters(first, other=second, reason="一样", by=far)


def test_the_first_acceptor_is_passed_on_with_the_post(world, accepted):
    matter = accepted()
    heir = world.post(Role.COMMUNITY_NETWORK, COMMUNITY, "service_centre", "接任")
    matter.acceptor_post.hand_over_to(heir)
    assert Matter.objects.get(pk=matter.pk).acceptor_post == heir
