"""Accepting a matter over HTTP against the same SQL by pgbench, 16 clients each."""

import http.client
import json
import os
import re
import shutil
import subprocess
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.postgres import Site
from yiwang.accounts.actor import Actor
from yiwang.divisions.models import Division
from yiwang.matters import actions
from yiwang.matters.actions.papers import HandedIn
from yiwang.matters.models import Matter
from yiwang.matters.reads import planned
from yiwang.residents.models import Resident
from yiwang.residents.reads import dictionary

from .city import found_city, people_city, token_for
from .place import Figure, server

ITEM = "senior-allowance"


def measure(site: Site, *, seconds: int, clients: int) -> list[Figure]:
    """Requests per second of signed-in, checked, journaled, durable acceptances, and pgbench's."""
    post = found_city()
    people_city(2000)
    people = list(
        Resident.objects.filter(division_id=post.division_id).values_list("pk", flat=True)
    )
    script = _same_sql(site, Actor.of(post), people[0])
    secret = token_for(post)
    with server(site) as address:
        _drive(address, secret, people, 2, clients)  # warm up
        ours = _drive(address, secret, people, seconds, clients)
    peer, name = by_pgbench(site, script, seconds, clients)
    again = ours / peer if peer else 0
    return [
        Figure(
            f"受理一件事项（HTTP，{clients} 个并发）",
            f"{ours:.0f} 件/秒",
            f"{name} {peer:.0f} tps",
            f"{again:.3f}",
            f"目标 ≥ 0.20；每件 {script.count(';') - 2} 条 SQL",
        )
    ]


def papers() -> list[str]:
    return [need.code for need in planned(ITEM).guide.materials]


def whole_form() -> dict[str, str]:
    """A whole form, as a system sends it that holds everything itself: nothing is looked up."""
    plain = {
        "date": "2026-10-01", "money": "3000", "integer": "3", "bank": "6228480402564890018",
        "phone": "15400001207", "identity": "320690194703120026", "boolean": "true",
    }  # fmt: skip
    words, found = dictionary(), dict[str, str]()
    for code in planned(ITEM).guide.fields:
        field = words[code]
        found[code] = field.choices[0].code if field.choices else plain.get(field.type, "有需要")
    return {**found, "born_on": "1947-03-12"} if "born_on" in found else found


def _drive(address: str, secret: str, people: list[int], seconds: int, clients: int) -> float:
    done = [0] * clients
    until = time.monotonic() + seconds
    form = {
        "materials": [{"code": code} for code in papers()],
        "answers": whole_form(),
        "asked": [],
    }
    threads = [
        threading.Thread(target=_client, args=(address, secret, people, form, until, done, n))
        for n in range(clients)
    ]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.monotonic() - started)


def _client(
    address: str,
    secret: str,
    people: list[int],
    form: dict[str, Any],
    until: float,
    done: list[int],
    number: int,
) -> None:
    wire = http.client.HTTPConnection(address)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    turn = number
    while time.monotonic() < until:
        turn += 1
        body = {
            "item": ITEM,
            "resident": people[turn % len(people)],
            "channel": "window",
            **form,
        }
        wire.request("POST", "/api/v1/matters/", json.dumps(body), headers)
        answer = wire.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise RuntimeError(f"{answer.status}: {text.decode()[:300]}")
        done[number] += 1
    wire.close()


def _same_sql(site: Site, actor: Actor, resident: int) -> str:
    """The statements of one acceptance as a pgbench script: same tables, rows and indexes."""
    person = Resident.objects.get(pk=resident)
    place = Division(pk=actor.division_id)
    handed = [HandedIn(code) for code in papers()]
    wanted = {
        "item": ITEM, "answers": whole_form(), "asked": [], "channel": "window", "materials": handed,
        "by": actor,
    }  # fmt: skip
    actions.accept_matter(place, resident=person, **wanted)  # type: ignore[arg-type]
    with psycopg.connect(site.url("owner")) as owner:  # a key that is no other number of the script
        owner.execute("SELECT setval('matters_matter_id_seq', 987654321)")
    with CaptureQueriesContext(
        connection,
    ) as caught:
        matter = actions.accept_matter(place, resident=person, **wanted)  # type: ignore[arg-type]
    lines = [r"\set serial random(1, 2000000000)", "BEGIN;"]
    lines += [
        _with_variables(query["sql"], matter) + ";"
        for query in caught.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    return "\n".join([*lines, "COMMIT;", ""])


def _with_variables(statement: str, matter: Matter) -> str:
    """The statement with a fresh number and the fresh key in place of those of one matter.

    The rows are JSON texts; a variable inside one is spliced in and the whole cast again.
    """
    one_line = " ".join(statement.split())
    one_line = re.sub(r"(NULL::\S+), ( ?E?'(?:[^']|'')*')", r"\1, (\2)::jsonb", one_line)
    fresh = "' || lpad((:serial)::text, 15, '0') || E'"
    current = "' || currval('matters_matter_id_seq') || E'"
    return one_line.replace(matter.number, fresh).replace(str(matter.pk), current)


def by_pgbench(site: Site, script: str, seconds: int, clients: int) -> tuple[float, str]:
    """pgbench where it is at hand; its newest version on Debian is enough."""
    found = shutil.which("pgbench") or next(
        iter(sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/pgbench")), reverse=True)),
        None,
    )
    if found is None:
        raise RuntimeError("pgbench is missing: apt-get install postgresql-contrib")
    parameters = site.parameters("app")
    environment = {
        **os.environ,
        "PGHOST": str(parameters["host"]),
        "PGPORT": str(parameters.get("port", 5432)),
        "PGUSER": str(parameters["user"]),
        "PGPASSWORD": str(parameters["password"]),
        "PGDATABASE": str(parameters["dbname"]),
        "PGOPTIONS": str(parameters["options"]),
    }
    with TemporaryDirectory() as folder:
        file = Path(folder) / "acceptance.sql"
        file.write_text(script)
        command = [found, "-n", "-f", str(file), "-c", str(clients), "-j", "2", "-T", str(seconds)]
        outcome = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
    match = re.search(r"tps = ([0-9.]+)", outcome.stdout)
    if match is None:
        raise RuntimeError(outcome.stderr[-2000:] + script)
    return float(match[1]), "pgbench"
