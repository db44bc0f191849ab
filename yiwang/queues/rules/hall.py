"""How a hall calls fairly, and what it may honestly say about waiting: pure functions (SVC-20)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PRIORITY_LETTER: Final = "P"
LETTERS: Final = "ABCDEFGHJKLMNQRSTUVWXZ"
# Room between two neighbours in the queue, so that an absent person can be put back between them.
STEP: Final = 1 << 20


class Claim(models.TextChoices):
    """Why somebody goes first. An age of the register is a fact, the rest is checked at the window."""

    NONE = "", _("普通")
    ELDER = "elder", _("老年人")
    DISABLED = "disabled", _("残疾人")
    PREGNANT = "pregnant", _("孕妇")
    SOLDIER = "soldier", _("军人、退役军人")


class State(models.TextChoices):
    WAITING = "waiting", _("等候")
    CALLED = "called", _("已叫号")
    SERVING = "serving", _("办理中")
    SERVED = "served", pgettext_lazy("queue", "已办")
    ABSENT = "absent", _("过号")
    LEFT = "left", _("闭厅未办")


MOVES: Final = {
    State.WAITING: frozenset({State.CALLED, State.LEFT}),
    State.CALLED: frozenset({State.SERVING, State.WAITING, State.ABSENT, State.LEFT}),
    State.SERVING: frozenset({State.SERVED, State.WAITING, State.LEFT}),
    State.SERVED: frozenset(),
    State.ABSENT: frozenset(),
    State.LEFT: frozenset(),
}
AT_A_WINDOW: Final = (State.CALLED, State.SERVING)


def number_text(letter: str, number: int) -> str:
    """What the paper says: A001; the fourth digit comes only when it is needed."""
    return f"{letter}{number:03d}"


def claim_by_age(age: int | None, priority_age: int) -> Claim:
    """Whom the register itself puts first."""
    return Claim.ELDER if age is not None and age >= priority_age else Claim.NONE


def priority_is_next(run: int, most: int) -> bool:
    """Whether a window looks for a priority number first: not after `most` of them in a row."""
    return run < most


def run_after(run: int, priority: bool) -> int:
    """Priority numbers a window has called in a row, after one more call."""
    return run + 1 if priority else 0


@dataclass(frozen=True)
class Waiting:
    """A number that waits: its place in the queue, and whether it goes first.

    `booked` is the time of an appointment in seconds since 1970, `due` whether that has come.
    """

    pk: int
    place: int
    priority: bool
    booked: float | None = None
    due: bool = False


def call_order(waiting: Sequence[Waiting], most: int, run: int = 0) -> list[Waiting]:
    """Everybody who waits, in the order in which one window would call them.

    Whose appointment has come goes first; whose has not, when nobody else waits.
    """
    booked = sorted(
        (one for one in waiting if one.booked is not None), key=lambda one: (one.booked, one.pk)
    )
    walked = [one for one in waiting if one.booked is None]
    ordered = sorted(walked, key=lambda one: (one.place, one.pk))
    heads = {kind: [one for one in ordered if one.priority is kind] for kind in (True, False)}
    called = [one for one in booked if one.due]
    while heads[True] or heads[False]:
        wanted = priority_is_next(run, most)
        kind = wanted if heads[wanted] else not wanted
        called.append(heads[kind].pop(0))
        run = run_after(run, kind)
    return [*called, *(one for one in booked if not one.due)]


def ahead(waiting: Sequence[Waiting], pk: int, most: int, run: int = 0) -> int:
    """How many are called before this number, if nobody else comes."""
    order = [one.pk for one in call_order(waiting, most, run)]
    return order.index(pk)


def place_after(places: Sequence[int], others: int, last: int) -> int:
    """The place of somebody who was absent: behind the next `others` who wait.

    `places` are those of the same kind, in order; `last` is the highest place given out so far,
    used when fewer wait.
    """
    if len(places) > others:
        before = places[others - 1] if others else places[0] - STEP
        return (before + places[others]) // 2
    return max([last, *places]) + 1


@dataclass(frozen=True)
class Wait:
    """Minutes somebody may expect, from and to; both None when nothing is known."""

    low: int | None = None
    high: int | None = None

    @property
    def known(self) -> bool:
        return self.high is not None


def expected_wait(seconds: Sequence[float], before: int, windows: int, least: int) -> Wait:
    """Median time of the last numbers served × people before ÷ open windows, as a range.

    The range runs from the lower to the upper quarter of what serving took, and its end includes
    the numbers that stand at the windows now. Unknown with fewer than `least` served numbers or
    without an open window: a guess would be a promise nobody gave.
    """
    if len(seconds) < max(least, 2) or windows < 1:
        return Wait()
    quarter, _median, three = quantiles(seconds, n=4, method="inclusive")
    low = math.floor(before * quarter / windows / 60)
    high = math.ceil((before / windows + 1) * three / 60)
    return Wait(low, max(high, low + 1))
