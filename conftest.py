"""The database of the tests: real PostgreSQL, used as the restricted role.

One embedded server (YIWANG_TEST_DATA_DIR, by default var/test) is shared by all test runs on
this machine and stopped by the last, unless YIWANG_KEEP_PG=1. A template database is migrated
once for each state of the migrations; every test process works in a copy of it and drops it.
"""

import gc
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker

from config.postgres import Cluster, Site, acting_as_owner, prepare, protect
from config.postgres.copies import copy, drop, fingerprint, template
from config.postgres.privileges import log_in
from config.postgres.sites import ALIASES

# A slow machine is no fault of the rule under test.
hypothesis.settings.register_profile("yiwang", deadline=None)
hypothesis.settings.load_profile("yiwang")
pytest_plugins = ["tests.world", "tests.axe", "tests.installations", "tests.clamd"]
ROOT = Path(__file__).parent
RUN = os.environ.get("YIWANG_TEST_DB", "yiwang")


def _migrated_files() -> Iterator[Path]:
    """Everything a migrated database depends on."""
    yield from ROOT.glob("yiwang/*/migrations/*.py")
    yield from (path for path in ROOT.glob("yiwang/*/data/**/*") if path.is_file())
    yield from ROOT.glob("config/postgres/*.py")


@pytest.fixture(scope="session")
def test_cluster() -> Iterator[Cluster]:
    """The tests' own server: nothing is synced to disk, so it must never hold real data."""
    folder = Path(os.environ.get("YIWANG_TEST_DATA_DIR", ROOT / "var" / "test"))
    cluster = Cluster(folder, durable=False)
    with cluster.shared():
        if os.environ.get("YIWANG_KEEP_PG") == "1":
            cluster.keep(True)
        yield cluster


@pytest.fixture(scope="session")
def database_template(test_cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a migrated and protected database that copies are made from."""

    def build(name: str) -> None:
        from yiwang.core.sheets import load_calendar, load_parameters

        site = prepare(test_cluster, name)
        with django_db_blocker.unblock(), _using(site), acting_as_owner(site):
            call_command("migrate", verbosity=0, interactive=False)
            load_parameters(ROOT / "yiwang/core/data/parameters.csv")
            load_calendar(ROOT / "yiwang/core/data/calendar.csv")
            protect(connections["default"], site)

    prepare(test_cluster)  # the roles, also when the template is there already
    return template(test_cluster, fingerprint(_migrated_files()), build)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """gw0, gw1 … under xdist; else `master` and the process, so that two runs do not meet."""
    found = os.environ.get("PYTEST_XDIST_WORKER", "master")
    return f"{found}_{os.getpid()}"


class Cities:
    """The databases of this test process, each made when the first test asks for it.

    An empty city, the small world of the tests, and that world with its catalogue: a test asks
    for one of them by its fixtures and takes back what it did, so none is built twice.
    """

    def __init__(self) -> None:
        self.wanted = EMPTY
        self.enter: Callable[[str], None] = lambda which: None

    @contextmanager
    def opened(self, cluster: Cluster, source: str, prefix: str) -> Iterator[None]:
        sites: dict[str, Site] = {}
        inside = ""

        def enter(which: str) -> None:
            from tests.world import let_go

            nonlocal inside
            if which == inside:
                return
            inside = which
            found = which in sites
            if not found:
                sites[which] = copy(cluster, source, f"{prefix}_{which}")
            _log_in_everywhere(sites[which])
            if not found:
                _settle(which)
            let_go()

        self.enter = enter
        before = {alias: dict(settings.DATABASES[alias]) for alias in ALIASES}
        try:
            enter(self.wanted)
            yield
        finally:
            self.enter = lambda which: None
            for alias, entry in before.items():
                log_in(entry, alias)
            for site in sites.values():
                drop(cluster, site.database)


EMPTY, SMALL, STOCKED = "empty", "world", "catalogue"
CITIES = pytest.StashKey[Cities]()


def _settle(which: str) -> None:
    """What a city begins with."""
    from tests.world import ITEMS, build_world, let_go
    from yiwang.matters.sheets import load_catalogue

    let_go()
    if which != EMPTY:
        build_world()
    if which == STOCKED:
        load_catalogue(only=ITEMS)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[CITIES] = Cities()
    # Only browsers ask for files, and those ask the live site.
    settings.MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Programs and tests stay to the end: the collector need not go through them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks at the whole goes first: the many small files of the apps end together."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before a test opens its transaction it is led into the city it asks for."""
    asked = getattr(item, "fixturenames", ())
    cities = item.config.stash[CITIES]
    cities.wanted = next((one for one in (STOCKED, SMALL) if one in asked), EMPTY)
    cities.enter(cities.wanted)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    test_cluster: Cluster,
    database_template: str,
    worker_id: str,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """Every database test runs in a city of this process, as the application's role."""
    cities = request.config.stash[CITIES]
    with (
        django_db_blocker.unblock(),
        cities.opened(test_cluster, database_template, f"test_{RUN}_{worker_id}"),
    ):
        yield


@pytest.fixture
def committed_db(
    test_cluster: Cluster,
    database_template: str,
    worker_id: str,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Site]:
    """A database of the test's own, for real commits, threads and other processes.

    Instead of the `django_db` mark, not together with it. Threads that use the ORM must close
    their connections themselves (`django.db.connection.close()`).
    """
    name = f"test_{RUN}_{worker_id}_own"
    with (
        _copied(test_cluster, database_template, name) as site,
        django_db_blocker.unblock(),
        _using(site),
    ):
        yield site


@contextmanager
def _copied(cluster: Cluster, source: str, name: str) -> Iterator[Site]:
    site = copy(cluster, source, name)
    try:
        yield site
    finally:
        drop(cluster, name)


@contextmanager
def _using(site: Site) -> Iterator[None]:
    """All three Django connections point at this database, without a pool."""
    before = {alias: dict(settings.DATABASES[alias]) for alias in ALIASES}
    _log_in_everywhere(site)
    try:
        yield
    finally:
        for alias, entry in before.items():
            log_in(entry, alias)


def _log_in_everywhere(site: Site) -> None:
    for alias, role in ALIASES.items():
        log_in({**settings.DATABASES[alias], **site.django(role)}, alias)


@dataclass(frozen=True)
class LiveSite:
    """A real server process with a database of its own."""

    url: str
    site: Site
    unblock: Callable[[], Any]
    log: Path

    def run(self, work: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
        """Run code against the live site's database, as its application role, committed.

        What this process remembers of another database is wrong there, and the other way round.
        """
        from yiwang.core.memory import forget

        forget("")
        try:
            with self.unblock(), _aside(self.site):
                return work(*args, **keywords)
        finally:
            forget("")


@contextmanager
def _aside(site: Site) -> Iterator[None]:
    """Another default connection for this thread; the test's own one waits untouched."""
    own = connections["default"]
    entry = {**connections.settings["default"], **site.django("app")}
    other = type(own)(entry, "default")
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = own


@pytest.fixture(scope="session")
def lasting_server(
    test_cluster: Cluster,
    database_template: str,
    worker_id: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Site, str, Path]]:
    """granian with the application on a free port, for all browser tests of this process."""
    log = tmp_path_factory.mktemp("live") / "server.log"
    with (
        _copied(test_cluster, database_template, f"test_{RUN}_{worker_id}_live") as site,
        log.open("a") as into,
    ):
        port = _free_port()
        url = f"http://127.0.0.1:{port}"
        server = _serve(site, port, into)
        try:
            _await_answer(url, server, log)
            yield site, url, log
        finally:
            server.terminate()
            server.wait()


@pytest.fixture(scope="module")
def live_site(
    test_cluster: Cluster,
    database_template: str,
    lasting_server: tuple[Site, str, Path],
    django_db_blocker: DjangoDbBlocker,
) -> LiveSite:
    """The site with an empty city, for one file of browser tests.

    `live_site.url` is its address; `live_site.run(work, …)` runs code in its database.
    """
    from tests.server import LET_GO

    site, url, log = lasting_server
    urllib.request.urlopen(f"{url}{LET_GO}", timeout=30).close()
    copy(test_cluster, database_template, site.database)
    os.truncate(log, 0)
    return LiveSite(url, site, django_db_blocker.unblock, log)


def _serve(site: Site, port: int, log: Any) -> "subprocess.Popen[bytes]":
    """The keys are those of this process, so that both read the same encrypted fields."""
    environment = {
        **os.environ,
        "YIWANG_TEST": "1",
        "DATA_DIR": str(settings.DATA_DIR),
        "DATABASE_URL": site.url("app"),
        "DATABASE_OWNER_URL": site.url("owner"),
        "DATABASE_READER_URL": site.url("reader"),
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--blocking-threads", "8", "--no-ws"]
    return subprocess.Popen(
        [*command, "tests.server:application"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )


def _await_answer(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    while server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=30)
        except urllib.error.HTTPError:
            return  # an answer, be it a refusal
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server stopped:\n{log.read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        return int(it.getsockname()[1])
