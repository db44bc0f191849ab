"""What the API of needs takes and gives."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema

from yiwang.needs.models import Assessment, Survey
from yiwang.needs.reads import coverage


class NeedOut(Schema):
    """One need; the resident by number only."""

    id: int
    division: int = Field(alias="division_id")
    resident: int | None = Field(alias="resident_id")
    group: str
    people: int
    category: str
    text: str
    urgency: str
    channel: str
    state: str
    registered_on: date
    due_at: datetime
    service: str
    matter_number: str
    closed_on: date | None


class NeedsOut(Schema):
    """Some needs, and the cursor of the next page."""

    needs: list[NeedOut]
    next: str | None


class NeedIn(Schema):
    """A need of a resident of the division, or of a group there."""

    division: int
    category: str
    text: str
    channel: str
    resident: int | None = None
    group: str = ""
    people: int = 1
    urgency: str = "ordinary"


class NeedMoveIn(Schema):
    """What becomes of a need."""

    to: str
    text: str = ""
    service: str = ""
    matter_number: str = ""


class PlaceOut(Schema):
    """Open needs of a place by category."""

    division: int
    name: str
    needs: int
    people: int
    unmet: int
    by_category: dict[str, int]


class SurveyOut(Schema):
    """A survey with how far it is."""

    id: int
    division: int = Field(alias="division_id")
    title: str
    method: str
    state: str
    percent: int
    least: int
    seed: int | None
    households: int | None
    due_on: date | None
    version: int
    total: int
    answered: int

    @staticmethod
    def resolve_version(one: Survey) -> int:
        return one.version.number if one.version else 0

    @staticmethod
    def resolve_total(one: Survey) -> int:
        return coverage(one).total

    @staticmethod
    def resolve_answered(one: Survey) -> int:
        return coverage(one).answered


class SurveyIn(Schema):
    """A survey with its questions; see the questionnaire rules for their form."""

    division: int
    title: str
    questions: list[dict[str, Any]]
    method: str = "sample"
    percent: int | None = None
    least: int | None = None
    due_on: date | None = None


class SentBackIn(Schema):
    """Why an assessment is sent back."""

    reason: str


class NotAssessedOut(Schema):
    """A community without an approved assessment; no state: none was compiled."""

    division: int
    state: str


class AssessedOut(Schema):
    """Communities with an approved assessment of a year."""

    year: int
    communities: int
    approved: int
    percent: int | None
    missing: list[NotAssessedOut]


class DrawIn(Schema):
    """A seed to draw by; none draws one."""

    seed: int | None = None


class SurveyAnswerIn(Schema):
    """What a household answered, by codes of the questions."""

    stop: int
    answers: dict[str, Any]
    door: str = "phone"
    interviewer: str = ""
    on: date | None = None
    number: int | None = None


class StopOut(Schema):
    """One household of a survey."""

    id: int
    order: int
    household: int = Field(alias="household_id")
    state: str


class ResultOut(Schema):
    """One question with its counts; null where too few to be shown."""

    code: str
    asked: int
    mean: float | None
    counts: list[tuple[str, int | None]]


class AssessmentOut(Schema):
    """The assessment of a community and year, with its draft plan."""

    id: int
    division: int = Field(alias="division_id")
    year: int
    state: str
    base: dict[str, int]
    figures: list[dict[str, Any]]
    text: str
    approved_on: date | None
    lines: list[dict[str, Any]]

    @staticmethod
    def resolve_lines(one: Assessment) -> list[dict[str, Any]]:
        return [dict(line) for line in one.lines.values("rank", "category", "users")]


class AssessmentIn(Schema):
    """Which community and year."""

    division: int
    year: int
    text: str = ""


class CommentIn(Schema):
    """What a representative says."""

    representative: str
    text: str


class CommentOut(Schema):
    """A comment as kept."""

    id: int
    representative: str
    text: str
    on: date


class SubmitIn(Schema):
    """The community's own words."""

    text: str
