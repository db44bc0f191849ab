"""What the applicant is told of a matter: a row in the outbox, written with the act itself."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.accounts.actor import Actor
from yiwang.core.acts import act, lock, moment, note
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.matters.models import Correction, Matter, Result
from yiwang.matters.reads.results import pickup_code
from yiwang.matters.rules import State
from yiwang.notifications.models import Message
from yiwang.notifications.rules.kinds import Kind


def message_of(matter: Matter, kind: Kind, unit: str, **facts: Any) -> list[Message]:
    """The row, not yet saved; none for history that is entered later."""
    age = timezone.now() - moment()
    if age > timedelta(days=int(parameter("notifications.history_days"))):
        return []
    said = {
        "item": matter.item.title,
        "item_en": matter.item.title_en,
        "unit": unit,
        "due": timezone.localdate(matter.due_at).isoformat(),
        **facts,
    }
    made = Message(
        division_id=matter.division_id, resident_id=matter.resident_id,
        unit_id=matter.acceptor_unit_id, confidential=matter.confidential, kind=kind,
        reference=reference_of(matter), facts=said,
    )  # fmt: skip
    return [made]


def reference_of(matter: Matter) -> str:
    """How the outbox names a matter."""
    return f"matter:{matter.number}"


def tell_applicant(matter: Matter, kind: Kind, **facts: Any) -> None:
    """Write the row; it goes out when the act is committed, and only then."""
    unit = matter.acceptor_unit.name if matter.acceptor_unit else ""
    Message.objects.bulk_create(message_of(matter, kind, unit, **facts))


@act("matters.remind")
def remind_applicant(matter: Matter, *, by: Actor) -> Matter:
    """Say once more, once, that papers are missing or that the result waits at the window.

    Raises Refused: nothing_waits, reminded.
    """
    lock(matter)
    correction = Correction.objects.filter(matter=matter, answered_at__isnull=True).first()
    waiting = Result.objects.filter(matter=matter, delivered_at__isnull=True)
    result = waiting.filter(revoked_at__isnull=True).first()
    if matter.state == State.CORRECTING and correction is not None:
        kind, facts = Kind.REMIND_CORRECT, {"missing": names_of(correction.items)}
    elif matter.state == State.FINISHED and result is not None:
        kind = Kind.REMIND_COLLECT
        facts = {"result": result.number, "code": pickup_code(result)}
    else:
        raise Refused("nothing_waits", _("这件事没有在等申请人。"))
    if Message.objects.filter(reference=reference_of(matter), kind=kind).exists():
        raise Refused("reminded", _("已经提醒过一次。"))
    tell_applicant(matter, kind, **facts)
    note(kind=kind)
    return matter


def names_of(items: Iterable[Mapping[str, str]]) -> str:
    """What is missing, in one line."""
    return "、".join(one["name"] for one in items)
