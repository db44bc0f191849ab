"""Changes to the steps of a draft, as whole new contents: add, move, put side by side, remove."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

Content = Mapping[str, Any]
T = TypeVar("T")


def new_code(prefix: str, taken: Iterable[str]) -> str:
    """A code nobody has yet: officials name things, the program numbers them."""
    known = set(taken)
    return next(f"{prefix}_{n}" for n in range(1, len(known) + 2) if f"{prefix}_{n}" not in known)


def moved(rows: Sequence[T], at: int, by: int) -> list[T]:
    """The rows with one moved up (-1) or down (1); unchanged at the edges."""
    found, to = list(rows), at + by
    if 0 <= at < len(found) and 0 <= to < len(found):
        found.insert(to, found.pop(at))
    return found


def steps_of(content: Content) -> list[dict[str, Any]]:
    """The steps in the order in which they run."""
    return sorted((dict(one) for one in content.get("steps") or []), key=lambda one: one["stage"])


def _renumbered(content: Content, steps: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Stages from 1 without gaps, whatever numbers (also halves) were used to move them."""
    rows = sorted(steps, key=lambda one: one["stage"])
    stages = {stage: n for n, stage in enumerate(sorted({one["stage"] for one in rows}), 1)}
    return {**content, "steps": [{**one, "stage": stages[one["stage"]]} for one in rows]}


def add_step(content: Content, name: str) -> dict[str, Any]:
    """One step more, after all others; who does it is still to be said."""
    steps = steps_of(content)
    last = steps[-1] if steps else {}
    step = {
        "code": new_code("step", (one["code"] for one in steps)),
        "name": name,
        "name_en": "",
        "stage": last.get("stage", 0) + 1,
        "level": last.get("level", "community"),
        "unit": "",
        "kind": "review",
        "limit": dict(last.get("limit") or {"amount": 1, "unit": "working_days"}),
    }
    return {**content, "steps": [*steps, step]}


def move_step(content: Content, code: str, by: int) -> dict[str, Any]:
    """One place earlier or later; out of a group that runs side by side first."""
    steps = steps_of(content)
    step = next((one for one in steps if one["code"] == code), None)
    if step is None:
        return dict(content)
    alone = sum(one["stage"] == step["stage"] for one in steps) == 1
    step["stage"] += by * (1.5 if alone else 0.5)
    return _renumbered(content, steps)


def set_beside(content: Content, code: str, beside: bool) -> dict[str, Any]:
    """Let a step run at the same time as the one before it, or after it again."""
    steps = steps_of(content)
    step = next((one for one in steps if one["code"] == code), None)
    first = step is None or step["stage"] == 1
    if step is None or beside == is_beside(steps, code) or (beside and first):
        return dict(content)
    step["stage"] += -1 if beside else 0.5
    return _renumbered(content, steps)


def is_beside(steps: Sequence[Mapping[str, Any]], code: str) -> bool:
    """Whether a step stands after another one of its own stage."""
    at = next((n for n, one in enumerate(steps) if one["code"] == code), 0)
    return at > 0 and steps[at - 1]["stage"] == steps[at]["stage"]


def remove_step(content: Content, code: str) -> dict[str, Any]:
    """The steps without one; conditions that speak of it are left to the linter."""
    return _renumbered(content, (one for one in steps_of(content) if one["code"] != code))


def put_step(content: Content, code: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A step with other values; a value of None takes the part away."""
    steps = []
    for one in steps_of(content):
        row = {**one, **changes} if one["code"] == code else one
        steps.append({key: value for key, value in row.items() if value is not None})
    return {**content, "steps": steps}
