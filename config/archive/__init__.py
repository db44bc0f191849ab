"""Backups: one archive of a city's tables and files that any PostgreSQL can take back."""

from .aside import set_aside
from .drill import rehearse
from .manifest import ArchiveError, Manifest
from .read import examine, install_keys, refuse_other_keys, restore_archive, restored_files
from .write import write_archive

__all__ = [
    "ArchiveError",
    "Manifest",
    "examine",
    "install_keys",
    "refuse_other_keys",
    "rehearse",
    "restore_archive",
    "restored_files",
    "set_aside",
    "write_archive",
]
