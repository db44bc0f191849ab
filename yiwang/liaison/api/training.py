"""Administrators with their training, courses, results."""

from datetime import date
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post
from yiwang.divisions.models import Division
from yiwang.liaison import actions
from yiwang.liaison.actions.training import Plan
from yiwang.liaison.models import Course, Enrolment
from yiwang.liaison.reads.training import TRAINING, administrators

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class AdministratorOut(Schema):
    """A network administrator in post with the state of training."""

    post: int = Field(alias="pk")
    name: str
    role: str
    division: int = Field(alias="division_id")
    manner: str
    starts_on: date
    trained: bool
    waiting: bool
    late: bool
    hours: int

    @staticmethod
    def resolve_name(post: Any) -> str:
        return str(post.user)


class CourseOut(Schema):
    """A course of the city."""

    id: int
    title: str
    hours: int
    pass_mark: int
    roles: list[str]
    on_appointment: bool
    within_days: int
    valid_months: int
    retired_on: date | None


class CourseIn(Schema):
    """A course to be offered."""

    title: str = Field(max_length=80)
    title_en: str = Field("", max_length=120)
    hours: int = Field(ge=1, le=200)
    pass_mark: int = Field(ge=1, le=100)
    roles: list[str]
    on_appointment: bool = True
    within_days: int = Field(ge=1, le=365)
    valid_months: int = Field(ge=0, le=120)


class EnrolmentOut(Schema):
    """That somebody has to take a course, and what came of it."""

    id: int
    course: int = Field(alias="course_id")
    post: int = Field(alias="post_id")
    assigned_on: date
    due_on: date
    taken_on: date | None
    score: int | None
    passed: bool
    certificate: str
    valid_until: date | None


class AssignmentIn(Schema):
    """Which course."""

    course: int


class ResultIn(Schema):
    """When it was taken, with how many points."""

    taken_on: date
    score: int = Field(ge=0, le=100)


@router.get("/administrators", response=list[AdministratorOut], summary="管理员名册 Administrators")
@allowed("accounts.view")
def network_administrators(
    request: StaffRequest, training: str = "", start: Start = 0, limit: Limit = 25
) -> list[Any]:
    """Training is trained, waiting, late or none."""
    rows = administrators(request.actor, timezone.localdate()).select_related("user")
    rows = rows.filter(TRAINING[training]) if training in TRAINING else rows
    return list(rows.order_by("division", "pk")[start : start + limit])


@router.get("/courses", response=list[CourseOut], summary="课程 Courses")
@allowed("liaison.view")
def training_courses(request: StaffRequest, start: Start = 0, limit: Limit = 25) -> list[Course]:
    return list(Course.objects.public()[start : start + limit])


@router.post("/courses", response={201: CourseOut}, summary="开设课程 Offer a course")
@allowed("liaison.course")
def offer_training_course(request: StaffRequest, body: CourseIn) -> Status[Course]:
    city = Division.objects.in_city().order_by("pk")[0]
    return Status(201, actions.offer_course(city, plan=Plan(**body.dict()), by=request.actor))


@router.post("/courses/{pk}/retire", response=CourseOut, summary="停开 Retire a course")
@allowed("liaison.course")
def retire_training_course(request: StaffRequest, pk: int) -> Course:
    found = get_object_or_404(Course.objects.public(), pk=pk)
    return actions.retire_course(found, by=request.actor)


@router.get("/enrolments", response=list[EnrolmentOut], summary="培训记录 Enrolments")
@allowed("liaison.view")
def enrolments(
    request: StaffRequest, waiting: bool = False, start: Start = 0, limit: Limit = 25
) -> list[Enrolment]:
    rows = Enrolment.objects.visible_to(request.actor)
    rows = rows.open() if waiting else rows
    return list(rows[start : start + limit])


@router.post("/posts/{pk}/enrolments", response={201: EnrolmentOut}, summary="安排 Assign")
@allowed("liaison.train")
def assign_training(request: StaffRequest, pk: int, body: AssignmentIn) -> Status[Enrolment]:
    post = get_object_or_404(Post.objects.visible_to(request.actor), pk=pk)
    course = get_object_or_404(Course.objects.public(), pk=body.course)
    return Status(201, actions.assign_course(post, course=course, by=request.actor))


@router.post("/enrolments/{pk}/result", response=EnrolmentOut, summary="登记成绩 Result")
@allowed("liaison.train")
def record_training_result(request: StaffRequest, pk: int, body: ResultIn) -> Enrolment:
    rows = Enrolment.objects.visible_to(request.actor).select_related("course", "post")
    return actions.record_result(get_object_or_404(rows, pk=pk), **body.dict(), by=request.actor)
