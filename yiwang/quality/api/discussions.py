"""Case discussions for other systems."""

from datetime import date
from typing import Annotated

from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.core.reads import parameter
from yiwang.matters.models import Matter
from yiwang.quality import actions
from yiwang.quality.actions.discussing import Talk
from yiwang.quality.forms.discussion import DiscussionFilter
from yiwang.quality.models import Discussion, Promise
from yiwang.quality.reads.discussions import Learned, learned

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class DiscussionOut(Schema):
    """One case discussion."""

    id: int
    unit: int = Field(alias="unit_id")
    matter: str = Field(alias="matter.number")
    promise: int | None = Field(alias="promise_id")
    held_on: date
    posts: list[int]
    lessons: str
    measures: str

    @staticmethod
    def resolve_posts(one: Discussion) -> list[int]:
        return [seat.post_id for seat in one.participants.all()]


class DiscussionIn(Schema):
    """The number of the case, the posts that took part, what follows."""

    matter: str = Field(max_length=20)
    held_on: date
    posts: list[int] = Field(max_length=100)
    lessons: str = Field(max_length=1000)
    measures: str = Field(max_length=1000)
    promise: int | None = None


class LearnedOut(Schema):
    """Cases of the last days of the area, and how many were discussed."""

    cases: int
    discussed: int
    share: int | None


@router.get("/discussions", response=list[DiscussionOut], summary="案例讨论 Case discussions")
@allowed("quality.view")
def list_discussions(
    request: StaffRequest, q: str = "", promise: bool = False, start: Start = 0, limit: Limit = 25
) -> list[Discussion]:
    """The newest first."""
    form = DiscussionFilter({"q": q, "promise": "1" if promise else ""})
    rows = form.narrowed(Discussion.objects.visible_to(request.actor)).select_related("matter")
    return list(rows.prefetch_related("participants")[start : start + limit])


@router.get("/discussions/figures", response=LearnedOut, summary="讨论了多少 Figures")
@allowed("quality.view")
def discussion_figures(request: StaffRequest) -> Learned:
    """Over `qua.promise_days`."""
    return learned(request.actor, int(parameter("qua.promise_days")))


@router.get("/discussions/{pk}", response=DiscussionOut, summary="一次讨论 One discussion")
@allowed("quality.view")
def one_discussion(request: StaffRequest, pk: int) -> Discussion:
    rows = Discussion.objects.visible_to(request.actor).select_related("matter")
    return get_object_or_404(rows, pk=pk)


@router.post("/discussions", response={201: DiscussionOut}, summary="登记讨论 Record")
@allowed("quality.discuss")
def record(request: StaffRequest, body: DiscussionIn) -> Status[Discussion]:
    """Of the caller's own unit."""
    actor = request.actor
    unit = get_object_or_404(Unit.objects.visible_to(actor), pk=actor.unit_id)
    matter = get_object_or_404(Matter.objects.visible_to(actor), number=body.matter)
    promise = None
    if body.promise is not None:
        promise = get_object_or_404(Promise.objects.visible_to(actor), pk=body.promise)
    talk = Talk(
        matter, body.held_on, list(unit.posts.filter(pk__in=body.posts)),
        body.lessons, body.measures, promise,
    )  # fmt: skip
    return Status(201, actions.record_discussion(unit, talk=talk, by=actor))
