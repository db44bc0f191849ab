"""An order is placed with an organisation, comes back when nobody answers, or is called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import Unit as TimeUnit
from yiwang.core.rules.calendar import deadline
from yiwang.divisions.models import Division
from yiwang.matters.models import Matter
from yiwang.orders.models import ServiceOrder, Workplace, confirmation_code
from yiwang.orders.rules import BACK, EventKind, Shared, State
from yiwang.organizations.models import Organization, Provider
from yiwang.residents.models import Resident

from .moving import _move, _record, _said


@dataclass(frozen=True)
class Wanted:
    """What is ordered: the work, by when, where, for whom and what of her goes along."""

    what: str
    due_on: date
    place_text: str = ""
    resident: Resident | None = None
    matter: Matter | None = None
    shared: Sequence[str] = ()
    follows: ServiceOrder | None = None


@act("orders.place")
def place_order(
    place: Division, *, organization: Organization, wanted: Wanted, by: Actor
) -> ServiceOrder:
    """Offer the work to an admitted organisation; it answers within `orders.answer_hours`.

    Raises Refused: text_missing, past, no_place, unknown_share, not_admitted, no_workplace,
    matter_closed, not_back.
    """
    today, now = timezone.localdate(moment()), moment()
    what, matter = _said(wanted.what, "what"), wanted.matter
    resident = matter.resident if matter else wanted.resident
    _refuse_wanted(wanted, resident, today)
    workplace = _workplace_of(organization, place, today)
    hours = int(parameter("orders.answer_hours", division=place.pk))
    order = ServiceOrder.objects.create(
        division=place,
        organization=organization,
        unit_id=workplace.unit_id,
        matter=matter,
        resident=resident,
        follows=wanted.follows,
        what=what,
        place_text=wanted.place_text.strip()[:200],
        shared=[one for one in Shared if one in wanted.shared] if resident else [],
        due_on=wanted.due_on,
        placed_at=now,
        placed_by=by.label[:160],
        placer_unit_id=by.unit_id,
        placer_post_id=by.post_id,
        answer_due_at=deadline(now, hours, TimeUnit.WORKING_HOURS, calendar()),
        code=confirmation_code(),
    )
    order.number = f"{timezone.localdate(now):%Y%m%d}{order.pk % 100_000:05d}"
    order.save(update_fields=["number"])
    _record(order, EventKind.PLACED, by, what)
    note(organization=organization.pk, resident=resident.pk if resident else None)
    return order


def _refuse_wanted(wanted: Wanted, resident: Resident | None, today: date) -> None:
    if wanted.due_on < today:
        sentence = _("完成期限不能是过去的日子。")
        raise Refused("past", sentence, {"due_on": sentence})
    if not resident and not wanted.place_text.strip():
        sentence = _("没有服务对象的工单请写明地点。")
        raise Refused("no_place", sentence, {"place_text": sentence})
    if set(wanted.shared) - set(Shared.values):
        raise Refused("unknown_share", _("只能提供姓名、电话和地址。"))
    if wanted.matter and not wanted.matter.is_open:
        raise Refused("matter_closed", _("事项已经办完，不能再派单。"))
    follows = wanted.follows
    if follows and (follows.state not in BACK or hasattr(follows, "followed")):
        raise Refused("not_back", _("只有退回的工单可以改派，而且只改派一次。"))


def _workplace_of(organization: Organization, place: Division, today: date) -> Workplace:
    """The work area of an organisation that is admitted and serves the place."""
    admitted = Provider.objects.public(today).serving(place.pk)
    if not admitted.filter(organization=organization).exists():
        sentence = _("这个单位没有被接纳为服务主体、证照过期，或不在这里服务。")
        raise Refused("not_admitted", sentence, {"organization": sentence})
    found = Workplace.objects.filter(organization=organization).first()
    if found is None:
        sentence = _("这个单位还没有开通工作区，请先开通。")
        raise Refused("no_workplace", sentence, {"organization": sentence})
    return found


@act("orders.lapse")
def lapse_order(order: ServiceOrder, *, by: Actor) -> ServiceOrder:
    """Nobody answered in time: the order goes back to whoever placed it, and counts."""
    if order.answer_due_at > moment():
        raise Refused("not_due", _("答复期限还没有到。"))
    _move(order, State.LAPSED)
    _record(order, EventKind.LAPSED, by)
    return order


@act("orders.place")
def cancel_order(order: ServiceOrder, *, reason: str, by: Actor) -> ServiceOrder:
    """Call an order off, with the reason the organisation reads."""
    words = _said(reason, "reason")
    _move(order, State.CANCELLED)
    _record(order, EventKind.CANCELLED, by, words)
    return order
