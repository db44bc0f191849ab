"""File locks that the kernel releases when their holder dies, whatever killed it."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

STEP = 0.05


class Patience:
    """Waits in small steps and says every five seconds what it is waiting for."""

    def __init__(self, report: Callable[[str], None], every: float = 5.0) -> None:
        self._report = report
        self._every = every
        self._began = self._said = time.monotonic()

    @property
    def waited(self) -> float:
        """Seconds since the waiting began."""
        return time.monotonic() - self._began

    def step(self, sentence: str) -> None:
        """Sleep a little; `sentence` may name the seconds waited so far as {seconds}."""
        time.sleep(STEP)
        if time.monotonic() - self._said >= self._every:
            self._said = time.monotonic()
            self._report(sentence.format(seconds=round(self.waited)))


def try_lock(path: Path, kind: int = fcntl.LOCK_EX) -> int | None:
    """An open descriptor that holds the lock, or None while another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def is_free(path: Path) -> bool:
    """Whether nobody holds the lock."""
    descriptor = try_lock(path)
    if descriptor is None:
        return False
    os.close(descriptor)
    return True


@contextmanager
def locked(
    path: Path, patience: Patience, sentence: str, kind: int = fcntl.LOCK_EX
) -> Iterator[int]:
    """Hold the lock, waiting for it as long as it takes."""
    while (descriptor := try_lock(path, kind)) is None:
        patience.step(sentence)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
