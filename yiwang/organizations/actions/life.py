"""What becomes of an organisation: paused, ended, there again, somewhere else."""

from datetime import date

from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, note
from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.models import Division
from yiwang.organizations.models import Event, Organization
from yiwang.organizations.rules.states import LIFE_MOVES

from .entering import must_be_live, must_fit, today, trace
from .settling import settle

_ENOUGH = 2


@act("organizations.change")
def move_state(
    one: Organization, *, to: str, reason: str = "", on: date | None = None, by: Actor
) -> Organization:
    """Paused, ended or there again. Raises Refused: no_such_move, reason_needed, future."""
    lock(one)
    if to not in LIFE_MOVES.get(one.state, frozenset()):
        sentence = _("现在是“%(state)s”，不能这样改。") % {"state": one.get_state_display()}
        raise Refused("no_such_move", sentence)
    told = clean_text(reason)[:300]
    if len(told) < _ENOUGH:
        raise Refused("reason_needed", _("请写明原因。"), {"reason": _("请写明原因。")})
    day = on or today()
    if day > today():
        raise Refused("future", _("日期还没有到。"), {"on": _("日期还没有到。")})
    note(state=[one.state, to])
    one.state = to
    one.save(update_fields=["state", "updated_at"])
    trace(one, Event.Topic.LIFE, to, by, told, day)
    return one


@act("organizations.change")
def relocate(one: Organization, *, to: Division, reason: str, by: Actor) -> Organization:
    """To another community that the actor reaches as well. Raises Refused: not_live, same_place, reason_needed, not_a_community."""
    lock(one)
    must_be_live(one)
    by.must("organizations.change", to)
    if to.pk == one.division_id:
        raise Refused("same_place", _("已经在这个社区。"), {"to": _("已经在这个社区。")})
    told = clean_text(reason)[:300]
    if len(told) < _ENOUGH:
        raise Refused("reason_needed", _("请写明原因。"), {"reason": _("请写明原因。")})
    must_fit({}, to)
    note(place=[one.division_id, to.pk])
    one.division = to
    one.save(update_fields=["division", "updated_at"])
    settle(one)
    trace(one, Event.Topic.PLACE, to.name, by, told)
    return one
