"""Server and database are killed under load: every acknowledged acceptance is there, once."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.installations import ROOT, Installation

CLIENTS, MATTERS = 8, 160
PATIENCE = 240.0  # seconds until the clients give up and the test fails
SETTING = """
import json, sys
from datetime import date, timedelta
from django.core.management import call_command
from tests.world import COMMUNITY, build_world, LAN
from yiwang.accounts.actions import issue_token
from yiwang.accounts.actor import Actor
from yiwang.accounts.models import Post
from yiwang.core.sheets import DATA, load_calendar, load_parameters
from yiwang.matters.reads import planned
from yiwang.matters.tests.test_pages_accept import told_for
from yiwang.matters.sheets import load_catalogue
from yiwang.residents.actions import add_resident
load_parameters(DATA / "parameters.csv")
load_calendar(DATA / "calendar.csv")
world = build_world()
load_catalogue(only=("elder-care-subsidy",))
admin = world.network_admin
resident = add_resident(world.place(COMMUNITY), name="陈桂英", values=dict(LAN), source="visit",
                        source_label="走访", by=admin)
token = issue_token(Post.objects.get(pk=admin.post_id), name="接口", scopes=["matters.accept"],
                    per_minute=6000, expires_on=date.today() + timedelta(days=9), by=Actor.system())
guide = planned("elder-care-subsidy").guide
needs = [one.code for one in guide.materials]
answers = told_for(code for code in guide.fields if code not in {"name", "phone"})
print(json.dumps({"token": token.secret, "resident": resident.pk, "needs": needs,
                  "answers": answers}))
"""


@dataclass
class Load:
    """Clients that accept matters and ask again, with the same key, until they are told."""

    url: str
    token: str
    body: bytes
    told: dict[str, str] = field(default_factory=dict)
    repeated: int = 0
    strange: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=lambda: [secrets.token_hex(8) for _ in range(MATTERS)])
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: float = field(default_factory=lambda: time.monotonic() + PATIENCE)

    def run(self) -> list[threading.Thread]:
        self.waiting = list(self.keys)
        threads = [threading.Thread(target=self._client) for _one in range(CLIENTS)]
        for one in threads:
            one.start()
        return threads

    def _client(self) -> None:
        while True:
            with self.lock:
                if not self.waiting:
                    return
                key = self.waiting.pop()
            number = self._until_told(key)
            with self.lock:
                self.told[key] = number

    def _until_told(self, key: str) -> str:
        while time.monotonic() < self.over:
            number = self._send(key)
            if number:
                return number
            self.repeated += 1
            time.sleep(0.2)
        return ""

    def _send(self, key: str) -> str:
        headers = {
            "Authorization": f"Bearer {self.token}", "Idempotency-Key": key,
            "Content-Type": "application/json",
        }  # fmt: skip
        request = urllib.request.Request(f"{self.url}/api/v1/matters/", self.body, headers)
        try:
            with urllib.request.urlopen(request, timeout=15) as answer:
                return str(json.load(answer)["number"])
        except urllib.error.HTTPError as error:
            if error.code < 500:
                self.strange.append(f"{error.code} {error.read()[:200]!r}")
            return ""
        except (OSError, ValueError):
            return ""

    def wait_for(self, count: int) -> None:
        while len(self.told) < count and time.monotonic() < self.over:
            time.sleep(0.05)


class Site:
    """`yiwang serve` in a process group of its own, started by the ordinary command."""

    def __init__(self, installation: Installation, port: int) -> None:
        self.installation, self.port = installation, port
        self.url = f"http://127.0.0.1:{port}"

    def start(self) -> None:
        """Return when the command has printed its address: then the site answers."""
        command = self.installation.command("serve", "--port", str(self.port), "--workers", "2")
        log = self.installation.folder / f"serve-{secrets.token_hex(4)}.log"
        with log.open("w") as out:
            self.process = subprocess.Popen(
                command,
                env=self.installation.surroundings(),
                cwd=ROOT,
                start_new_session=True,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        while self.url not in log.read_text().splitlines():
            assert self.process.poll() is None, log.read_text()
            time.sleep(0.1)

    def kill(self) -> None:
        """kill -9: the supervisor, and with it every process it had started."""
        victims = [self.process.pid, *_children(self.process.pid)]
        for pid in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()


def _children(pid: int) -> list[int]:
    """The site's own processes below one process; the database is none of them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = path.read_text().rpartition(")")[2].split()
            command = (path.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(parts[1]) == pid and b"postgres" not in command:
            child = int(path.parent.name)
            found += [child, *_children(child)]
    return found


@pytest.fixture(scope="module")
def loaded(installation):
    """An installation that syncs to disk, with one community and a key to it."""
    told = _inside(installation, SETTING)
    return installation, json.loads(told.strip().splitlines()[-1])


def _inside(installation: Installation, script: str) -> str:
    """Run a script with the settings of the installation."""
    begin = "import django; django.setup()\n"
    surroundings = installation.surroundings(
        DJANGO_SETTINGS_MODULE="config.settings", PYTHONPATH=str(ROOT)
    )
    done = subprocess.run(
        [sys.executable, "-c", begin + script], env=surroundings, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


@pytest.mark.fault
def test_no_acknowledged_acceptance_is_lost_when_server_and_database_are_killed(loaded, port):
    installation, known = loaded
    site = Site(installation, port)
    site.start()
    body = {
        "item": "elder-care-subsidy", "resident": known["resident"],
        "materials": [{"code": code} for code in known["needs"]],
        "answers": known["answers"],
    }  # fmt: skip
    load = Load(site.url, known["token"], json.dumps(body).encode())
    threads = load.run()

    load.wait_for(MATTERS // 4)
    site.kill()
    site.start()

    load.wait_for(MATTERS // 2)
    cluster = installation.cluster()
    postmaster = int((cluster.layout.data / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    cluster.start()
    cluster.keep(True)

    for one in threads:
        one.join()
    site.process.send_signal(signal.SIGTERM)
    site.process.wait()

    assert load.strange == []
    assert load.repeated > 0, "nothing was killed while the clients were at work"
    assert "" not in load.told.values()
    assert len(load.told) == MATTERS
    _everything_is_whole(installation, load.told)
    assert installation.yiwang("journal", "seal").returncode == 0
    verified = installation.yiwang("journal", "verify")
    assert verified.returncode == 0, verified.stderr


def _everything_is_whole(installation: Installation, told: dict[str, str]) -> None:
    """Each number once, with its steps, its event and its line under the client's key."""
    with installation.owner() as it:
        numbers = Counter(row[0] for row in it.execute("SELECT number FROM matters_matter"))
        assert set(numbers) == set(told.values())
        assert set(numbers.values()) == {1}
        whole = it.execute(
            """SELECT m.number,
                 (SELECT count(*) FROM matters_step s WHERE s.matter_id = m.id),
                 (SELECT count(*) FROM matters_event e
                   WHERE e.matter_id = m.id AND e.kind = 'accepted'),
                 (SELECT count(*) FROM matters_material p WHERE p.matter_id = m.id)
               FROM matters_matter m"""
        ).fetchall()
        parts = {row[1:] for row in whole}
        assert len(parts) == 1, "some matter is half written"
        steps, events, _papers = parts.pop()
        assert steps > 1
        assert events == 1
        lines: dict[str, str] = dict(
            it.execute(
                """SELECT l.idempotency_key, m.number FROM core_journalline l
                   JOIN matters_matter m ON m.id::text = l.subject_id
                   WHERE l.act = 'matters.accept'"""
            ).fetchall()
        )
        assert lines == told
        orphans = "SELECT count(*) FROM core_journalline WHERE act = 'matters.accept'"
        assert it.execute(orphans).fetchone() == (len(told),)
