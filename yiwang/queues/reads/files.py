"""An appointment as a file for the calendar of a telephone."""

from django.conf import settings
from django.utils.translation import gettext as _

from yiwang.queues.models import Appointment
from yiwang.queues.rules.calendar_file import Entry, calendar_file
from yiwang.queues.rules.slots import Booking

ICS = "text/calendar; charset=utf-8"


def ics_of(one: Appointment) -> bytes:
    """Hall, line, time and number; nothing of the person."""
    words = {"line": one.line.label, "number": one.number}
    return calendar_file(
        Entry(
            uid=f"{one.number}@{settings.CITY}.yiwang",
            title=_("%(line)s（预约号 %(number)s）") % words,
            place=one.unit.label,
            text=_("请提前几分钟到，报预约号 %(number)s 签到。") % words,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            made_at=one.created_at,
            changed_at=one.updated_at,
            off=one.state == Booking.CANCELLED,
        )
    )
