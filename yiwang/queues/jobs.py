"""Background work of the hall: appointments are reminded of, and who did not come is noted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from yiwang.accounts.actor import Actor
from yiwang.core.acts import circumstances, moment
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.queues.actions import miss_appointment, remind_of_appointment
from yiwang.queues.models import Appointment

MOST: Final = 1000


def keep_appointments() -> int:
    """Remind of what is near, note what was missed; gives how many. Each is its own transaction."""
    now = moment()
    ahead = Appointment.objects.ahead().select_related("unit", "resident")
    soon = now + timedelta(hours=int(parameter("queues.remind_hours")))
    near = ahead.filter(reminded_at__isnull=True, starts_at__range=(now, soon))
    over = ahead.filter(ends_at__lt=now - timedelta(minutes=int(parameter("queues.late_minutes"))))
    with circumstances(channel="job"):
        done = _each(near.order_by("starts_at")[:MOST], remind_of_appointment)
        return done + _each(over.order_by("starts_at")[:MOST], miss_appointment)


def _each(rows: Any, do: Callable[..., Any]) -> int:
    done = 0
    for one in rows:
        try:
            do(one, by=Actor.system().within_act("queues.keep"))
        except Refused:
            continue  # moved or cancelled meanwhile
        done += 1
    return done
