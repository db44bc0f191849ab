"""Departments' lists carried into tags, and taken back."""

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.linkage.models import DepartmentFile
from yiwang.tags import actions
from yiwang.tags.actions.rolls import must_be_carriable
from yiwang.tags.models import Roll, TagKind
from yiwang.tags.reads.rolls import carried

from .routing import Limit, router


class RollPreviewIn(Schema):
    """A matched file and the code of a kind; `complete`: who is not on it loses the tag."""

    file: int
    kind: str
    complete: bool = False


class RollIn(RollPreviewIn):
    """The same, with variant and grade where the kind has any."""

    variant: str = ""
    grade: str = ""


class RollCountsOut(Schema):
    """How many tags are set, confirmed and ended; `skipped`: gone, or a child without guardian."""

    was_set: int
    confirmed: int
    ended: int
    skipped: int


class RollOut(RollCountsOut):
    """A list carried into a tag; `left` are tags that were worked on since and stayed."""

    id: int
    file: int = Field(alias="file_id")
    kind: str
    variant: str
    grade: str
    complete: bool
    state: str
    left: int
    done_at: datetime | None

    @staticmethod
    def resolve_kind(roll: Roll) -> str:
        return roll.kind.code


def _named(request: StaffRequest, body: RollPreviewIn) -> tuple[DepartmentFile, TagKind]:
    files = DepartmentFile.objects.visible_to(request.actor)
    kinds = TagKind.objects.visible_to(request.actor)
    return get_object_or_404(files, pk=body.file), get_object_or_404(kinds, code=body.kind)


def _roll(request: StaffRequest, pk: int) -> Roll:
    rows = Roll.objects.visible_to(request.actor).select_related("file", "kind")
    return get_object_or_404(rows, pk=pk)


@router.get("/rolls", response=list[RollOut], summary="部门名单 Lists of departments")
@allowed("tags.set")
def rolls(
    request: StaffRequest, kind: str = "", state: str = "", before: int | None = None,
    limit: Limit = 25,
) -> Any:  # fmt: skip
    """Newest first; `before` is the number of the last one of the page before."""
    rows = Roll.objects.visible_to(request.actor).select_related("kind").order_by("-pk")
    wanted = {"kind__code": kind, "state": state}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return (rows.filter(pk__lt=before) if before else rows)[:limit]


@router.post("/rolls/preview", response=RollCountsOut, summary="预览 What a list would do")
@allowed("tags.set")
def preview_roll(request: StaffRequest, body: RollPreviewIn) -> dict[str, int]:
    """Counted; nothing is set."""
    file, kind = _named(request, body)
    request.actor.must("tags.set", file)
    must_be_carriable(file, kind, complete=body.complete)
    return carried(file, kind, complete=body.complete, on=timezone.localdate()).counts


@router.post("/rolls", response={201: RollOut}, summary="按名单设置 Carry a list into a tag")
@allowed("tags.set")
def carry_roll(request: StaffRequest, body: RollIn) -> Status[Roll]:
    file, kind = _named(request, body)
    said = body.dict(exclude={"file", "kind"})
    return Status(201, actions.carry_roll(file, kind=kind, **said, by=request.actor))


@router.get("/rolls/{pk}", response=RollOut, summary="一份名单 One list")
@allowed("tags.set")
def roll(request: StaffRequest, pk: int) -> Roll:
    return _roll(request, pk)


@router.post("/rolls/{pk}/undo", response=RollOut, summary="撤销名单 Take a list back")
@allowed("tags.set")
def undo_roll(request: StaffRequest, pk: int) -> Roll:
    return actions.undo_roll(_roll(request, pk), by=request.actor)
