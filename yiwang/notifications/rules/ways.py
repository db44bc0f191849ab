"""By which ways somebody is told, and when: choice, reach, quiet hours, the next attempt."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from .kinds import BY_LETTER, OPTIONAL, Channel, Kind


@dataclass(frozen=True)
class Reach:
    """What a person chose and which ways lead there; `chosen` empty: nothing was chosen."""

    chosen: str = ""
    optional: bool = True
    open: Collection[str] = ()


def ways(kind: Kind, reach: Reach) -> list[Channel]:
    """The account always, and beside it one way: the chosen one, else what leads there.

    Paper comes last and only for what is owed; what a person may do without and does not want is
    not told at all.
    """
    if kind in OPTIONAL and not reach.optional:
        return []
    if reach.chosen == Channel.APP:
        return [Channel.APP]
    wanted = [Channel(reach.chosen)] if reach.chosen else []
    for one in [*wanted, Channel.SMS, Channel.EMAIL, Channel.PRINT]:
        if one in reach.open and (one != Channel.PRINT or kind in BY_LETTER):
            return [Channel.APP, one]
    return [Channel.APP]


def after_quiet(at: datetime, begins: int, ends: int) -> datetime:
    """The moment itself, or the end of the quiet hours it falls into. Hours of the local day.

    `at` carries the local time zone; the quiet hours may pass midnight.
    """
    hour = at.hour
    over_night = begins > ends
    quiet = (hour >= begins or hour < ends) if over_night else begins <= hour < ends
    if not quiet:
        return at
    day = at.date() + timedelta(days=1 if over_night and hour >= begins else 0)
    return datetime.combine(day, time(ends), tzinfo=at.tzinfo)


def next_attempt(attempts: int, pauses: Sequence[int]) -> timedelta | None:
    """How long to wait after so many attempts, in minutes of `pauses`; None: it is given up."""
    return timedelta(minutes=pauses[attempts - 1]) if attempts <= len(pauses) else None
