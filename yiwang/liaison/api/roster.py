"""The duty roster: shifts, who is on duty now, swaps."""

from datetime import date, datetime, timedelta
from typing import Annotated

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Post, Unit
from yiwang.liaison import actions
from yiwang.liaison.models import Duty, Swap
from yiwang.liaison.reads.roster import calendar_file, on_duty_now, roster

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]
WEEK, FEED = 7, 60
"""Days of one answer, and days ahead in the calendar file."""


class DutyOut(Schema):
    """One shift of a unit."""

    id: int
    unit: int = Field(alias="unit_id")
    starts_at: datetime
    ends_at: datetime
    post: int = Field(alias="post_id")
    name: str
    deputy: int | None = Field(alias="deputy_id")
    absent: int | None = Field(alias="absent_id")

    @staticmethod
    def resolve_name(duty: Duty) -> str:
        return str(duty.post.user)


class DutyIn(Schema):
    """A shift, with the posts on duty."""

    starts_at: datetime
    ends_at: datetime
    post: int
    deputy: int | None = None


class RosterDayOut(Schema):
    """One day of a roster, with the hours nobody covers."""

    on: date
    working: bool
    holiday: str
    shifts: list[DutyOut]
    gaps: list[tuple[datetime, datetime]]


class RosterFillIn(Schema):
    """People in turn over the gaps of some days."""

    first: date
    days: int = Field(ge=1, le=366)
    posts: list[int]


class DutySwapIn(Schema):
    """The shift wanted instead."""

    other: int


class SwapAnswerIn(Schema):
    """Whether one agrees."""

    agreed: bool


class DutySwapOut(Schema):
    """A swap and its answer."""

    id: int
    duty: int = Field(alias="duty_id")
    other: int = Field(alias="other_id")
    asked_by: str
    answered_at: datetime | None
    agreed: bool


class AbsenceIn(Schema):
    """Why somebody is not there."""

    reason: str = Field(max_length=200)


def _unit(request: StaffRequest, pk: int) -> Unit:
    area = request.actor.see
    return get_object_or_404(
        Unit.objects.open().filter(division_id__range=(area.lo, area.hi)), pk=pk
    )


def _post(request: StaffRequest, pk: int) -> Post:
    return get_object_or_404(Post.objects.visible_to(request.actor), pk=pk)


@router.get("/roster/{pk}", response=list[RosterDayOut], summary="值班表 Roster of a unit")
@allowed("liaison.view")
def roster_of_unit(request: StaffRequest, pk: int, first: date | None = None) -> list[object]:
    """Seven days from a day on, today unless it is named."""
    return list(roster(_unit(request, pk), first or timezone.localdate(), WEEK))


@router.get("/roster/{pk}/now", response={200: DutyOut, 204: None}, summary="现在值班 On duty now")
@allowed("liaison.view")
def on_duty(request: StaffRequest, pk: int) -> Status[Duty | None]:
    """Nothing (204) when nobody is."""
    found = on_duty_now(_unit(request, pk), timezone.now())
    return Status(200 if found else 204, found)


@router.get("/roster/{pk}/calendar", summary="日历订阅 iCalendar")
@allowed("liaison.view")
def roster_calendar(request: StaffRequest, pk: int) -> HttpResponse:
    """The shifts to come (RFC 5545)."""
    unit, now = _unit(request, pk), timezone.now()
    rows = Duty.objects.visible_to(request.actor).between(now, now + timedelta(days=FEED))
    text = calendar_file(unit, rows.filter(unit=unit).select_related("post__user"))
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


@router.post("/roster/{pk}/duties", response={201: DutyOut}, summary="排班 Set a shift")
@allowed("liaison.roster")
def set_one_duty(request: StaffRequest, pk: int, body: DutyIn) -> Status[Duty]:
    unit = _unit(request, pk)
    request.actor.must("liaison.roster", unit)
    deputy = _post(request, body.deputy) if body.deputy else None
    made = actions.set_duty(
        unit, starts_at=body.starts_at, ends_at=body.ends_at, post=_post(request, body.post),
        deputy=deputy, by=request.actor,
    )  # fmt: skip
    return Status(201, made)


@router.post("/roster/{pk}/fill", response=list[RosterDayOut], summary="轮流排班 Fill in turn")
@allowed("liaison.roster")
def fill_one_roster(request: StaffRequest, pk: int, body: RosterFillIn) -> list[object]:
    unit = _unit(request, pk)
    posts = list(Post.objects.visible_to(request.actor).filter(pk__in=body.posts).order_by("pk"))
    actions.fill_roster(unit, first=body.first, days=body.days, posts=posts, by=request.actor)
    return list(roster(unit, body.first, WEEK))


def _duty(request: StaffRequest, pk: int) -> Duty:
    rows = Duty.objects.visible_to(request.actor).select_related("unit", "post__user", "deputy")
    return get_object_or_404(rows, pk=pk)


@router.delete("/duties/{pk}", response={204: None}, summary="取消班次 Remove a shift")
@allowed("liaison.roster")
def remove_one_duty(request: StaffRequest, pk: int) -> Status[None]:
    actions.remove_duty(_duty(request, pk), by=request.actor)
    return Status(204, None)


@router.post("/duties/{pk}/absence", response=DutyOut, summary="替班 Stand in")
@allowed("liaison.roster")
def stand_in_for(request: StaffRequest, pk: int, body: AbsenceIn) -> Duty:
    return actions.stand_in(_duty(request, pk), reason=body.reason, by=request.actor)


@router.get("/swaps", response=list[DutySwapOut], summary="换班 Swaps that wait")
@allowed("liaison.view")
def duty_swaps(request: StaffRequest, start: Start = 0, limit: Limit = 25) -> list[Swap]:
    return list(Swap.objects.visible_to(request.actor).waiting()[start : start + limit])


@router.post("/duties/{pk}/swaps", response={201: DutySwapOut}, summary="提出换班 Propose")
@allowed("liaison.swap")
def propose_duty_swap(request: StaffRequest, pk: int, body: DutySwapIn) -> Status[Swap]:
    found = _duty(request, pk)
    request.actor.must("liaison.swap", found)
    made = actions.propose_swap(found, other=_duty(request, body.other), by=request.actor)
    return Status(201, made)


@router.post("/swaps/{pk}/answer", response=DutySwapOut, summary="答复换班 Answer")
@allowed("liaison.swap")
def answer_duty_swap(request: StaffRequest, pk: int, body: SwapAnswerIn) -> Swap:
    rows = Swap.objects.visible_to(request.actor).select_related("duty__unit", "other__post")
    return actions.answer_swap(get_object_or_404(rows, pk=pk), agreed=body.agreed, by=request.actor)
