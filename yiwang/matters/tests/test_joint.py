"""Joint handling: opinions before the end, a recorded reason instead, one answer (INF-08)."""

import pytest
from django.core.exceptions import PermissionDenied

from tests.world import CHONGCHUAN
from yiwang.accounts.roles import Role
from yiwang.core.errors import Refused
from yiwang.matters import actions
from yiwang.matters.models import Matter, Opinion, Result, Step
from yiwang.matters.rules import StepState


@pytest.fixture
def step(world, accepted):
    """The community has checked; the township reviews."""
    matter = accepted()
    first = matter.steps.get(state=StepState.ACTIVE)
    first.matter = matter
    actions.complete_step(first, by=world.network_admin)
    return Step.objects.select_related("matter", "unit").get(matter=matter, state=StepState.ACTIVE)


@pytest.fixture
def health(world):
    return world.actor(Role.DEPARTMENT, CHONGCHUAN, "health", "卫健员")


@pytest.fixture
def asked(world, step):
    unit = world.unit(CHONGCHUAN, "health")
    return actions.ask_opinion(step, unit=unit, question="是否失能", by=world.street_clerk)


def test_whoever_is_asked_sees_the_matter_and_answers(world, step, asked, health):
    assert Matter.objects.visible_to(health).filter(pk=step.matter_id).exists()
    assert Opinion.objects.visible_to(health).waiting().get() == asked
    assert asked.due_at <= step.due_at
    actions.give_opinion(asked, agreed=True, text="重度失能", by=health)
    assert not Opinion.objects.visible_to(health).waiting().exists()


def test_the_lead_waits_for_every_opinion(world, step, asked, health):
    with pytest.raises(Refused) as refusal:
        actions.complete_step(step, by=world.street_clerk)
    assert refusal.value.code == "opinions_missing"
    actions.give_opinion(asked, agreed=False, text="不属实", by=health)
    actions.complete_step(step, by=world.street_clerk)
    assert step.state == StepState.DONE


def test_the_lead_goes_on_with_a_reason_on_record(world, step, asked, health):
    with pytest.raises(Refused, match="理由"):
        actions.waive_opinions(step, reason=" ", by=world.street_clerk)
    actions.waive_opinions(step, reason="期限已到", by=world.street_clerk)
    asked.refresh_from_db()
    assert asked.waived_reason == "期限已到"
    actions.complete_step(step, by=world.street_clerk)
    with pytest.raises(Refused, match="不再等待"):
        actions.give_opinion(asked, agreed=True, text="同意", by=health)


def test_the_resident_gets_one_answer_and_reads_no_opinion(world, step, asked, health):
    actions.give_opinion(asked, agreed=True, text="内部看法", by=health)
    actions.complete_step(step, by=world.street_clerk)
    last = Step.objects.select_related("matter", "unit").get(matter=step.matter, state="active")
    actions.finish_matter(last, granted=True, text="准予", by=world.bureau_clerk)
    assert Result.objects.filter(matter=step.matter).count() == 1
    shown = step.matter.events.filter(shown=True).values_list("text", flat=True)
    assert "内部看法" not in list(shown)


def test_an_opinion_is_given_by_who_was_asked(world, step, asked):
    with pytest.raises(PermissionDenied):
        actions.give_opinion(asked, agreed=True, text="代答", by=world.street_clerk)


def test_nobody_is_asked_twice_at_once_nor_oneself(world, step, asked):
    for unit, code in ((asked.unit, "asked_already"), (step.unit, "own_unit")):
        with pytest.raises(Refused) as refusal:
            actions.ask_opinion(step, unit=unit, question="再问", by=world.street_clerk)
        assert refusal.value.code == code
