"""Divisions over the API: reading is open to everybody, changing asks the same rights as pages."""

from datetime import date
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from yiwang.core.acts import Actor
from yiwang.core.doors import allowed

from .actions import (
    Decision,
    NewName,
    NewPlace,
    Part,
    Way,
    abolish_division,
    decide_review,
    establish_division,
    merge_divisions,
    move_division,
    recode_division,
    rename_division,
    rename_divisions,
    split_division,
)
from .models import Change, Division, Review
from .reads import lineage, named_on, places_on, search
from .rules.matching import Listed

router = Router(tags=["divisions"])
MOST = 200


class Place(Schema):
    key: int
    parent: int | None = Field(None, alias="parent_id")
    level: int
    name: str
    short_name: str
    name_en: str
    former_name: str
    pinyin: str
    kind: str
    placeholder: bool
    urban_core: bool
    kiosk_phase: int | None = None
    settlement: str
    valid_from: date | None = None
    valid_to: date | None = None


class Code(Schema):
    scheme: str
    code: str
    valid_from: date | None = None
    valid_to: date | None = None


class PlaceDetail(Place):
    centre: list[float] | None = None
    codes: list[Code]


class Places(Schema):
    items: list[Place]
    next: int | None = None


class Asked(Schema):
    q: str = ""
    level: int | None = None
    parent: int | None = None
    as_of: date | None = None
    after: int = 0
    limit: int = Field(50, ge=1, le=MOST)


class Descent(Schema):
    predecessor: int
    predecessor_name: str
    successor: int
    successor_name: str
    type: str
    effective_on: date
    document: str


class Line(Schema):
    before: list[Descent]
    after: list[Descent]


class ChangeOut(Schema):
    id: int
    type: str
    effective_on: date
    document: str
    division: int = Field(alias="division_id")
    note: str
    facts: dict[str, Any]


class Changes(Schema):
    items: list[ChangeOut]
    next: int | None = None


class NewPlaceIn(Schema):
    name: str = Field(max_length=60)
    code: str = ""
    kind: str = ""

    def made(self) -> NewPlace:
        return NewPlace(self.name, self.code, self.kind)


class PartIn(NewPlaceIn):
    children: list[int] = []


class RowIn(Schema):
    code: str = Field(pattern=r"^\d{2,12}$")
    name: str = Field(max_length=60)


class RenameIn(Schema):
    division: int
    name: str = Field(max_length=60)
    code: str = Field("", pattern=r"^\d{0,12}$")


class RenamesIn(Schema):
    """Many renamings of places under `division`, by one document."""

    division: int
    document: str = Field(max_length=120)
    effective_on: date
    note: str = ""
    rows: list[RenameIn] = Field(min_length=1, max_length=5000)


class ChangeIn(Schema):
    """One change. `division` is the place changed, or for `establish` and `merge` the parent."""

    type: Literal["establish", "abolish", "merge", "split", "move", "rename", "recode"]
    division: int
    document: str = Field(max_length=120)
    effective_on: date
    note: str = ""
    place: NewPlaceIn | None = None
    merged: list[int] = []
    into: int | None = None
    parts: list[PartIn] = []
    listing: list[RowIn] = []

    def decision(self) -> Decision:
        return Decision(self.document, self.effective_on, self.note)

    def new(self) -> NewPlace:
        return self.place.made() if self.place else NewPlace("")


class ReviewOut(Schema):
    id: int
    division: int = Field(alias="division_id")
    topic: str
    question: str
    candidates: list[int]
    state: str
    decision: dict[str, Any] | None = None


class ReviewDecideIn(Schema):
    way: Way
    heir: int | None = None
    document: str = ""
    effective_on: date | None = None
    reason: str = ""


@router.get("/", auth=None, response=Places, summary="区划列表与搜索")
def find(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Places by words, level and parent, as of a day; pages by key."""
    rows = search(asked.q, asked.as_of) if asked.q else places_on(asked.as_of)
    if asked.parent is not None:
        rows = rows.filter(parent_id=asked.parent)
    elif not asked.q:
        rows = rows.under(settings.CITY)
    if asked.level is not None:
        rows = rows.filter(level=asked.level)
    return _page(rows.filter(pk__gt=asked.after), asked)


def _page(rows: Any, asked: Asked) -> dict[str, Any]:
    found = list(rows.defer("boundary").order_by("key")[: asked.limit + 1])
    more = len(found) > asked.limit
    items = named_on(found[: asked.limit], asked.as_of)
    return {"items": items, "next": items[-1].pk if more else None}


@router.get("/changes", auth=None, response=Changes, summary="区划变更")
def changes(
    request: HttpRequest, kind: str = "", division: int | None = None, before: int = 0
) -> dict[str, Any]:
    """Changes, newest record first; `before` is the id to go on from."""
    rows = Change.objects.public().order_by("-pk")
    rows = rows.filter(type=kind) if kind else rows
    rows = rows.filter(division_id=division) if division else rows
    found = list((rows.filter(pk__lt=before) if before else rows)[:51])
    return {"items": found[:50], "next": found[49].pk if len(found) > 50 else None}


@router.post("/changes", response=ChangeOut, summary="办理区划变更")
@allowed("divisions.change")
def make_change(request: HttpRequest, body: ChangeIn) -> Change:
    """Do one change; 409 with a code when a rule refuses it."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    division = _place(body.division)
    return _CHANGES[body.type](division, body, by)


@router.post("/renames", response=list[ChangeOut], summary="按名单更名")
@allowed("divisions.change")
def rename_many(request: HttpRequest, body: RenamesIn) -> list[Change]:
    """Rename many places under one by one decision, all or none; 409 names the line at fault."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    names = [
        NewName(at, _place(row.division), row.name, row.code) for at, row in enumerate(body.rows, 1)
    ]
    decision = Decision(body.document, body.effective_on, body.note)
    return rename_divisions(_place(body.division), names=names, decision=decision, by=by)


@router.get("/reviews", response=list[ReviewOut], summary="待核对区划")
@allowed("divisions.review")
def reviews(request: HttpRequest, state: str = "open") -> list[Review]:
    """Questions in the area of the caller."""
    actor = request.actor  # type: ignore[attr-defined]
    rows = Review.objects.visible_to(actor).filter(state=state).select_related("division")
    return list(rows[:MOST])


@router.post("/reviews/{pk}", response=ReviewOut, summary="处理待核对区划")
@allowed("divisions.review")
def decide(request: HttpRequest, pk: int, body: ReviewDecideIn) -> Review:
    """Settle one question."""
    actor = request.actor  # type: ignore[attr-defined]
    review = get_object_or_404(Review.objects.visible_to(actor).select_related("division"), pk=pk)
    heir = _place(body.heir) if body.heir else None
    decision = Decision(body.document, body.effective_on)
    return decide_review(
        review, way=body.way, heir=heir, decision=decision, reason=body.reason, by=actor
    )


@router.get("/{key}", auth=None, response=PlaceDetail, summary="一个区划")
def one(request: HttpRequest, key: int, as_of: date | None = None) -> Division:
    """A place with its codes; with `as_of`, named as on that day, 404 when it was not there."""
    rows = Division.objects.on(as_of) if as_of else Division.objects.public()
    division = get_object_or_404(rows, pk=key)
    named_on([division], as_of)
    return division


@router.get("/{key}/children", auth=None, response=Places, summary="下级区划")
def children(request: HttpRequest, key: int, asked: Query[Asked]) -> dict[str, Any]:
    """The places directly under one, as of a day."""
    get_object_or_404(Division.objects.public(), pk=key)
    return _page(places_on(asked.as_of).filter(parent_id=key, pk__gt=asked.after), asked)


@router.get("/{key}/lineage", auth=None, response=Line, summary="沿革")
def descent(request: HttpRequest, key: int) -> dict[str, Any]:
    """All predecessors and successors, to any depth."""
    back, onward = lineage(get_object_or_404(Division.objects.public(), pk=key))
    return {"before": [_step(step) for step in back], "after": [_step(step) for step in onward]}


def _step(step: Any) -> dict[str, Any]:
    return {
        "predecessor": step.predecessor.pk, "predecessor_name": step.predecessor.name,
        "successor": step.successor.pk, "successor_name": step.successor.name,
        "type": step.change.type, "effective_on": step.change.effective_on,
        "document": step.change.document,
    }  # fmt: skip


def _place(key: int | None) -> Division:
    return get_object_or_404(Division.objects.public(), pk=key)


def _establish(division: Division, body: ChangeIn, by: Actor) -> Change:
    return establish_division(division, place=body.new(), decision=body.decision(), by=by)


def _abolish(division: Division, body: ChangeIn, by: Actor) -> Change:
    heir = _place(body.into) if body.into else None
    return abolish_division(division, heir=heir, decision=body.decision(), by=by)


def _merge(division: Division, body: ChangeIn, by: Actor) -> Change:
    merged = [_place(key) for key in body.merged]
    into = _place(body.into) if body.into else body.new()
    return merge_divisions(
        division, merged=merged, into=into, listing=_listed(body), decision=body.decision(), by=by
    )


def _split(division: Division, body: ChangeIn, by: Actor) -> Change:
    parts = [Part(part.made(), tuple(part.children)) for part in body.parts]
    return split_division(division, parts=parts, decision=body.decision(), by=by)


def _move(division: Division, body: ChangeIn, by: Actor) -> Change:
    code = body.place.code if body.place else ""
    to = _place(body.into)
    return move_division(division, to=to, code=code, decision=body.decision(), by=by)


def _rename(division: Division, body: ChangeIn, by: Actor) -> Change:
    new = body.new()
    return rename_division(division, name=new.name, code=new.code, decision=body.decision(), by=by)


def _recode(division: Division, body: ChangeIn, by: Actor) -> Change:
    new = body.new()
    return recode_division(
        division, code=new.code, name=new.name, listing=_listed(body), decision=body.decision(),
        by=by,
    )  # fmt: skip


def _listed(body: ChangeIn) -> list[Listed]:
    return [Listed(row.code.ljust(12, "0"), row.name) for row in body.listing]


_CHANGES = {
    "establish": _establish, "abolish": _abolish, "merge": _merge, "split": _split,
    "move": _move, "rename": _rename, "recode": _recode,
}  # fmt: skip
