"""Confirming, correcting, objecting, restricting, deleting: asked by the person, decided with reasons."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit, deadline
from yiwang.core.rules.chinese import clean_text
from yiwang.personal.models import Restriction, RightsRequest
from yiwang.residents.actions import change_resident, confirm_field, lift_limit, limit_use
from yiwang.residents.actions.settling import keep, source_of
from yiwang.residents.models import Resident, SourceKind
from yiwang.residents.reads import dictionary, known_fields
from yiwang.residents.rules.dictionary import Field
from yiwang.residents.rules.values import InvalidValue, clean_value

from .erasure import anonymise_resident, erase_field

Kind, State = RightsRequest.Kind, RightsRequest.State


@act("personal.own")
def confirm_own(resident: Resident, *, fields: Iterable[str], by: Actor) -> Resident:
    """The person herself says in one tap: these values are still right (INF-07).

    What is held stays what it is, with its source; it is fresh from today. Raises Refused.
    """
    asked = list(dict.fromkeys(fields))
    if not asked or len(asked) > int(parameter("personal.confirm_fields")):
        raise Refused("nothing_chosen", _("请选择要确认的信息。"))
    inside = by.within_act("residents.confirm")
    for code in asked:
        confirm_field(resident, field=code, by=inside)
    note(fields=asked)
    return resident


@act("personal.ask")
def ask_for_right(
    resident: Resident,
    *,
    kind: str,
    field: str = "",
    proposed: str = "",
    words: str = "",
    holder: Resident | None = None,
    by: Actor,
) -> RightsRequest:
    """A request to the community, with the day by which it has to be answered (PI-8).

    A correction also leaves the new value as a fact of the resident's own, not yet verified.
    Raises Refused: not_live, no_field, invalid, unchanged, words_needed, asked_already.
    """
    lock(resident)
    if kind == Kind.CORRECT and not resident.is_live:
        raise Refused("not_live", _("这份档案已经结束，不能更正。"))
    value = _checked(resident, kind, field, proposed)
    said = clean_text(words, multiline=True)[:2000]
    if kind != Kind.CORRECT and not said:
        sentence = _("请写明理由，社区才好办。")
        raise Refused("words_needed", sentence, {"words": sentence})
    _must_be_new(resident, kind, field)
    days = int(parameter("PI-8.answer", division=resident.division_id))
    request = RightsRequest.objects.create(
        resident=resident, holder=holder, kind=Kind(kind), field=field, proposed=value or None,
        words=said or None, asked_by=by.label[:160], asked_at=moment(),
        due_at=deadline(moment(), days, Unit.WORKING_DAYS, calendar()),
    )  # fmt: skip
    if value:
        keep(resident, {field: value}, source_of(SourceKind.RESIDENT, _("居民更正申请"), by))
    note(resident=resident.pk, kind=kind, field=field, holder=holder.pk if holder else None)
    return request


def _checked(resident: Resident, kind: str, code: str, proposed: str) -> str:
    """The clean value of a correction; empty for the other kinds. Raises Refused."""
    field = dictionary().get(code)
    if code and (field is None or not field.register):
        raise Refused("no_field", _("没有这一项信息。"), {"field": _("没有这一项信息。")})
    if kind != Kind.CORRECT:
        return ""
    if field is None:
        raise Refused("no_field", _("请选择要更正的信息。"), {"field": _("请选择要更正的信息。")})
    value = _clean(field, proposed)
    known = known_fields(resident, [code], timezone.localdate(moment())).get(code)
    if known is not None and known.value == value:
        sentence = _("和现在的内容一样，点“正确”就可以了。")
        raise Refused("unchanged", sentence, {"proposed": sentence})
    return value


def _clean(field: Field, text: str) -> str:
    try:
        value = clean_value(field, text)
    except InvalidValue as fault:
        sentence = f"{fault.message}{fault.cure}"
        raise Refused("invalid", sentence, {"proposed": sentence}) from fault
    if not value:
        sentence = _("请填写正确的内容；要删除这一项，请提删除请求。")
        raise Refused("invalid", sentence, {"proposed": sentence})
    return value


def _must_be_new(resident: Resident, kind: str, field: str) -> None:
    waiting = RightsRequest.objects.filter(
        resident=resident, kind=kind, field=field, state=State.OPEN
    )
    if kind != Kind.COMPLAIN and waiting.exists():
        raise Refused("asked_already", _("这一项已经提过，正在办理。"))


@act("personal.ask")
def withdraw_request(request: RightsRequest, *, by: Actor) -> RightsRequest:
    """The person does not want it any more. Raises Refused decided."""
    lock(request)
    _must_be_open(request)
    request.state = State.WITHDRAWN
    request.save()
    return request


@act("personal.decide")
def decide_request(
    request: RightsRequest, *, granted: bool, answer: str, by: Actor
) -> RightsRequest:
    """Answer with reasons; what is granted is done in the same act.

    Deleting asks for the right to erase. Raises Refused: decided, answer_needed, statutory,
    still_resident, and what the register refuses; PermissionDenied.
    """
    lock(request)
    _must_be_open(request)
    reason = clean_text(answer, multiline=True)[:2000]
    if not granted and not reason:
        sentence = _("不同意的，要写明理由（个人信息保护法第五十条）。")
        raise Refused("answer_needed", sentence, {"answer": sentence})
    if granted:
        _carry_out(request, reason, by)
    request.state = State.GRANTED if granted else State.REFUSED
    request.answer, request.decided_by = reason or None, by.label[:160]
    request.decided_at = moment()
    request.save()
    note(resident=request.resident_id, kind=request.kind, field=request.field, granted=granted)
    return request


def _must_be_open(request: RightsRequest) -> None:
    if not request.is_open:
        raise Refused("decided", _("这个请求已经办完。"))


def _carry_out(request: RightsRequest, reason: str, by: Actor) -> None:
    person = request.resident
    if request.kind == Kind.CORRECT:
        change_resident(
            person, changes={request.field: str(request.proposed)}, source=SourceKind.WINDOW,
            source_label=_("居民更正申请，已核实"), by=by.within_act("residents.change"),
        )  # fmt: skip
    elif request.kind in (Kind.OBJECT, Kind.RESTRICT):
        Restriction.objects.create(
            resident=person, request=request, field=request.field,
            since=timezone.localdate(moment()),
        )  # fmt: skip
        limit_use(
            person, kind=request.kind, field=request.field, reference=f"request:{request.pk}",
            by=by.within_act("residents.limit"),
        )  # fmt: skip
    elif request.kind == Kind.DELETE and request.field:
        erase_field(person, field=request.field, reason=reason or _("本人请求删除"), by=by)
    elif request.kind == Kind.DELETE:
        anonymise_resident(person, reason=reason or _("本人请求删除"), by=by)


@act("personal.decide")
def lift_restriction(restriction: Restriction, *, by: Actor) -> Restriction:
    """The data may be used again, because the person agrees or the ground is gone."""
    lock(restriction)
    if restriction.ended_on is not None:
        raise Refused("lifted", _("已经解除。"))
    restriction.ended_on = timezone.localdate(moment())
    restriction.save()
    lift_limit(
        restriction.resident, reference=f"request:{restriction.request_id}",
        by=by.within_act("residents.limit"),
    )  # fmt: skip
    return restriction
