"""Reading an archive: proved whole before anything is touched, then restored or left alone."""

import hashlib
import json
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from config.language import _
from config.postgres import Cluster, Site, acting_as_owner, prepare, remember

from . import tables
from .manifest import (
    CHUNK,
    FILES,
    KEYS,
    NAME,
    TABLES,
    ArchiveError,
    Manifest,
    Report,
    fingerprints,
)


def examine(path: Path) -> Manifest:
    """Read the whole archive and compare every digest; raises ArchiveError."""
    manifest, digests = None, {}
    with _speaking_of(path):
        for name, content in _members(path):
            if name == NAME:
                manifest = Manifest.from_json(content.read())
            elif name != KEYS:
                digests[name] = _digest(content)
    if manifest is None:
        raise ArchiveError(_("{path} 不是完整的备份：没有目录。").format(path=path))
    expected = {f"{TABLES}{name}": table.sha256 for name, table in manifest.tables.items()}
    expected |= {f"{FILES}{name}": digest for name, digest in manifest.files.items()}
    wrong = {name for name in expected | digests if expected.get(name) != digests.get(name)}
    if wrong:
        raise ArchiveError(
            _("{path} 已损坏：{names}").format(path=path, names=", ".join(sorted(wrong)[:5]))
        )
    return manifest


def _digest(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while block := content.read(CHUNK):
        digest.update(block)
    return digest.hexdigest()


def _members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The archive's members in their order, each to be read before the next."""
    with tarfile.open(path, "r|gz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                yield member.name, content


@contextmanager
def _speaking_of(path: Path) -> Iterator[None]:
    """What cannot be read becomes one sentence."""
    try:
        yield
    except (tarfile.TarError, EOFError, OSError, zlib.error) as failure:
        raise ArchiveError(
            _("读不了备份 {path}：{reason}").format(path=path, reason=failure)
        ) from None


def install_keys(path: Path, target: Path) -> None:
    """Put the keys of the archive, if it has any, where there are none yet.

    Never replaces keys: what they encrypt would be lost. Raises ArchiveError when others are
    there already.
    """
    found = next((content.read() for name, content in _members(path) if name == KEYS), None)
    if found is None:
        return
    if target.exists():
        if json.loads(target.read_text()) != json.loads(found):
            raise ArchiveError(
                _("{target} 与备份里的密钥不同。请先把它移走，再运行恢复。").format(target=target)
            )
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(found)


def refuse_other_keys(manifest: Manifest) -> None:
    """Raises ArchiveError when this installation's keys cannot read the archive's fields."""
    if manifest.keys != fingerprints(settings.KEYS):
        raise ArchiveError(
            _("备份是用另一套密钥加密的。请先放回当时的 keys.json（YIWANG_KEYS），再运行恢复。")
        )


def restore_archive(
    path: Path, manifest: Manifest, where: Cluster | Site, site: Site, progress: Report
) -> None:
    """Make the schema as recorded and fill it. The caller has made sure that it is empty.

    The tables are those of the archive's own migrations; migrate afterwards. Raises
    ArchiveError when these programs do not know them.
    """
    prepare(where, site.database) if isinstance(where, Cluster) else prepare(where)
    with acting_as_owner(site):
        _migrate_as_recorded(manifest)
    with psycopg.connect(site.url("owner")) as connection:
        _fill(connection, path, manifest, progress)
    remember(site, manifest.remembered)
    with psycopg.connect(site.url("owner"), autocommit=True) as connection:
        for name in manifest.tables:
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(name)))


def _migrate_as_recorded(manifest: Manifest) -> None:
    """Migrate to the recorded state, without the rows that Django adds after migrating."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections["default"])
    graph, recorded = executor.loader.graph, set(manifest.migrations)
    unknown = recorded - set(graph.nodes)
    if unknown:
        raise ArchiveError(
            _("备份来自更新的程序（{names}），请先升级程序。").format(
                names=", ".join(f"{app}.{name}" for app, name in sorted(unknown)[:3])
            )
        )
    leaves = [
        node
        for node in sorted(recorded)
        if not any(
            child.key[0] == node[0] and child.key in recorded
            for child in graph.node_map[node].children
        )
    ]
    executor.recorder.ensure_schema()
    executor.migrate(leaves)


def _fill(connection: tables.Connection, path: Path, manifest: Manifest, progress: Report) -> None:
    """All tables in one transaction: filled or as before."""
    done = 0
    with tables.bare(connection, tables.user_tables(connection)):
        for name, content in _members(path):
            if name.startswith(TABLES):
                table = name.removeprefix(TABLES)
                columns = manifest.tables[table].columns
                tables.copy_in(connection, table, columns, content)
                done += 1
                progress(done, len(manifest.tables))
        tables.set_sequences(connection, manifest.sequences)


@contextmanager
def restored_files(path: Path, manifest: Manifest) -> Iterator[None]:
    """The archive's files take the place of those in MEDIA_ROOT, unless what follows fails."""
    root = Path(settings.MEDIA_ROOT)
    fresh, old = root.with_name(f"{root.name}.restored"), root.with_name(f"{root.name}.before")
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, content in _members(path):
        if name.removeprefix(FILES) in manifest.files and name.startswith(FILES):
            _write(fresh, name.removeprefix(FILES), content)
    try:
        yield
        if root.exists():
            root.rename(old)
        fresh.rename(root)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(root: Path, name: str, content: IO[bytes]) -> None:
    target = (root / name).resolve()
    if not target.is_relative_to(root.resolve()):
        raise ArchiveError(_("备份里有不安全的文件名：{name}").format(name=name))
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(content, file, CHUNK)
