"""Is there a virus in a file? One question to whichever scanner the installation has (EXP-27).

`FILE_SCANNER` is `none`, `clamav`, or the dotted name of a class with the two methods of `Scanner`.
"""

import logging
import os
import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

CHUNK: Final = 64 * 1024
LONGEST_ANSWER: Final = 4096
log = logging.getLogger(__name__)


class ScannerDown(Exception):
    """The scanner does not answer, or not with yes or no: the file waits."""


@dataclass(frozen=True)
class Verdict:
    """What the scanner says of one file; `signature` names what was found."""

    clean: bool
    signature: str = ""


class Scanner(Protocol):
    """What an installation plugs in."""

    def scan(self, body: bytes) -> Verdict:
        """Raises ScannerDown."""

    def about(self) -> str:
        """Name and version, of the signatures too. Raises ScannerDown."""


class Clamd:
    """ClamAV by the protocol of its own daemon: INSTREAM over a local or a TCP socket.

    Source: clamd(8). `CLAMD_ADDRESS` is `unix:/path` or `tcp:host:port`.
    """

    def __init__(self, address: str = "", seconds: float = 20) -> None:
        self.address, self.seconds = address or settings.CLAMD_ADDRESS, seconds

    def scan(self, body: bytes) -> Verdict:
        """Send the file in chunks, each after its length; a chunk of length 0 ends it."""
        with self._connected() as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(body), CHUNK):
                part = body[start : start + CHUNK]
                line.sendall(struct.pack("!L", len(part)) + part)
            line.sendall(struct.pack("!L", 0))
            said = _answer(line)
        if said == "stream: OK":
            return Verdict(True)
        if said.startswith("stream: ") and said.endswith(" FOUND"):
            return Verdict(False, said.removeprefix("stream: ").removesuffix(" FOUND")[:120])
        raise ScannerDown(said)

    def about(self) -> str:
        with self._connected() as line:
            line.sendall(b"zVERSION\0")
            return _answer(line)

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        way, _colon, rest = self.address.partition(":")
        try:
            with _unix(rest) if way == "unix" else _tcp(rest) as line:
                line.settimeout(self.seconds)
                yield line
        except (OSError, ValueError) as fault:
            raise ScannerDown(str(fault)) from fault


def _tcp(text: str) -> socket.socket:
    host, _colon, port = text.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=5)


def _unix(path: str) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    if fault := line.connect_ex(path):
        line.close()
        raise OSError(fault, os.strerror(fault))
    return line


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        part = line.recv(1024)
        if not part:
            break
        said += part
    if not said:
        raise ScannerDown
    return said.rstrip(b"\0").decode("utf-8", "replace")


def scanner() -> Scanner | None:
    """The scanner of this installation; None when it has none by its own choice."""
    name = settings.FILE_SCANNER
    if name == "none":
        return None
    made: Any = Clamd if name == "clamav" else import_string(name)
    found: Scanner = made()
    return found


def scan_soon(record: Any, look: Callable[[Any], object]) -> None:
    """Look at a file once it is committed, so that the next page knows; else the job does it.

    `look` is the app's own way of looking. The record may be inserted without its key.
    """
    if scanner() is None:
        return
    name, rows = record.file.name, type(record)._default_manager
    transaction.on_commit(lambda: scan_each(rows.filter(file=name), look))


def scan_each(records: Iterable[Any], look: Callable[[Any], object]) -> int:
    """Look at some files, each in its own transaction; gives how many. Ends when nobody answers."""
    done = 0
    for record in records:
        try:
            look(record)
        except ScannerDown as silence:
            log.warning("the scanner of files does not answer: %s", silence)
            break
        except FileNotFoundError:
            log.warning("a file is missing: %s %s", record._meta.label, record.pk)
            continue
        done += 1
    return done
