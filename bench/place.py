"""A scratch database with the demonstration's places and people, and a real server on it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.command.frame import data_dir
from config.postgres import Cluster, Site, acting_as_owner, prepare, protect
from config.postgres.copies import drop

ROOT = Path(__file__).resolve().parent.parent
NAME = "yiwang_bench"


@dataclass(frozen=True)
class Figure:
    """One line of the results: what was measured, against what, and the ratio of the two."""

    work: str
    ours: str
    peer: str
    ratio: str
    note: str = ""


@contextmanager
def scratch_database() -> Iterator[Site]:
    """A migrated database of our own, used as the restricted role and dropped at the end."""
    from django.core.management import call_command
    from django.db import connections

    from config.postgres.privileges import log_in

    cluster = Cluster(data_dir())
    site = prepare(cluster, NAME)
    before = dict(connections.settings["default"])
    try:
        log_in({**before, **site.django("app")})
        with acting_as_owner(site):
            call_command("migrate", verbosity=0, interactive=False)
            protect(connections["default"], site)
        yield site
    finally:
        log_in(before)
        drop(cluster, NAME)


@contextmanager
def server(site: Site, workers: int = 2) -> Iterator[str]:
    """granian with the application on a free port of loopback; gives its address."""
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": site.url("app"),
        "DATABASE_OWNER_URL": site.url("owner"),
        "DATABASE_READER_URL": site.url("reader"),
        "YIWANG_DEBUG": "",
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(workers), "--blocking-threads", "5"]
    running = subprocess.Popen(
        [*command, "--no-ws", "config.wsgi:application"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(f"http://127.0.0.1:{port}/site/health")
        yield f"127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()


def _free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])


def _await(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"no answer from {url}")
