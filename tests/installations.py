"""Whole installations for tests: a data folder, an environment, commands in their own process."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.postgres import Cluster
from config.postgres.locks import Patience, locked
from config.postgres.sites import embedded_site

ROOT = Path(__file__).parent.parent


@dataclass
class Installation:
    """A data folder and the environment in which its commands run."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def yiwang(
        self, *arguments: str | Path, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run one command to its end."""
        return subprocess.run(
            self.command(*arguments),
            env=self.surroundings(**environment),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def command(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "-m", "config.command", *map(str, arguments)]

    def surroundings(self, **more: str) -> dict[str, str]:
        """Nothing of this test process's own database."""
        ours = ("DATABASE", "YIWANG", "PYTEST", "DATA_DIR", "DJANGO", "COV_")
        plain = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**plain, "DATA_DIR": str(self.folder), **self.environment, **more}

    def owner(self) -> psycopg.Connection:
        return psycopg.connect(embedded_site(self.folder).url("owner"), autocommit=True)

    def cluster(self) -> Cluster:
        return Cluster(self.folder, report=lambda line: None)

    def remove(self) -> None:
        self.cluster().remove()
        shutil.rmtree(self.folder)


def made(name: str) -> Installation:
    folder = Path(tempfile.mkdtemp(prefix=f"yw-{name}-"))
    folder.chmod(0o711)
    return Installation(folder)


@pytest.fixture
def elsewhere() -> Iterator[Installation]:
    """Another machine: an empty data folder."""
    found = made("elsewhere")
    yield found
    found.remove()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a migrated installation at rest: made once a run, for all processes."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    kept = shared / "migrated"
    with locked(shared / "migrated.lock", Patience(print), "{seconds}"):
        if not kept.exists():
            first = made("first")
            done = first.yiwang("migrate")
            assert done.returncode == 0, done.stderr
            first.cluster().stop()
            _copy(first.folder, shared / "half")
            (shared / "half").rename(kept)
            first.remove()
    return kept


def _copy(source: Path, target: Path) -> None:
    """With the owners of the files: the server's account is not always ours."""
    subprocess.run(["cp", "-a", f"{source}/.", target], check=True)


@pytest.fixture(scope="module")
def installation(migrated: Path) -> Iterator[Installation]:
    """A migrated installation that stays up between the commands of this module."""
    found = made("command")
    _copy(migrated, found.folder)
    found.cluster().start()
    found.cluster().keep(True)
    yield found
    found.remove()


def contents(installation: Installation) -> dict[str, tuple[Any, ...]]:
    """What a restore must bring back: number and digest of the rows of every table."""
    question = """
        SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{}" t
    """
    found = {}
    with installation.owner() as it:
        names = it.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'city_320600'")
        for (name,) in names.fetchall():
            row = it.execute(question.format(name)).fetchone()
            assert row
            if name not in {"django_migrations", "core_journalline"}:
                found[name] = row
    return found
