"""Tags for other systems: kinds with counts, people by tag, setting and ending; masked."""

from datetime import date
from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Query, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.divisions.models import Division
from yiwang.residents.models import Resident
from yiwang.tags import actions
from yiwang.tags.models import RuleRun, Tag, TagException, TagKind, VisitList
from yiwang.tags.reads import Asked, kinds_with_counts, listed, people_with_tag, tags_of

from .routing import Limit, router


class KindOut(Schema):
    """A kind of tag as in force."""

    id: int
    code: str
    number: int
    name: str
    name_en: str
    group: str
    sensitive: bool
    evidence: str
    variants: list[dict[str, str]]
    grades: list[dict[str, str]]
    validity_months: int | None
    rule: dict[str, Any]
    active: bool


class CountOut(Schema):
    """A kind with its live tags in a place."""

    kind: KindOut
    people: int
    expiring: int
    due: int


class KindIn(Schema):
    """A kind or its new version; `content` holds the fields to change."""

    code: str
    content: dict[str, Any]


class TaggedOut(Schema):
    """A person of a list, masked; of a child under fourteen only the surname."""

    id: int
    division: int
    name: str
    phone: str
    age: int | None
    minor: bool


class PeopleOut(Schema):
    """Some people with a tag, and the cursor of the next page."""

    people: list[TaggedOut]
    next: str | None


class TagOut(Schema):
    """One tag of a resident."""

    id: int
    kind: str
    variant: str
    grade: str
    since: date
    valid_until: date | None
    confirmed_on: date
    ended_on: date | None
    end_reason: str
    automatic: bool
    facts: dict[str, Any]

    @staticmethod
    def resolve_kind(tag: Tag) -> str:
        return tag.kind.code


class TagIn(Schema):
    """A tag to be set; the evidence the kind asks for."""

    kind: str
    since: date | None = None
    variant: str = ""
    grade: str = ""
    evidence: str = ""
    valid_until: date | None = None
    guardian: str = ""


class TagConfirmIn(Schema):
    """Still right, and until when."""

    evidence: str = ""
    valid_until: date | None = None


class TagEndIn(Schema):
    """No longer right: since when and why."""

    reason: str
    on: date | None = None


class TagReasonIn(Schema):
    """Why somebody looks."""

    reason: str


class ExceptIn(Schema):
    """The kind whose rule is wrong for her, and why."""

    kind: str
    reason: str


class ExceptionOut(Schema):
    """An exception from a rule."""

    id: int
    resident: int = Field(alias="resident_id")
    kind: str
    reason: str
    since: date
    lifted_on: date | None

    @staticmethod
    def resolve_kind(one: TagException) -> str:
        return one.kind.code


class TagRunOut(Schema):
    """A run of the rules: pairs of set and ended by kind."""

    id: int
    division: int = Field(alias="division_id")
    on: date
    was_set: int
    was_ended: int
    counts: dict[str, list[int]]


class PeopleIn(Schema):
    """What a list of people is narrowed by."""

    place: int | None = None
    house: str = ""
    variant: str = ""
    grade: str = ""
    age_from: int | None = None
    age_below: int | None = None
    since_from: date | None = None
    since_to: date | None = None
    due: str = ""
    unvisited_days: int | None = None


class VisitListOut(Schema):
    """A visit list: who is on it, who was visited."""

    id: int
    division: int = Field(alias="division_id")
    title: str
    kind: str
    due_on: date | None
    stops: list[dict[str, Any]]

    @staticmethod
    def resolve_kind(one: VisitList) -> str:
        return one.kind.code

    @staticmethod
    def resolve_stops(one: VisitList) -> list[dict[str, Any]]:
        rows = one.stops.standing().values("pk", "order", "resident_id", "visited_on")
        return [
            {"id": row["pk"], "order": row["order"], "resident": row["resident_id"],
             "visited_on": row["visited_on"]}
            for row in rows
        ]  # fmt: skip


class VisitListIn(Schema):
    """The people of a list, in its order."""

    division: int
    kind: str
    residents: list[int]
    title: str = ""
    due_on: date | None = None


class VisitIn(Schema):
    """One visit of a list."""

    stop: int
    on: date | None = None
    text: str = ""


def _kind(request: StaffRequest, code: str) -> TagKind:
    return get_object_or_404(TagKind.objects.visible_to(request.actor), code=code)


def _resident(request: StaffRequest, pk: int) -> Resident:
    people = Resident.objects.visible_to(request.actor).not_withdrawn()
    return get_object_or_404(people, pk=pk)


def _tag(request: StaffRequest, pk: int) -> Tag:
    tags = Tag.objects.visible_to(request.actor).select_related("kind")
    return get_object_or_404(tags, pk=pk)


def _visit_list(request: StaffRequest, pk: int) -> VisitList:
    rows = VisitList.objects.visible_to(request.actor).select_related("kind")
    return get_object_or_404(rows, pk=pk)


@router.get("/kinds", response=list[CountOut], summary="标签种类与人数 Kinds with counts")
@allowed("tags.view")
def kinds(request: StaffRequest, place: int | None = None) -> list[Any]:
    """Kinds the caller may know of; `place` narrows the counts to a division and all below."""
    key = place if request.actor.see.holds(place) else request.actor.division_id
    return kinds_with_counts(request.actor, key or 0, timezone.localdate())


@router.post("/kinds", response={201: KindOut}, summary="新增或修改种类 Add or change a kind")
@allowed("tags.kinds")
def save_kind(request: StaffRequest, body: KindIn) -> Status[TagKind]:
    city = get_object_or_404(Division.objects.visible_to(request.actor), pk=settings.CITY)
    saved = actions.save_kind(city, code=body.code, content=body.content, by=request.actor)
    return Status(201, saved)


@router.get("/kinds/{pk}/people", response=PeopleOut, summary="名单 People by tag")
@allowed("tags.view")
def people(
    request: StaffRequest,
    pk: int,
    asked: Query[PeopleIn],
    after: int = 0,
    limit: Limit = 25,
) -> dict[str, Any]:
    """By number; looking at a sensitive list is journaled."""
    kind = get_object_or_404(TagKind.objects.visible_to(request.actor), pk=pk)
    found = people_with_tag(kind, request.actor, timezone.localdate(), Asked(**asked.dict()))
    page = list(found.filter(pk__gt=after).order_by("pk")[: limit + 1])
    if kind.sensitive:
        place = get_object_or_404(Division, pk=request.actor.division_id)
        facts = {"kind": kind.code, "rows": len(page[:limit])}
        record_line("tags.read_list", place, request.actor, facts)
    more = str(page[limit - 1].pk) if len(page) > limit else None
    return {"people": [_person(one) for one in page[:limit]], "next": more}


def _person(resident: Resident) -> dict[str, Any]:
    shown = listed(resident)
    return {
        "id": resident.pk, "division": resident.division_id, "name": shown.name,
        "phone": shown.phone, "age": resident.age(), "minor": shown.minor,
    }  # fmt: skip


@router.post("/recompute", response=TagRunOut, summary="运行规则 Run the rules")
@allowed("tags.recompute")
def run_rules(request: StaffRequest) -> RuleRun:
    place = get_object_or_404(Division, pk=request.actor.division_id)
    return actions.recompute(place, by=request.actor)


@router.get("/residents/{pk}", response=list[TagOut], summary="居民的标签 Tags of a resident")
@allowed("tags.view")
def of_resident(request: StaffRequest, pk: int) -> list[Tag]:
    """Without the sensitive ones; these are given for a reason, see reveal."""
    tags = tags_of(_resident(request, pk), request.actor)
    return [tag for tag in tags if not tag.kind.sensitive]


@router.post("/residents/{pk}", response={201: TagOut}, summary="设置标签 Set a tag")
@allowed("tags.set")
def set_tag(request: StaffRequest, pk: int, body: TagIn) -> Status[Tag]:
    person, kind = _resident(request, pk), _kind(request, body.kind)
    said = body.dict(exclude={"kind"})
    return Status(201, actions.set_tag(person, kind=kind, **said, by=request.actor))


@router.post("/residents/{pk}/reveal", response=list[TagOut], summary="查看敏感标签 Reveal")
@allowed("tags.reveal")
def reveal(request: StaffRequest, pk: int, body: TagReasonIn) -> list[Tag]:
    person = actions.reveal_tags(_resident(request, pk), reason=body.reason, by=request.actor)
    return tags_of(person, request.actor)


@router.post("/residents/{pk}/except", response={201: ExceptionOut}, summary="规则例外 Except")
@allowed("tags.set")
def except_from_rule(request: StaffRequest, pk: int, body: ExceptIn) -> Status[TagException]:
    person, kind = _resident(request, pk), _kind(request, body.kind)
    made = actions.except_from_rule(person, kind=kind, reason=body.reason, by=request.actor)
    return Status(201, made)


@router.post("/visit-lists", response={201: VisitListOut}, summary="生成走访单 Visit list")
@allowed("tags.visit")
def make_visit_list(request: StaffRequest, body: VisitListIn) -> Status[VisitList]:
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=body.division)
    known = Resident.objects.visible_to(request.actor).live().in_bulk(body.residents)
    made = actions.make_visit_list(
        place, kind=_kind(request, body.kind), title=body.title, due_on=body.due_on,
        residents=[known[pk] for pk in body.residents if pk in known], by=request.actor,
    )  # fmt: skip
    return Status(201, made)


@router.get("/visit-lists/{pk}", response=VisitListOut, summary="走访单 One visit list")
@allowed("tags.view")
def visit_list(request: StaffRequest, pk: int) -> VisitList:
    return _visit_list(request, pk)


@router.post("/visit-lists/{pk}/visited", response=VisitListOut, summary="登记走访 Visited")
@allowed("tags.visit")
def visited(request: StaffRequest, pk: int, body: VisitIn) -> VisitList:
    found = _visit_list(request, pk)
    return actions.record_visit(found, **body.dict(), by=request.actor)


@router.post("/{pk}/confirm", response=TagOut, summary="复核标签 Confirm")
@allowed("tags.set")
def confirm(request: StaffRequest, pk: int, body: TagConfirmIn) -> Tag:
    return actions.confirm_tag(_tag(request, pk), **body.dict(), by=request.actor)


@router.post("/{pk}/end", response=TagOut, summary="结束标签 End")
@allowed("tags.set")
def end(request: StaffRequest, pk: int, body: TagEndIn) -> Tag:
    return actions.end_tag(_tag(request, pk), **body.dict(), by=request.actor)
