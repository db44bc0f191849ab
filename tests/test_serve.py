"""`yiwang serve`: it answers, it stops, and it comes back whatever was killed."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request

import pytest

from config.command import supervisor
from config.command.frame import Exit, Problem
from tests.installations import ROOT, Installation


class Served:
    """`yiwang serve` on a port of its own."""

    def __init__(self, installation: Installation, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            installation.command("serve", "--port", str(port), "--workers", "1"),
            env=installation.surroundings(),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout
        self.said = self.process.stdout.readline().strip()
        assert self.said, self.process.communicate()[1]

    def health(self) -> dict[str, str]:
        with urllib.request.urlopen(f"{self.url}/health") as answer:
            return dict(json.load(answer))

    def stop(self, number: int) -> int:
        self.process.send_signal(number)
        self.process.communicate()
        return self.process.returncode


@pytest.fixture
def port():
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return it.getsockname()[1]


@pytest.fixture
def serve(installation, port):
    """Starts the site; whatever a test leaves running is stopped."""
    started = []

    def start() -> Served:
        started.append(Served(installation, port))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.stop(signal.SIGTERM)


def test_the_site_answers_and_stops_cleanly(serve):
    served = serve()
    assert served.said == served.url
    assert served.health()["database"] == "up"
    while served.health()["jobs"] != "up":
        time.sleep(0.2)
    assert served.stop(signal.SIGTERM) == 0
    with pytest.raises(OSError, match="refused"):
        served.health()


@pytest.mark.fault
def test_the_site_comes_back_after_it_and_after_its_database_was_killed(installation, serve):
    assert serve().stop(signal.SIGKILL) == -signal.SIGKILL
    again = serve()
    assert again.health()["database"] == "up"
    cluster = installation.cluster()
    os.kill(int((cluster.layout.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    cluster.start()
    cluster.keep(True)
    assert again.health()["database"] == "up"
    assert again.stop(signal.SIGINT) == 0


def test_a_taken_port_is_named(installation, port, monkeypatch):
    monkeypatch.setattr(supervisor, "PORT_PATIENCE", 0.0)
    with socket.socket() as it:
        it.bind(("127.0.0.1", port))
        it.listen()
        with pytest.raises(Problem, match=str(port)):
            supervisor.Address("127.0.0.1", port).await_free()


def test_serving_waits_for_the_tables(elsewhere):
    assert elsewhere.yiwang("db", "start").returncode == Exit.OK
    done = elsewhere.yiwang("serve")
    assert done.returncode == Exit.PROBLEM
    assert "yiwang migrate" in done.stderr
