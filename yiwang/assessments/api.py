"""Individual assessments for other systems: the same acts and reads as the pages."""

from datetime import date
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.assessments import actions
from yiwang.assessments.models import PersonAssessment, Scale
from yiwang.assessments.models.assessment import PersonAssessmentQuerySet
from yiwang.assessments.reads import grade_of
from yiwang.divisions.models import Division
from yiwang.residents.models import Resident

router = Router(tags=["个人评估"])
Limit = Annotated[int, Field(ge=1, le=100)]


class PersonAssessmentOut(Schema):
    """One assessment; the resident by number only, without what was scored."""

    id: int
    division: int = Field(alias="division_id")
    resident: int = Field(alias="resident_id")
    scale: str = Field(alias="scale.code")
    version: int = Field(alias="scale.number")
    reason: str
    state: str
    total: int | None
    grade: str
    subsidy: str
    assessed_on: date | None
    valid_until: date | None
    objected_on: date | None
    again_of: int | None = Field(alias="again_of_id")


class PersonAssessmentsOut(Schema):
    """Some assessments, and the cursor of the next page."""

    assessments: list[PersonAssessmentOut]
    next: str | None


class GradeOut(Schema):
    """The grade in force of a person on a day; empty when there is none."""

    resident: int
    on: date
    grade: str
    subsidy: str
    valid_until: date | None


class ScoresOut(Schema):
    """What was scored: item to score, conditions, facts of the register, sums of the parts."""

    answers: dict[str, int]
    conditions: list[str]
    facts: dict[str, str]
    parts: dict[str, int]


class BeginIn(Schema):
    """Whom to assess, by which form."""

    resident: int
    scale: str = "ability"
    reason: str = ""


class ScoresIn(Schema):
    """Scores by item; items not named keep theirs."""

    answers: dict[str, int]
    conditions: list[str] = []
    facts: dict[str, str] = {}


class SubmitScoresIn(Schema):
    """The day of the visit; today without it."""

    on: date | None = None


class WhyIn(Schema):
    """A reason, in words."""

    reason: str


class ObjectionIn(Schema):
    """What is doubted."""

    words: str


class ScaleOut(Schema):
    """One version of a form with its whole content."""

    id: int
    code: str
    number: int
    effective_from: date
    content: dict[str, Any]


class ScaleIn(Schema):
    """The content of a new version; its `code` says of which form."""

    content: dict[str, Any]
    effective_from: date


@router.get("/", response=PersonAssessmentsOut, summary="评估列表 List assessments")
@allowed("assessments.view")
def assessments(
    request: StaffRequest, state: str = "", grade: str = "", due: bool = False,
    objected: bool = False, resident: int | None = None, after: str = "", limit: Limit = 25,
) -> dict[str, Any]:  # fmt: skip
    """Newest first; `due`: ended and to be made again, `objected`: doubted and not answered."""
    rows = _seen(request)
    rows = rows.due(timezone.localdate()) if due else rows
    rows = rows.objected() if objected else rows
    said: dict[str, Any] = {"state": state, "grade": grade, "resident_id": resident}
    rows = rows.filter(**{key: value for key, value in said.items() if value})
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: limit + 1])
    more = str(found[limit - 1].pk) if len(found) > limit else None
    return {"assessments": found[:limit], "next": more}


@router.post("/", response={201: PersonAssessmentOut}, summary="开始评估 Begin")
@allowed("assessments.assess")
def begin(request: StaffRequest, body: BeginIn) -> Status[PersonAssessment]:
    people = Resident.objects.visible_to(request.actor)
    person = get_object_or_404(people, pk=body.resident)
    made = actions.begin_assessment(person, scale=body.scale, reason=body.reason, by=request.actor)
    return Status(201, made)


@router.get("/scales", response=list[ScaleOut], summary="评估表 Forms")
@allowed("assessments.view")
def scales(request: StaffRequest) -> list[Scale]:
    return list(Scale.objects.public())


@router.post("/scales", response={201: ScaleOut}, summary="发布评估表 Publish a form")
@allowed("assessments.scales")
def publish(request: StaffRequest, body: ScaleIn) -> Status[Scale]:
    city = get_object_or_404(Division, pk=Scale().division_id)
    return Status(201, actions.publish_scale(city, **body.dict(), by=request.actor))


@router.get("/residents/{pk}/grade", response=GradeOut, summary="现行等级 Grade in force")
@allowed("assessments.view")
def grade(request: StaffRequest, pk: int, on: date | None = None) -> dict[str, Any]:
    person = get_object_or_404(Resident.objects.visible_to(request.actor), pk=pk)
    day = on or timezone.localdate()
    found = grade_of(person, day)
    return {
        "resident": pk, "on": day, "grade": found.grade if found else "",
        "subsidy": found.subsidy if found else "",
        "valid_until": found.valid_until if found else None,
    }  # fmt: skip


@router.get("/{pk}", response=PersonAssessmentOut, summary="一次评估 One assessment")
@allowed("assessments.view")
def assessment(request: StaffRequest, pk: int) -> PersonAssessment:
    return _one(request, pk)


@router.put("/{pk}/answers", response=ScoresOut, summary="评分 Score")
@allowed("assessments.assess")
def score(request: StaffRequest, pk: int, body: ScoresIn) -> dict[str, Any]:
    saved = actions.save_answers(_one(request, pk), **body.dict(), by=request.actor)
    return {"parts": {}, **saved.content}


@router.post("/{pk}/submit", response=PersonAssessmentOut, summary="提交 Hand over")
@allowed("assessments.assess")
def submit(request: StaffRequest, pk: int, body: SubmitScoresIn) -> PersonAssessment:
    return actions.submit_scores(_one(request, pk), on=body.on, by=request.actor)


@router.post("/{pk}/confirm", response=PersonAssessmentOut, summary="确认 Confirm")
@allowed("assessments.assess")
def confirm(request: StaffRequest, pk: int) -> PersonAssessment:
    """By somebody else than who scored."""
    return actions.confirm_scores(_one(request, pk), by=request.actor)


@router.post("/{pk}/return", response=PersonAssessmentOut, summary="退回 Send back")
@allowed("assessments.assess")
def send_back(request: StaffRequest, pk: int, body: WhyIn) -> PersonAssessment:
    return actions.return_scores(_one(request, pk), reason=body.reason, by=request.actor)


@router.post("/{pk}/withdraw", response=PersonAssessmentOut, summary="作废 Give up")
@allowed("assessments.assess")
def withdraw(request: StaffRequest, pk: int, body: WhyIn) -> PersonAssessment:
    return actions.withdraw_assessment(_one(request, pk), reason=body.reason, by=request.actor)


@router.post("/{pk}/objection", response=PersonAssessmentOut, summary="提出异议 Object")
@allowed("assessments.object")
def objection(request: StaffRequest, pk: int, body: ObjectionIn) -> PersonAssessment:
    return actions.object_to_grade(_one(request, pk), words=body.words, by=request.actor)


@router.post("/{pk}/reveal", response=ScoresOut, summary="查看评分 See the scores")
@allowed("assessments.reveal")
def reveal(request: StaffRequest, pk: int, body: WhyIn) -> dict[str, Any]:
    """For a reason that the person can read."""
    found = actions.reveal_answers(_one(request, pk), reason=body.reason, by=request.actor)
    return {"parts": {}, **found.content}


def _seen(request: StaffRequest) -> PersonAssessmentQuerySet:
    return PersonAssessment.objects.visible_to(request.actor).select_related("scale")


def _one(request: StaffRequest, pk: int) -> PersonAssessment:
    return get_object_or_404(_seen(request), pk=pk)
