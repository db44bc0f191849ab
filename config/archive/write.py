"""Writing an archive: one snapshot of the tables, the files, and the manifest at the end."""

import gzip
import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

import psycopg
from django.conf import settings

from config.postgres import Site, remembered

from . import tables
from .manifest import FILES, KEYS, NAME, TABLES, Manifest, Report, fingerprints

_COMPRESSION = 3  # a backup that is quick is a backup that is made


def write_archive(path: Path, site: Site, *, keys_file: Path | None, progress: Report) -> Manifest:
    """Write the archive and give its manifest; the name appears when it is complete.

    All tables are of one moment. The file is readable by its owner alone: it holds names and
    addresses. Keys are inside only when `keys_file` is given.
    """
    draft = path.with_name(f"{path.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with (
            _private(draft) as file,
            gzip.GzipFile(fileobj=file, mode="wb", compresslevel=_COMPRESSION) as packed,
            tarfile.open(fileobj=packed, mode="w|") as archive,
        ):
            manifest = _fill(archive, site, path.parent, progress)
            if keys_file:
                archive.add(keys_file, KEYS)
            _add(archive, NAME, io.BytesIO(manifest.to_json()))
        _sync(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _fill(archive: tarfile.TarFile, site: Site, spool: Path, progress: Report) -> Manifest:
    with psycopg.connect(site.url("owner")) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        manifest = _begin(connection, site)
        found = tables.user_tables(connection)
        for done, (name, columns) in enumerate(found.items()):
            progress(done, len(found))
            with tempfile.TemporaryFile(dir=spool) as rows:
                manifest.tables[name] = tables.copy_out(connection, name, columns, rows)
                rows.seek(0)
                _add(archive, f"{TABLES}{name}", rows)
        manifest.sequences = tables.sequences(connection)
        progress(len(found), len(found))
    manifest.files = _add_files(archive)
    return manifest


def _begin(connection: tables.Connection, site: Site) -> Manifest:
    migrations = connection.execute("SELECT app, name FROM django_migrations ORDER BY id")
    return Manifest(
        program=version("yiwang"),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        schema=site.schema,
        server=connection.info.server_version,
        migrations=[(app, name) for app, name in migrations.fetchall()],
        keys=fingerprints(settings.KEYS),
        journal_head=journal_head(connection),
        remembered=remembered(site),
    )


def journal_head(connection: tables.Connection) -> str:
    """The digest of the last seal, in hexadecimal; empty when nothing is sealed yet."""
    row = connection.execute(
        "SELECT encode(digest, 'hex') FROM core_journalseal ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else ""


def _add_files(archive: tarfile.TarFile) -> dict[str, str]:
    root, digests = Path(settings.MEDIA_ROOT), {}
    for file in sorted(root.rglob("*")):
        if file.is_file() and not file.is_symlink():
            name = file.relative_to(root).as_posix()
            with file.open("rb") as content:
                digests[name] = hashlib.file_digest(content, "sha256").hexdigest()
                content.seek(0)
                _add(archive, f"{FILES}{name}", content)
    return digests


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = content.seek(0, io.SEEK_END)
    entry.mode = 0o600
    content.seek(0)
    archive.addfile(entry, content)
