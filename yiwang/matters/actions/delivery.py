"""The result into the right hands, and back out of the world when it was wrong (SVC-05, SVC-07)."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import file_limits, parameter
from yiwang.core.rules.chinese import clean_text
from yiwang.core.scanner import scan_soon
from yiwang.matters.models import Event, Handover, Matter, Result
from yiwang.matters.reads.results import is_locked, pickup_code
from yiwang.matters.rules import EventKind, State
from yiwang.matters.rules.delivery import PROOFS, RELATIONS, How, Proof
from yiwang.notifications.rules.kinds import Kind

from .departure import must_be_deliverable
from .rating import send_invitation
from .scanning import signature_looked_at
from .telling import tell_applicant


@dataclass(frozen=True)
class Receipt:
    """By what the receiver was known. `relation` of an agent; `file` the signature or its scan."""

    proof: str = Proof.DOCUMENT
    code: str = ""
    relation: str = ""
    witness: str = ""
    file: Any = None


SEEN = Receipt()


@act("matters.deliver")
def deliver_result(
    matter: Matter, *, how: str, receiver: str, by: Actor, receipt: Receipt = SEEN
) -> Matter:
    """Hand the result over, with the name of who took it and how that person was known (SVC-07).

    Raises Refused: no_result, delivered, revoked, receiver_missing, how, proof, wrong_code,
    locked, relation_missing, signature_missing, witness_missing and what a file is refused for.
    """
    lock(matter)
    result = _to_deliver(matter)
    name = clean_text(receiver)[:60]
    if not name:
        raise Refused("receiver_missing", _("请填写领取人姓名。"), {"receiver": "required"})
    must_be_deliverable(matter, name)
    proof = _proof(how, receipt)
    if proof == Proof.CODE:
        _must_be_right(result, receipt.code)
    own = name == matter.resident.name
    _must_be_complete(proof, receipt, own)
    made = Handover(
        result=result, how=how, proof=proof, receiver=name, by_label=by.label[:160],
        relation="" if own else receipt.relation, witness=clean_text(receipt.witness)[:60],
    )  # fmt: skip
    if proof in {Proof.DRAWN, Proof.SCAN}:
        made.keep(receipt.file, limits=file_limits())
        scan_soon(made, signature_looked_at)
    made.save()
    result.delivered_at, result.delivered_how, result.receiver = moment(), how, name
    result.pickup_failures = 0
    result.save()
    Event.tell(matter, EventKind.DELIVERED, by, how=how, proof=str(proof))
    if matter.state == State.FINISHED:
        send_invitation(matter)
    note(how=how, proof=str(proof), agent=not own)
    return matter


def _to_deliver(matter: Matter) -> Result:
    result = Result.objects.filter(matter=matter).first()
    if result is None:
        raise Refused("no_result", _("事项还没有办理结果，不能送达。"))
    if result.revoked_at:
        raise Refused("revoked", _("结果已经撤销，不能送达。"))
    if result.delivered_at:
        raise Refused("delivered", _("结果已经送达。"))
    return result


def _proof(how: str, receipt: Receipt) -> Proof:
    """The proof that counts for this way; where there is only one, it need not be named."""
    if how not in How.values:
        raise Refused("how", _("没有这种送达方式。"), {"how": "choice"})
    accepted = PROOFS[How(how)]
    if receipt.proof in accepted:
        return Proof(receipt.proof)
    if len(accepted) == 1:
        return accepted[0]
    sentence = _("这种送达方式须凭：%(names)s。") % {
        "names": "、".join(str(one.label) for one in accepted)
    }
    raise Refused("proof", sentence, {"proof": sentence})


def _must_be_right(result: Result, code: str) -> None:
    if is_locked(result, moment()):
        raise Refused("locked", _locked(result), {"code": _locked(result)})
    if not _same(code, result):
        sentence = _("取件码不对，请核对短信、信件或网上账号里的 6 位数字。")
        raise Refused("wrong_code", sentence, {"code": sentence})


def _same(code: str, result: Result) -> bool:
    digits = "".join(one for one in code if one.isdecimal() and one.isascii())
    return hmac.compare_digest(digits, pickup_code(result))


def _locked(result: Result) -> str:
    until = timezone.localtime(result.pickup_locked_until).strftime("%H:%M")
    sentence = _("取件码错的次数太多，%(time)s 以后才能再试；也可以带身份证件到窗口领取。")
    return sentence % {"time": until}


def _must_be_complete(proof: Proof, receipt: Receipt, own: bool) -> None:
    if not own and receipt.relation not in dict(RELATIONS):
        sentence = _("不是本人领取的，请选择与申请人的关系。")
        raise Refused("relation_missing", sentence, {"relation": sentence})
    if proof in {Proof.DRAWN, Proof.SCAN} and receipt.file is None:
        field = "signature" if proof == Proof.DRAWN else "scan"
        sentence = _("请领取人签名。") if proof == Proof.DRAWN else _("请上传签收单的照片。")
        raise Refused("signature_missing", sentence, {field: sentence})
    if proof == Proof.WITNESS and not clean_text(receipt.witness):
        sentence = _("请填写见证人姓名。")
        raise Refused("witness_missing", sentence, {"witness": sentence})


@act("matters.deliver")
def note_wrong_code(result: Result, *, by: Actor) -> Result:
    """Count a wrong pick-up code; at the limit no code is taken for a while."""
    lock(result)
    result.pickup_failures += 1
    if result.pickup_failures >= int(parameter("matters.pickup_tries")):
        minutes = int(parameter("matters.pickup_lock"))
        result.pickup_locked_until = moment() + timedelta(minutes=minutes)
        result.pickup_failures = 0
    result.save(update_fields=["pickup_failures", "pickup_locked_until", "updated_at"])
    note(result=result.number)
    return result


def hand_over(matter: Matter, *, how: str, receiver: str, by: Actor, receipt: Receipt) -> Matter:
    """Deliver; a wrong code is counted although the delivery is refused. For pages and the API."""
    try:
        return deliver_result(matter, how=how, receiver=receiver, receipt=receipt, by=by)
    except Refused as refusal:
        if refusal.code == "wrong_code":
            note_wrong_code(matter.result, by=by)
        raise


@act("matters.revoke")
def revoke_result(matter: Matter, *, reason: str, by: Actor) -> Matter:
    """Take a result back: by the unit that issued it, with a reason everybody reads who checks it.

    It stays on file. Raises Refused: no_result, revoked, not_issuer, reason_missing.
    """
    lock(matter)
    result = Result.objects.filter(matter=matter).select_related("unit").first()
    if result is None:
        raise Refused("no_result", _("事项还没有办理结果。"))
    if result.revoked_at:
        raise Refused("revoked", _("结果已经撤销。"))
    if by.unit_id is not None and by.unit_id != result.unit_id:
        sentence = _("只有签发单位（%(unit)s）能撤销。") % {"unit": result.unit.label}
        raise Refused("not_issuer", sentence)
    words = clean_text(reason)[:200]
    if not words:
        sentence = _("请写明撤销的理由，居民和核验文书的人都会看到。")
        raise Refused("reason_missing", sentence, {"reason": sentence})
    result.revoked_at, result.revoked_why, result.revoked_by = moment(), words, by.label[:160]
    result.save()
    Event.tell(matter, EventKind.REVOKED, by, words, number=result.number)
    tell_applicant(matter, Kind.REVOKED, result=result.number, missing=words)
    note(result=result.number)
    return matter
