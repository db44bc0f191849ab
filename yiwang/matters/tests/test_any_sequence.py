"""Whatever anybody does in whatever order: one number, one clock, no impossible state (issue 4)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run

from tests.world import COMMUNITY, World
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.accounts.roles import Role
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.matters import actions
from yiwang.matters.actions.bundle import HandIn
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.jobs import accept_silently, escalate_late
from yiwang.matters.models import Extension, Matter, Rating, Reopening, Step
from yiwang.matters.reads import planned
from yiwang.matters.rules import FINAL, MOVES, OPEN, SETTLED, EventKind, State, StepState
from yiwang.matters.rules.process import INTAKE
from yiwang.personal.reads import own_actor
from yiwang.residents.models import Resident

pytestmark = pytest.mark.usefixtures("catalogue")
MONDAY = datetime(2026, 11, 23, 10, 21, tzinfo=ZoneInfo("Asia/Shanghai"))
ITEMS = ("elder-care-subsidy", "housing-repair-aid")
WORDS = st.sampled_from(["", "情况属实", "长" * 1000])


class Story(RuleBasedStateMachine):
    """One matter in the hands of people of every role, allowed to or not."""

    world: World
    resident: Resident

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        self.now = MONDAY
        self.matter: Matter | None = None
        self.other: Matter | None = None
        self.number = ""
        self.merged = False
        self.before = State.WORKING
        world = self.world
        self.staff = [
            world.network_admin, world.street_clerk, world.bureau_clerk, world.leader,
            world.neighbour_admin, world.city_bureau, Actor.public("matters.rate", "matters.track"),
        ]  # fmt: skip

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    @precondition(lambda self: self.matter is None)
    @rule(item=st.sampled_from(ITEMS), online=st.booleans())
    def accept(self, item: str, online: bool) -> None:
        self.matter = self._submitted(item) if online else self._accepted(item)
        self.other = self._accepted(item)
        self.number, self.before = self.matter.number, State(self.matter.state)

    def _submitted(self, item: str) -> Matter:
        by, person = own_actor(self.resident), self.resident
        papers = [HandedIn(need.code) for need in planned(item).guide.materials]
        hand_in = HandIn(resident=person, channel="web", materials=papers)
        with circumstances(at=self.now):
            draft = actions.save_own_draft(person, item=item, holder=person, by=by)
            return actions.submit_matter(draft, hand_in=hand_in, needed=0, by=by)

    def _accepted(self, item: str) -> Matter:
        papers = [HandedIn(need.code) for need in planned(item).guide.materials]
        with circumstances(at=self.now):
            return actions.accept_matter(
                self.world.place(COMMUNITY), item=item, resident=self.resident, answers={},
                channel="window", materials=papers, by=self.world.network_admin,
            )  # fmt: skip

    @precondition(lambda self: self.matter is not None)
    @rule(hours=st.integers(1, 90))
    def time_goes_by(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        with circumstances(at=self.now):
            escalate_late()
            accept_silently()

    @precondition(lambda self: self.matter is not None)
    @rule(data=st.data(), words=WORDS, yes=st.booleans())
    def somebody_acts(self, data: Any, words: str, yes: bool) -> None:
        """The actor whose turn it is, or any other; a step of the matter, running or not."""
        assert self.matter is not None
        step = data.draw(st.sampled_from(sorted(self.matter.steps.all(), key=lambda one: one.pk)))
        units = Unit.objects.filter(steps__matter=self.matter).distinct().order_by("pk")
        able = [one for one in self.staff if one.unit_id == step.unit_id]
        actor = data.draw(st.sampled_from([*able * 3, *self.staff, self._clerk_of(step)]))
        unit = data.draw(st.sampled_from(list(units)))
        act = data.draw(st.sampled_from(self._acts(step, words, yes=yes, unit=unit)))
        told = self._told()
        try:
            with circumstances(at=self.now):
                act(by=actor)
        except (Refused, PermissionDenied):
            assert self._told() == told, "what was refused left something behind"

    def _clerk_of(self, step: Step) -> Actor:
        return self.world.actor(Role.DEPARTMENT, step.unit.division_id, step.unit.code)

    def _acts(self, step: Step, words: str, *, yes: bool, unit: Unit) -> list[Callable[..., Any]]:
        matter, other = step.matter, self.other
        assert other is not None
        missing = [{"kind": "material", "code": "identity_card", "name": "身份证", "wrong": "缺页"}]
        found: list[Callable[..., Any]] = [
            partial(actions.take_step, step),
            partial(actions.admit_matter, step),
            partial(actions.refuse_application, step, reason=words),
            partial(actions.complete_step, step, agreed=yes, opinion=words),
            partial(actions.complete_step, step, agreed=True, opinion="同意"),
            partial(actions.hand_on_step, step, unit=unit, reason=words),
            partial(actions.pause_matter, step, kind="hearing", reason=words),
            partial(actions.resume_matter, step),
            partial(actions.return_matter, step, items=missing, reason=words),
            partial(actions.answer_correction, matter, materials=[HandedIn("identity_card")]),
            partial(actions.extend_matter, step, amount=3, reason=words),
            partial(actions.finish_matter, step, granted=yes, text="准予办理"),
            partial(actions.withdraw_matter, matter, reason=words),
            partial(actions.deliver_result, matter, how="window", receiver=words[:20]),
            partial(actions.rate_matter, matter, grade=2 if yes else 5),
            partial(actions.urge_matter, matter, text=words[:200]),
            partial(actions.ask_opinion, step, unit=unit, question=words[:200]),
            partial(actions.waive_opinions, step, reason=words),
            partial(actions.revoke_result, matter, reason=words[:200]),
            partial(actions.record_call_back, matter, outcome="reached", grade=1, opinion=words),
            partial(actions.merge_matters, matter, other=other, reason=words),
            partial(actions.merge_matters, other, other=matter, reason=words),
            partial(actions.split_matters, matter, reason=words),
        ]  # fmt: skip
        asked = Extension.objects.filter(matter=matter)
        again = Reopening.objects.filter(matter=matter)
        return [
            *found,
            *(partial(actions.decide_extension, one, granted=yes) for one in asked),
            *(partial(actions.give_opinion, one, agreed=yes, text=words)
              for one in matter.opinions.all()),
            *(partial(actions.finish_reopening, one, text=words) for one in again),
        ]  # fmt: skip

    def _told(self) -> list[Any]:
        assert self.matter is not None
        rows = Matter.objects.filter(pk=self.matter.pk)
        steps = Step.objects.filter(matter=self.matter).order_by("pk")
        return [*rows.values_list(), *steps.values_list(), self.matter.events.count()]

    @precondition(lambda self: self.matter is not None)
    @invariant()
    def nothing_is_impossible(self) -> None:
        matter = self.matter = Matter.objects.get(number=self.number)
        assert self.other is not None
        other = self.other = Matter.objects.get(pk=self.other.pk)
        assert Matter.objects.count() == 2
        steps = list(matter.steps.all())
        state, states = State(matter.state), {StepState(one.state) for one in steps}
        assert matter.number == self.number
        stands_again = self.merged and state in OPEN
        assert state == self.before or state in MOVES[self.before] or stands_again
        self.before, self.merged = state, matter.merged_into_id is not None
        # What nobody has accepted yet is in nobody's hands but the first unit's.
        assert (state == State.SUBMITTED) == (INTAKE in {
            one.code for one in steps if one.state == StepState.ACTIVE
        } and state not in {State.CORRECTING, State.PAUSED})  # fmt: skip
        # Merged, one of the two goes on; the other ended in it and nowhere else.
        assert not (self.merged and other.merged_into_id)
        assert (other.state == State.WITHDRAWN) == (other.merged_into_id == matter.pk)
        assert not self.merged or state == State.WITHDRAWN
        assert Reopening.objects.filter(matter=matter).count() <= 1
        assert (state in FINAL) == (matter.finished_at is not None)
        assert matter.accepted_at < matter.amber_at <= matter.due_at
        # Work waits for somebody with a clock, or the clock stands for a reason that is written.
        assert (StepState.ACTIVE in states) == (state in OPEN)
        assert states <= SETTLED or state in OPEN
        assert all(
            one.due_at and one.amber_at and one.amber_at <= one.due_at
            for one in steps if one.state == StepState.ACTIVE
        )  # fmt: skip
        standing = matter.pauses.filter(ended_at__isnull=True).count()
        assert standing == (1 if state in {State.PAUSED, State.CORRECTING} else 0)
        asked = matter.extensions.filter(state=Extension.State.ASKED).count()
        assert asked <= (1 if state in OPEN else 0)
        assert hasattr(matter, "result") == (state in {State.FINISHED, State.REFUSED})
        assert state in OPEN or not matter.opinions.missing().exists()
        assert Rating.objects.filter(matter=matter).count() <= (1 if state in FINAL else 0)
        told = list(matter.escalations.values_list("step", "clock", "stage"))
        assert len(told) == len(set(told))
        # Until it is accepted, only those who check it see it.
        accepted = matter.events.filter(kind=EventKind.ACCEPTED).exists()
        at_it = {one.unit_id for one in steps if accepted or one.code == INTAKE}
        assert set(matter.units) >= at_it


def test_any_sequence_of_acts_by_anybody_leaves_one_whole_matter(world, resident):
    machine = type("Machine", (Story,), {"world": world, "resident": resident})
    run(
        machine,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
