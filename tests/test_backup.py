"""Backups: one archive, proved whole, restored elsewhere or not at all."""

import io
import json
import tarfile
from pathlib import Path

import psycopg
import pytest

from config.command.frame import Exit
from config.postgres.sites import embedded_site
from tests.installations import contents


@pytest.fixture(scope="module")
def archive(installation):
    """A backup with keys and a file, proved by its drill."""
    files = installation.folder / "files" / "甲"
    files.mkdir(parents=True, exist_ok=True)
    (files / "一.txt").write_text("内容")
    path = installation.folder / "backup.tar.gz"
    done = installation.yiwang("backup", path, "--verify", "--with-keys")
    assert done.returncode == Exit.OK, done.stderr
    return path


def test_a_backup_is_for_its_owners_eyes_and_leaves_nothing_else(archive):
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in archive.parent.glob("*backup*")] == [archive.name]
    assert not list(archive.parent.glob(".drill-*"))


def test_a_backup_is_restored_on_another_machine(installation, archive, elsewhere):
    done = elsewhere.yiwang("restore", archive)
    assert done.returncode == Exit.OK, done.stderr
    elsewhere.yiwang("db", "start")
    assert contents(elsewhere) == contents(installation)
    assert (elsewhere.folder / "files" / "甲" / "一.txt").read_text() == "内容"
    assert elsewhere.yiwang("journal", "verify").returncode == Exit.OK
    keys = [
        json.loads((each.folder / "keys.json").read_text()) for each in (installation, elsewhere)
    ]
    assert keys[0] == keys[1]
    assert (elsewhere.folder / "keys.json").stat().st_mode & 0o777 == 0o600


def test_a_restore_does_not_replace_data_unasked(installation, archive):
    before = contents(installation)
    done = installation.yiwang("restore", archive)
    assert done.returncode == Exit.REFUSED
    assert "--force" in done.stderr
    assert contents(installation) == before


def test_a_restore_with_force_replaces_what_was_there(installation, archive):
    before = contents(installation)
    with installation.owner() as it:
        it.execute("DELETE FROM divisions_divisioncode")
        it.execute("CREATE TABLE stray (id int)")
    done = installation.yiwang("restore", archive, "--force")
    assert done.returncode == Exit.OK, done.stderr
    assert contents(installation) == before
    with installation.owner() as it:
        schemas = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'city_%'"
        assert it.execute(schemas).fetchall() == [("city_320600",)]


def test_a_restore_is_refused_while_the_site_is_in_use(installation, archive):
    with psycopg.connect(embedded_site(installation.folder).url("app")):
        done = installation.yiwang("restore", archive, "--force")
    assert done.returncode == Exit.REFUSED


def test_a_restore_that_fails_leaves_everything_as_it_was(installation, archive, tmp_path):
    before = contents(installation)
    foreign = rewritten(archive, tmp_path, migrations=[["core", "0999_from_the_future"]])
    done = installation.yiwang("restore", foreign, "--force")
    assert done.returncode == Exit.PROBLEM
    assert "core.0999_from_the_future" in done.stderr
    assert contents(installation) == before
    assert (installation.folder / "files" / "甲" / "一.txt").exists()


def rewritten(archive: Path, folder: Path, **changes: object) -> Path:
    """The archive with a manifest that says something else."""
    target = folder / "rewritten.tar.gz"
    with tarfile.open(archive, "r:gz") as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            content = old.extractfile(member)
            assert content
            body = content.read()
            if member.name == "manifest.json":
                body = json.dumps({**json.loads(body), **changes}).encode()
                member.size = len(body)
            new.addfile(member, io.BytesIO(body))
    return target


@pytest.mark.parametrize("keep", [0, 100, 0.5, 0.99])
def test_a_cut_archive_is_found_before_anything_is_touched(installation, archive, tmp_path, keep):
    whole = archive.read_bytes()
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(whole[: int(keep * len(whole)) if keep < 1 else keep])
    done = installation.yiwang("restore", cut, "--force")
    assert done.returncode == Exit.PROBLEM
    assert "Traceback" not in done.stderr


def test_an_archive_of_other_keys_is_not_restored(archive, tmp_path, elsewhere):
    looked = elsewhere.yiwang("check")  # makes keys of its own
    assert looked.returncode == Exit.PROBLEM
    assert looked.stdout.count("yiwang migrate") == 1, "said once, not for every question"
    done = elsewhere.yiwang("restore", archive)
    assert done.returncode == Exit.PROBLEM
    assert "keys.json" in done.stderr
    keyless = tmp_path / "keyless.tar.gz"
    with tarfile.open(archive, "r:gz") as old, tarfile.open(keyless, "w:gz") as new:
        for member in old:
            if member.name != "keys.json":
                new.addfile(member, old.extractfile(member))
    done = elsewhere.yiwang("restore", keyless)
    assert done.returncode == Exit.PROBLEM
    assert "keys.json" in done.stderr
