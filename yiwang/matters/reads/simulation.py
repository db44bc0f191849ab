"""A sample matter sent through a draft: which units, in which order, until when (INF-09, EXP-32)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from yiwang.accounts.models import Unit
from yiwang.core.reads import calendar, parameter
from yiwang.matters.rules.conditions import Outcome
from yiwang.matters.rules.guide import Guide
from yiwang.matters.rules.limits import Limit, clock
from yiwang.matters.rules.process import Next, StepPlan
from yiwang.matters.rules.routing import Asked

from .routing import way_of

DECLINED_FIRST = "declined_first"
"""A sample in which a step is declined once, and agreed to when the matter comes back."""


@dataclass(frozen=True)
class Sample:
    """Where somebody lives, what the form and the variant say, how steps end, when it begins.

    `item` and `category` are what routing rules look at; a new item has only rules of its category.
    """

    division: int
    said: Mapping[str, str]
    outcomes: Mapping[str, str]
    starts_at: datetime
    item: int = 0
    category: str = ""


@dataclass(frozen=True)
class Stop:
    """One step of the sample. `unit` is None when nobody in that place could do it."""

    plan: StepPlan
    round: int
    unit: Unit | None
    starts_at: datetime
    due_at: datetime
    outcome: str


@dataclass
class Simulated:
    """The whole way: stages as they run, the steps passed over, and the last days."""

    stages: list[list[Stop]] = field(default_factory=list)
    skipped: list[StepPlan] = field(default_factory=list)
    ends_at: datetime | None = None
    promised_at: datetime | None = None
    statutory_at: datetime | None = None

    @property
    def late(self) -> bool:
        """Whether the steps, each using its whole limit, take longer than what is promised."""
        return bool(self.ends_at and self.promised_at and self.ends_at > self.promised_at)

    def pass_over(self, plans: Iterable[StepPlan]) -> None:
        """Steps that are not needed, each named once however often the matter comes by."""
        self.skipped += [one for one in plans if one not in self.skipped]

    @property
    def ran(self) -> set[str]:
        return {one.plan.code for stage in self.stages for one in stage}


def simulate(guide: Guide, sample: Sample) -> Simulated:
    """Walk a sample through the process; each step takes its whole limit of the working calendar."""
    process, found = guide.process, Simulated()
    facts: dict[str, str] = dict(sample.said)
    rounds: dict[str, int] = {}
    following, now = Next(move=process.after(0, facts)), sample.starts_at
    while following.move.opened:
        found.pass_over(following.move.skipped)
        stage = []
        for plan in following.move.opened:
            rounds[plan.code] = rounds.get(plan.code, 0) + 1
            stage.append(_stop(plan, rounds[plan.code], now, sample))
        facts |= {f"step.{one.plan.code}": one.outcome for one in stage}
        now = max(one.due_at for one in stage)
        found.stages.append(stage)
        number = stage[0].plan.stage
        following = process.onward(number, facts, rounds)
        if following.back:
            for plan in process.between(following.back.stage, number):
                facts.pop(f"step.{plan.code}", None)
    found.pass_over(following.move.skipped)
    found.ends_at = now
    _promise(found, guide, sample.starts_at)
    return found


def _stop(plan: StepPlan, number: int, now: datetime, sample: Sample) -> Stop:
    wanted = sample.outcomes.get(plan.code, Outcome.AGREED.value)
    if wanted == DECLINED_FIRST:
        wanted = (Outcome.DECLINED if number == 1 else Outcome.AGREED).value
    return Stop(plan, number, _unit(plan, sample), now, _due(now, plan.limit), wanted)


def _unit(plan: StepPlan, sample: Sample) -> Unit | None:
    asked = Asked(sample.item, sample.category, plan.code, sample.division, "")
    way = way_of(plan, asked, timezone.localdate()) if plan.unit else None
    return way.unit if way else None


def _due(now: datetime, limit: Limit) -> datetime:
    return clock(now, limit, int(parameter("matters.amber_share")), calendar()).due_at


def _promise(found: Simulated, guide: Guide, starts: datetime) -> None:
    if guide.content.get("promised"):
        found.promised_at = _due(starts, guide.promised)
    if guide.statutory:
        found.statutory_at = _due(starts, guide.statutory)
