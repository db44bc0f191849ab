"""When a place ends, its bodies and the people in them go on: nobody without a door, none too many."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.corners import accepted, first_step
from tests.world import CHONGCHUAN, COMMUNITY, NEIGHBOUR, STREET
from yiwang.accounts.actions import close_unit, create_person, issue_token
from yiwang.accounts.actor import Actor
from yiwang.accounts.middleware import actor_of, posts_of
from yiwang.accounts.models import ApiToken, Delegation, Post, Unit, User
from yiwang.core.errors import Refused
from yiwang.divisions.actions import (
    Decision,
    NewPlace,
    abolish_division,
    merge_divisions,
    move_division,
    rename_division,
)
from yiwang.divisions.models import Division, Review
from yiwang.matters.models import Matter

SYSTEM = Actor.system()


@pytest.fixture
def decision():
    return Decision("通政发〔2026〕8号", timezone.localdate())


def merged(world, decision):
    """南园社区 goes into 濠东社区, which stays."""
    return merge_divisions(
        world.place(STREET), merged=[world.place(COMMUNITY)], into=world.place(NEIGHBOUR),
        decision=decision, by=SYSTEM,
    )  # fmt: skip


def test_a_merger_leads_everyone_to_the_unit_that_stays_and_asks_somebody_to_look(world, decision):
    admin, neighbour = world.network_admin, world.neighbour_admin
    change = merged(world, decision)
    gone = Unit.objects.get(division_id=COMMUNITY, code="committee")
    assert gone.closed_on == decision.eve
    assert gone.successor == world.unit(NEIGHBOUR, "committee")
    user = User.objects.get(pk=admin.user_id)
    [(post, _acting)] = posts_of(user)
    assert (post.unit, post.division_id, post.role) == (gone.successor, NEIGHBOUR, admin.role)
    actor = actor_of(user, admin.post_id)
    assert actor is not None
    assert actor.enter == neighbour.enter
    old = Post.objects.get(pk=admin.post_id)
    assert (old.successor, old.is_held(timezone.localdate())) == (post, False)
    assert old.division_id == COMMUNITY
    review = Review.objects.get(change=change, topic=Review.Topic.PEOPLE)
    assert review.division_id == NEIGHBOUR
    assert "1 个任职" in review.question
    assert change.facts["followed"]["accounts.post.joined"] == 1


def test_a_place_that_moves_takes_its_units_and_people_along_as_they_are(world, decision):
    admin, unit = world.network_admin, world.unit(COMMUNITY, "committee")
    other = Division.objects.create(
        key=320613_002_000, parent_id=CHONGCHUAN, level=4, name="和平桥街道", short_name="和平桥",
        kind="subdistrict",
    )  # fmt: skip
    change = move_division(world.place(COMMUNITY), to=other, decision=decision, by=SYSTEM)
    unit.refresh_from_db()
    post = Post.objects.get(pk=admin.post_id)
    assert unit.closed_on is None
    assert unit.division_id == post.division_id == change.division_id
    assert post.is_held(timezone.localdate())
    assert not Post.objects.filter(division_id=COMMUNITY, ended_at=None).exists()


def test_two_places_become_one_and_the_body_bears_its_name(world, decision):
    admin, neighbour = world.network_admin, world.neighbour_admin
    Unit.objects.filter(division_id=COMMUNITY, code="committee").update(name="南园社区居民委员会")
    change = merge_divisions(
        world.place(STREET), merged=[world.place(COMMUNITY), world.place(NEIGHBOUR)],
        into=NewPlace("濠南社区"), decision=decision, by=SYSTEM,
    )  # fmt: skip
    unit = Unit.objects.open().get(division=change.division, code="committee")
    assert unit.name == "濠南社区居民委员会"
    held = Post.objects.held_on(timezone.localdate()).filter(unit=unit)
    assert {post.user_id for post in held} == {admin.user_id, neighbour.user_id}


def test_keys_loans_and_accounts_without_a_post_go_along(world, decision):
    admin, today = world.network_admin, timezone.localdate()
    post = Post.objects.get(pk=admin.post_id)
    token = issue_token(
        post, name="取号机", scopes=["matters.view"], per_minute=9,
        expires_on=today + timedelta(days=9), by=SYSTEM,
    )  # fmt: skip
    colleague = create_person(world.place(COMMUNITY), name="季红", username="jihong", by=SYSTEM)
    loan = Delegation.objects.create(
        post=post, to=colleague, starts_on=today, ends_on=today, reason="休假"
    )
    merged(world, decision)
    for one in (token, loan, colleague):
        one.refresh_from_db()
    assert token.post.is_held(today)
    assert [p for p, acting in posts_of(colleague) if acting] == [loan.post]
    assert loan.post == ApiToken.objects.get().post
    assert colleague.home_id == NEIGHBOUR


def test_open_work_of_a_unit_that_closes_is_the_successors_and_old_files_stay_readable(
    world, catalogue, resident, decision
):
    admin = world.network_admin
    matter = accepted(world.place(COMMUNITY), resident, admin)
    step = first_step(matter)
    assert step.unit.division_id == COMMUNITY
    merged(world, decision)
    step.refresh_from_db()
    matter.refresh_from_db()
    heir = world.unit(NEIGHBOUR, step.unit.code)
    assert (step.unit, step.division_id, matter.division_id) == (heir, NEIGHBOUR, NEIGHBOUR)
    assert heir.pk in matter.units
    assert matter in Matter.objects.visible_to(world.neighbour_admin)


def test_closing_a_unit_hands_over_the_steps_nobody_has_taken_yet(world, catalogue, resident):
    admin = world.network_admin
    matter = accepted(world.place(COMMUNITY), resident, admin)
    step = first_step(matter)
    heir = world.unit(STREET, "service_centre")
    close_unit(step.unit, on=timezone.localdate(), successor=heir, by=SYSTEM)
    step.refresh_from_db()
    assert step.unit == heir


def test_a_place_with_people_in_post_does_not_end_without_an_heir(world, decision):
    place = world.place(COMMUNITY)
    admin = world.network_admin
    with pytest.raises(Refused) as refusal:
        abolish_division(place, decision=decision, by=SYSTEM)
    assert refusal.value.code == "records_live"
    Post.objects.filter(pk=admin.post_id).update(ends_on=date(2026, 2, 1))
    abolish_division(place, decision=decision, by=SYSTEM)
    assert not Unit.objects.open().filter(division=place).exists()


def test_a_body_is_renamed_with_its_place(world, decision):
    unit = world.unit(COMMUNITY, "committee")
    unit.name = "南园社区居民委员会"
    unit.save()
    rename_division(world.place(COMMUNITY), name="南苑社区", decision=decision, by=SYSTEM)
    unit.refresh_from_db()
    assert unit.name == "南苑社区居民委员会"
