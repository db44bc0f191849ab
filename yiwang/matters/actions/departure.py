"""The applicant died or left: nothing goes on until somebody decides, with a reason (EXP-50)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.matters.models import Event, Matter
from yiwang.matters.rules import EventKind, State
from yiwang.residents.models import LifeState

from .ending import end_matter


def must_be_decided(matter: Matter) -> None:
    """Raises Refused departed while the death or departure of the applicant is not dealt with."""
    if matter.waits_for_decision:
        state = LifeState(matter.resident.state).label
        raise Refused(
            "departed",
            _("申请人%(state)s，请先作出“离世、迁出处理”的决定，再往下办。") % {"state": state},
        )


@act("matters.handle")
def decide_departure(matter: Matter, *, go_on: bool, reason: str, by: Actor) -> Matter:
    """Go on all the same (for the heirs, or because the claim arose before), or end it here.

    Ending withdraws an open matter; a result not yet handed over is then kept and not sent.
    Raises Refused: not_departed, reason_missing.
    """
    lock(matter)
    if not matter.waits_for_decision:
        raise Refused("not_departed", _("申请人在册，或已经作出决定。"))
    words = clean_text(reason, multiline=True)[:500]
    if not words:
        raise Refused("reason_missing", _("请写明决定的理由。"), {"reason": "required"})
    now = moment()
    matter.departure_state, matter.departure_go_on = matter.resident.state, go_on
    matter.departure_on, matter.departure_by = timezone.localdate(now), by.label[:160]
    matter.departure_reason = words
    if matter.is_open and not go_on:
        end_matter(matter, State.WITHDRAWN, now)
    matter.save()
    Event.tell(matter, EventKind.DEPARTURE, by, words, shown=False, go_on=go_on)
    note(resident=matter.resident_id, departed=matter.resident.state, go_on=go_on)
    return matter


def must_be_deliverable(matter: Matter, receiver: str) -> None:
    """Nothing is sent to the dead: a result goes to who applied for them or inherits from them.

    Raises Refused: departed, not_to_the_dead, ended.
    """
    must_be_decided(matter)
    if matter.resident.state != LifeState.DECEASED:
        return
    if matter.departure_state and not matter.departure_go_on:
        raise Refused("ended", _("已决定不再送达；结果留档。"))
    if clean_text(receiver) == matter.resident.name:
        sentence = _("申请人已去世，请填写代为领取的亲属或代办人。")
        raise Refused("not_to_the_dead", sentence, {"receiver": sentence})
