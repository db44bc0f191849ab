"""Matters at work: a status change against its SQL, thousands of clocks at once, many operators."""

import http.client
import json
import random
import re
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.postgres import Site, acting_as_owner
from yiwang.accounts.actions import appoint, create_person
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.accounts.roles import Role
from yiwang.core.models import JournalLine
from yiwang.divisions.models import Level
from yiwang.matters.actions import take_step
from yiwang.matters.jobs import escalate_late
from yiwang.matters.models import Escalation, Event, Matter, Step
from yiwang.residents.models import Resident

from .acceptance import by_pgbench, papers, whole_form
from .city import found_city, token_for
from .million import BASE, ITEM, NUMBER, running_matters
from .place import Figure, server

THINK = (2.0, 6.0)
"""Seconds an operator reads and types between two requests."""
ALONE = 60
"""Seconds of one operator alone, before the many."""


def status_change(site: Site, *, seconds: int, clients: int) -> list[Figure]:
    """Taking a step over HTTP, signed in, checked and journaled, and the same SQL by pgbench."""
    many = 400 * seconds
    clerk = _clerk(running_matters(site, found_city(), many * 2))
    script = _same_sql(clerk)
    secret = token_for(clerk, "matters.handle")
    with server(site) as address:
        _take_all(address, secret, BASE + 2, 2, clients)
        ours = _take_all(address, secret, BASE + many, seconds, clients)
    peer, name = by_pgbench(
        site, f"\\set m random({BASE + 2}, {BASE + many * 2})\n{script}", seconds, clients
    )
    return [
        Figure(
            f"接收一个环节（HTTP，{clients} 个并发，{script.count(';') - 2} 条 SQL）",
            f"{ours:.0f} 次/秒",
            f"{name} {peer:.0f} tps",
            f"{ours / peer:.3f}",
        )
    ]


def _clerk(matter: Matter) -> Post:
    """Somebody in the unit for which the matters wait."""
    unit, by = matter.steps.select_related("unit__division").order_by("pk")[0].unit, Actor.system()
    person = create_person(unit.division, name="黄军", username="benchclerk", by=by, sealed="!")
    roles = {Level.COMMUNITY: Role.COMMUNITY_NETWORK, Level.TOWNSHIP: Role.TOWNSHIP_OFFICE}
    role = roles.get(Level(unit.division.level), Role.DEPARTMENT)
    return appoint(unit, person=person, role=role, starts_on=date(2026, 1, 5), by=by)


def _same_sql(clerk: Post) -> str:
    """One change of status as a pgbench script: matter and step are the variable :m."""
    key = BASE + 1
    with CaptureQueriesContext(connection) as caught:
        take_step(Step.objects.select_related("matter").get(pk=key), by=Actor.of(clerk))
    plain = [
        " ".join(query["sql"].split()).replace(str(key), ":m")
        for query in caught.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    return "\n".join(["BEGIN;", *(f"{one};" for one in plain), "COMMIT;", ""])


def _take_all(address: str, secret: str, first: int, seconds: int, clients: int) -> float:
    keys, done = count(first), [0] * clients
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    until = time.monotonic() + seconds

    def client(number: int) -> None:
        wire = http.client.HTTPConnection(address)
        while time.monotonic() < until:
            key = next(keys)
            wire.request("POST", f"/api/v1/matters/{NUMBER}{key}/steps/{key}/take", "{}", headers)
            answer = wire.getresponse()
            text = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{answer.status}: {text.decode()[:300]}")
            done[number] += 1

    begun = time.monotonic()
    _at_once([lambda number=number: client(number) for number in range(clients)])  # type: ignore[misc]
    return sum(done) / (time.monotonic() - begun)


def _at_once(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def clocks(site: Site, *, due: int) -> list[Figure]:
    """So many clocks run out within one minute: all are told, once, and how long that takes.

    Its peer writes the same rows, a transaction each, with nothing decided and nothing checked.
    """
    running_matters(site, found_city(), due)
    with acting_as_owner(site), connection.cursor() as cursor:
        late = (
            "amber_at = now() - interval '1 hour', due_at = now() - random() * interval '1 minute'"
        )
        for table in ("matters_matter", "matters_step"):
            cursor.execute(f"UPDATE {table} SET {late} WHERE id > {BASE}")
        cursor.execute("ANALYZE matters_matter, matters_step")
    line = JournalLine.objects.order_by("-pk").values_list("pk", flat=True)[0]
    event = Event.objects.order_by("-pk").values_list("pk", flat=True)[0]
    begun = time.perf_counter()
    told = escalate_late()
    ours = time.perf_counter() - begun
    again = escalate_late()
    steps = Escalation.objects.filter(step__gt=BASE).values("step", "clock", "stage").distinct()
    if (
        again
        or steps.count() != told
        or Escalation.objects.values("step").distinct().count() != due
    ):
        raise RuntimeError(f"told {told}, again {again}, distinct {steps.count()} of {due}")
    peer = _written_again(site, line, event)
    return [
        Figure(
            f"一分钟内 {due:,} 个时限到期，全部上报（共 {told:,} 次，再跑一遍 0 次）",
            f"{ours:.1f} 秒",
            f"同样的行逐件提交，不判断 {peer:.1f} 秒",
            f"{ours / peer:.1f}",
        )
    ]


def _written_again(site: Site, line: int, event: int) -> float:
    """Seconds to write what was just written once more, matter by matter."""
    tables = {"core_journalline": line, "matters_event": event, "matters_escalation": 0}
    with psycopg.connect(site.url("owner")) as owner:
        rows = {}
        for table, after in tables.items():
            found = owner.execute(
                f"SELECT to_jsonb(t)::text FROM {table} t WHERE id > %s ORDER BY id", [after]
            )
            rows[table] = [row for (row,) in found]
        for table, after in reversed(tables.items()):
            owner.execute(f"DELETE FROM {table} WHERE id > %s", [after])
        owner.commit()
        begun = time.perf_counter()
        for written in zip(*rows.values(), strict=True):
            for table, row in zip(tables, written, strict=True):
                owner.execute(
                    f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, %s)).*",
                    [row],
                )
            owner.commit()
        return time.perf_counter() - begun


@dataclass
class Day:
    """What the operators of one run did, and how long each answer took, in milliseconds."""

    times: list[float] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def operators(site: Site, *, many: int, minutes: float) -> list[Figure]:
    """So many operators at once: p95, refusals, acknowledged writes that are not there, memory.

    They accept, take, look through their list and open matters, and think in between. The peer is
    one of them alone on the same machine in the same run.
    """
    call_command("collectstatic", verbosity=0, interactive=False)
    post = found_city()
    first = running_matters(site, post, 50_000)
    clerk = _clerk(first)
    people = list(Resident.objects.filter(division=post.division).values_list("pk", flat=True))
    door = _Door(token_for(post), token_for(clerk, "matters.handle"), _cookie(clerk), people)
    steps = count(BASE + 1)  # none is taken twice, in whichever run
    with server(site) as address:
        alone = _work(address, door, 1, ALONE, steps)
        before = _memory()
        day = _work(address, door, many, minutes * 60, steps)
        after = _memory()
    kept = set(Matter.objects.filter(number__in=day.numbers).values_list("number", flat=True))
    handled = Step.objects.filter(pk__in=day.taken, handler=clerk).count()
    lost = len(set(day.numbers) - kept) + len(set(day.taken)) - handled
    high, low = _p95(day.times), _p95(alone.times)
    return [
        Figure(
            f"{many} 名办事员同时工作 {minutes:g} 分钟（{len(day.times):,} 次请求，"
            f"受理 {len(day.numbers):,} 件，接收 {len(day.taken):,} 个环节，出错 {len(day.wrong)} 次，"
            f"丢失 {lost} 件，内存 {before:.0f} → {after:.0f} MB）",
            f"p95 {high:.0f} 毫秒",
            f"一人独用 p95 {low:.0f} 毫秒",
            f"{high / low:.1f}",
            "; ".join(sorted(set(day.wrong))[:3]),
        )
    ]


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _cookie(post: Post) -> str:
    """The session of whoever holds a post, as a browser sends it."""
    browser = Client()
    browser.force_login(post.user)
    return "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())


def _memory() -> float:
    """Megabytes of the server's processes, as the kernel counts them."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):  # it ended meanwhile
            if b"granian" in (status.parent / "cmdline").read_bytes():
                total += int(re.search(r"VmRSS:\s+(\d+)", status.read_text())[1])  # type: ignore[index]
    return total / 1024


@dataclass(frozen=True)
class _Door:
    """How the operators come in, and whom they serve."""

    accept: str
    handle: str
    cookie: str
    people: list[int]


def _work(address: str, door: _Door, many: int, seconds: float, steps: Iterator[int]) -> Day:
    day, until = Day(), time.monotonic() + seconds
    form = {"materials": [{"code": one} for one in papers()], "answers": whole_form(), "asked": []}

    def operator(number: int) -> None:
        draw, wire = random.Random(number), http.client.HTTPConnection(address, timeout=60)
        time.sleep(draw.uniform(0, min(THINK[1], seconds / 2)))
        while time.monotonic() < until:
            _one(wire, door, draw, form, steps, day)
            time.sleep(draw.uniform(*THINK))

    _at_once([lambda number=number: operator(number) for number in range(many)])  # type: ignore[misc]
    return day


def _one(
    wire: http.client.HTTPConnection,
    door: _Door,
    draw: random.Random,
    form: dict[str, Any],
    steps: Iterator[int],
    day: Day,
) -> None:
    what = draw.choices(("accept", "take", "list", "open"), (3, 3, 2, 2))[0]
    key = next(steps) if what == "take" else draw.randrange(BASE + 1, BASE + 50_000)
    body = {"item": ITEM, "resident": draw.choice(door.people), "channel": "window", **form}
    method, path, secret, sent = {
        "accept": ("POST", "/api/v1/matters/", door.accept, json.dumps(body)),
        "take": ("POST", f"/api/v1/matters/{NUMBER}{key}/steps/{key}/take", door.handle, "{}"),
        "list": ("GET", "/desk/matters/?tab=mine", "", None),
        "open": ("GET", f"/desk/matters/{NUMBER}{key}/", "", None),
    }[what]
    headers = {"Authorization": f"Bearer {secret}"} if secret else {"Cookie": door.cookie}
    begun = time.perf_counter()
    try:
        wire.request(method, path, sent, {**headers, "Content-Type": "application/json"})
        answer = wire.getresponse()
        text = answer.read()
    except (OSError, http.client.HTTPException) as error:
        day.wrong.append(f"{what}: {type(error).__name__}")
        wire.close()
        return
    day.times.append((time.perf_counter() - begun) * 1000)
    if answer.status not in (200, 201):
        day.wrong.append(f"{what}: {answer.status} {text.decode(errors='replace')[:120]}")
    elif what == "accept":
        day.numbers.append(json.loads(text)["number"])
    elif what == "take":
        day.taken.append(key)
