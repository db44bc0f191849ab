"""What the desk does about residents' rights, for other systems: the same acts as the pages."""

from datetime import date, datetime
from typing import Annotated, Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema, Status

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division
from yiwang.personal import actions
from yiwang.personal.models import (
    AccessCode,
    Authorisation,
    Consent,
    DestructionList,
    Finding,
    Notice,
    ResidentAccount,
    Restriction,
    RetentionRule,
    RightsRequest,
)
from yiwang.personal.reads import due_counts, person_named
from yiwang.residents.models import Resident

from .shapes import (
    AuthorisationOut,
    AuthorisedIn,
    ConsentOut,
    DeskRequestOut,
    Done,
    PurposeIn,
    RequestOut,
    RightAskIn,
)

router = Router(tags=["个人信息"])
Limit = Annotated[int, Field(ge=1, le=100)]


class Requests(Schema):
    """Some requests, and the cursor of the next page."""

    requests: list[RequestOut]
    next: int | None


class RightDecideIn(Schema):
    granted: bool
    answer: str = ""


class CodeIn(Schema):
    """How it was made sure who it is: counter (with the document seen) or letter."""

    phone: str
    manner: str = "counter"
    document: str = ""


class CodeOut(Schema):
    """A one-time code; `code` is told once, and empty when a request is repeated."""

    id: int
    code: str
    expires_at: datetime

    @staticmethod
    def resolve_code(one: AccessCode) -> str:
        return one.secret


class PersonalReasonIn(Schema):
    reason: str


class DeskAgentIn(AuthorisedIn):
    """An authorisation with its evidence."""

    basis: str
    evidence: str


class DeskConsentIn(PurposeIn):
    how: str = "counter"


class RuleOut(Schema):
    """A retention rule and how many records it would take today."""

    id: int
    data_class: str
    days: int
    action: str
    by_itself: bool
    source: str
    starts_on: date
    due: int


class RuleIn(Schema):
    days: int
    by_itself: bool
    source: str
    starts_on: date


class ListOut(Schema):
    """A destruction list."""

    id: int
    data_class: str = Field(alias="rule.data_class")
    drawn_on: date
    state: str
    count: int


class ListIn(Schema):
    """Approve or keep; `keep` names items of the list that stay."""

    destroy: bool
    why: str = ""
    keep: list[int] = []


class FindingOut(Schema):
    """An unusual look-up with the numbers of the journal's lines."""

    id: int
    kind: str
    on: date
    by: str
    lines: list[int]
    state: str
    explanation: str


class FindingSettleIn(Schema):
    misuse: bool
    explanation: str


class NoticeIn(Schema):
    text: str
    text_en: str
    starts_on: date


class NoticeOut(NoticeIn):
    version: int


def _resident(request: StaffRequest, pk: int) -> Resident:
    people = Resident.objects.visible_to(request.actor).not_withdrawn()
    return get_object_or_404(people.select_related("division", "dwelling"), pk=pk)


@router.get("/requests", response=Requests, summary="个人信息请求 Requests of residents")
@allowed("personal.view")
def requests(
    request: StaffRequest, state: str = "", after: int | None = None, limit: Limit = 25
) -> dict[str, Any]:
    rows = RightsRequest.objects.visible_to(request.actor)
    if state:
        rows = rows.filter(state=state)
    if after:
        rows = rows.filter(pk__gt=after)
    page = list(rows.order_by("pk")[: limit + 1])
    return {"requests": page[:limit], "next": page[limit - 1].pk if len(page) > limit else None}


@router.get("/requests/{pk}", response=DeskRequestOut, summary="一件请求 One request")
@allowed("personal.view")
def one_request(request: StaffRequest, pk: int) -> RightsRequest:
    return get_object_or_404(RightsRequest.objects.visible_to(request.actor), pk=pk)


@router.post("/requests/{pk}/decide", response=DeskRequestOut, summary="答复 Decide")
@allowed("personal.decide")
def decide(request: StaffRequest, pk: int, body: RightDecideIn) -> RightsRequest:
    asked = get_object_or_404(RightsRequest.objects.visible_to(request.actor), pk=pk)
    return actions.decide_request(asked, **body.dict(), by=request.actor)


@router.post("/restrictions/{pk}/lift", response=Done, summary="解除限制 Lift a restriction")
@allowed("personal.decide")
def lift(request: StaffRequest, pk: int) -> Done:
    held = get_object_or_404(Restriction.objects.visible_to(request.actor), pk=pk)
    actions.lift_restriction(held, by=request.actor)
    return Done()


@router.post("/residents/{pk}/requests", response={201: DeskRequestOut}, summary="登记请求 Ask")
@allowed("personal.ask")
def ask(request: StaffRequest, pk: int, body: RightAskIn) -> Status[RightsRequest]:
    made = actions.ask_for_right(_resident(request, pk), **body.dict(), by=request.actor)
    return Status(201, made)


@router.post("/residents/{pk}/codes", response={201: CodeOut}, summary="发登录码 Access code")
@allowed("personal.account")
def code(request: StaffRequest, pk: int, body: CodeIn) -> Status[AccessCode]:
    given = actions.issue_code(_resident(request, pk), **body.dict(), by=request.actor)
    return Status(201, given)


@router.post("/accounts/{pk}/end", response=Done, summary="停用账号 Close an account")
@allowed("personal.account")
def end_account(request: StaffRequest, pk: int, body: PersonalReasonIn) -> Done:
    held = get_object_or_404(ResidentAccount.objects.visible_to(request.actor), pk=pk)
    actions.end_account(held, reason=body.reason, by=request.actor)
    return Done()


@router.get(
    "/residents/{pk}/authorisations", response=list[AuthorisationOut],
    summary="授权 Authorisations",
)  # fmt: skip
@allowed("personal.view")
def authorisations(request: StaffRequest, pk: int) -> Any:
    held = Authorisation.objects.for_holder(_resident(request, pk))
    return held.select_related("resident", "holder")


@router.post(
    "/residents/{pk}/authorisations", response={201: AuthorisationOut},
    summary="登记授权 Record an authorisation",
)  # fmt: skip
@allowed("personal.authorise")
def authorise(request: StaffRequest, pk: int, body: DeskAgentIn) -> Status[Authorisation]:
    person, said = _resident(request, pk), body.dict()
    agent = person_named(said.pop("name"), said.pop("phone"))
    if agent is None:
        raise Refused("nobody", _("名册里没有这个姓名和手机号的人，请先登记或核对。"))
    given = actions.grant_authorisation(person, holder=agent, **said, by=request.actor)
    return Status(201, given)


@router.post("/authorisations/{pk}/revoke", response=AuthorisationOut, summary="撤销授权 Revoke")
@allowed("personal.authorise")
def revoke(request: StaffRequest, pk: int) -> Authorisation:
    held = get_object_or_404(Authorisation.objects.visible_to(request.actor), pk=pk)
    return actions.revoke_authorisation(held, by=request.actor)


@router.get("/residents/{pk}/consents", response=list[ConsentOut], summary="同意 Consents")
@allowed("personal.view")
def consents(request: StaffRequest, pk: int) -> Any:
    return Consent.objects.for_holder(_resident(request, pk))


@router.post("/residents/{pk}/consents", response={201: ConsentOut}, summary="记录同意 Agree")
@allowed("personal.consent")
def agree(request: StaffRequest, pk: int, body: DeskConsentIn) -> Status[Consent]:
    if body.how not in Consent.How.values:
        raise Refused("how", _("方式只能是 %(ways)s。") % {"ways": "、".join(Consent.How.values)})
    given = actions.give_consent(_resident(request, pk), **body.dict(), by=request.actor)
    return Status(201, given)


@router.post("/consents/{pk}/withdraw", response=ConsentOut, summary="记录撤回 Withdraw")
@allowed("personal.consent")
def withdraw(request: StaffRequest, pk: int) -> Consent:
    held = get_object_or_404(Consent.objects.visible_to(request.actor), pk=pk)
    return actions.withdraw_consent(held, by=request.actor)


@router.get("/retention", response=list[RuleOut], summary="保存期限 Retention rules, dry run")
@allowed("personal.retention")
def retention(request: StaffRequest) -> list[dict[str, Any]]:
    names = ("id", "data_class", "days", "action", "by_itself", "source", "starts_on")
    return [
        {**{name: getattr(one.rule, name) for name in names}, "due": one.count}
        for one in due_counts()
    ]


@router.post("/retention/{pk}", response={201: Done}, summary="发布规则 Publish a rule")
@allowed("personal.retention")
def publish_rule(request: StaffRequest, pk: int, body: RuleIn) -> Status[Done]:
    held = get_object_or_404(RetentionRule.objects.visible_to(request.actor), pk=pk)
    actions.publish_rule(held, **body.dict(), by=request.actor)
    return Status(201, Done())


@router.get("/destruction", response=list[ListOut], summary="销毁清单 Destruction lists")
@allowed("personal.retention")
def lists(request: StaffRequest, limit: Limit = 25) -> Any:
    return DestructionList.objects.visible_to(request.actor).select_related("rule")[:limit]


@router.post("/destruction/{pk}", response=ListOut, summary="审批清单 Decide a list")
@allowed("personal.retention")
def decide_list(request: StaffRequest, pk: int, body: ListIn) -> DestructionList:
    drawn = get_object_or_404(DestructionList.objects.visible_to(request.actor), pk=pk)
    return actions.decide_list(drawn, **body.dict(), by=request.actor)


@router.get("/findings", response=list[FindingOut], summary="异常查询 Unusual look-ups")
@allowed("personal.oversee")
def findings(request: StaffRequest, state: str = "open", limit: Limit = 25) -> Any:
    return Finding.objects.visible_to(request.actor).filter(state=state)[:limit]


@router.post("/findings/check", response=Done, summary="现在检查 Look through a day")
@allowed("personal.oversee")
def check(request: StaffRequest, on: date | None = None) -> Done:
    area = get_object_or_404(
        Division.objects.visible_to(request.actor), pk=request.actor.division_id
    )
    actions.record_findings(area, on=on or timezone.localdate(), by=request.actor)
    return Done()


@router.post("/findings/{pk}", response=FindingOut, summary="处理 Settle a finding")
@allowed("personal.settle")
def settle(request: StaffRequest, pk: int, body: FindingSettleIn) -> Finding:
    found = get_object_or_404(Finding.objects.visible_to(request.actor), pk=pk)
    return actions.settle_finding(found, **body.dict(), by=request.actor)


@router.get("/notice", response=list[NoticeOut], auth=None, summary="告知书 Privacy notice")
def notices(request: StaffRequest) -> Any:
    return Notice.objects.public()


@router.post("/notice/{version}", response={201: NoticeOut}, summary="发布告知书 Next version")
@allowed("personal.notice")
def publish_notice(request: StaffRequest, version: int, body: NoticeIn) -> Status[Notice]:
    """`version` is the one the new text follows."""
    latest = get_object_or_404(Notice.objects.public(), version=version)
    return Status(201, actions.publish_notice(latest, **body.dict(), by=request.actor))
