"""Handling the steps of a matter."""

from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Extension, Matter, Step

from .register import visible_matter
from .schemas import HandedInIn, MatterOut, ReasonIn, StepOut

router = Router()


class CompleteIn(Schema):
    agreed: bool = True
    opinion: str = Field("", max_length=1000)


class FinishIn(Schema):
    granted: bool
    text: str = Field(max_length=4000)


class HandOnIn(ReasonIn):
    unit: int
    handler: int | None = None


class MissingIn(Schema):
    kind: str = Field("material", pattern="^(material|field)$")
    code: str = Field(max_length=60)
    name: str = Field(max_length=120)
    wrong: str = Field("", max_length=200)


class ReturnIn(Schema):
    items: list[MissingIn]
    reason: str = Field("", max_length=500)


class PauseIn(ReasonIn):
    kind: str = Field(max_length=20)


class ExtendIn(ReasonIn):
    amount: int


class CorrectIn(Schema):
    answers: dict[str, str] = {}
    materials: list[HandedInIn] = []


class DecideIn(Schema):
    granted: bool


def _step(request: StaffRequest, number: str, step: int) -> Step:
    rows = Step.objects.visible_to(request.actor).select_related("matter__item", "unit")
    return get_object_or_404(rows, pk=step, matter__number=number)


@router.post("/{number}/steps/{step}/take", response=StepOut, summary="接收 Take")
@allowed("matters.handle")
def take(request: StaffRequest, number: str, step: int) -> Step:
    return actions.take_step(_step(request, number, step), by=request.actor)


@router.post("/{number}/steps/{step}/admit", response=MatterOut, summary="受理网上申请 Accept")
@allowed("matters.accept")
def admit(request: StaffRequest, number: str, step: int) -> Matter:
    """Accept what was handed in from afar; the limits of the item begin."""
    return actions.admit_matter(_step(request, number, step), by=request.actor)


@router.post(
    "/{number}/steps/{step}/not-accept", response=MatterOut, summary="不予受理 Do not accept"
)
@allowed("matters.accept")
def not_accept(request: StaffRequest, number: str, step: int, body: ReasonIn) -> Matter:
    """Refuse what was handed in from afar, with the reason in a numbered decision."""
    found = _step(request, number, step)
    return actions.refuse_application(found, reason=body.reason, by=request.actor)


@router.post("/{number}/steps/{step}/complete", response=StepOut, summary="完成环节 Complete")
@allowed("matters.handle")
def complete(request: StaffRequest, number: str, step: int, body: CompleteIn) -> Step:
    found = _step(request, number, step)
    return actions.complete_step(found, agreed=body.agreed, opinion=body.opinion, by=request.actor)


@router.post("/{number}/steps/{step}/finish", response=MatterOut, summary="办结 Finish")
@allowed("matters.finish")
def finish(request: StaffRequest, number: str, step: int, body: FinishIn) -> Matter:
    found = _step(request, number, step)
    return actions.finish_matter(found, granted=body.granted, text=body.text, by=request.actor)


@router.post("/{number}/steps/{step}/hand-on", response=StepOut, summary="转办 Hand on")
@allowed("matters.hand_on")
def hand_on(request: StaffRequest, number: str, step: int, body: HandOnIn) -> Step:
    found = _step(request, number, step)
    unit = get_object_or_404(Unit.objects.visible_to(request.actor), pk=body.unit)
    handler = None
    if body.handler is not None:
        handler = get_object_or_404(unit.posts, pk=body.handler)
    return actions.hand_on_step(
        found, unit=unit, handler=handler, reason=body.reason, by=request.actor
    )


@router.post("/{number}/steps/{step}/return", response=MatterOut, summary="退回补正 Return")
@allowed("matters.return")
def return_(request: StaffRequest, number: str, step: int, body: ReturnIn) -> Matter:
    """Name everything that is missing: the law allows one notice (一次性告知)."""
    found = _step(request, number, step)
    items = [one.dict() for one in body.items]
    return actions.return_matter(found, items=items, reason=body.reason, by=request.actor)


@router.post("/{number}/correct", response=MatterOut, summary="补正 Correct")
@allowed("matters.correct")
def correct(request: StaffRequest, number: str, body: CorrectIn) -> Matter:
    return actions.answer_correction(
        visible_matter(request, number),
        answers=body.answers,
        materials=[HandedIn(one.code, one.state) for one in body.materials],
        by=request.actor,
    )


@router.post("/{number}/steps/{step}/pause", response=MatterOut, summary="暂停 Pause")
@allowed("matters.pause")
def pause(request: StaffRequest, number: str, step: int, body: PauseIn) -> Matter:
    found = _step(request, number, step)
    return actions.pause_matter(found, kind=body.kind, reason=body.reason, by=request.actor)


@router.post("/{number}/steps/{step}/resume", response=MatterOut, summary="恢复 Resume")
@allowed("matters.pause")
def resume(request: StaffRequest, number: str, step: int) -> Matter:
    return actions.resume_matter(_step(request, number, step), by=request.actor)


class ExtensionOut(Schema):
    id: int
    amount: int
    reason: str
    state: str


@router.post("/{number}/steps/{step}/extend", response=ExtensionOut, summary="申请延期 Extend")
@allowed("matters.extend")
def extend(request: StaffRequest, number: str, step: int, body: ExtendIn) -> Extension:
    found = _step(request, number, step)
    return actions.extend_matter(found, amount=body.amount, reason=body.reason, by=request.actor)


@router.post("/{number}/extensions/{pk}", response=ExtensionOut, summary="审批延期 Decide")
@allowed("matters.approve")
def decide(request: StaffRequest, number: str, pk: int, body: DecideIn) -> Extension:
    extension = get_object_or_404(visible_matter(request, number).extensions, pk=pk)
    return actions.decide_extension(extension, granted=body.granted, by=request.actor)
