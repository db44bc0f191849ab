"""Figures of matters: a day kept of a million, all days, and a county's page, against plain SQL."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from config.postgres import Site
from yiwang.accounts.actor import Actor
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.performance.actions import keep_days
from yiwang.performance.models import DaySummary, KeptDay
from yiwang.performance.reads import tally
from yiwang.performance.reads.facts import EVENTS, Scope
from yiwang.performance.reads.figures import _live
from yiwang.performance.reads.keeping import write_days
from yiwang.performance.rules import COLUMNS, Period

from .city import found_city
from .million import many_matters
from .place import Figure

CITY, COUNTY = 320600_000_000, 320613_000_000
ITEM = "senior-allowance"
TRIES = 15
# The plainest that still counts something of a day: what came in and what was answered, by community.
_DAY = """
    SELECT division_id, count(*) FROM matters_matter
    WHERE accepted_at >= %(since)s AND accepted_at < %(until)s GROUP BY 1
    UNION ALL SELECT division_id, count(*) FROM matters_matter
    WHERE finished_at >= %(since)s AND finished_at < %(until)s GROUP BY 1"""


def measure(site: Site, *, matters: int) -> list[Figure]:
    """Ratios in one run; the county's page counts the same with and without its summaries."""
    many_matters(site, found_city(), matters)
    return _measured(matters)


def _measured(count: int) -> list[Figure]:
    today = timezone.localdate()
    day, city = today - timedelta(days=30), Division.objects.get(pk=CITY)
    one, year = Period(day, day), Period(today - timedelta(days=365), today - timedelta(days=1))
    plain, kept = _seconds(lambda: _plain(one)), _seconds(lambda: write_days(one))
    DaySummary.objects.all().delete()
    KeptDay.objects.all().delete()
    whole_plain = _seconds(lambda: _plain(year))
    whole = _seconds(lambda: keep_days(city, last=year.last, by=Actor.system()))
    scope = Scope(range_of(COUNTY))
    counted = [_seconds(lambda: _live(scope, COUNTY, year, EVENTS, COLUMNS)) for _turn in range(3)]
    read = [_seconds(lambda: tally(COUNTY, year)) for _turn in range(TRIES)]
    live, quick = statistics.median(counted), statistics.median(read)
    return [
        Figure(
            f"留存一天的办件统计，全市各级各项（{count:,} 件）", f"{kept * 1000:.0f} 毫秒",
            f"只按社区数受理和办结 {plain * 1000:.0f} 毫秒", f"{kept / plain:.1f}",
        ),
        Figure(
            f"留存一年的办件统计（{count:,} 件）", f"{whole:.1f} 秒",
            f"只按社区数受理和办结 {whole_plain:.1f} 秒", f"{whole / whole_plain:.1f}",
        ),
        Figure(
            f"区的一年办件统计页取数（{count:,} 件）", f"中位 {quick * 1000:.1f} 毫秒",
            f"同样的数现算一遍 {live * 1000:.0f} 毫秒", f"1/{live / quick:.0f}",
        ),
    ]  # fmt: skip


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _plain(period: Period) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DAY, {"since": period.first, "until": period.last + timedelta(days=1)})
        cursor.fetchall()
