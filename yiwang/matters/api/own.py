"""The resident's own applications, at /api/v1/matters/mine; signed in with the residents' cookie."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Form, Router, Schema, Status

from yiwang.core.errors import Refused
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.forms.application import Application
from yiwang.matters.forms.filled import Sent
from yiwang.matters.forms.own import agent_of, faults_of, hand_in_of
from yiwang.matters.models import Draft, Matter
from yiwang.matters.reads import planned
from yiwang.matters.reads.asking import Asking
from yiwang.matters.reads.own import own_matters
from yiwang.personal.http import ResidentCookie, who
from yiwang.personal.models import Scope
from yiwang.personal.reads.actor import ResidentActor
from yiwang.residents.models import Resident

from .acceptance import AskingOut, Codes, Files, asking_of, read_json, uploads_of
from .schemas import ReasonIn

router = Router(auth=ResidentCookie(csrf=True))
MOST = 200


class OwnApplicationIn(Schema):
    """An item and the answers to what `form` asks; `confirmed` what is outdated and still right."""

    item: str = Field(max_length=60)
    answers: dict[str, str] = {}
    confirmed: list[str] = []
    variant: str = Field("", max_length=40)
    agreed: list[str] = Field([], description="同意使用档案里的材料，材料代码")
    declared: bool = Field(False, description="声明属实并同意使用")


class OwnMatterOut(Schema):
    """One of my matters; `submitted` waits for acceptance until `due_at`."""

    number: str
    item: str
    title: str
    state: str
    channel: str
    accepted_at: datetime
    due_at: datetime
    unit: str

    @staticmethod
    def resolve_item(one: Matter) -> str:
        return one.item.code

    @staticmethod
    def resolve_unit(one: Matter) -> str:
        return one.acceptor_unit.label if one.acceptor_unit else ""


class OwnDraftOut(Schema):
    """Something begun and not handed in."""

    id: int
    item: str
    updated_at: datetime

    @staticmethod
    def resolve_item(one: Draft) -> str:
        return one.item.code


def _may(request: HttpRequest) -> tuple[Resident, Resident, ResidentActor]:
    return who(request, Scope.APPLY)


def _typed(body: OwnApplicationIn) -> dict[str, Any]:
    sent = Sent(body.answers, body.confirmed, variant=body.variant).typed()
    return {**sent, "agreed": list(body.agreed)}


@router.post("/form", response=AskingOut, summary="已知与要问的信息 What is known and asked")
def own_form(request: HttpRequest, body: OwnApplicationIn) -> dict[str, Any]:
    """Nothing is written; send the answers so far to learn what they open."""
    _holder, person, _by = _may(request)
    return asking_of(Asking(planned(body.item), person, _typed(body)), body.answers)


@router.get("/drafts", response=list[OwnDraftOut], summary="我的草稿 My drafts")
def own_drafts(request: HttpRequest) -> Any:
    _holder, person, _by = _may(request)
    rows = Draft.objects.for_holder(person).filter(matter__isnull=True).select_related("item")
    return rows.order_by("-updated_at")[:MOST]


@router.post("/drafts", response={201: OwnDraftOut}, summary="存草稿 Keep a draft")
def own_draft(request: HttpRequest, body: OwnApplicationIn) -> Status[Draft]:
    holder, person, by = _may(request)
    made = actions.save_own_draft(person, item=body.item, holder=holder, typed=_typed(body), by=by)
    return Status(201, made)


@router.post("/drafts/{pk}/discard", response={204: None}, summary="删除草稿 Discard a draft")
def own_discard(request: HttpRequest, pk: int) -> Status[None]:
    _holder, person, by = _may(request)
    actions.discard_own_draft(get_object_or_404(Draft.objects.for_holder(person), pk=pk), by=by)
    return Status(204, None)


@router.get("/applications", response=list[OwnMatterOut], summary="我办的事 My matters")
def own_applications(request: HttpRequest) -> Any:
    """The newest 200, by whatever door they came."""
    holder, person, _by = _may(request)
    return own_matters(person, for_another=holder.pk != person.pk).order_by("-pk")[:MOST]


@router.post("/applications", response={201: OwnMatterOut}, summary="网上申请 Apply")
def own_apply(
    request: HttpRequest,
    application: Form[str],
    codes: Codes = [],  # noqa: B006 - read, never changed
    files: Files = [],  # noqa: B006
) -> Status[Matter]:
    """multipart/form-data: `application` is the JSON, each of `files` the document of the same place
    in `codes`. What is known is taken over; the number is given at once.
    """
    holder, person, by = _may(request)
    body = read_json(OwnApplicationIn, application)
    given = uploads_of(codes, files)
    with transaction.atomic():
        draft = actions.save_own_draft(
            person, item=body.item, holder=holder, typed=_typed(body), by=by
        )
        form = Application(draft)
        _must_be_complete(form, given, declared=body.declared)
        hand_in = hand_in_of(form, agent_of(person, holder), by, given)
        draft.typed = {**draft.typed, "asked": hand_in.asked}
        draft.save()
        made = actions.submit_matter(draft, hand_in=hand_in, needed=len(form.codes), by=by)
    return Status(201, own_matters(person, for_another=False).get(pk=made.pk))


def _must_be_complete(form: Application, given: list[HandedIn], *, declared: bool) -> None:
    """Raises Refused: answers, outdated, undeclared; documents are asked by the act itself."""
    sent = form.sent_form()
    if not sent.is_valid():
        faults = {name: str(said[0]) for name, said in sent.errors.items()}
        raise Refused("answers", _("有信息项要填写或改正。"), faults)
    if form.outdated:
        stale = {one.code: _("已过期，请确认仍然正确，或者更正。") for one in form.outdated}
        raise Refused("outdated", _("有信息项已过期，请确认。"), stale)
    if faults_of(form, declared=declared).declaration:
        sentence = _("请勾选声明。")
        raise Refused("undeclared", sentence, {"declared": sentence})


def _mine(request: HttpRequest, number: str) -> tuple[Matter, ResidentActor]:
    holder, person, by = _may(request)
    rows = own_matters(person, for_another=holder.pk != person.pk)
    return get_object_or_404(rows, number=number), by


@router.get("/applications/{number}", response=OwnMatterOut, summary="一件事 One of them")
def own_application(request: HttpRequest, number: str) -> Matter:
    return _mine(request, number)[0]


@router.post("/applications/{number}/withdraw", response=OwnMatterOut, summary="撤回 Withdraw")
def own_withdraw(request: HttpRequest, number: str, body: ReasonIn) -> Matter:
    found, by = _mine(request, number)
    return actions.withdraw_matter(found, reason=body.reason, by=by)
