"""The table of contents of an archive, and the fingerprints that prove it whole."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1
NAME = "manifest.json"
KEYS = "keys.json"
TABLES = "tables/"
FILES = "files/"
CHUNK = 1024 * 1024

Report = Callable[[int, int | None], None]


class ArchiveError(Exception):
    """The archive is damaged, foreign or does not fit; the message says which and what to do."""


@dataclass(frozen=True)
class Table:
    """One table's content: text COPY of these columns, so many rows, this SHA-256."""

    columns: list[str]
    rows: int
    sha256: str


@dataclass
class Manifest:
    """What is in the archive and where it came from."""

    program: str
    made_at: str
    schema: str
    server: int
    migrations: list[tuple[str, str]]
    keys: dict[str, str]
    journal_head: str
    remembered: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    sequences: dict[str, tuple[int, bool]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    def to_json(self) -> bytes:
        """As it stands in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Raises ArchiveError for what is not ours or of a later format."""
        try:
            found: dict[str, Any] = json.loads(text)
            if found["format"] > FORMAT:
                raise ArchiveError(f"format {found['format']} > {FORMAT}")
            found["tables"] = {name: Table(**body) for name, body in found["tables"].items()}
            found["migrations"] = [(app, name) for app, name in found["migrations"]]
            found["sequences"] = {name: (at, on) for name, (at, on) in found["sequences"].items()}
            return cls(**found)
        except (KeyError, TypeError, ValueError) as failure:
            raise ArchiveError(str(failure)) from None


def fingerprints(keys: Mapping[str, Any]) -> dict[str, str]:
    """Sixteen hex digits for each key: enough to recognise it, useless to find it."""
    return {
        name: hashlib.sha256(f"yiwang {name} {value}".encode()).hexdigest()[:16]
        for name, value in sorted(keys.items())
    }
