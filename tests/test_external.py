"""A PostgreSQL of somebody else: one log-in works, three are bound, none is told what to run."""

import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from config.command.frame import Exit
from config.postgres import Cluster
from tests.installations import Installation

SYSTEM = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="module")
def foreign():
    """A PostgreSQL of somebody else: the oldest supported one where the machine has it."""
    folder = Path(tempfile.mkdtemp(prefix="yw-foreign-"))
    folder.chmod(0o711)
    found = Cluster(folder, report=lambda line: None)
    if SYSTEM.exists():
        found = Cluster(folder, report=lambda line: None, programs=SYSTEM, major=15)
    found.start()
    with psycopg.connect(found.superuser_url(), autocommit=True) as it:
        for name in ("landlord", "tenant", "visitor"):
            it.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'p'")
        for name in ("one", "three"):
            it.execute(f"CREATE DATABASE {name} OWNER landlord")
    yield found
    found.remove()
    shutil.rmtree(folder)


def address(cluster: Cluster, role: str, database: str) -> str:
    host = str(cluster.layout.socket).replace("/", "%2F")
    return f"postgresql://{role}:p@{host}:5432/{database}"


def test_a_single_log_in_works_and_is_told_what_it_lacks(foreign, tmp_path):
    alone = Installation(tmp_path, {"DATABASE_URL": address(foreign, "landlord", "one")})
    done = alone.yiwang("migrate")
    assert done.returncode == Exit.OK, done.stderr
    assert "DATABASE_OWNER_URL" in done.stderr
    done = alone.yiwang("check")
    assert done.returncode == Exit.PROBLEM
    assert "DATABASE_OWNER_URL" in done.stdout


def test_three_log_ins_are_bound_on_a_server_of_others(foreign, tmp_path):
    apart = Installation(
        tmp_path,
        {
            "DATABASE_URL": address(foreign, "tenant", "three"),
            "DATABASE_OWNER_URL": address(foreign, "landlord", "three"),
            "DATABASE_READER_URL": address(foreign, "visitor", "three"),
        },
    )
    done = apart.yiwang("migrate")
    assert done.returncode == Exit.OK, done.stderr
    done = apart.yiwang("check")
    assert done.returncode == Exit.OK, done.stdout
    with (
        psycopg.connect(address(foreign, "tenant", "three")) as it,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        it.execute("DELETE FROM city_320600.core_journalline")
    with psycopg.connect(address(foreign, "visitor", "three")) as it:
        assert it.execute("SELECT count(*) >= 0 FROM city_320600.core_parameter").fetchone()


def test_a_log_in_without_rights_is_told_what_to_run(foreign, tmp_path):
    stranger = Installation(tmp_path, {"DATABASE_URL": address(foreign, "visitor", "one")})
    done = stranger.yiwang("migrate")
    assert done.returncode == Exit.DATABASE
    assert "CREATE EXTENSION IF NOT EXISTS" in done.stderr
