"""A need is told once, wherever; what becomes of it is told in a limit (QUA-02)."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit, deadline
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.needs.models import Channel, Need, NeedEvent, Urgency
from yiwang.needs.reads.departed import departure_of
from yiwang.needs.rules.categories import Category
from yiwang.needs.rules.states import MOVES, State
from yiwang.residents.models import Resident

_CLOSED = frozenset({State.MET, State.WITHDRAWN})
_ENOUGH = 2


@act("needs.register")
def register_need(
    division: Division,
    *,
    category: str,
    text: str,
    channel: str,
    resident: Resident | None = None,
    group: str = "",
    people: int = 1,
    urgency: str = Urgency.ORDINARY,
    by: Actor,
) -> Need:
    """A need of a resident of the division, or of a group there.

    Raises Refused: invalid, nobody, not_live, elsewhere.
    """
    told, crowd = clean_text(text)[:300], clean_text(group)[:80]
    _must_be_sound(category, channel, urgency, told, people)
    _must_be_somebodys(resident, crowd, division)
    now = moment()
    days = int(parameter("needs.register_days"))
    need = Need.objects.create(
        division=division,
        resident=resident,
        group=crowd,
        people=people,
        category=category,
        text=told,
        urgency=urgency,
        channel=channel,
        registered_on=timezone.localdate(now),
        due_at=deadline(now, days, Unit.WORKING_DAYS, calendar()),
        by_label=by.label[:160],
    )
    _trace(need, "", by)
    return need


@act("needs.handle")
def move_need(
    need: Need,
    *,
    to: str,
    text: str = "",
    service: str = "",
    matter_number: str = "",
    by: Actor,
) -> Need:
    """Say what becomes of a need: arranged, met, not met for now, withdrawn.

    Of somebody who died or left only that it ends. Raises Refused: no_such_move, departed,
    service_needed, reason_needed.
    """
    lock(need)
    if to != State.WITHDRAWN and (gone := departure_of(need)) is not None:
        words = _("这位居民%(state)s（%(day)s），请写明原因撤回这项需求。")
        raise Refused("departed", words % {"state": gone.label, "day": gone.on})
    if to not in MOVES[need.state]:
        raise Refused(
            "no_such_move",
            _("现在是“%(state)s”，不能这样改。") % {"state": need.get_state_display()},
        )
    offered = clean_text(service)[:120] or need.service
    number = clean_text(matter_number)[:20] or need.matter_number
    told = clean_text(text)[:300]
    if to == State.ARRANGED and not (offered or number):
        sentence = _("请写明安排了哪项服务，或填写事项编号。")
        raise Refused("service_needed", sentence, {"service": sentence})
    if to in (State.UNMET, State.WITHDRAWN) and len(told) < _ENOUGH:
        sentence = _("请写明原因。")
        raise Refused("reason_needed", sentence, {"text": sentence})
    note(state=[need.state, to])
    need.state, need.service, need.matter_number = to, offered, number
    need.closed_on = timezone.localdate(moment()) if to in _CLOSED else None
    need.save()
    _trace(need, told, by)
    return need


def _must_be_sound(category: str, channel: str, urgency: str, told: str, people: int) -> None:
    faults = {}
    if category not in Category.values:
        faults["category"] = _("请选择十类服务中的一类。")
    if channel not in Channel.values:
        faults["channel"] = _("请选择来源。")
    if urgency not in Urgency.values:
        faults["urgency"] = _("请选择缓急。")
    if len(told) < _ENOUGH:
        faults["text"] = _("请写明需要什么。")
    if people < 1:
        faults["people"] = _("人数至少为 1。")
    if faults:
        raise Refused("invalid", " ".join(faults.values()), faults)


def _must_be_somebodys(resident: Resident | None, group: str, division: Division) -> None:
    if resident is None and not group:
        sentence = _("请选择居民，或写明是哪些人的需求。")
        raise Refused("nobody", sentence, {"group": sentence})
    if resident is not None and not resident.is_live:
        state = resident.get_state_display()
        raise Refused("not_live", _("这位居民%(state)s，不再登记需求。") % {"state": state})
    if resident is not None and resident.division_id != division.pk:
        raise Refused("elsewhere", _("这位居民不在%(name)s。") % {"name": division.name})


def _trace(need: Need, text: str, by: Actor, on: date | None = None) -> None:
    NeedEvent.objects.create(
        need=need,
        state=need.state,
        on=on or timezone.localdate(moment()),
        text=text,
        by_label=by.label[:160],
    )
