"""Which place and month the public scoreboard shows."""

from datetime import date, datetime, timedelta

from django.conf import settings

from yiwang.divisions.models import Division
from yiwang.divisions.rules import Depth, ancestor, depth_of

MONTHS = 12


def board_place(chosen: Division | None) -> Division:
    """The county of the chosen community, so that units can be compared; else the city."""
    key = settings.CITY
    if chosen is not None and depth_of(chosen.pk) > Depth.CITY:
        key = ancestor(chosen.pk, Depth.COUNTY)
    return Division.objects.get(pk=key)


def month_of(text: str, today: date) -> tuple[date, date]:
    """The first and last day of a month as an address names it, else of the one that runs."""
    try:
        first = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        first = today.replace(day=1)
    if not today.year - 10 <= first.year <= today.year:
        first = today.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def months(today: date) -> list[date]:
    """The first days of the last months, the newest first."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found
