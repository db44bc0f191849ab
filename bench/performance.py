"""Figures of matters: a day kept of a million, all days, and a county's page, against plain SQL.

One matter goes through the real acceptance; the others are copies of it, spread over the communities
and the days of a year, most of them taken up after an hour and finished after three days.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from config.postgres import Site, acting_as_owner
from yiwang.accounts.actor import Actor
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Event, Matter, Step
from yiwang.matters.reads import planned
from yiwang.performance.actions import keep_days
from yiwang.performance.models import DaySummary, KeptDay
from yiwang.performance.reads import tally
from yiwang.performance.reads.facts import EVENTS, Scope
from yiwang.performance.reads.figures import _live
from yiwang.performance.reads.keeping import write_days
from yiwang.performance.rules import COLUMNS, Period
from yiwang.residents.models import Resident

from .city import found_city, people_city
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
    post = found_city()
    people_city(200)
    person = Resident.objects.filter(division_id=post.division_id)[0]
    papers = [HandedIn(need.code) for need in planned(ITEM).guide.materials]
    first = actions.accept_matter(
        post.division, item=ITEM, resident=person, answers={}, channel="window", materials=papers,
        by=Actor.of(post),
    )  # fmt: skip
    with acting_as_owner(site):
        _multiply(first, matters)
    return _measured(matters)


def _copied(model: type[Model], pk: int, changes: Mapping[str, str], source: str) -> str:
    """INSERT … SELECT of one row many times, some columns made anew."""
    names = [str(field.column) for field in model._meta.concrete_fields if field.column != "id"]
    cells = ", ".join(changes.get(name, f't."{name}"') for name in names)
    table, columns = model._meta.db_table, ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO {table} ({columns}) SELECT {cells} FROM {table} t, {source} WHERE t.id = {pk}"
    )


def _multiply(first: Matter, count: int) -> None:
    step = first.steps.order_by("pk")[0]
    event = first.events.order_by("pk")[0]
    came = "(now() - interval '1 day' * (1 + n % 365) - interval '1 minute' * (n % 500))"
    made = f"m.number <> '{first.number}'"
    places = "SELECT array_agg(key ORDER BY key) FROM divisions_division WHERE level = 5"
    with connection.cursor() as cursor:
        cursor.execute(
            _copied(
                Matter, first.pk,
                {
                    "number": "'9' || lpad(n::text, 14, '0')", "accepted_at": came,
                    "division_id": "p.keys[1 + n % array_length(p.keys, 1)]",
                    "amber_at": f"{came} + interval '8 days'",
                    "due_at": f"{came} + interval '10 days'",
                    "state": "CASE WHEN n % 365 > 3 THEN 'finished' ELSE 'working' END",
                    "finished_at": f"CASE WHEN n % 365 > 3 THEN {came} + interval '3 days' END",
                },
                f"generate_series(1, {count}) n, ({places}) p(keys)",
            )
        )  # fmt: skip
        changes = {
            "matter_id": "m.id", "state": "'done'", "done_at": "m.finished_at - interval '1 day'",
            "started_at": "m.accepted_at",
        }  # fmt: skip
        finished = f" AND {made} AND m.finished_at IS NOT NULL"
        cursor.execute(_copied(Step, step.pk, changes, "matters_matter m") + finished)
        for kind, at in (("accepted", "m.accepted_at"), ("taken", "m.accepted_at + interval '1 hour'")):  # fmt: skip
            changes = {"matter_id": "m.id", "kind": f"'{kind}'", "at": at}
            cursor.execute(_copied(Event, event.pk, changes, "matters_matter m") + f" AND {made}")
        cursor.execute("ANALYZE matters_matter, matters_step, matters_event")


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
