"""The API of accounts: me, posts, units, people, appointments, keys, and why someone may."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema, Status
from pydantic import Field

from yiwang.core.doors import allowed
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of

from . import actions
from .actor import Actor
from .models import ApiToken, Officer, Post, Unit, User
from .models.board import Body, Manner
from .reads import explain, network_places, people_matching, remind_until
from .roles import EVERY_RIGHT, Role

router = Router(tags=["accounts"])
PAGE = 100


class MeOut(Schema):
    name: str
    label: str
    role: str | None
    division: int
    rights: list[str]


class UnitOut(Schema):
    id: int
    code: str
    number: str
    name: str
    printed_name: str = Field(alias="name_with_former")
    name_en: str
    unit_class: str
    plan_names: list[str]
    division_id: int
    closed_on: date | None
    hours: dict[str, list[list[str]]]
    hours_note: str


class HoursIn(Schema):
    """Spans by kind of day: work, saturday, sunday, holiday; `[["08:30", "12:00"], …]`."""

    hours: dict[str, list[list[str]]] = Field(
        examples=[{"work": [["08:30", "12:00"], ["14:00", "17:30"]]}]
    )
    note: str = Field("", max_length=100)


class OfficerIn(Schema):
    body: Body
    position: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=60)
    manner: Manner
    starts_on: date
    ends_on: date | None = None
    phone: str = Field("", max_length=20, pattern=r"^[0-9+\- ]{0,20}$")
    published: bool = False


class OfficerMade(OfficerIn):
    division: int


class OfficerOut(OfficerIn):
    id: int
    division_id: int
    left_on: date | None


class LeaveIn(Schema):
    on: date
    reason: str = Field("", max_length=200)


class PostOut(Schema):
    id: int
    user_id: int
    person: str = Field(alias="user.name")
    unit_id: int
    division_id: int
    role: str
    starts_on: date
    ends_on: date | None
    ended_at: datetime | None
    handed_over: dict[str, int]


class PersonOut(Schema):
    id: int
    name: str
    username: str
    is_active: bool
    last_login: datetime | None


class PeopleSearchIn(Schema):
    """Whom to look for; sent as a body, so that no name stands in an address or a log."""

    text: str = Field(min_length=1, max_length=60)
    after: int = 0


class PersonIn(Schema):
    division: int
    name: str = Field(min_length=1, max_length=60)
    username: str = Field(pattern=r"^[a-z][a-z0-9._-]{2,29}$")
    phone: str = Field("", max_length=20)


class PersonMade(PersonOut):
    temporary_password: str = ""


class PostIn(Schema):
    unit: int
    person: int
    role: Role
    starts_on: date
    ends_on: date | None = None
    manner: str = Field("", max_length=40)


class EndIn(Schema):
    on: date
    successor: int | None = None
    reason: str = Field("", max_length=200)


class VacancyOut(Schema):
    """A place without a network administrator, and the last day of whoever was there."""

    key: int
    name: str
    level: int
    last_day: date | None


class TokenIn(Schema):
    post: int
    name: str = Field(min_length=1, max_length=80)
    scopes: list[str] = Field(min_length=1)
    per_minute: int = Field(ge=1, le=6000)
    expires_on: date


class TokenOut(Schema):
    id: int
    name: str
    hint: str
    post_id: int
    scopes: list[str]
    per_minute: int
    expires_on: date
    revoked_at: datetime | None


class TokenMade(TokenOut):
    secret: str = ""


class WhyOut(Schema):
    allowed: bool
    why: str
    who_can: str
    roles: list[str]


def _actor(request: HttpRequest) -> Actor:
    """The actor of the call."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@router.get("/me", response=MeOut, summary="Who acts in this call, and with what rights")
def me(request: HttpRequest) -> dict[str, Any]:
    actor = _actor(request)
    return {
        "name": actor.name,
        "label": actor.label,
        "role": actor.role,
        "division": actor.division_id,
        "rights": sorted(actor.rights),
    }


@router.get("/units", response=list[UnitOut], summary="Units by division, code or plan name")
@allowed("divisions.view")
def units(
    request: HttpRequest, division: int | None = None, code: str = "", plan_name: str = "",
    after: int = 0,
) -> list[Unit]:  # fmt: skip
    rows = Unit.objects.visible_to(_actor(request)).open().filter(pk__gt=after)
    if division is not None:
        rows = rows.filter(division_id=division)
    if code:
        rows = rows.filter(code=code)
    if plan_name:
        rows = rows.filter(plan_names__contains=[plan_name])
    return list(rows.order_by("pk")[:PAGE])


@router.put("/units/{pk}/hours", response=UnitOut, summary="When a unit is open")
@allowed("accounts.hours")
def unit_hours(request: HttpRequest, pk: int, body: HoursIn) -> Unit:
    actor = _actor(request)
    unit = get_object_or_404(Unit.objects.visible_to(actor), pk=pk)
    return actions.set_hours(unit, hours=body.hours, remark=body.note, by=actor)


@router.get("/board", response=list[OfficerOut], summary="Who is in office in the area")
@allowed("divisions.view")
def board(
    request: HttpRequest, division: int | None = None, body: Body | None = None,
    ending: bool = False, after: int = 0,
) -> list[Officer]:  # fmt: skip
    today = timezone.localdate()
    rows = Officer.objects.visible_to(_actor(request)).in_office(today).filter(pk__gt=after)
    if division is not None:
        rows = rows.within(range_of(division))
    if body is not None:
        rows = rows.filter(body=body)
    if ending:
        rows = rows.ending(remind_until(today))
    return list(rows.order_by("pk")[:PAGE])


@router.post("/board", response={201: OfficerOut}, summary="Write somebody onto the board")
@allowed("accounts.board")
def officer_new(request: HttpRequest, body: OfficerMade) -> Any:
    actor, facts = _actor(request), body.dict()
    place = get_object_or_404(Division.objects.visible_to(actor), pk=facts.pop("division"))
    return Status(201, actions.take_office(place, **facts, by=actor))


@router.put("/board/{pk}", response=OfficerOut, summary="Correct or publish a line of the board")
@allowed("accounts.board")
def officer_change(request: HttpRequest, pk: int, body: OfficerIn) -> Officer:
    actor = _actor(request)
    officer = get_object_or_404(Officer.objects.visible_to(actor), pk=pk)
    return actions.change_officer(officer, **body.dict(), by=actor)


@router.post("/board/{pk}/leave", response=OfficerOut, summary="Leave the office")
@allowed("accounts.board")
def officer_leave(request: HttpRequest, pk: int, body: LeaveIn) -> Officer:
    actor = _actor(request)
    officer = get_object_or_404(Officer.objects.visible_to(actor), pk=pk)
    return actions.leave_office(officer, on=body.on, reason=body.reason, by=actor)


@router.get("/people", response=list[PersonOut], summary="People with a post in the area")
@allowed("accounts.view")
def people(request: HttpRequest, after: int = 0) -> list[User]:
    rows = User.objects.visible_to(_actor(request)).filter(pk__gt=after)
    return list(rows.order_by("pk")[:PAGE])


@router.post("/people/search", response=list[PersonOut], summary="Find people with a post")
@allowed("accounts.view")
def people_search(request: HttpRequest, body: PeopleSearchIn) -> list[User]:
    """By name, pinyin or user name, sent as a body; `after` is the number of the last one."""
    rows = people_matching(User.objects.visible_to(_actor(request)), body.text)
    return list(rows.filter(pk__gt=body.after).order_by("pk")[:PAGE])


@router.post("/people", response={201: PersonMade}, summary="Open an account")
@allowed("accounts.manage")
def person_new(request: HttpRequest, body: PersonIn) -> Any:
    facts = body.dict()
    actor = _actor(request)
    place = get_object_or_404(Division.objects.visible_to(actor), pk=facts.pop("division"))
    return Status(201, actions.create_person(place, **facts, by=actor))


@router.get("/posts", response=list[PostOut], summary="Posts in force in the area")
@allowed("accounts.view")
def posts(request: HttpRequest, role: Role | None = None, after: int = 0) -> list[Post]:
    actor = _actor(request)
    rows = Post.objects.visible_to(actor).held_on(timezone.localdate()).filter(pk__gt=after)
    if role is not None:
        rows = rows.filter(role=role)
    return list(rows.select_related("user").order_by("pk")[:PAGE])


@router.get(
    "/vacancies", response=list[VacancyOut], summary="Places without a network administrator"
)
@allowed("accounts.view")
def vacancies(request: HttpRequest, tier: int | None = None, after: int = 0) -> QuerySet[Any]:
    actor = _actor(request)
    mine = Division.objects.visible_to(actor).within(actor.see)
    rows = network_places(mine, timezone.localdate()).filter(vacant=True, pk__gt=after)
    return (rows.filter(level=tier) if tier is not None else rows).order_by("pk")[:PAGE]


@router.post("/posts", response={201: PostOut}, summary="Appoint a person")
@allowed("accounts.manage")
def appoint(request: HttpRequest, body: PostIn) -> Any:
    actor, facts = _actor(request), body.dict()
    unit = get_object_or_404(Unit.objects.visible_to(actor), pk=facts.pop("unit"))
    person = get_object_or_404(User.objects.visible_to(actor), pk=facts.pop("person"))
    return Status(201, actions.appoint(unit, person=person, **facts, by=actor))


@router.post("/posts/{pk}/end", response=PostOut, summary="End a post and hand its work over")
@allowed("accounts.manage")
def end_post(request: HttpRequest, pk: int, body: EndIn) -> Post:
    actor = _actor(request)
    rows = Post.objects.visible_to(actor).select_related("user", "unit")
    post = get_object_or_404(rows, pk=pk)
    successor = get_object_or_404(rows, pk=body.successor) if body.successor else None
    return actions.end_post(post, on=body.on, successor=successor, reason=body.reason, by=actor)


@router.get("/tokens", response=list[TokenOut], summary="Keys of other systems")
@allowed("accounts.tokens")
def tokens(request: HttpRequest) -> list[ApiToken]:
    actor = _actor(request)
    return list(ApiToken.objects.visible_to(actor)[:PAGE])


@router.post("/tokens", response={201: TokenMade}, summary="Issue a key; the secret comes once")
@allowed("accounts.tokens")
def token_new(request: HttpRequest, body: TokenIn) -> Any:
    actor, facts = _actor(request), body.dict()
    rows = Post.objects.visible_to(actor).select_related("user", "unit")
    post = get_object_or_404(rows, pk=facts.pop("post"))
    return Status(201, actions.issue_token(post, **facts, by=actor))


@router.post("/tokens/{pk}/revoke", response=TokenOut, summary="Stop a key at once")
@allowed("accounts.tokens")
def token_revoke(request: HttpRequest, pk: int) -> ApiToken:
    actor = _actor(request)
    token = get_object_or_404(ApiToken.objects.visible_to(actor).select_related("post"), pk=pk)
    return actions.revoke_token(token, by=actor)


@router.get("/why", response=WhyOut, summary="May the holder of a post do this there, and why")
@allowed("accounts.explain")
def why(request: HttpRequest, post: int, right: str, division: int) -> dict[str, Any]:
    actor = _actor(request)
    if right not in EVERY_RIGHT:
        raise Http404
    rows = Post.objects.visible_to(actor).select_related("user", "unit")
    asked = get_object_or_404(rows, pk=post)
    place = get_object_or_404(Division.objects.visible_to(actor), pk=division)
    found = explain(asked, right, place, on=timezone.localdate())
    held = asked.is_held(timezone.localdate())
    return {
        "allowed": found.verdict.allowed and held,
        "why": found.verdict.why,
        "who_can": found.verdict.who_can,
        "roles": [role.value for role in found.roles],
    }
