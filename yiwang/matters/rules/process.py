"""The course of a matter through its steps: in a row, side by side, on condition, and back (INF-09).

Steps of the same stage run side by side; a step whose condition does not hold is skipped. A stage
whose step says `back` may be followed by an earlier one, at most so many times.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from .conditions import Condition, Outcome
from .limits import Limit
from .states import StepState

ALWAYS_HOLDS = Condition()
INTAKE = "_intake"
"""The step that is in no plan: whoever is first looks at what was handed in from afar (SVC-04)."""
ALWAYS = "always"
"""Going back whatever the outcome: a loop without an exit, which the linter refuses."""


@dataclass(frozen=True)
class Back:
    """After this outcome the matter goes back to the step `to`, at most `most` times."""

    to: str
    on: str
    most: int

    @classmethod
    def of(cls, raw: Any) -> "Back | None":
        if not isinstance(raw, Mapping) or not raw.get("to"):
            return None
        most = raw.get("most")
        return cls(str(raw["to"]), str(raw.get("on") or ALWAYS), most if type(most) is int else 0)

    def follows(self, outcome: str) -> bool:
        return self.on in {outcome, ALWAYS}


@dataclass(frozen=True)
class StepPlan:
    """One step as the catalogue plans it. `level` and `unit` say who may, `papers` with which."""

    code: str
    name: str
    stage: int
    level: str
    unit: str
    limit: Limit
    kind: str
    when: Condition = ALWAYS_HOLDS
    back: Back | None = None
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Move:
    """What happens next: the steps that start and those that are passed over."""

    opened: tuple[StepPlan, ...] = ()
    skipped: tuple[StepPlan, ...] = ()


class Row(Protocol):
    """A step of a matter as far as its course needs it."""

    code: Any
    stage: Any
    state: Any
    round: Any
    agreed: Any


class Begun(Row, Protocol):
    """A step that knows when it began."""

    started_at: Any


R = TypeVar("R", bound=Begun)


@dataclass(frozen=True)
class Next:
    """What follows when a step closes: others still at work, or the steps ahead.

    `back` is the step the matter returns to, when the steps ahead are ones that it has been through.
    """

    waits: bool = False
    back: StepPlan | None = None
    move: Move = Move()

    @property
    def ends(self) -> bool:
        """Nothing is left: whoever closes this step closes the matter with its result."""
        return not self.waits and not self.move.opened


class Process:
    """The steps of a version by stage."""

    def __init__(self, steps: Iterable[StepPlan]) -> None:
        self.steps = sorted(steps, key=lambda one: one.stage)
        self.by_code = {one.code: one for one in self.steps}
        self.stages = sorted({one.stage for one in self.steps})

    @property
    def branches(self) -> bool:
        """Whether anything depends on answers or outcomes."""
        return any(one.when or one.back for one in self.steps)

    def at(self, stage: int) -> list[StepPlan]:
        return [one for one in self.steps if one.stage == stage]

    def after(self, stage: int, facts: Mapping[str, str]) -> Move:
        """The first stage later than `stage` with a step whose condition holds; 0 is the start."""
        told, passed = dict(facts), []
        for later in (one for one in self.stages if one > stage):
            opened = tuple(one for one in self.at(later) if one.when.holds(told))
            shut = [one for one in self.at(later) if one not in opened]
            passed += shut
            told |= {f"step.{one.code}": Outcome.SKIPPED.value for one in shut}
            if opened:
                return Move(opened, tuple(passed))
        return Move((), tuple(passed))

    def between(self, first: int, last: int) -> list[StepPlan]:
        """The steps of the stages from `first` to `last`: those that a way back runs anew."""
        return [one for one in self.steps if first <= one.stage <= last]

    def back_from(
        self, stage: int, facts: Mapping[str, str], rounds: Mapping[str, int]
    ) -> StepPlan | None:
        """Where a finished stage leads back to; None when it goes on. `rounds`: how often each ran."""
        for one in self.at(stage):
            back, outcome = one.back, facts.get(f"step.{one.code}", "")
            target = self.by_code.get(back.to) if back else None
            if back is None or target is None or target.stage > stage:
                continue
            ran = outcome in {Outcome.AGREED, Outcome.DECLINED}
            if ran and back.follows(outcome) and rounds.get(one.code, 1) <= back.most:
                return target
        return None

    def next_of(
        self, row: Row, agreed: bool, rows: Sequence[Row], answers: Mapping[str, str]
    ) -> Next:
        """What follows when `row`, one of the `rows` of a matter, closes with this outcome."""
        others = [one for one in rows if one is not row]
        if any(one.state == StepState.ACTIVE for one in others):
            return Next(waits=True)
        facts = {**answers, **outcomes(others), f"step.{row.code}": _outcome(agreed)}
        return self.onward(row.stage, facts, rounds(rows))

    def onward(self, stage: int, facts: Mapping[str, str], ran: Mapping[str, int]) -> Next:
        """What follows a finished stage."""
        back = self.back_from(stage, facts, ran)
        if back:
            anew = {f"step.{one.code}" for one in self.between(back.stage, stage)}
            kept = {name: value for name, value in facts.items() if name not in anew}
            move = self.after(back.stage - 1, kept)
            if move.opened:
                return Next(back=back, move=move)
        return Next(move=self.after(stage, facts))


def outcomes(rows: Iterable[Row]) -> dict[str, str]:
    """How each step ended the last time it ran, as facts of conditions."""
    told: dict[str, str] = {}
    for row in sorted(rows, key=lambda one: one.round):
        told.pop(f"step.{row.code}", None)
        if row.state == StepState.DONE:
            told[f"step.{row.code}"] = _outcome(bool(row.agreed))
        elif row.state == StepState.SKIPPED:
            told[f"step.{row.code}"] = Outcome.SKIPPED.value
    return told


def rounds(rows: Iterable[Row]) -> dict[str, int]:
    """How often each step has been begun."""
    told: dict[str, int] = {}
    for row in rows:
        told[row.code] = max(told.get(row.code, 0), row.round)
    return told


def _outcome(agreed: bool) -> str:
    return (Outcome.AGREED if agreed else Outcome.DECLINED).value


def answer_facts(answers: Mapping[str, Any], variant: str) -> dict[str, str]:
    """The form and the variant of a matter as facts of conditions."""
    told = {f"answer.{code}": str(text) for code, text in answers.items()}
    return {**told, "variant": variant}


def in_course(rows: Sequence[R]) -> Sequence[R]:
    """The rows in the order in which they ran, for a reader; as planned when none came again."""
    if all(row.round == 1 for row in rows):
        return rows
    begun = sorted((row for row in rows if row.started_at), key=lambda row: row.started_at)
    return [*begun, *(row for row in rows if row.state == StepState.WAITING)]
