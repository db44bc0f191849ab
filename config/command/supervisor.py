"""Keeps child processes running, and takes them along when it goes."""

import contextlib
import ctypes
import http
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import FrameType

import click

from config.language import _

from .frame import Problem

STEP = 0.1
GRACE = 30.0  # seconds a child has to finish what it is doing
TOO_SOON = 5.0  # a child that lives less than this cannot work at all
LONGEST_PAUSE = 30.0
PORT_PATIENCE = 10.0  # seconds for a predecessor that was killed to let go of its port
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass
class Child:
    """A program that is started again when it dies; an essential one not if it dies at once."""

    name: str
    command: Sequence[str]
    essential: bool = False
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = 1.0
    restart_at: float = field(default=0.0)

    def start(self, keep: tuple[int, ...]) -> None:
        """In a session of its own, so that the terminal's Ctrl-C reaches only the supervisor."""
        parent = os.getpid()
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            pass_fds=keep,
            start_new_session=True,
            preexec_fn=lambda: _die_with(parent),
        )

    def look(self, keep: tuple[int, ...]) -> None:
        """Start it again when its pause is over; raises Problem when there is no use."""
        if self.process is None:
            if time.monotonic() >= self.restart_at:
                self.start(keep)
            return
        code = self.process.poll()
        if code is None:
            return
        lived = time.monotonic() - self.started
        self.end_group()
        if self.essential and lived < TOO_SOON:
            raise Problem(_("{name} 启动失败，退出码 {code}。").format(name=self.name, code=code))
        self.pause = 1.0 if lived > LONGEST_PAUSE else min(self.pause * 2, LONGEST_PAUSE)
        self.restart_at = time.monotonic() + self.pause
        self.process = None
        click.echo(
            _("{name} 意外退出（{code}），{pause:.0f} 秒后重新启动。").format(
                name=self.name, code=code, pause=self.pause
            ),
            err=True,
        )

    def end_group(self) -> None:
        """End what the child left behind: workers of a server that was killed keep its port."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def _die_with(parent: int) -> None:
    """In the child: the kernel sends SIGTERM when the supervisor dies, whatever killed it."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)


def supervise(
    children: Sequence[Child], address: "Address", keep: tuple[int, ...], ready: Callable[[], None]
) -> None:
    """Run the children until SIGTERM or SIGINT, then stop them cleanly.

    `ready` is called once, when the site answers. Raises Problem when an essential child
    cannot start.
    """
    with _until_signalled() as told_to_stop:
        try:
            for child in children:
                child.start(keep)
            answered = False
            while not told_to_stop():
                time.sleep(STEP)
                for child in children:
                    child.look(keep)
                if not answered and address.answers():
                    answered = True
                    ready()
        finally:
            _stop(children)


def _stop(children: Sequence[Child]) -> None:
    alive = [child for child in children if child.process is not None]
    for child in alive:
        if child.process is not None:
            child.process.terminate()
    deadline = time.monotonic() + GRACE
    for child in alive:
        if child.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
            child.end_group()
            child.process.wait()


@contextlib.contextmanager
def _until_signalled() -> Iterator[Callable[[], bool]]:
    """Gives a question: has anybody asked us to stop?"""
    asked: list[int] = []

    def remember(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, remember) for number in numbers]
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@dataclass(frozen=True)
class Address:
    """Where the site listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """For people: an address that listens everywhere is reached at 127.0.0.1."""
        return f"http://{self._reachable}:{self.port}"

    @property
    def _reachable(self) -> str:
        return "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104

    def answers(self) -> bool:
        """Whether the site answers: a refusal counts, a failure of its own does not."""
        connection = http.client.HTTPConnection(self._reachable, self.port, timeout=10)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def await_free(self) -> None:
        """Wait a little for a killed predecessor to leave; raises Problem when it is taken."""
        deadline = time.monotonic() + PORT_PATIENCE
        while not self._is_free():
            if time.monotonic() > deadline:
                raise Problem(
                    _("端口 {port} 已被占用，请关闭占用它的程序，或用 PORT 换一个。").format(
                        port=self.port
                    )
                )
            time.sleep(STEP)

    def _is_free(self) -> bool:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError:
                return False
        return True
