"""The events that are counted, as SQL: the same text counts, lists, and fills the summaries.

Every fact is a matter with a moment and a unit; a column is 1 where the fact counts in it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.conf import settings
from django.utils import timezone

from yiwang.accounts.actor import Actor
from yiwang.core.reads import calendar, parameter
from yiwang.divisions.rules import KeyRange
from yiwang.matters.rules.escalation import RESPONSES
from yiwang.performance.rules import COLUMNS, Period

# Beyond so many days a response is late whatever holidays lie between.
_LONGEST: Final = timedelta(days=60)
_DURING: Final = "{at} >= %(since)s AND {at} < %(until)s"


@dataclass(frozen=True)
class Source:
    """Where one kind of event is recorded: a FROM with the matter as `m`, moment, unit, columns."""

    tables: str
    at: str
    unit: str
    columns: Mapping[str, str]
    when: str = _DURING


_ACCEPTOR: Final = "m.acceptor_unit_id"
_FIRST: Final = "min(e.at) FROM matters_event e WHERE e.kind = ANY(%(responses)s)"
# Over a whole city: which matters were answered in these days, then whether for the first time.
_RESPONSES: Final = f"""(
    SELECT e.matter_id, {_FIRST} AND e.matter_id IN (
        SELECT matter_id FROM matters_event
        WHERE kind = ANY(%(responses)s) AND at >= %(since)s AND at < %(until)s
    ) GROUP BY 1) r(matter_id, at) JOIN matters_matter m ON m.id = r.matter_id"""  # noqa: S608
# In a small place: each of its matters has few events.
_RESPONSES_NEAR: Final = f"""matters_matter m CROSS JOIN LATERAL (
    SELECT {_FIRST} AND e.matter_id = m.id) r(at)"""
# Working seconds from the opening of the calendar to a moment.
_WORKED: Final = """({day}.before * %(day_seconds)s + CASE WHEN {day}.worked THEN (
    SELECT sum(least(greatest(extract(epoch FROM ({at} AT TIME ZONE %(zone)s)::time) - s.low, 0),
        s.high - s.low)) FROM unnest(%(lows)s::int[], %(highs)s::int[]) s(low, high)
    ) ELSE 0 END)"""
_CLOCK: Final = """
    LEFT JOIN working wa ON wa.on_ = (m.accepted_at AT TIME ZONE %(zone)s)::date
    LEFT JOIN working wr ON wr.on_ = (r.at AT TIME ZONE %(zone)s)::date"""
_PROMPT: Final = f"""(coalesce({_WORKED.format(day="wr", at="r.at")}
    - {_WORKED.format(day="wa", at="m.accepted_at")} <= %(response)s,
    wr.on_ IS NULL OR m.accepted_at > r.at - %(longest)s))::int"""
_WORKING: Final = """working AS MATERIALIZED (
    SELECT * FROM unnest(%(days)s::date[], %(before)s::int[], %(worked)s::bool[])
        AS c(on_, before, worked))"""
_ANSWERED: Final = "m.state IN ('finished', 'refused')"

SOURCES: Final[Mapping[str, Source]] = {
    "accepted": Source("matters_matter m", "m.accepted_at", _ACCEPTOR, {"accepted": "1"}),
    "open": Source(
        "matters_matter m", "m.accepted_at", _ACCEPTOR, {"open": "1"},
        when="m.accepted_at < %(until)s"
        " AND (m.finished_at IS NULL OR m.finished_at >= %(until)s)",
    ),
    "closed": Source(
        "matters_matter m", "m.finished_at", _ACCEPTOR,
        {
            "closed": "1", "answered": f"({_ANSWERED})::int",
            "on_time": f"({_ANSWERED} AND m.finished_at <= m.due_at)::int",
        },
    ),
    "responded": Source(
        _RESPONSES + _CLOCK, "r.at", _ACCEPTOR, {"responded": "1", "prompt": _PROMPT}
    ),
    "escalated": Source(
        "matters_escalation x JOIN matters_matter m ON m.id = x.matter_id", "x.noticed_at",
        "x.unit_id", {"escalated": "1"},
    ),
    "rated": Source(
        "matters_rating g JOIN matters_matter m ON m.id = g.matter_id", "g.at", _ACCEPTOR,
        {"rated": "1", "satisfied": "(g.grade > %(bad)s)::int"},
    ),
    "steps": Source(
        "matters_step s JOIN matters_matter m ON m.id = s.matter_id", "s.done_at", "s.unit_id",
        {"steps": "1", "steps_on_time": "(s.done_at <= s.due_at)::int"},
        when=f"s.state = 'done' AND {_DURING}",
    ),
}  # fmt: skip
NOBODY: Final = -1
"""A unit that has no matters: what a department sees of another one."""
EVENTS: Final = tuple(code for code in SOURCES if code != "open")


@dataclass(frozen=True)
class Scope:
    """Whose facts are meant: an area, perhaps one unit, category or door; as the reader may see.

    Unit 0 are the matters no unit took in: those that came in by themselves.
    """

    area: KeyRange
    unit: int | None = None
    category: str = ""
    channel: str = ""
    # Of its own matters a department counts the confidential ones too.
    confidential: bool = False
    near: bool = False

    @classmethod
    def of(cls, area: KeyRange, actor: Actor | None = None, **more: Any) -> "Scope":
        """What an actor may see of an area; everything that is not confidential for the public."""
        scope = cls(area, **more)
        if actor is None or not actor.by_unit:
            return scope
        unit = actor.unit_id if scope.unit in (None, actor.unit_id) else NOBODY
        return replace(scope, unit=unit, confidential=True)

    @property
    def conditions(self) -> str:
        asked = ["m.division_id BETWEEN %(lo)s AND %(hi)s"]
        if not self.confidential:
            asked.append("NOT m.confidential")
        if self.unit is not None:
            asked.append("{unit} = %(unit)s" if self.unit else "{unit} IS NULL")
        if self.category:
            asked.append("i.category_id = %(category)s")
        if self.channel:
            asked.append("m.channel = %(channel)s")
        return " AND ".join(asked)


def facts(scope: Scope, sources: Iterable[str], columns: Iterable[str] = COLUMNS) -> str:
    """SELECT of all facts: day, moment, matter, place, unit, category, door, and the columns."""
    names = tuple(columns)
    return "\nUNION ALL\n".join(_fact(SOURCES[code], code, scope, names) for code in sources)


def _fact(source: Source, code: str, scope: Scope, columns: tuple[str, ...]) -> str:
    near = scope.near or scope.unit is not None
    tables = _RESPONSES_NEAR + _CLOCK if code == "responded" and near else source.tables
    counted = ", ".join(f"{source.columns.get(name, '0')} AS {name}" for name in columns)
    where = f"{source.when} AND {scope.conditions}".format(at=source.at, unit=source.unit)
    return f"""SELECT ({source.at} AT TIME ZONE %(zone)s)::date AS on_, {source.at} AS at,
        m.id AS matter, m.division_id AS division, {source.unit} AS unit,
        i.category_id AS category, m.channel, {counted}
        FROM {tables} JOIN matters_serviceitem i ON i.id = m.item_id WHERE {where}"""  # noqa: S608


def with_facts(scope: Scope, sources: Iterable[str], columns: Iterable[str] = COLUMNS) -> str:
    """The beginning of a statement that reads FROM facts."""
    return f"WITH {_WORKING}, facts AS (\n{facts(scope, sources, columns)}\n)"


def said(scope: Scope, period: Period) -> dict[str, Any]:
    """The values that the texts above name."""
    return {
        "since": _midnight(period.first),
        "until": _midnight(period.last + timedelta(days=1)),
        "lo": scope.area.lo,
        "hi": scope.area.hi,
        "unit": scope.unit,
        "category": scope.category,
        "channel": scope.channel,
        "zone": settings.TIME_ZONE,
        "bad": int(parameter("matters.rating_low")),
        "responses": [kind.value for kind in RESPONSES],
        "longest": _LONGEST,
        **_working(period),
    }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _working(period: Period) -> dict[str, Any]:
    """Which days around a period are worked, counted from the first of them, and the hours."""
    known = calendar()
    first, last = max(known.first, period.first - _LONGEST), min(known.last, period.last)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    worked = [known.is_working_day(day) for day in days]
    return {
        "days": days,
        "before": _before(worked),
        "worked": worked,
        "day_seconds": known.seconds_a_day,
        "lows": [_seconds(low) for low, _high in known.hours],
        "highs": [_seconds(high) for _low, high in known.hours],
        "response": int(parameter("matters.first_response")) * 3600,
    }


def _before(worked: list[bool]) -> list[int]:
    """How many days were worked before each."""
    found, count = [], 0
    for one in worked:
        found.append(count)
        count += one
    return found


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
