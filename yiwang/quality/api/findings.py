"""Findings and their corrections."""

from datetime import datetime
from typing import Annotated

from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import file_answer
from yiwang.quality import actions
from yiwang.quality.forms.filters import FindingFilter
from yiwang.quality.models import Finding

router = Router()
Limit = Annotated[int, Query(ge=1, le=100)]
Start = Annotated[int, Query(ge=0, le=100_000)]


class QualityFindingOut(Schema):
    """A finding with its correction."""

    id: int
    unit: int = Field(alias="unit_id")
    provider: int | None = Field(alias="provider_id")
    check: int = Field(alias="source_id")
    point: str
    text: str
    consequence: str
    repeated: bool
    state: str
    issued_at: datetime
    due_at: datetime
    action: str
    corrected_at: datetime | None
    recheck: str
    rechecked_at: datetime | None
    told_at: datetime | None
    told_place: int | None = Field(alias="told_place_id")
    holds_settlement: bool


class RecheckIn(Schema):
    """Whether it is right now."""

    passed: bool
    text: str = Field(max_length=500)


@router.get("/findings", response=list[QualityFindingOut], summary="检查问题 Findings")
@allowed("quality.view")
def findings(
    request: StaffRequest, q: str = "", state: str = "", repeated: bool = False,
    start: Start = 0, limit: Limit = 25,
) -> list[Finding]:  # fmt: skip
    """The nearest limit first; `state` also takes missed and held."""
    form = FindingFilter({"q": q, "state": state, "repeated": "1" if repeated else ""})
    rows = form.narrowed(Finding.objects.visible_to(request.actor))
    return list(rows[start : start + limit])


def _finding(request: StaffRequest, pk: int) -> Finding:
    return get_object_or_404(Finding.objects.visible_to(request.actor), pk=pk)


@router.get("/findings/{pk}", response=QualityFindingOut, summary="一个问题 One finding")
@allowed("quality.view")
def one_finding(request: StaffRequest, pk: int) -> Finding:
    return _finding(request, pk)


@router.get("/findings/{pk}/proof", summary="整改证明 Proof")
@allowed("quality.view")
def finding_proof(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The file, under its real type."""
    found = _finding(request, pk)
    if not found.digest:
        raise Http404(_("还没有整改证明。"))
    return file_answer(found, found.file_name.rpartition(".")[0])


@router.post("/findings/{pk}/correct", response=QualityFindingOut, summary="整改 Correct")
@allowed("quality.correct")
def correct_with_proof(
    request: StaffRequest,
    pk: int,
    action: Annotated[str, Form(max_length=1000)] = "",
    file: Annotated[UploadedFile | None, File()] = None,
) -> Finding:
    """As a form with a photo or PDF as proof."""
    found = _finding(request, pk)
    return actions.correct_finding(found, action=action, upload=file, by=request.actor)


@router.post("/findings/{pk}/recheck", response=QualityFindingOut, summary="复查 Recheck")
@allowed("quality.check")
def recheck(request: StaffRequest, pk: int, body: RecheckIn) -> Finding:
    """Right, and it is closed; else it goes back with a new limit."""
    return actions.recheck_finding(_finding(request, pk), **body.dict(), by=request.actor)
