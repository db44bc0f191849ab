"""The organisation answers, reports, proves and ends the work."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.actions import scan_file
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.models import Scan
from yiwang.core.reads import file_limits, parameter
from yiwang.core.scanner import scan_soon
from yiwang.notifications.rules.kinds import Kind
from yiwang.orders.models import Proof, ServiceOrder
from yiwang.orders.rules import EventKind, State

from .moving import _move, _ours, _record, _said, _tell

MOST_PROOFS = 20


@act("orders.work")
def accept_order(order: ServiceOrder, *, by: Actor) -> ServiceOrder:
    """Take the work on; from now on the organisation may see whom it is for."""
    _ours(order, by)
    _in_time(order)
    _move(order, State.ACCEPTED, answered_at=moment())
    _record(order, EventKind.ACCEPTED, by)
    _tell(order, Kind.ORDER_ACCEPTED)
    return order


@act("orders.work")
def refuse_order(order: ServiceOrder, *, reason: str, by: Actor) -> ServiceOrder:
    """Send the order back with a reason; whoever placed it finds somebody else."""
    _ours(order, by)
    words = _said(reason, "reason")
    _in_time(order)
    _move(order, State.REFUSED, answered_at=moment())
    _record(order, EventKind.REFUSED, by, words)
    return order


def _in_time(order: ServiceOrder) -> None:
    if order.state == State.OFFERED and moment() > order.answer_due_at:
        raise Refused("too_late", _("答复期限已过，工单退回派单单位。"))


def _in_hand(order: ServiceOrder, by: Actor) -> None:
    _ours(order, by)
    lock(order)
    if order.state != State.ACCEPTED:
        message = _("工单现在是“%(state)s”，不能这样办理。")
        raise Refused("wrong_state", message % {"state": order.get_state_display()})


@act("orders.work")
def report_order(order: ServiceOrder, *, text: str, by: Actor) -> ServiceOrder:
    """Say how far the work is."""
    _in_hand(order, by)
    _record(order, EventKind.REPORTED, by, _said(text))
    return order


@act("orders.work")
def add_proof(order: ServiceOrder, *, upload: "UploadedFile[Any]", by: Actor) -> Proof:
    """Keep a photo or PDF of the work. Raises Refused: file_too_large, file_type, too_many."""
    _in_hand(order, by)
    if order.proofs.count() >= MOST_PROOFS:
        raise Refused("too_many", _("一份工单最多 %(most)s 份凭证。") % {"most": MOST_PROOFS})
    proof = Proof(order=order, by=by.label[:160])
    proof.keep(upload, limits=file_limits())
    scan_soon(proof, looked_at)
    proof.save()
    _record(order, EventKind.PROVED, by, proof.file_name)
    return proof


def looked_at(proof: Proof) -> Proof:
    """Look for viruses, as the job and the end of an upload do it (EXP-27)."""
    by = Actor.system().within_act("core.scan")
    found: Proof = scan_file(proof, about=str(proof.order), by=by)
    return found


@act("orders.work")
def finish_order(order: ServiceOrder, *, text: str, by: Actor) -> ServiceOrder:
    """Say that the work is done; at least one proof shows it. The resident is asked to confirm
    and to rate."""
    _ours(order, by)
    words = _said(text)
    if not order.proofs.exclude(scan=Scan.INFECTED).exists():
        sentence = _("请先上传完工照片。")
        raise Refused("no_proof", sentence, {"upload": sentence})
    _move(order, State.DONE, done_at=moment())
    _record(order, EventKind.DONE, by, words)
    _tell(order, Kind.ORDER_DONE, days=int(parameter("matters.rating_invitation")))
    return order


@act("orders.work")
def reveal_order(order: ServiceOrder, *, by: Actor) -> ServiceOrder:
    """Read whom the work is for, in full; possible while it is in hand, and on record."""
    _ours(order, by)
    if not order.is_granted:
        raise Refused("no_grant", _("接单以后、确认以前才能查看服务对象。"))
    note(resident=order.resident_id, fields=order.shared)
    return order
