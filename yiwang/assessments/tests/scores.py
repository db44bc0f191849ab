"""Complete answers to the form as shipped, for tests."""

from typing import Any

from yiwang.accounts.actor import Actor
from yiwang.assessments.actions import (
    begin_assessment,
    confirm_scores,
    save_answers,
    submit_scores,
)
from yiwang.assessments.models import PersonAssessment
from yiwang.assessments.reads import scale_in_force
from yiwang.residents.models import Resident

MODERATE = {"eating": 2, "bathing": 0, "toilet": 1, "walking": 0, "stairs": 0, "bed": 2,
            "transfer": 1, "transport": 0, "affairs": 0, "memory": 2, "time": 2,
            "dressing_top": 1, "dressing_lower": 1}  # fmt: skip
"""What a person loses who stands in grade 2 (52 points); everything else is the best score."""
FACTS = {"living_situation": "alone", "low_income_status": "none"}


def answers(on: Any, **worse: int) -> dict[str, int]:
    """The best score of every item, made worse where it is said."""
    scale = scale_in_force("ability", on)
    assert scale is not None
    return {item.code: item.most for item in scale.form.items} | worse


def assessed(
    resident: Resident,
    first: Actor,
    second: Actor,
    on: Any,
    worse: dict[str, int] | None = None,
    conditions: tuple[str, ...] = (),
) -> PersonAssessment:
    """An assessment in force: begun, scored, handed over, confirmed by another."""
    made = begin_assessment(resident, by=first)
    said = answers(on, **(MODERATE if worse is None else worse))
    save_answers(made, answers=said, conditions=conditions, facts=FACTS, by=first)
    submit_scores(made, on=on, by=first)
    return confirm_scores(made, by=second)
