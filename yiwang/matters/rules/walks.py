"""Every way through a process, walked before anybody is sent on it: for the linter and for samples."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from .conditions import Outcome
from .process import Process, StepPlan

MOST_WALKS = 4096
ENDS = (Outcome.AGREED.value, Outcome.DECLINED.value)

Candidates = Mapping[str, Sequence[str]]
"""By field of a condition the values worth trying: those that are named, one other, and none."""


@dataclass(frozen=True)
class Walk:
    """One way: what was said, how the steps ended, which ran in which order, and the last ones."""

    said: Mapping[str, str]
    ended: Mapping[str, str]
    ran: tuple[str, ...]
    last: tuple[StepPlan, ...]


class TooMany(Exception):
    """More ways than can be walked in reasonable time."""


def walks(process: Process, candidates: Candidates) -> list[Walk]:
    """Every way through the process, each way back taken at most once. Raises TooMany."""
    found = list(islice(_every(process, candidates), MOST_WALKS + 1))
    if len(found) > MOST_WALKS:
        raise TooMany
    return found


def _every(process: Process, candidates: Candidates) -> Iterator[Walk]:
    asked = {rule.code for one in process.steps for rule in one.when.rules if rule.source == "step"}
    asked |= {one.code for one in process.steps if one.back}
    for values in product(*candidates.values()):
        said = dict(zip(candidates, values, strict=True))
        move = process.after(0, said)
        yield from _onward(process, said, (), move.opened, asked, {}, {})


def _onward(
    process: Process,
    facts: Mapping[str, str],
    ran: tuple[str, ...],
    opened: tuple[StepPlan, ...],
    asked: set[str],
    ended: Mapping[str, str],
    rounds: Mapping[str, int],
) -> Iterator[Walk]:
    """Walk on from the steps that have just been opened, once for each outcome that matters."""
    if not opened:
        yield Walk(_answers(facts), ended, ran, ())
        return
    codes = [one.code for one in opened]
    counted = {**rounds, **{code: rounds.get(code, 0) + 1 for code in codes}}
    for outcomes in product(*(ENDS if code in asked else ENDS[:1] for code in codes)):
        told = dict(zip(codes, outcomes, strict=True))
        now = {**facts, **{f"step.{code}": how for code, how in told.items()}}
        # One round of each loop shows everything there is to see.
        tried = {code: count if count < 2 else 1_000 for code, count in counted.items()}
        following = process.onward(opened[0].stage, now, tried)
        way = (*ran, *codes)
        if following.move.opened:
            yield from _onward(
                process, _kept(process, now, following.back, opened[0].stage), way,
                following.move.opened, asked, {**ended, **told}, counted,
            )  # fmt: skip
        else:
            yield Walk(_answers(facts), {**ended, **told}, way, opened)


def _kept(
    process: Process, facts: Mapping[str, str], back: StepPlan | None, stage: int
) -> Mapping[str, str]:
    if back is None:
        return facts
    anew = {f"step.{one.code}" for one in process.between(back.stage, stage)}
    return {name: value for name, value in facts.items() if name not in anew}


def _answers(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in facts.items() if not name.startswith("step.")}
