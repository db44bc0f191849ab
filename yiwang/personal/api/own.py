"""The resident's own operations, at /api/v1/personal/mine; signed in with the residents' cookie."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from yiwang.assessments.actions import object_to_grade
from yiwang.assessments.models import PersonAssessment
from yiwang.core.acts import record_line
from yiwang.core.doors import file_answer
from yiwang.core.errors import Refused
from yiwang.personal import actions
from yiwang.personal.http import ResidentCookie, own_session, who
from yiwang.personal.models import Authorisation, Consent, RightsRequest
from yiwang.personal.reads import (
    copy_of,
    own_actor,
    person_named,
)
from yiwang.residents.models import Document
from yiwang.residents.reads import documents_of

from .shapes import (
    AuthorisationOut,
    AuthorisedIn,
    ConsentOut,
    DocumentConsentIn,
    Done,
    GradeObjectionIn,
    OwnAssessmentOut,
    OwnDocumentOut,
    OwnRequestOut,
    PurposeIn,
    RightAskIn,
)

router = Router(tags=["个人信息"], auth=ResidentCookie(csrf=True))


class FieldsIn(Schema):
    """Fields whose values are still right."""

    fields: list[str]


class OwnPersonIn(Schema):
    """Whom it is about from now on; nobody means oneself."""

    person: int | None = None


@router.get("/data", response=dict[str, Any], summary="我的全部信息 All that is held of me")
def own_data(request: HttpRequest) -> dict[str, Any]:
    """Every value with source, date, purpose and due day, and the records around them."""
    _holder, person, by = who(request)
    record_line("personal.own", person, by, {"kind": "api", "resident": person.pk})
    return copy_of(person, timezone.localdate())


@router.post("/confirm", response=Done, summary="确认仍然正确 Confirm values")
def own_confirm(request: HttpRequest, body: FieldsIn) -> Done:
    _holder, person, by = who(request)
    actions.confirm_own(person, fields=body.fields, by=by)
    return Done()


@router.get("/requests", response=list[OwnRequestOut], summary="我的请求 My requests")
def own_requests(request: HttpRequest) -> Any:
    _holder, person, _by = who(request)
    return RightsRequest.objects.for_holder(person).order_by("-pk")


@router.post("/requests", response={201: OwnRequestOut}, summary="提请求 Ask")
def own_ask(request: HttpRequest, body: RightAskIn) -> Status[RightsRequest]:
    holder, person, by = who(request)
    agent = holder if holder.pk != person.pk else None
    return Status(201, actions.ask_for_right(person, **body.dict(), holder=agent, by=by))


@router.post("/requests/{pk}/withdraw", response=OwnRequestOut, summary="撤回请求 Take back")
def own_take_back(request: HttpRequest, pk: int) -> RightsRequest:
    _holder, person, by = who(request)
    asked = get_object_or_404(RightsRequest.objects.for_holder(person), pk=pk)
    return actions.withdraw_request(asked, by=by)


@router.get("/documents", response=list[OwnDocumentOut], summary="我的材料 My documents")
def own_documents(request: HttpRequest) -> Any:
    """What is on file, what it was used for, and whether it may be used again."""
    _holder, person, _by = who(request)
    return documents_of(person)


@router.post("/documents/{pk}/consent", response=OwnDocumentOut, summary="同意使用 Agree to use")
def own_document_consent(request: HttpRequest, pk: int, body: DocumentConsentIn) -> Document:
    _holder, person, by = who(request)
    held = get_object_or_404(Document.objects.for_holder(person), pk=pk)
    return actions.agree_to_document(held, agreed=body.agreed, by=by)


@router.get("/documents/{pk}/file", response=bytes, summary="材料文件 The file")
def own_document_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    _holder, person, by = who(request)
    held = get_object_or_404(Document.objects.for_holder(person).exclude(file=""), pk=pk)
    record_line("personal.own", person, by, {"document": held.pk, "resident": person.pk})
    return file_answer(held, held.name)


@router.get("/assessments", response=list[OwnAssessmentOut], summary="我的评估 My assessments")
def own_assessments(request: HttpRequest) -> Any:
    _holder, person, _by = who(request)
    return PersonAssessment.objects.for_holder(person).select_related("scale")


@router.post(
    "/assessments/{pk}/objection", response=OwnAssessmentOut, summary="请求复评 Object to a grade"
)
def own_objection(request: HttpRequest, pk: int, body: GradeObjectionIn) -> PersonAssessment:
    _holder, person, by = who(request)
    mine = get_object_or_404(PersonAssessment.objects.for_holder(person), pk=pk)
    return object_to_grade(mine, words=body.words, by=by)


@router.get("/consents", response=list[ConsentOut], summary="我的同意 My consents")
def own_consents(request: HttpRequest) -> Any:
    _holder, person, _by = who(request)
    return Consent.objects.for_holder(person)


@router.post("/consents", response={201: ConsentOut}, summary="同意 Agree")
def own_agree(request: HttpRequest, body: PurposeIn) -> Status[Consent]:
    _holder, person, by = who(request)
    return Status(201, actions.give_consent(person, purpose=body.purpose, how="online", by=by))


@router.post("/consents/{pk}/withdraw", response=ConsentOut, summary="撤回同意 Withdraw")
def own_disagree(request: HttpRequest, pk: int) -> Consent:
    _holder, person, by = who(request)
    held = get_object_or_404(Consent.objects.for_holder(person), pk=pk)
    return actions.withdraw_consent(held, by=by)


@router.get("/authorisations", response=list[AuthorisationOut], summary="授权 Authorisations")
def own_authorisations(request: HttpRequest) -> Any:
    """On both sides: who acts for me, and for whom I act."""
    _holder, person, _by = who(request)
    held = Authorisation.objects.for_holder(person)
    return held.select_related("resident", "holder")


@router.post("/authorisations", response={201: AuthorisationOut}, summary="请人代办 Authorise")
def own_authorise(request: HttpRequest, body: AuthorisedIn) -> Status[Authorisation]:
    """By the person herself; what one holds for another cannot be handed on."""
    holder, person, by = who(request)
    if holder.pk != person.pk:
        raise Refused("not_for_others", _("代办时不能再授权别人。"))
    agent = person_named(body.name, body.phone)
    if agent is None:
        raise Refused("nobody", _("姓名和手机号对不上，请两人一起到社区窗口办理。"))
    given = actions.grant_authorisation(
        holder, holder=agent, relation=body.relation, scopes=body.scopes, basis="herself",
        ends_on=body.ends_on, by=by,
    )  # fmt: skip
    return Status(201, given)


@router.post("/authorisations/{pk}/revoke", response=AuthorisationOut, summary="撤销授权 Revoke")
def own_revoke(request: HttpRequest, pk: int) -> Authorisation:
    holder, _person, _by = who(request, "")
    held = get_object_or_404(Authorisation.objects.for_holder(holder), pk=pk)
    return actions.revoke_authorisation(held, by=own_actor(holder))


@router.post("/act-for", response=Done, summary="代谁办理 Act for")
def own_act_for(request: HttpRequest, body: OwnPersonIn) -> Done:
    """Whom the following operations are about."""
    holder, _person, _by = who(request, "")
    given = Authorisation.objects.for_holder(holder).filter(holder=holder)
    chosen = given.filter(resident_id=body.person).first() if body.person else None
    if body.person and chosen is None:
        raise Refused("not_authorised", _("没有为这个人代办的有效授权。"))
    person = chosen.resident if chosen else None
    actions.act_for(own_session(request), person=person, by=own_actor(holder))
    return Done()


@router.post("/sign-out-everywhere", response=Done, summary="全部退出 Sign out everywhere")
def own_sign_out(request: HttpRequest) -> Done:
    holder, _person, _by = who(request, "")
    actions.end_sessions(own_session(request).account, by=own_actor(holder))
    return Done()
