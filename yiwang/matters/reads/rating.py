"""Invitations to rate, what the resident's last word was, and the figures of ratings."""

import base64
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Unit
from yiwang.core.reads import calendar, parameter
from yiwang.core.vault import keyed_hash
from yiwang.divisions.rules import Depth, ancestor, depth_of
from yiwang.matters.models import CallBack, FollowUp, Matter, Reopening
from yiwang.matters.rules import FINAL, ClockKind, State
from yiwang.matters.rules.escalation import Rung, rungs
from yiwang.matters.rules.limits import Clock
from yiwang.matters.rules.rating import INVITED, RatingChannel, Reason, against, reasons_of

_SIGNS: Final = 12
"""Letters of an invitation: 60 bits, which nobody finds by trying."""
_NUMBER: Final = 15
_LETTERS: Final = {channel: letter for letter, channel in INVITED.items()}


def invitation_path(number: str, channel: RatingChannel) -> str:
    """The address at which the holder of a matter rates it, once, by one way.

    Nothing is kept of it: the signature is made from the number, and a rating or the end of the
    days makes it worthless.
    """
    letter = _LETTERS[channel]
    return f"/rate/{number}{letter}{_signature(number, letter)}/"


def _signature(number: str, letter: str) -> str:
    digest = keyed_hash("rating", f"{number}{letter}")
    return base64.b32encode(digest).decode()[:_SIGNS].lower()


def invited(token: str) -> tuple[str, RatingChannel] | None:
    """The number and the way of an invitation; None when it is not one of ours."""
    number, letter, sign = token[:_NUMBER], token[_NUMBER : _NUMBER + 1], token[_NUMBER + 1 :]
    if not number.isascii() or not number.isdigit() or letter not in INVITED:
        return None
    right = hmac.compare_digest(sign.lower().encode(), _signature(number, letter).encode())
    return (number, INVITED[letter]) if right else None


def rating_reasons(division: int | None = None) -> list[Reason]:
    """The reasons a rating may name, as the city or a place below it has set them."""
    return reasons_of(parameter("matters.rating_reasons", division=division))


def reason_labels(said: Iterable[str], division: int | None = None) -> list[str]:
    """Reasons in the reader's language; those no longer offered as they were written."""
    if not (get_language() or "").startswith("en"):
        return list(said)
    words = {one.words: one.label for one in rating_reasons(division)}
    return [words.get(one, one) for one in said]


def last_call(matter: Matter, since: datetime) -> CallBack | None:
    """The last call back since a moment in which somebody was reached."""
    rows = CallBack.objects.filter(matter=matter, at__gte=since).exclude(outcome="unreached")
    return rows.order_by("-at", "-pk").first()


def word_is_against(matter: Matter, since: datetime) -> bool:
    """Whether the resident's word stands against calling it solved."""
    called = last_call(matter, since)
    low = int(parameter("matters.rating_low"))
    return against(called.outcome if called else "", called.grade if called else None, low)


def next_unit(unit: Unit) -> Unit:
    """The unit of the next level that takes up what one decided; the city's own stays with it."""
    place = unit.division_id
    codes = [unit.code, *parameter("matters.reopening_units", division=place)]
    while (depth := depth_of(place)) > Depth.CITY:
        place = ancestor(place, Depth(depth - 1))
        found = Unit.objects.open().filter(division_id=place, code__in=codes)
        if nearest := min(found, key=lambda one: (codes.index(one.code), one.pk), default=None):
            return nearest
    return unit


def due_stages(subject: FollowUp | Reopening, now: datetime) -> list[Rung]:
    """The levels to be told of a late follow-up or reopening by now, oldest first."""
    if subject.done_at is not None or subject.due_at > now:
        return []
    matter = subject.matter if isinstance(subject, Reopening) else subject.rating.matter
    unit = subject.unit or matter.acceptor_unit
    place = unit.division_id if unit else matter.division_id
    told = set(subject.told.values_list("stage", flat=True))
    moments = parameter("matters.escalation_follow_up", division=place)
    clock = Clock(subject.due_at, subject.due_at)
    ladder = rungs(ClockKind.LIMIT, clock, depth_of(place), moments, calendar())
    return [rung for rung in ladder if rung.at <= now and rung.stage not in told]


@dataclass(frozen=True)
class RatingFigures:
    """What residents said of the matters a unit accepted and which ended in a period."""

    unit: int | None
    name: str
    finished: int
    rated: int
    low: int
    grade: float | None
    called: int
    low_called: int

    @property
    def rated_share(self) -> float | None:
        return _share(self.rated, self.finished)

    @property
    def called_share(self) -> float | None:
        return _share(self.called, self.finished)

    @property
    def low_called_share(self) -> float | None:
        return _share(self.low_called, self.low)


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def ended(rows: QuerySet[Matter], since: datetime, until: datetime) -> QuerySet[Matter]:
    """Of matters, those that ended with a result in a period."""
    states = FINAL - {State.WITHDRAWN}
    return rows.filter(state__in=states, finished_at__gte=since, finished_at__lt=until)


_CALLED: Final = Exists(CallBack.objects.filter(matter=OuterRef("pk")).exclude(outcome="unreached"))


def _counts(low: int) -> dict[str, Any]:
    bad = Q(rating__grade__lte=low)
    return {
        "finished": Count("pk"),
        "rated": Count("rating"),
        "low": Count("pk", filter=bad),
        "grade": Avg("rating__grade"),
        "called": Count("pk", filter=Q(was_called=True)),
        "low_called": Count("pk", filter=bad & Q(was_called=True)),
    }


def rating_total(rows: QuerySet[Matter]) -> RatingFigures:
    """All of some ended matters together, in one statement."""
    low = int(parameter("matters.rating_low"))
    row = rows.order_by().annotate(was_called=_CALLED).aggregate(**_counts(low))
    return RatingFigures(None, "", **row)


def rating_by_unit(rows: QuerySet[Matter]) -> list[RatingFigures]:
    """A line for each unit that accepted, the worst grade first."""
    low = int(parameter("matters.rating_low"))
    named = rows.order_by().annotate(was_called=_CALLED, name=F("acceptor_unit__name"))
    lines: Any = named.values("acceptor_unit_id", "name").annotate(**_counts(low))
    found = [
        RatingFigures(row.pop("acceptor_unit_id"), row.pop("name") or "", **row) for row in lines
    ]
    return sorted(found, key=lambda one: (one.grade is None, one.grade or 0, -one.finished))


def closed_against(actor: Actor, text: str = "") -> QuerySet[Matter]:
    """Matters closed as solved although the resident's word stands against it, newest first."""
    rows = Matter.objects.visible_to(actor).filter(
        Q(rating__follow_up__against__gt="") | Q(reopening__against__gt="")
    )
    if text:
        number = Q(number__contains=text.replace("-", ""))
        rows = rows.filter(
            number | Q(title__icontains=text) | Q(acceptor_unit__name__icontains=text)
        )
    rows = rows.select_related(
        "item", "acceptor_unit", "rating__follow_up__unit", "reopening__unit"
    )
    return rows.order_by("-finished_at", "-pk")
