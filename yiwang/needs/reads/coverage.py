"""How far a survey is, and what was answered so far; small figures are left out (QUA-01)."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from yiwang.core.reads import parameter
from yiwang.needs.models import Survey, SurveyAnswer, SurveyStop
from yiwang.needs.rules.questionnaire import Question
from yiwang.needs.rules.small import without_small


@dataclass(frozen=True, slots=True)
class Coverage:
    """Households of a survey by what became of them; percent answered, rounded."""

    total: int
    answered: int
    refused: int
    absent: int

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.total) if self.total else 0

    @property
    def missing(self) -> int:
        return self.total - self.answered


@dataclass(frozen=True, slots=True)
class Result:
    """One question with its answers: pairs of label and count (None: too few to be shown)."""

    question: Question
    asked: int
    rows: list[tuple[str, int | None, int]]
    mean: float | None


def coverage(survey: Survey) -> Coverage:
    """Counted from the list itself."""
    states = Counter(survey.stops.values_list("state", flat=True))
    state = SurveyStop.State
    return Coverage(
        sum(states.values()), states[state.ANSWERED], states[state.REFUSED], states[state.ABSENT]
    )


def results(survey: Survey) -> list[Result]:
    """By the newest version; a question that only an earlier one asked is not among them."""
    version = survey.version
    if version is None:
        return []
    answers = list(
        SurveyAnswer.objects.filter(stop__survey=survey).values_list("answers", flat=True)
    )
    least = int(parameter("needs.small_cell"))
    return [_result(question, answers, least) for question in version.questions]


def _result(question: Question, answers: list[dict[str, Any]], least: int) -> Result:
    said = [one[question.code] for one in answers if question.code in one]
    if question.kind == "number":
        mean = sum(said) / len(said) if len(said) >= least else None
        return Result(question, len(said), [], mean)
    if not question.has_choices:
        return Result(question, len(said), [], None)
    counts = Counter(code for one in said for code in (one if isinstance(one, list) else [one]))
    shown = without_small({one.code: counts[one.code] for one in question.choices}, least)
    rows = [
        (one.label, shown[one.code], round(100 * (shown[one.code] or 0) / len(said)) if said else 0)
        for one in question.choices
    ]
    return Result(question, len(said), rows, None)
