"""The result as document, its delivery and revocation; the follow-up of bad ratings."""

import base64
import binascii
from datetime import date, datetime
from typing import Annotated, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.official import PDF, WORD, as_pdf, as_word
from yiwang.matters import actions
from yiwang.matters.actions.delivery import Receipt, hand_over
from yiwang.matters.models import FollowUp, Handover, Matter, Result
from yiwang.matters.reads.official import official_notice
from yiwang.matters.reads.results import official_result
from yiwang.matters.reads.waiting import narrowed, waiting_results, with_reminder
from yiwang.matters.rules.delivery import How, Proof

from .register import visible_matter
from .schemas import MatterOut

router = Router()


class DeliverIn(Schema):
    """How, to whom, and by what the receiver was known; `file` the signature as base64."""

    how: How
    receiver: str = Field(max_length=60)
    proof: Proof = Proof.DOCUMENT
    code: str = Field("", max_length=12)
    relation: str = Field("", max_length=12)
    witness: str = Field("", max_length=60)
    file: str = Field("", max_length=8_000_000)


class RevokeIn(Schema):
    reason: str = Field(max_length=200)


class HandoverOut(Schema):
    """The receipt, the receiver masked."""

    how: str
    proof: str
    relation: str
    scan: str

    @staticmethod
    def resolve_scan(handover: Handover) -> str:
        return handover.scan if handover.file_name else ""


class MatterResultOut(Schema):
    """The numbered answer, whether it was handed over and still holds."""

    number: str
    title: str
    granted: bool
    text: str
    issued_on: date
    unit: int = Field(alias="unit_id")
    code: str
    delivered_at: datetime | None
    revoked_at: datetime | None
    revoked_why: str
    handover: HandoverOut | None

    @staticmethod
    def resolve_handover(result: Result) -> Handover | None:
        return getattr(result, "handover", None)


class FollowUpIn(Schema):
    text: str = Field(max_length=1000)
    reason: str = Field("", max_length=500, description="居民不满意仍办结的理由")


class FollowUpOut(Schema):
    id: int
    answer: str


class WaitingResultOut(Schema):
    """A result nobody has collected: where it lies, for how many days, when it was reminded of."""

    matter: str
    item: str
    number: str
    unit: int | None
    unit_name: str
    since: datetime
    days: int
    reminded_at: datetime | None


class WaitingResultsOut(Schema):
    count: int
    results: list[WaitingResultOut]


@router.get("/waiting", response=WaitingResultsOut, summary="待领取的结果 Waiting for pick-up")
@allowed("matters.deliver")
def waiting(
    request: StaffRequest, q: str = "", own: bool = False,
    days: Annotated[int, Query(ge=0, le=3650)] = 0,
    limit: Annotated[int, Query(ge=1, le=100)] = 25, start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:  # fmt: skip
    """The longest waiting first; `own`: those the caller's unit accepted, `days`: at least so many."""
    rows = narrowed(waiting_results(request.actor, own=own), q, days)
    shown = with_reminder(rows).order_by("matter__finished_at", "pk")[start : start + limit]
    return {"count": rows.count(), "results": [_waiting(one) for one in shown]}


def _waiting(one: Any) -> dict[str, Any]:
    unit, ready = one.matter.acceptor_unit, one.matter.finished_at
    return {
        "matter": one.matter.number, "item": one.matter.item.code, "number": one.number,
        "unit": unit.pk if unit else None, "unit_name": unit.name if unit else "",
        "since": ready, "days": (timezone.now() - ready).days, "reminded_at": one.reminded_at,
    }  # fmt: skip


def _result(request: StaffRequest, number: str) -> Result:
    return get_object_or_404(Result.objects.visible_to(request.actor), matter__number=number)


@router.get("/{number}/result", response=MatterResultOut, summary="办理结果 The result")
@allowed("matters.view")
def matter_result(request: StaffRequest, number: str) -> Result:
    return _result(request, visible_matter(request, number).number)


@router.get("/{number}/result/file", response=bytes, summary="结果文书 The document")
@allowed("matters.view")
def result_document(request: StaffRequest, number: str, kind: str = "pdf") -> HttpResponse:
    """`kind` pdf or docx, in the proportions of GB/T 9704."""
    matter = visible_matter(request, number)
    found = _result(request, matter.number)
    address = request.build_absolute_uri(f"/verify/{found.code}/")
    document = official_result(matter, address, matter.resident.name)
    if kind == "docx":
        return HttpResponse(as_word(document), content_type=WORD)
    return HttpResponse(as_pdf(document), content_type=PDF)


@router.get("/{number}/notices/{what}", response=bytes, summary="告知书 An official notice")
@allowed("matters.view")
def notice_document(
    request: StaffRequest, number: str, what: str, kind: str = "pdf"
) -> HttpResponse:
    """`what` acceptance, correction or extension; `kind` pdf or docx, as GB/T 9704 has it."""
    matter = visible_matter(request, number)
    address = request.build_absolute_uri(f"/track/?number={matter.number}")
    document = official_notice(matter, what, address)
    if document is None:
        raise Http404(_("这件事没有这份告知书。"))
    if kind == "docx":
        return HttpResponse(as_word(document), content_type=WORD)
    return HttpResponse(as_pdf(document), content_type=PDF)


@router.post("/{number}/deliver", response=MatterOut, summary="送达 Deliver the result")
@allowed("matters.deliver")
def deliver(request: StaffRequest, number: str, body: DeliverIn) -> Matter:
    """At the window by code or document, at the kiosk by code, at home by signature or witness."""
    receipt = Receipt(body.proof, body.code, body.relation, body.witness, _file(body.file))
    return hand_over(
        visible_matter(request, number), how=body.how, receiver=body.receiver, receipt=receipt,
        by=request.actor,
    )  # fmt: skip


def _file(text: str) -> SimpleUploadedFile | None:
    if not text:
        return None
    try:
        return SimpleUploadedFile("receipt", base64.b64decode(text, validate=True))
    except binascii.Error:
        sentence = _("文件须是 base64。")
        raise Refused("file_type", sentence, {"file": sentence}) from None


@router.post("/{number}/revoke", response=MatterResultOut, summary="撤销结果 Revoke the result")
@allowed("matters.revoke")
def revoke(request: StaffRequest, number: str, body: RevokeIn) -> Result:
    matter = visible_matter(request, number)
    actions.revoke_result(matter, reason=body.reason, by=request.actor)
    return _result(request, matter.number)


@router.post("/{number}/follow-up", response=FollowUpOut, summary="差评整改 Answer a bad rating")
@allowed("matters.answer_follow_up")
def follow_up(request: StaffRequest, number: str, body: FollowUpIn) -> FollowUp:
    matter = visible_matter(request, number)
    found = get_object_or_404(FollowUp, rating__matter=matter)
    return actions.answer_follow_up(found, answer=body.text, reason=body.reason, by=request.actor)
