"""The ladder of a late clock: which level is told, and when (HOT-06, SVC-23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.core.rules.calendar import Calendar, CalendarEnds, Unit, deadline
from yiwang.divisions.rules import Depth

from .limits import Clock
from .states import EventKind

AMBER: Final = "amber"
"""Among the moments of a ladder: when the clock turns amber; numbers are working days overdue."""


class ClockKind(models.TextChoices):
    """Which clock of a matter ran out."""

    RESPONSE = "response", _("首次响应")
    LIMIT = "limit", _("办理时限")


class Stage(models.TextChoices):
    """The level that is told, from the lowest to the highest."""

    COMMUNITY = "community", pgettext_lazy("level", "社区")
    TOWNSHIP = "township", pgettext_lazy("level", "乡镇（街道）")
    COUNTY = "county", pgettext_lazy("level", "县（市、区）")
    CITY = "city", pgettext_lazy("level", "市")


STAGE_OF: Final = {
    Depth.COMMUNITY: Stage.COMMUNITY,
    Depth.TOWNSHIP: Stage.TOWNSHIP,
    Depth.COUNTY: Stage.COUNTY,
    Depth.CITY: Stage.CITY,
}
DEPTH_OF: Final = {stage: depth for depth, stage in STAGE_OF.items()}
# What answers the first-response limit; handing on and remarks do not.
RESPONSES: Final = (
    EventKind.TAKEN,
    EventKind.DONE,
    EventKind.RETURNED,
    EventKind.PAUSED,
    EventKind.EXTENSION_ASKED,
    EventKind.FINISHED,
    EventKind.REFUSED,
    EventKind.NOT_ACCEPTED,
    EventKind.DEPARTURE,
)


@dataclass(frozen=True)
class Rung:
    """One level of a ladder and the moment it is to be told."""

    clock: ClockKind
    stage: Stage
    at: datetime


def rungs(
    kind: ClockKind,
    clock: Clock,
    holder: Depth,
    moments: Sequence[str | int | None],
    calendar: Calendar,
) -> list[Rung]:
    """The ladder of a clock whose work lies with a unit of the level `holder`.

    The first moment tells the unit's own level, each further one the level above; none is told
    above the city. None as a moment leaves its level out. Ends where the calendar ends.
    """
    found: list[Rung] = []
    for up, when in enumerate(moments):
        depth = holder - up
        if depth < Depth.CITY:
            break
        if when is None:
            continue
        try:
            at = _moment(clock, when, calendar)
        except CalendarEnds:
            break
        found.append(Rung(kind, STAGE_OF[Depth(depth)], at))
    return found


def _moment(clock: Clock, when: str | int, calendar: Calendar) -> datetime:
    if when == AMBER:
        return clock.amber_at
    late = int(when)
    return deadline(clock.due_at, late, Unit.WORKING_DAYS, calendar) if late else clock.due_at
