"""Needs, surveys and assessments for other systems: the same acts and reads as the pages."""

from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.divisions.models import Division
from yiwang.needs import actions
from yiwang.needs.models import Assessment, AssessmentComment, Need, Survey
from yiwang.needs.reads import assessed, results, unmet_by_place
from yiwang.residents.models import Resident

from .shapes import (
    AssessedOut,
    AssessmentIn,
    AssessmentOut,
    CommentIn,
    CommentOut,
    DrawIn,
    NeedIn,
    NeedMoveIn,
    NeedOut,
    NeedsOut,
    PlaceOut,
    ResultOut,
    SentBackIn,
    StopOut,
    SubmitIn,
    SurveyAnswerIn,
    SurveyIn,
    SurveyOut,
)

router = Router(tags=["需求"])
Limit = Annotated[int, Field(ge=1, le=100)]


def _place(request: StaffRequest, key: int) -> Division:
    return get_object_or_404(Division.objects.visible_to(request.actor), pk=key)


def _need(request: StaffRequest, pk: int) -> Need:
    return get_object_or_404(Need.objects.visible_to(request.actor), pk=pk)


def _survey(request: StaffRequest, pk: int) -> Survey:
    return get_object_or_404(Survey.objects.visible_to(request.actor), pk=pk)


def _assessment(request: StaffRequest, pk: int) -> Assessment:
    rows = Assessment.objects.visible_to(request.actor).select_related("division")
    return get_object_or_404(rows, pk=pk)


@router.get("/", response=NeedsOut, summary="需求清单 Needs")
@allowed("needs.view")
def needs(
    request: StaffRequest, category: str = "", state: str = "", before: int = 0, limit: Limit = 25
) -> dict[str, Any]:
    """Newest first; `before` a number gives the next page."""
    rows = Need.objects.visible_to(request.actor)
    exact = {"category": category, "state": state, "pk__lt": before}
    page = list(
        rows.filter(**{name: value for name, value in exact.items() if value}).order_by("-pk")[
            : limit + 1
        ]
    )
    more = str(page[limit - 1].pk) if len(page) > limit else None
    return {"needs": page[:limit], "next": more}


@router.post("/", response={201: NeedOut}, summary="登记需求 Register a need")
@allowed("needs.register")
def register(request: StaffRequest, body: NeedIn) -> Status[Need]:
    """Send `Idempotency-Key`: the same key twice is the same need once."""
    resident = None
    if body.resident is not None:
        people = Resident.objects.visible_to(request.actor)
        resident = get_object_or_404(people, pk=body.resident)
    said = body.dict(exclude={"division", "resident"})
    made = actions.register_need(
        _place(request, body.division), resident=resident, **said, by=request.actor
    )
    return Status(201, made)


@router.get("/unmet", response=list[PlaceOut], summary="未满足的需求 Unmet needs by place")
@allowed("needs.view")
def unmet(request: StaffRequest, place: int | None = None) -> list[dict[str, Any]]:
    key = place if request.actor.see.holds(place) else request.actor.division_id
    return [
        {
            "division": row.place.pk, "name": row.place.label, "needs": row.needs,
            "people": row.people, "unmet": row.unmet, "by_category": row.by_category,
        }
        for row in unmet_by_place(request.actor, key or 0)
    ]  # fmt: skip


@router.get("/surveys", response=list[SurveyOut], summary="调查 Surveys")
@allowed("needs.view")
def surveys(request: StaffRequest, limit: Limit = 25) -> list[Survey]:
    return list(Survey.objects.visible_to(request.actor).order_by("-pk")[:limit])


@router.post("/surveys", response={201: SurveyOut}, summary="新建调查 Add a survey")
@allowed("needs.survey")
def add_survey(request: StaffRequest, body: SurveyIn) -> Status[Survey]:
    said = body.dict(exclude={"division", "questions"})
    made = actions.save_survey(
        _place(request, body.division), content=body.questions, **said, by=request.actor
    )
    return Status(201, made)


@router.get("/surveys/{pk}", response=SurveyOut, summary="一次调查 One survey")
@allowed("needs.view")
def survey(request: StaffRequest, pk: int) -> Survey:
    return _survey(request, pk)


@router.get("/surveys/{pk}/stops", response=list[StopOut], summary="调查户 Households")
@allowed("needs.answer")
def stops(request: StaffRequest, pk: int) -> list[Any]:
    return list(_survey(request, pk).stops.all())


@router.get("/surveys/{pk}/results", response=list[ResultOut], summary="快速结果 Results")
@allowed("needs.view")
def survey_results(request: StaffRequest, pk: int) -> list[dict[str, Any]]:
    return [
        {
            "code": one.question.code, "asked": one.asked, "mean": one.mean,
            "counts": [(label, count) for label, count, _percent in one.rows],
        }
        for one in results(_survey(request, pk))
    ]  # fmt: skip


@router.post("/surveys/{pk}/open", response=SurveyOut, summary="抽样并开始 Draw and begin")
@allowed("needs.survey")
def open_survey(request: StaffRequest, pk: int, body: DrawIn) -> Survey:
    return actions.open_survey(_survey(request, pk), seed=body.seed, by=request.actor)


@router.post("/surveys/{pk}/answers", response=SurveyOut, summary="录入回答 Answer")
@allowed("needs.answer")
def answer(request: StaffRequest, pk: int, body: SurveyAnswerIn) -> Survey:
    return actions.answer_survey(_survey(request, pk), **body.dict(), by=request.actor)


@router.post("/surveys/{pk}/close", response=SurveyOut, summary="结束调查 Close")
@allowed("needs.survey")
def close_survey(request: StaffRequest, pk: int) -> Survey:
    return actions.close_survey(_survey(request, pk), by=request.actor)


@router.get("/assessments", response=list[AssessmentOut], summary="年度评估 Assessments")
@allowed("needs.view")
def assessments(request: StaffRequest, year: int = 0, limit: Limit = 25) -> list[Assessment]:
    rows = Assessment.objects.visible_to(request.actor)
    return list((rows.filter(year=year) if year else rows)[:limit])


@router.post("/assessments", response={201: AssessmentOut}, summary="编制评估 Compile")
@allowed("needs.assess")
def compile_assessment(request: StaffRequest, body: AssessmentIn) -> Status[Assessment]:
    place = _place(request, body.division)
    made = actions.compile_assessment(place, year=body.year, text=body.text, by=request.actor)
    return Status(201, made)


@router.get("/assessments/{pk}", response=AssessmentOut, summary="一份评估 One assessment")
@allowed("needs.view")
def assessment(request: StaffRequest, pk: int) -> Assessment:
    return _assessment(request, pk)


@router.post("/assessments/{pk}/comments", response={201: CommentOut}, summary="代表意见 Comment")
@allowed("needs.assess")
def comment(request: StaffRequest, pk: int, body: CommentIn) -> Status[AssessmentComment]:
    found = _assessment(request, pk)
    return Status(201, actions.comment_assessment(found, **body.dict(), by=request.actor))


@router.post("/assessments/{pk}/submit", response=AssessmentOut, summary="报送 Submit")
@allowed("needs.assess")
def submit(request: StaffRequest, pk: int, body: SubmitIn) -> Assessment:
    return actions.submit_assessment(_assessment(request, pk), text=body.text, by=request.actor)


@router.post("/assessments/{pk}/return", response=AssessmentOut, summary="退回 Send back")
@allowed("needs.approve")
def return_assessment(request: StaffRequest, pk: int, body: SentBackIn) -> Assessment:
    return actions.return_assessment(_assessment(request, pk), reason=body.reason, by=request.actor)


@router.get("/assessed", response=AssessedOut, summary="已评估的社区 Communities assessed")
@allowed("needs.view")
def assessed_communities(
    request: StaffRequest, year: int, place: int | None = None
) -> dict[str, Any]:
    """The figure qua.needs.assessed: approved assessments of a year, and which are missing."""
    key = place if request.actor.see.holds(place) else request.actor.division_id
    found = assessed(request.actor, key or 0, year)
    return {
        "year": year, "communities": found.communities, "approved": found.approved,
        "percent": found.percent,
        "missing": [{"division": one.pk, "state": state} for one, state in found.states],
    }  # fmt: skip


@router.post("/assessments/{pk}/approve", response=AssessmentOut, summary="批准 Approve")
@allowed("needs.approve")
def approve(request: StaffRequest, pk: int) -> Assessment:
    return actions.approve_assessment(_assessment(request, pk), by=request.actor)


@router.get("/{pk}", response=NeedOut, summary="一条需求 One need")
@allowed("needs.view")
def need(request: StaffRequest, pk: int) -> Need:
    return _need(request, pk)


@router.post("/{pk}/move", response=NeedOut, summary="登记结果 What becomes of it")
@allowed("needs.handle")
def move(request: StaffRequest, pk: int, body: NeedMoveIn) -> Need:
    return actions.move_need(_need(request, pk), **body.dict(), by=request.actor)
