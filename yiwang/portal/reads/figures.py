"""Public figures of a place: those of the staff's own page, where so many stand behind them that
nobody is recognised (SVC-23, SVC-24)."""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.divisions.rules import Depth, depth_of
from yiwang.matters.models import Category
from yiwang.performance.reads import tally
from yiwang.performance.rules import Period
from yiwang.portal.rules.figures import percent, published

KEEP_SECONDS = 300
TOP = 3


@dataclass(frozen=True)
class Figures:
    """This month's accepted and finished matters and the share in time; of a year, satisfaction and
    what people came for most. None is few."""

    accepted: int | None
    finished: int | None
    on_time: float | None
    satisfied: float | None
    ratings: int | None
    top: list[tuple[Category, int]]
    least: int

    def __bool__(self) -> bool:
        return any(one is not None for one in (self.accepted, self.finished, self.satisfied))


def figures_of(place: Division) -> Figures | None:
    """Figures of a township or a community; None above the township."""
    if depth_of(place.pk) < Depth.TOWNSHIP:
        return None
    key = f"portal.figures.{place.pk}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = _count(place.pk)
        cache.set(key, found, KEEP_SECONDS)
    return found


def _count(place: int) -> Figures:
    least, today = int(parameter("portal.figure_least")), timezone.localdate()
    month = tally(place, Period(today.replace(day=1), today)).whole
    year = tally(place, Period(today - timedelta(days=365), today))
    rated = year.whole.get("rated", 0)
    answered = month.get("answered", 0)
    return Figures(
        accepted=published(month.get("accepted", 0), least),
        finished=published(answered, least),
        on_time=percent(month.get("on_time", 0), answered, least),
        satisfied=percent(year.whole.get("satisfied", 0), rated, least),
        ratings=published(rated, least),
        top=_top(
            {code: one.get("accepted", 0) for code, one in year.by("category").items()}, least
        ),
        least=least,
    )


def _top(counts: dict[str, int], least: int) -> list[tuple[Category, int]]:
    most = sorted(
        (code for code in counts if counts[code] >= least), key=lambda code: -counts[code]
    )
    known = Category.objects.in_bulk(most[:TOP])
    return [(known[code], counts[code]) for code in most[:TOP] if code in known]
