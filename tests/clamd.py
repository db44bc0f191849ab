"""A real clamd with a signature of its own: nothing is downloaded, and EICAR is found."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
INFECTED_PDF = b"%PDF-1.4\n" + EICAR + b"\n%%EOF\n"
CLEAN_PDF = b"%PDF-1.4\nnothing in it\n%%EOF\n"
NAME = "Yiwang.Test.EICAR"


@pytest.fixture(scope="session")
def clamd_socket(tmp_path_factory: Any) -> Iterator[Path]:
    """The socket of a running daemon. Missing, the tests fail: `make setup` installs it."""
    program = shutil.which("clamd") or "/usr/sbin/clamd"
    assert Path(program).exists(), "clamd is missing: apt-get install clamav-daemon (make setup)"
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "own.ndb").write_text(f"{NAME}:0:*:{EICAR.hex()}\n")
    path = folder / "clamd.sock"
    (folder / "clamd.conf").write_text(
        f"LocalSocket {path}\nDatabaseDirectory {folder}\nForeground yes\nMaxThreads 2\n"
        f"TemporaryDirectory {folder}\nLogFile {folder}/clamd.log\n"
    )
    running = subprocess.Popen([program, "-c", str(folder / "clamd.conf")])
    try:
        _wait(path, running)
        yield path
    finally:
        running.terminate()
        running.wait(20)


def _wait(path: Path, running: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert running.poll() is None, "clamd did not start"
        with socket.socket(socket.AF_UNIX) as line:
            try:
                line.connect(str(path))
                return
            except OSError:
                time.sleep(0.05)
    raise AssertionError("clamd does not answer")


@pytest.fixture
def clamd(clamd_socket: Path, settings: Any, tmp_path: Path) -> Path:
    """The site looks at uploads with it."""
    settings.FILE_SCANNER, settings.CLAMD_ADDRESS = "clamav", f"unix:{clamd_socket}"
    settings.MEDIA_ROOT = tmp_path / "files"
    return clamd_socket
