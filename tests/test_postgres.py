"""The embedded server: it starts, attaches, recovers and stops, and its roles are bound."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest

from config.postgres import Cluster, DatabaseError, prepare
from config.postgres.layout import SUN_PATH_LIMIT
from config.postgres.locks import is_free

ROOT = Path(__file__).parent.parent
START = """
import sys
from pathlib import Path
from config.postgres import Cluster
print(Cluster(Path(sys.argv[1])).start())
"""


@pytest.fixture
def folder():
    """A folder that every account can enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="yw-") as found:
        Path(found).chmod(0o755)
        yield Path(found)


@pytest.fixture
def cluster(folder):
    """A durable server of the test's own; nothing is left of it afterwards."""
    found = Cluster(folder / "data", report=lambda line: None)
    yield found
    if found.layout.home.exists():
        found.remove()


def start_elsewhere(cluster: Cluster) -> "subprocess.Popen[str]":
    """Another process that starts the same data folder."""
    return subprocess.Popen(
        [sys.executable, "-c", START, str(cluster.data_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )


def postmaster(cluster: Cluster) -> int:
    """The server's process number."""
    return int((cluster.layout.data / "postmaster.pid").read_text().split("\n")[0])


def test_a_new_folder_becomes_a_database_that_finds_chinese(cluster):
    assert cluster.start() is True
    site = prepare(cluster)
    with psycopg.connect(site.url("app")) as it:
        assert it.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        assert it.execute(
            "SELECT datcollate, datctype FROM pg_database WHERE datname = current_database()"
        ).fetchone() == ("C.UTF-8", "C.UTF-8")
        assert it.execute("SELECT cardinality(show_trgm('南通市')) > 0").fetchone() == (True,)
        assert it.execute("SELECT '南通市' % '南通'").fetchone() == (True,)


def test_the_server_listens_on_no_network_and_syncs_to_disk(cluster):
    cluster.start()
    with psycopg.connect(cluster.superuser_url()) as it:
        assert it.execute("SHOW listen_addresses").fetchone() == ("",)
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            assert it.execute(f"SHOW {setting}").fetchone() == ("on",)
    assert cluster.layout.socket.stat().st_mode & 0o777 == 0o700
    assert (cluster.data_dir / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_second_start_attaches_to_the_running_server(cluster):
    assert cluster.start() is True
    first = postmaster(cluster)
    assert Cluster(cluster.data_dir).start() is False
    assert postmaster(cluster) == first


def test_two_starts_at_once_on_a_new_folder_make_one_server(cluster):
    both = [start_elsewhere(cluster) for _ in range(2)]
    said = sorted(process.communicate()[0].strip() for process in both)
    assert said == ["False", "True"]
    assert cluster.answers()


def test_the_server_outlives_the_killed_application(cluster):
    ready = "import time; print('up', flush=True); time.sleep(600)"
    application = subprocess.Popen(
        [sys.executable, "-c", START + ready, str(cluster.data_dir)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert application.stdout
    while application.stdout.readline().strip() != "up":
        pass
    application.kill()
    application.wait()
    assert cluster.start() is False


@pytest.mark.fault
def test_every_acknowledged_row_is_found_after_the_server_was_killed_under_writes(cluster):
    cluster.start()
    site = prepare(cluster)
    with psycopg.connect(site.url("owner")) as it:
        it.execute("CREATE TABLE written (writer int, number int)")
    acknowledged: list[tuple[int, int]] = []
    enough = threading.Event()

    def write(writer: int) -> None:
        with psycopg.connect(site.url("app"), autocommit=True) as it:
            for number in range(1_000_000):
                it.execute("INSERT INTO written VALUES (%s, %s)", [writer, number])
                acknowledged.append((writer, number))
                if len(acknowledged) > 400:
                    enough.set()

    def write_until_killed(writer: int) -> None:
        with pytest.raises(psycopg.OperationalError):
            write(writer)

    writers = [threading.Thread(target=write_until_killed, args=[n]) for n in range(4)]
    for writer in writers:
        writer.start()
    assert enough.wait(60)
    os.kill(postmaster(cluster), signal.SIGKILL)
    assert cluster.start() is True  # with its stale pid file, its socket and dying children
    for writer in writers:
        writer.join()
    with psycopg.connect(site.url("app")) as it:
        found = set(it.execute("SELECT writer, number FROM written").fetchall())
    assert set(acknowledged) <= found
    assert len(found) <= len(acknowledged) + len(writers)  # at most one unacknowledged each


@pytest.mark.fault
def test_a_child_that_outlives_its_killed_server_is_waited_for(cluster):
    cluster.start()
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as busy:
        server, child = postmaster(cluster), busy.info.backend_pid
        # A statement that computes never looks whether its server is still alive.
        work = "SELECT count(*) FROM generate_series(1, 3000000) a, generate_series(1, 3) b"
        stuck = threading.Thread(target=lambda: _ignore_loss(busy, work))
        stuck.start()
        time.sleep(0.3)
        os.kill(server, signal.SIGKILL)
        assert not is_free(cluster.layout.life_lock)
        assert cluster.start() is True
        assert child not in cluster._processes()
        stuck.join()


def _ignore_loss(connection: psycopg.Connection, statement: str) -> None:
    with contextlib.suppress(psycopg.OperationalError):
        connection.execute(statement)


def test_a_left_over_pid_file_and_socket_do_not_stop_a_start(cluster):
    cluster.start()
    cluster.stop()
    # The number belongs to a living process of another program, as after a reboot.
    lines = [str(os.getpid()), str(cluster.layout.data), "1", "5432", "", "", "", ""]
    (cluster.layout.data / "postmaster.pid").write_text("\n".join(lines))
    (cluster.layout.socket / ".s.PGSQL.5432").write_text("")
    (cluster.layout.socket / ".s.PGSQL.5432.lock").write_text("\n".join(lines))
    assert cluster.start() is True


def test_a_stop_is_clean_and_a_second_one_does_nothing(cluster):
    cluster.start()
    cluster.stop()
    assert not cluster.answers()
    assert is_free(cluster.layout.life_lock)
    control = cluster.account.run(cluster._program("pg_controldata"), cluster.layout.data)
    assert "shut down" in control
    assert "in production" not in control
    cluster.stop()


def test_the_last_of_several_users_stops_the_server(cluster):
    other = Cluster(cluster.data_dir, report=lambda line: None)
    with cluster.shared():
        with other.shared():
            assert other.answers()
        assert cluster.answers()
    assert not cluster.answers()


def test_an_operator_can_keep_the_server_when_its_last_user_leaves(cluster):
    cluster.start()
    cluster.keep(True)
    with cluster.shared():
        pass
    assert cluster.answers()


def test_a_server_that_cannot_start_says_why(cluster):
    cluster.start()
    cluster.stop()
    with (cluster.layout.data / "postgresql.auto.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    with pytest.raises(DatabaseError, match="no_such_setting"):
        cluster.start()


def test_a_half_made_database_is_made_again(cluster):
    unfinished = cluster.layout.home / "data.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("18")
    assert cluster.start() is True


def test_data_of_another_major_version_is_not_passed_over(tmp_path):
    (tmp_path / "pg9" / "data").mkdir(parents=True)
    with pytest.raises(DatabaseError, match="pg9"):
        Cluster(tmp_path).start()
    assert not (tmp_path / "secrets.json").exists()


def test_lost_passwords_are_made_anew(cluster):
    cluster.start()
    prepare(cluster)
    (cluster.data_dir / "secrets.json").unlink()
    cluster.start()
    prepare(cluster)
    with psycopg.connect(cluster.url("app")) as it:
        assert it.execute("SELECT 1").fetchone() == (1,)


def test_a_long_path_gets_a_short_socket(folder):
    deep = folder / ("深" * 30) / ("d" * 60)
    cluster = Cluster(deep, report=lambda line: None)
    assert len(os.fsencode(cluster.layout.socket)) + len("/.s.PGSQL.5432.lock") <= SUN_PATH_LIMIT
    try:
        assert cluster.start() is True
        assert not cluster.layout.socket.is_relative_to(deep)
    finally:
        socket = cluster.layout.socket
        cluster.remove()
    assert not socket.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start as somebody else")
def test_root_runs_the_server_as_an_ordinary_user(cluster):
    cluster.start()
    owner = Path(f"/proc/{postmaster(cluster)}").stat().st_uid
    assert owner == cluster.account.uid != 0
    assert cluster.layout.data.stat().st_uid == owner


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start as somebody else")
def test_a_folder_closed_to_the_servers_user_stays_closed(folder):
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "data", report=lambda line: None)
    try:
        cluster.start()
        assert cluster.answers()
        assert not cluster.layout.home.is_relative_to(closed)
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        cluster.remove()


@pytest.fixture(scope="module")
def prepared(test_cluster):
    """A prepared database on the tests' server, with one table of the owner's."""
    from config.postgres.copies import drop

    name = f"test_roles_{os.getpid()}"
    drop(test_cluster, name)
    site = prepare(test_cluster, name)
    with psycopg.connect(site.url("owner")) as it:
        it.execute("CREATE TABLE paper (id bigint GENERATED BY DEFAULT AS IDENTITY, text text)")
        it.execute("INSERT INTO paper (text) VALUES ('甲')")
    yield site
    drop(test_cluster, name)


def test_the_owner_makes_tables_in_the_citys_schema(prepared):
    with psycopg.connect(prepared.url("reader")) as it:
        query = "SELECT schemaname, tableowner FROM pg_tables WHERE tablename = 'paper'"
        assert it.execute(query).fetchone() == ("city_320600", "yiwang_owner")
        query = "SELECT nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = extnamespace "
        assert it.execute(query + "WHERE extname = 'pg_trgm'").fetchone() == ("public",)


def test_the_application_reads_and_writes_rows(prepared):
    with psycopg.connect(prepared.url("app")) as it:
        it.execute("INSERT INTO paper (text) VALUES ('乙')")
        it.execute("UPDATE paper SET text = '丙' WHERE text = '乙'")
        assert it.execute("DELETE FROM paper WHERE text = '丙'").rowcount == 1


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE paper",
        "DROP TABLE paper",
        "ALTER TABLE paper ADD extra int",
        "CREATE TABLE mine (id int)",
        "CREATE TABLE public.mine (id int)",
    ],
)
def test_the_application_owns_nothing(prepared, statement):
    with (
        psycopg.connect(prepared.url("app")) as it,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        it.execute(statement)


def test_the_reader_only_reads_and_not_for_ever(prepared):
    with psycopg.connect(prepared.url("reader")) as it:
        assert it.execute("SELECT text FROM paper").fetchall() == [("甲",)]
        assert it.execute("SHOW statement_timeout").fetchone() == ("1min",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            it.execute("INSERT INTO paper (text) VALUES ('丁')")


def test_preparing_twice_changes_nothing(prepared, test_cluster):
    prepare(test_cluster, prepared.database)
    with psycopg.connect(prepared.url("app")) as it:
        assert it.execute("SELECT count(*) FROM paper").fetchone() == (1,)
