"""What a hall's day looks like: who is called next, how long one waits, what the day amounted to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Aggregate, Count, F, FloatField, Max, Q, QuerySet
from django.db.models.functions import Extract
from django.utils import timezone

from yiwang.accounts.models import Unit
from yiwang.core.acts import moment
from yiwang.core.reads import parameter
from yiwang.core.vault import keyed_hash
from yiwang.queues.models import HallDay, Line, Ticket, Window
from yiwang.queues.rules.hall import (
    AT_A_WINDOW,
    State,
    Wait,
    Waiting,
    ahead,
    call_order,
    expected_wait,
)

SHOWN_CALLS: Final = 6
SHOWN_NEXT: Final = 8


def touch_key(unit_id: int) -> str:
    """The secret part of the address of a hall's touch screen: who stands there may draw."""
    return keyed_hash("queues.touch", str(unit_id)).hex()


def day_of(unit: Unit) -> HallDay | None:
    """Today's queue of a hall, open or closed."""
    found = HallDay.objects.filter(unit=unit, on=timezone.localdate())
    return found.select_related("unit", "division").first()


def open_halls(units: Iterable[Unit]) -> set[int]:
    """Of some units, those whose hall hands out numbers now."""
    days = HallDay.objects.filter(unit__in=units, on=timezone.localdate(), closed_at=None)
    return set(days.values_list("unit_id", flat=True))


def most_in_a_row(division: int) -> int:
    """Priority numbers called in a row before an ordinary one."""
    return int(parameter("queues.priority_run", division=division))


@dataclass(frozen=True)
class Queue:
    """Everybody who waits on a day and the windows that call them, read once for many questions."""

    day: HallDay
    waiting: list[Ticket]
    windows: list[Window]
    most: int

    @classmethod
    def of(cls, day: HallDay) -> "Queue":
        waiting = Ticket.objects.filter(day=day, state=State.WAITING).select_related("line")
        windows = Window.objects.filter(day=day, is_open=True)
        return cls(day, list(waiting), list(windows), most_in_a_row(day.division_id))

    def windows_of(self, letter: str) -> list[Window]:
        return [one for one in self.windows if letter in one.letters]

    def _letters(self, letter: str) -> set[str]:
        """The lines that are called by the windows of a line."""
        return {letter}.union(*(one.letters for one in self.windows_of(letter)))

    def rivals(self, letter: str) -> list[Waiting]:
        """Who waits for the same windows as a line does, whatever they came for."""
        letters = self._letters(letter)
        return [_waiting(one) for one in self.waiting if one.line.letter in letters]

    def _run(self, letter: str) -> int:
        return max((one.run for one in self.windows_of(letter)), default=0)

    def before(self, ticket: Ticket) -> int:
        """How many are called before a number that waits."""
        letter = ticket.line.letter
        return ahead(self.rivals(letter), ticket.pk, self.most, self._run(letter))

    def in_order(self) -> list[Ticket]:
        """Everybody in the order in which one window for all lines would call."""
        held = {one.pk: one for one in self.waiting}
        rows = [_waiting(one) for one in self.waiting]
        run = max((one.run for one in self.windows), default=0)
        return [held[one.pk] for one in call_order(rows, self.most, run)]

    def wait(self, letter: str, before: int) -> Wait:
        """What somebody of a line may expect who has `before` people before her."""
        return expected_wait(
            served_seconds(self.day, self._letters(letter)),
            before,
            len(self.windows_of(letter)),
            int(parameter("queues.least_served", division=self.day.division_id)),
        )

    def wait_of_newcomer(self, letter: str) -> Wait:
        """What a person without priority may expect who draws a number now."""
        return self.wait(letter, len(self.rivals(letter)))


def _waiting(one: Ticket) -> Waiting:
    """A number with the time it was booked for, and whether that has come."""
    booked = one.due_at
    return Waiting(
        one.pk, one.place, one.priority, booked.timestamp() if booked else None,
        booked is not None and booked <= moment(),
    )  # fmt: skip


def served_seconds(day: HallDay, letters: Iterable[str]) -> list[float]:
    """How long serving took for the last numbers of some lines in this hall, in seconds."""
    since = day.on - timedelta(days=int(parameter("queues.served_days")))
    rows = Ticket.objects.filter(
        day__unit_id=day.unit_id, day__on__range=(since, day.on), line__letter__in=list(letters),
        state=State.SERVED,
    )  # fmt: skip
    last = rows.order_by("-ended_at").values_list("started_at", "ended_at")
    taken = last[: int(parameter("queues.served_numbers"))]
    return [(end - start).total_seconds() for start, end in taken if start and end]


@dataclass(frozen=True)
class Standing:
    """What a number's page says: people before it and the wait, while it waits."""

    before: int | None
    wait: Wait


def standing_of(ticket: Ticket) -> Standing:
    if ticket.state != State.WAITING:
        return Standing(None, Wait())
    queue = Queue.of(ticket.day)
    before = queue.before(ticket)
    return Standing(before, queue.wait(ticket.line.letter, before))


@dataclass(frozen=True)
class LineNow:
    """One line on the screen: how many wait, how long a newcomer would."""

    line: Line
    waiting: int
    wait: Wait


@dataclass(frozen=True)
class Board:
    """What everybody in the hall may see: numbers and windows, nothing of persons."""

    called: list[Ticket]
    following: list[Ticket]
    lines: list[LineNow]
    waiting: int


def board_of(day: HallDay) -> Board:
    """Numbers at the windows, newest call first; the next ones; the lines."""
    queue = Queue.of(day)
    at_windows = Ticket.objects.filter(day=day, state__in=AT_A_WINDOW).select_related("window")
    lines = [
        LineNow(
            line,
            sum(one.line_id == line.pk for one in queue.waiting),
            queue.wait_of_newcomer(line.letter),
        )
        for line in day.lines.all()
    ]
    return Board(
        list(at_windows.order_by("-called_at", "-pk")[:SHOWN_CALLS]),
        queue.in_order()[:SHOWN_NEXT],
        lines,
        len(queue.waiting),
    )


class Median(Aggregate):
    """The middle value in SQL."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


_WAITED: Final = Extract(F("first_called_at") - F("taken_at"), "epoch", output_field=FloatField())
_AMOUNTS: Final[dict[str, Any]] = {
    "drawn": Count("pk"),
    "first": Count("pk", filter=Q(priority=True)),
    "served": Count("pk", filter=Q(state=State.SERVED)),
    "absent": Count("pk", filter=Q(state=State.ABSENT)),
    "left": Count("pk", filter=Q(state=State.LEFT)),
    "median": Median(_WAITED, filter=Q(first_called_at__isnull=False)),
    "longest": Max(_WAITED, filter=Q(first_called_at__isnull=False)),
}


@dataclass(frozen=True)
class Figures:
    """What a day, a line or an area amounted to; waits in minutes, None when nobody was called."""

    drawn: int = 0
    first: int = 0
    served: int = 0
    absent: int = 0
    left: int = 0
    median: int | None = None
    longest: int | None = None


def _figures(row: dict[str, Any]) -> Figures:
    counts = {name: int(row[name]) for name in ("drawn", "first", "served", "absent", "left")}
    return Figures(**counts, median=_minutes(row["median"]), longest=_minutes(row["longest"]))


def _minutes(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds / 60)


def total_of(days: QuerySet[HallDay]) -> Figures:
    """All numbers of some days together: medians do not add up, so they are measured anew."""
    rows = Ticket.objects.filter(day__in=days.order_by().values("pk"))
    return _figures(rows.order_by().aggregate(**_AMOUNTS))


def figures_of(days: Iterable[HallDay]) -> dict[int, Figures]:
    """Figures by day."""
    return _by("day_id", Ticket.objects.filter(day__in=list(days)))


def figures_by_line(day: HallDay) -> list[tuple[Line, Figures]]:
    """Figures of a day line by line."""
    found = _by("line_id", Ticket.objects.filter(day=day))
    return [(line, found.get(line.pk, Figures())) for line in day.lines.all()]


def _by(column: str, rows: QuerySet[Ticket]) -> dict[int, Figures]:
    grouped = rows.order_by().values(column).annotate(**_AMOUNTS)
    return {row[column]: _figures(row) for row in grouped}
