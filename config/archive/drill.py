"""The drill: a backup counts when it has been restored and found the same."""

import shutil
import tempfile
from pathlib import Path
from typing import IO, cast

import psycopg

from config.language import _
from config.postgres import Cluster, acting_as_owner

from . import tables
from .manifest import ArchiveError, Manifest, Report
from .read import examine, restore_archive
from .write import journal_head


class _Nowhere:
    """Takes what is written and keeps nothing."""

    def write(self, block: bytes) -> int:
        """As a file would."""
        return len(block)


def rehearse(path: Path, progress: Report) -> Manifest:
    """Restore the archive on a server of its own and compare every table with the manifest.

    Rows, digests, sequences and the journal's chain must be the same. The server and its data
    are gone afterwards. Raises ArchiveError that names what differs.
    """
    manifest = examine(path)
    folder = Path(tempfile.mkdtemp(prefix=".drill-", dir=path.parent.absolute()))
    cluster = Cluster(folder, durable=False, report=lambda line: None)
    try:
        cluster.start()
        site = cluster.site()
        restore_archive(path, manifest, cluster, site, progress)
        with psycopg.connect(site.url("owner")) as connection:
            _compare(connection, manifest)
        with acting_as_owner(site):
            _prove_journal(manifest)
    finally:
        cluster.remove()
        shutil.rmtree(folder, ignore_errors=True)
    return manifest


def _compare(connection: tables.Connection, manifest: Manifest) -> None:
    nowhere = cast("IO[bytes]", _Nowhere())
    differing = [
        name
        for name, expected in manifest.tables.items()
        if tables.copy_out(connection, name, expected.columns, nowhere) != expected
    ]
    if tables.sequences(connection) != manifest.sequences:
        differing.append(_("序列"))
    if journal_head(connection) != manifest.journal_head:
        differing.append(_("日志封存"))
    if differing:
        raise ArchiveError(_("恢复后与备份不同：{names}").format(names=", ".join(differing)))


def _prove_journal(manifest: Manifest) -> None:
    from yiwang.core.reads import verify_journal

    report = verify_journal()
    if not report.sound:
        raise ArchiveError(
            _("日志第 {line} 行有问题：{problem}").format(
                line=report.broken_line, problem=report.problem
            )
        )
