"""One matter for the holder of its number: where it is, since when, until when (INF-09, SVC-04)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.reads import parameter
from yiwang.core.rules.wording import grouped
from yiwang.core.vault import keyed_hash
from yiwang.matters.models import Correction, Event, Matter, Rating, Result, Step
from yiwang.matters.reads import Dial, dial
from yiwang.matters.reads.results import pickup_code
from yiwang.matters.rules import FINAL, EventKind, State, StepState
from yiwang.matters.rules.process import in_course
from yiwang.portal.models import Guess
from yiwang.portal.rules.words import EVENTS, STATE_CHIPS, STATES, left_words


def guess_of(number: str) -> Guess:
    """The tries at an unknown number so far; an unsaved one when there are none."""
    digest = keyed_hash("tracking", number)
    return Guess.objects.filter(digest=digest).first() or Guess(digest=digest)


def tries_from(address: str) -> Guess:
    """The wrong codes that came from one place so far; only a keyed hash of it is known."""
    return guess_of(f"verify {address}")


def locked_words(tries: Guess) -> str:
    """Why nothing is answered now; empty when it is."""
    if tries.locked_until is None or tries.locked_until <= timezone.now():
        return ""
    until = timezone.localtime(tries.locked_until).strftime("%H:%M")
    return _("核验码错的次数太多，%(time)s 以后才能再核验。您也可以打电话询问。") % {"time": until}


def matter_of(number: str) -> Matter | None:
    """The matter of a number, for somebody who has proved to hold it."""
    rows = Matter.objects.select_related(
        "item__category",
        "version",
        "division",
        "acceptor_unit",
        "resident",
        "bundle_case",
    )
    return rows.filter(number=number).first()


def parts_together(matter: Matter) -> list[Matter]:
    """The matters handed in with this one under one number, itself among them; else none."""
    if matter.bundle_case_id is None:
        return []
    rows = Matter.objects.filter(bundle_case_id=matter.bundle_case_id).select_related("item")
    return list(rows.order_by("pk"))


def numbers_together(matter: Matter) -> list[str]:
    """Its own number first, then those of what was handed in with it."""
    others = [one.number for one in parts_together(matter) if one.pk != matter.pk]
    return [matter.number, *others]


@dataclass(frozen=True)
class Line:
    """One line of the timeline in plain words."""

    event: Event
    title: Any
    icon: str
    step: str


@dataclass(frozen=True)
class Progress:
    """Everything the tracking page says of one matter."""

    matter: Matter
    now: datetime

    @property
    def state(self) -> Any:
        return STATES[State(self.matter.state)]

    @property
    def chip(self) -> tuple[str, str]:
        return STATE_CHIPS[State(self.matter.state)]

    @cached_property
    def dial(self) -> Dial:
        return dial(self.matter, self.now)

    @property
    def left(self) -> str:
        return left_words(self.dial.left, self.dial.unit)

    @cached_property
    def steps(self) -> list[Step]:
        return list(self.matter.steps.select_related("unit"))

    @cached_property
    def stages(self) -> list[list[Step]]:
        """What was or will be done; a step that may not be needed is shown until that is known."""
        away = {StepState.CANCELLED, StepState.SKIPPED}
        steps = in_course([one for one in self.steps if one.state not in away])
        return [list(side) for _stage, side in groupby(steps, key=lambda one: one.stage)]

    @property
    def current(self) -> list[Step]:
        return [one for side in self.stages for one in side if one.state == StepState.ACTIVE]

    @cached_property
    def lines(self) -> list[Line]:
        """What residents may read of the timeline, the newest first."""
        names = {step.name: step.label for step in self.steps}
        shown = self.matter.events.filter(shown=True)
        said = [(one, str(one.facts.get("step", ""))) for one in shown]
        return [
            Line(one, *EVENTS[EventKind(one.kind)], step=names.get(step, step))
            for one, step in said
        ]

    @cached_property
    def correction(self) -> Correction | None:
        return Correction.objects.filter(matter=self.matter).first()

    @property
    def asks_correction(self) -> bool:
        return self.matter.state == State.CORRECTING and self.correction is not None

    @property
    def pause(self) -> str:
        standing = self.matter.pauses.filter(ended_at__isnull=True).first()
        return standing.reason if standing else ""

    @cached_property
    def result(self) -> Result | None:
        return Result.objects.filter(matter=self.matter).select_related("unit").first()

    @property
    def pickup(self) -> str:
        """The code that collects the result, in two groups; empty when there is none to collect."""
        found = self.result
        if found is None or found.delivered_at or found.revoked_at:
            return ""
        return grouped(pickup_code(found), 3)

    @cached_property
    def rating(self) -> Rating | None:
        return Rating.objects.filter(matter=self.matter).first()

    @property
    def rate_until(self) -> datetime | None:
        """Until when the matter may be rated; None while it is not finished or was taken back."""
        if self.matter.state not in FINAL - {State.WITHDRAWN} or self.matter.finished_at is None:
            return None
        days = int(parameter("matters.rating_invitation"))
        return self.matter.finished_at + timedelta(days=days)

    @property
    def can_rate(self) -> bool:
        until = self.rate_until
        return self.rating is None and until is not None and self.now <= until


def progress_of(matter: Matter) -> Progress:
    return Progress(matter, timezone.now())
