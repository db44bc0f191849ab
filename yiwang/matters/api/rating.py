"""Ratings, call backs and reopenings for other systems; rating by invitation needs no account."""

from datetime import date, datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema, Status
from ninja.errors import HttpError

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.matters import actions
from yiwang.matters.forms.rating import RatingFilter
from yiwang.matters.models import CallBack, FollowUp, Matter, Rating, Reopening
from yiwang.matters.reads.rating import (
    RatingFigures,
    closed_against,
    ended,
    invited,
    rating_by_unit,
    rating_reasons,
)

from .register import visible_matter
from .schemas import MatterOut

router = Router()
public = Router(auth=None)
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class ReasonOut(Schema):
    """A reason a rating may name, and the grades it is meant for."""

    words: str
    words_en: str
    grades: list[int]


class InvitedIn(Schema):
    """A rating by the secret of an invitation."""

    token: str = Field(max_length=40)
    grade: int = Field(ge=1, le=5)
    reasons: list[str] = []
    comment: str = Field("", max_length=500)


class GivenRatingOut(Schema):
    """A rating of a matter."""

    matter: str = Field(alias="matter.number")
    grade: int
    reasons: list[str]
    comment: str
    channel: str
    entered_by: str
    at: datetime


class EnterRatingIn(Schema):
    """What the resident wrote on a card or said by telephone."""

    channel: Literal["paper", "phone"]
    grade: int = Field(ge=1, le=5)
    reasons: list[str] = []
    comment: str = Field("", max_length=500)


class CallBackIn(Schema):
    """How a call back ended."""

    outcome: Literal["declined", "reached", "unreached"]
    grade: int | None = Field(None, ge=1, le=5)
    opinion: str = Field("", max_length=500)


class CallBackOut(CallBackIn):
    """A call back on record."""

    by: str
    at: datetime


class InviteIn(Schema):
    """`link` sends the message; `window` only notes that the screen was opened."""

    channel: Literal["link", "window"]


class ReopeningOut(Schema):
    """A matter done once more by the next level."""

    id: int
    matter: str = Field(alias="matter.number")
    unit: int = Field(alias="unit_id")
    first_result: str = Field(alias="first_result.number")
    reason: str
    opened_at: datetime
    due_at: datetime
    text: str
    done_at: datetime | None
    against: str


class RedoIn(Schema):
    """The second result; a reason where the resident is not content."""

    text: str = Field(max_length=4000)
    reason: str = Field("", max_length=500)


class OpenFollowUpOut(Schema):
    """What a bad rating asks for."""

    id: int
    matter: str = Field(alias="rating.matter.number")
    grade: int = Field(alias="rating.grade")
    unit: int | None = Field(alias="unit_id")
    due_at: datetime
    answer: str
    done_at: datetime | None
    against: str


class AgainstOut(Schema):
    """A matter closed against the resident's word."""

    matter: str = Field(alias="number")
    follow_up: str
    reopening: str

    @staticmethod
    def resolve_follow_up(one: Matter) -> str:
        return getattr(getattr(getattr(one, "rating", None), "follow_up", None), "against", "")

    @staticmethod
    def resolve_reopening(one: Matter) -> str:
        return getattr(getattr(one, "reopening", None), "against", "")


class UnitRatingOut(Schema):
    """What residents said of the matters a unit accepted."""

    unit: int | None
    name: str
    finished: int
    rated: int
    low: int
    grade: float | None
    called: int
    low_called: int
    rated_share: float | None
    called_share: float | None
    low_called_share: float | None


@public.get("/reasons", response=list[ReasonOut], summary="评价原因 Reasons")
def reasons(request: HttpRequest) -> list[object]:
    """What a rating may name."""
    return list(rating_reasons())


@public.post("/", response={201: GivenRatingOut}, summary="凭邀请评价 Rate by invitation")
def rate_invited(request: HttpRequest, body: InvitedIn) -> Status[Rating]:
    """404 for a secret that is not one of ours."""
    found = invited(body.token)
    matter = Matter.objects.public_by_number(found[0]) if found else None
    if found is None or matter is None:
        raise HttpError(404, _("这个评价链接不对。请核对短信或纸上的二维码。"))
    said = body.dict(exclude={"token"})
    by = Actor.public("matters.rate")
    return Status(201, actions.rate_matter(matter, **said, channel=found[1], by=by))


@router.get("/ratings", response=list[GivenRatingOut], summary="评价 Ratings")
@allowed("matters.view")
def ratings(
    request: StaffRequest, q: str = "", grade: int | None = None, channel: str = "",
    unit: int | None = None, start: Start = 0, limit: Limit = 25,
) -> list[Rating]:  # fmt: skip
    """Newest first."""
    said = {"q": q, "grade": grade or "", "channel": channel, "unit": unit or ""}
    form = RatingFilter(said, actor=request.actor)
    rows = form.ratings(Rating.objects.visible_to(request.actor)).select_related("matter")
    return list(rows.order_by("-at", "-pk")[start : start + limit])


@router.get("/ratings/figures", response=list[UnitRatingOut], summary="评价数字 Figures")
@allowed("matters.view")
def rating_figures(
    request: StaffRequest, first: date | None = None, last: date | None = None
) -> list[RatingFigures]:
    """A line for each unit that accepted what ended in these days; by default the last weeks."""
    form = RatingFilter({"first": first, "last": last}, actor=request.actor)
    return rating_by_unit(ended(Matter.objects.visible_to(request.actor), *form.period()))


@router.get(
    "/ratings/against", response=list[AgainstOut], summary="不顾居民意见办结 Closed against"
)
@allowed("matters.supervise")
def against(
    request: StaffRequest, q: str = "", start: Start = 0, limit: Limit = 25
) -> list[Matter]:
    """What was closed although the resident was not content, each with its reason."""
    return list(closed_against(request.actor, q.strip())[start : start + limit])


@router.get("/follow-ups", response=list[OpenFollowUpOut], summary="差评整改 Follow-ups")
@allowed("matters.view")
def follow_ups(
    request: StaffRequest, done: bool = False, start: Start = 0, limit: Limit = 25
) -> list[FollowUp]:
    """Open ones, the nearest deadline first; or those that are done."""
    rows = FollowUp.objects.visible_to(request.actor).filter(done_at__isnull=not done)
    rows = rows.select_related("rating__matter").order_by("due_at", "pk")
    return list(rows[start : start + limit])


def _reopenings(request: StaffRequest) -> QuerySet[Reopening]:
    rows = Reopening.objects.visible_to(request.actor)
    return rows.select_related("matter", "unit", "first_result")


@router.get("/reopened", response=list[ReopeningOut], summary="重办 Reopened matters")
@allowed("matters.view")
def reopened(
    request: StaffRequest, done: bool | None = None, start: Start = 0, limit: Limit = 25
) -> list[Reopening]:
    """The nearest deadline first."""
    rows = _reopenings(request)
    rows = rows if done is None else rows.filter(done_at__isnull=not done)
    return list(rows[start : start + limit])


@router.get("/reopened/{pk}", response=ReopeningOut, summary="一件重办 One reopening")
@allowed("matters.view")
def one_reopening(request: StaffRequest, pk: int) -> Reopening:
    """With the number of its first result."""
    return get_object_or_404(_reopenings(request), pk=pk)


@router.post("/reopened/{pk}/finish", response=ReopeningOut, summary="重办办结 Second result")
@allowed("matters.answer_follow_up")
def finish_reopened(request: StaffRequest, pk: int, body: RedoIn) -> Reopening:
    """Refused while the resident has not been called back, unless a reason is given."""
    found = get_object_or_404(_reopenings(request), pk=pk)
    return actions.finish_reopening(found, **body.dict(), by=request.actor)


@router.post("/{number}/rating", response={201: GivenRatingOut}, summary="录入评价 Enter a rating")
@allowed("matters.enter_rating")
def enter_rating(request: StaffRequest, number: str, body: EnterRatingIn) -> Status[Rating]:
    """Of a paper card or a telephone call; the clerk's name stays with it."""
    found = visible_matter(request, number)
    return Status(201, actions.enter_rating(found, **body.dict(), by=request.actor))


@router.post("/{number}/rating/invite", response=MatterOut, summary="邀请评价 Invite")
@allowed("matters.invite_rating")
def invite_rating(request: StaffRequest, number: str, body: InviteIn) -> Matter:
    """Once a matter by message."""
    found = visible_matter(request, number)
    return actions.invite_to_rate(found, channel=body.channel, by=request.actor)


@router.get("/{number}/call-backs", response=list[CallBackOut], summary="回访记录 Call backs")
@allowed("matters.view")
def call_backs(request: StaffRequest, number: str) -> list[CallBack]:
    """Of one matter, newest first."""
    return list(visible_matter(request, number).call_backs.all())


@router.post("/{number}/call-backs", response={201: CallBackOut}, summary="回访 Call back")
@allowed("matters.call_back")
def call_back(request: StaffRequest, number: str, body: CallBackIn) -> Status[CallBack]:
    """A dissatisfied resident has the matter done once more by the next level."""
    found = visible_matter(request, number)
    return Status(201, actions.record_call_back(found, **body.dict(), by=request.actor))
