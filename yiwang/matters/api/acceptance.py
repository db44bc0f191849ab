"""Accepting through the API: what is known and what is asked, the matter itself, its documents (INF-08)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import ValidationError

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.matters import actions
from yiwang.matters.actions.acceptance import NOBODY, Agent
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.forms.answers import OPTIONAL
from yiwang.matters.forms.filled import Sent, filled
from yiwang.matters.models import Material, Matter
from yiwang.matters.reads import Planned, planned
from yiwang.matters.reads.asking import Asking
from yiwang.matters.reads.papers import PaperLine, fault_of_upload
from yiwang.residents.models import Resident
from yiwang.residents.reads import dictionary

from .register import router as register
from .register import visible_matter
from .schemas import Accepted, AcceptIn, MatterOut
from .steps import CorrectIn

router = Router()
Codes = Annotated[list[str], Form()]
Files = Annotated[list[UploadedFile], File()]


class AskIn(Schema):
    """Whom the form is for, and what she has said so far: an answer may open another question."""

    item: str = Field(max_length=60)
    resident: int
    answers: dict[str, str] = {}
    confirmed: list[str] = []
    variant: str = Field("", max_length=40)


class KnownOut(Schema):
    """One item that is taken over; `fresh` false has to be confirmed or answered anew."""

    code: str
    label: str
    masked: str
    source: str
    collected_on: date
    fresh: bool


class ChoiceOfItemOut(Schema):
    code: str
    label: str


class AskedOut(Schema):
    """One item that is to be answered."""

    code: str
    label: str
    type: str
    required: bool
    choices: list[ChoiceOfItemOut]
    decides: bool = Field(description="回答会决定是否还问别的信息项")


class LimitedOut(Schema):
    code: str
    label: str
    why: str


class MaterialAskedOut(Schema):
    """One document: `state` waived, on_file or needed."""

    code: str
    name: str
    required: bool
    state: str
    why: str


class AskingOut(Schema):
    """The form for one person: what is known, what is asked, what may yet be."""

    total: int
    known: list[KnownOut]
    asked: list[AskedOut]
    maybe: list[str]
    limited: list[LimitedOut]
    materials: list[MaterialAskedOut]
    variant_needed: bool


@router.post("/form", response=AskingOut, summary="已知与要问的信息 What is known and asked")
@allowed("matters.accept")
def asking(request: StaffRequest, body: AskIn) -> dict[str, Any]:
    """Ask before accepting; nothing is written. Send the answers so far to learn what they open."""
    people = Resident.objects.searchable_by(request.actor)
    person = get_object_or_404(people, pk=body.resident)
    sent = Sent(body.answers, body.confirmed, variant=body.variant)
    found = Asking(planned(body.item), person, sent.typed())
    return asking_of(found, body.answers)


def asking_of(found: Asking, answers: Mapping[str, str]) -> dict[str, Any]:
    """The form as the API tells it."""
    left = [code for code in found.asked if not answers.get(code)]
    return {
        "total": len(found.codes),
        "known": [_known(found, one) for one in found.known],
        "asked": [_asked(code, found.deciding) for code in left],
        "maybe": found.maybe,
        "limited": [
            {"code": one.code, "label": one.label, "why": why} for one, why in found.left_out
        ],
        "materials": [_paper(one) for one in found.papers],
        "variant_needed": found.variant_missing,
    }


def _known(asking: Asking, one: Any) -> dict[str, Any]:
    return {
        "code": one.code, "label": one.field.label, "masked": one.masked,
        "source": one.source, "collected_on": one.collected_on, "fresh": asking.is_fresh(one),
    }  # fmt: skip


def _asked(code: str, decides: set[str]) -> dict[str, Any]:
    item = dictionary()[code]
    choices = [{"code": one.code, "label": one.label} for one in item.choices]
    return {
        "code": code, "label": item.label, "type": item.type, "required": code not in OPTIONAL,
        "choices": choices, "decides": code in decides,
    }  # fmt: skip


def _paper(line: PaperLine) -> dict[str, Any]:
    state = "waived" if line.waived else "on_file" if line.documents else "needed"
    need = line.need
    return {
        "code": need.code, "name": need.name, "required": need.required, "state": state,
        "why": line.waived or line.why_anew,
    }  # fmt: skip


# One address has one router, else its other methods are refused.
@register.post("/", response={201: Accepted}, summary="受理 Accept a matter")
@allowed("matters.accept")
def accept(request: StaffRequest, body: AcceptIn) -> tuple[int, Matter]:
    """Accept once. What the register knows is taken over; send what `form` asks, nothing else.

    Send `Idempotency-Key`: the same key twice is the same matter once.
    """
    return 201, _accepted(request, body, [])


@router.post("/with-files", response={201: Accepted}, summary="带材料受理 Accept with files")
@allowed("matters.accept")
def accept_with_files(
    request: StaffRequest, application: Form[str], codes: Codes, files: Files
) -> tuple[int, Matter]:  # fmt: skip
    """multipart/form-data: `application` is the JSON of an acceptance, each of `files` the document
    of the same place in `codes`. Size, real type, number and scanning as on the page.
    """
    body = read_json(AcceptIn, application)
    return 201, _accepted(request, body, uploads_of(codes, files))


@router.post(
    "/{number}/correct/with-files", response=MatterOut, summary="带材料补正 Correct with files"
)
@allowed("matters.correct")
def correct_with_files(
    request: StaffRequest,
    number: str,
    codes: Codes = [],  # noqa: B006 - read, never changed
    files: Files = [],  # noqa: B006
    correction: Form[str] = "{}",
) -> Matter:  # fmt: skip
    """multipart/form-data: `correction` is the JSON of a correction, `files` and `codes` as above."""
    body = read_json(CorrectIn, correction)
    papers = [HandedIn(one.code, one.state) for one in body.materials]
    return actions.answer_correction(
        visible_matter(request, number), answers=body.answers,
        materials=[*papers, *uploads_of(codes, files)], by=request.actor,
    )  # fmt: skip


def read_json(schema: Any, text: str) -> Any:
    """The JSON part of a multipart body. Raises Refused: json."""
    try:
        return schema.model_validate_json(text)
    except ValidationError as fault:
        places = {".".join(str(part) for part in one["loc"]): one["msg"] for one in fault.errors()}
        raise Refused("json", _("JSON 部分的格式不对，请按接口说明填写。"), places) from None


def uploads_of(codes: Sequence[str], files: Sequence[Any]) -> list[HandedIn]:
    """Each file under its code. Raises Refused: codes, file."""
    if len(codes) != len(files):
        raise Refused("codes", _("codes 和 files 的个数要一样，一一对应。"), {"codes": "count"})
    for number, (code, file) in enumerate(zip(codes, files, strict=True)):
        if fault := fault_of_upload(file, number):
            raise Refused("file", fault, {code: fault})
    return [HandedIn(code, upload=file) for code, file in zip(codes, files, strict=True)]


def _shared(plan: Planned, resident: Resident, given: list[HandedIn]) -> list[HandedIn]:
    """Documents nobody has to hand in, because the register holds what they prove."""
    sent = {one.code for one in given}
    if not any(one.held_as and one.code not in sent for one in plan.guide.materials):
        return []
    lines = Asking(plan, resident, {}).papers
    return [
        HandedIn(one.need.code, Material.State.WAIVED) for one in lines
        if one.waived and one.need.code not in sent
    ]  # fmt: skip


def _accepted(request: StaffRequest, body: AcceptIn, uploads: list[HandedIn]) -> Matter:
    actor = request.actor
    resident = get_object_or_404(Resident.objects.searchable_by(actor), pk=body.resident)
    sent = Sent(body.answers, body.confirmed, body.asked, body.variant)
    plan = planned(body.item)
    form = filled(plan, resident, sent)
    papers = [*(HandedIn(one.code, one.state) for one in body.materials), *uploads]
    return actions.accept_matter(
        Division(pk=actor.division_id), item=body.item, resident=resident, answers=form.answers,
        asked=form.asked, channel=body.channel, materials=[*papers, *_shared(plan, resident, papers)],
        not_from_file=body.not_from_file, agent=Agent(**body.agent.dict()) if body.agent else NOBODY,
        confirmed=body.confirmed, variant=body.variant, by=actor,
    )  # fmt: skip
