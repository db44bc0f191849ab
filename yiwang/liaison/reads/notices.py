"""Who gets a notice, and how far it was read and confirmed."""

from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.divisions.models import Division, Level
from yiwang.divisions.rules import Depth, depth_of, parent_of
from yiwang.liaison.models import Audience, Receipt, WorkNotice

LEVELS: Final = {
    Audience.COUNTY: Level.COUNTY,
    Audience.TOWNSHIP: Level.TOWNSHIP,
    Audience.COMMUNITY: Level.COMMUNITY,
}
STATES: Final = {
    "waiting": Q(confirmed_at__isnull=True),
    "unread": Q(read_at__isnull=True),
    "read": Q(read_at__isnull=False, confirmed_at__isnull=True),
    "confirmed": Q(confirmed_at__isnull=False),
    "asked": Q(asked_at__isnull=False, answered_at__isnull=True),
}


def audiences_of(division: int) -> list[Audience]:
    """To whom a place may send: the levels below it, and the one above inside the city."""
    depth = depth_of(division)
    below = [audience for audience, level in LEVELS.items() if int(level) > depth]
    return [*below, Audience.UP] if depth > Depth.CITY else below


def recipients(sender: int, audience: str, under: int) -> QuerySet[Division]:
    """The places a notice goes to."""
    if audience == Audience.UP:
        return Division.objects.current().filter(pk=parent_of(sender) or 0)
    found = Division.objects.under(under).current().served()
    return found.filter(level=LEVELS[Audience(audience)])


def own_receipt(notice: WorkNotice, actor: Actor) -> Receipt:
    """The receipt of the actor's own place; Refused: not_addressed."""
    found = Receipt.objects.to(actor.division_id).filter(notice=notice).first()
    if found is None:
        raise Refused("not_addressed", _("这份通知不是发给您这一级的，不用确认。"))
    return found


def reading(rows: QuerySet[Receipt]) -> dict[str, int]:
    """How many receipts there are in each state, in one statement."""
    found: dict[str, int] = rows.order_by().aggregate(
        all=Count("pk"), **{name: Count("pk", filter=state) for name, state in STATES.items()}
    )
    return found


def with_reading(rows: QuerySet[WorkNotice]) -> QuerySet[Any]:
    """Notices with how many places got and confirmed them."""
    confirmed = Count("receipts", filter=Q(receipts__confirmed_at__isnull=False))
    return rows.annotate(all=Count("receipts"), confirmed=confirmed)
