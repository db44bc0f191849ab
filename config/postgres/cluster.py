"""The embedded PostgreSQL: alive means that it answers, dead means that no process is left.

Two locks tell the truth where a process number cannot. One starter at a time holds the start
lock. The server and all its children inherit the life lock, so the kernel frees it when the
last of them is gone, however it died: only then is a left-over pid file or socket removed and
a new server launched. A second start on the same data folder finds the server answering and
attaches to it.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from config.language import _

from . import binaries
from .errors import DatabaseError
from .layout import Layout, settle, write_configuration
from .locks import Patience, is_free, locked, try_lock
from .sites import PORT, Role, Site, embedded_site, schema_name, write_secrets

ASK_AGAIN = 2.0  # seconds
ORPHANS_MAY_LAST = 30.0  # seconds: then children whose server was killed are told to quit


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@dataclass
class Cluster:
    """A server whose data is in `data_dir`/pg<major>. `durable=False` is for tests alone."""

    data_dir: Path
    durable: bool = True
    report: Callable[[str], None] = _say
    programs: Path = field(default_factory=binaries.installed_folder)
    major: int = field(default_factory=binaries.installed_major)

    def __post_init__(self) -> None:
        self.data_dir = self.data_dir.absolute()

    @cached_property
    def account(self) -> binaries.Account:
        """The account the server runs as: the owner of existing data, else a fitting one."""
        data = self.data_dir / f"pg{self.major}" / "data"
        if data.exists() and os.geteuid() == 0:
            return binaries.account_of(data)
        return binaries.server_account()

    @cached_property
    def layout(self) -> Layout:
        """The folders, made when new."""
        return settle(self.data_dir, self.major, self.account)

    def start(self) -> bool:
        """Make sure the server answers; True when this call launched it, False when attached.

        Waits for recovery as long as it takes and reports every five seconds. Raises
        DatabaseError with the end of the server's own log when it does not come up.
        """
        patience = Patience(self.report)
        with self._alone(patience):
            launched = self._bring_up(patience)
            write_secrets(self.data_dir, self.layout.socket)
        return launched

    def stop(self) -> None:
        """Shut down cleanly: sessions are closed, the last checkpoint is written; then return."""
        patience = Patience(self.report)
        with self._alone(patience):
            asked = 0.0
            while not is_free(self.layout.life_lock):
                if patience.waited >= asked:
                    self._ask_to_stop()
                    asked += ASK_AGAIN
                patience.step(_("数据库正在关闭，已等 {seconds} 秒"))
                self._hurry_orphans(patience)

    def _ask_to_stop(self) -> None:
        """One that has only just been launched may not be there to be asked yet."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._pg_ctl("stop", "-m", "fast", "-W")

    def remove(self) -> None:
        """Stop the server and delete its data. For databases that were made to be deleted."""
        home, link = self.layout.home, self.data_dir / f"pg{self.major}"
        self.stop()
        shutil.rmtree(self.layout.socket)
        shutil.rmtree(home)
        if link.is_symlink():
            link.unlink()
        del self.layout

    @contextlib.contextmanager
    def shared(self) -> Iterator[int]:
        """Use the server together with other processes; the last one to leave stops it.

        Gives a descriptor that a child process may inherit to count as a user itself.
        """
        waiting = _("等待数据库关闭，已等 {seconds} 秒")
        lock = self.layout.users_lock
        with locked(lock, Patience(self.report), waiting, fcntl.LOCK_SH) as user:
            try:
                self.start()
                yield user
            finally:
                self._leave(user)

    def _leave(self, user: int) -> None:
        try:
            fcntl.flock(user, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # others are still using it
        if not self.layout.keep_mark.exists():
            self.stop()

    def keep(self, wanted: bool) -> None:
        """Whether the server stays when its last user leaves."""
        if wanted:
            self.layout.keep_mark.touch()
        else:
            self.layout.keep_mark.unlink(missing_ok=True)

    def answers(self) -> bool:
        """Whether the server answers a query now."""
        try:
            with psycopg.connect(self.superuser_url(), connect_timeout=5, autocommit=True) as it:
                it.execute("SELECT 1")
        except psycopg.OperationalError as refusal:
            return "too many clients" in str(refusal) or "remaining connection" in str(refusal)
        return True

    def site(self) -> Site:
        """How the three roles log in."""
        return embedded_site(self.data_dir, schema_name())

    def url(self, role: Role) -> str:
        """The connection string of a role; the server must have been started once."""
        return self.site().url(role)

    def superuser_url(self, database: str = "postgres") -> str:
        """The administrator's connection string: by the operating system's word, no password."""
        return make_conninfo(
            host=str(self.layout.socket), port=PORT, user="postgres", dbname=database
        )

    def _alone(self, patience: Patience) -> contextlib.AbstractContextManager[int]:
        waiting = _("另一个进程正在启动或关闭数据库，已等 {seconds} 秒")
        return locked(self.layout.start_lock, patience, waiting)

    def _bring_up(self, patience: Patience) -> bool:
        launched = False
        while not self.answers():
            life = try_lock(self.layout.life_lock)
            if life is None:
                patience.step(_("数据库正在启动或恢复，已等 {seconds} 秒"))
                if not launched:
                    self._hurry_orphans(patience)
                continue
            try:
                if launched:
                    raise DatabaseError(_("数据库没有启动：\n{log}").format(log=self._log()))
                self._initialise()
                self._launch(life)
                launched = True
            finally:
                os.close(life)
        return launched

    def _initialise(self) -> None:
        """initdb into a draft that gets its name only when complete."""
        if self.layout.data.exists():
            return
        self.report(_("正在建立数据库，数据目录：{folder}").format(folder=self.layout.data))
        draft = self.layout.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.account.own(draft)
        try:
            self.account.run(
                self._program("initdb"),
                "--pgdata",
                draft,
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--auth=peer",
                *(() if self.durable else ("--no-sync",)),
            )
        except subprocess.CalledProcessError as failure:
            raise DatabaseError(_("建立数据库失败：\n{log}").format(log=failure.output)) from None
        with (draft / "postgresql.conf").open("a") as file:
            file.write("include_if_exists = 'yiwang.conf'\n")
        draft.rename(self.layout.data)

    def _launch(self, life: int) -> None:
        """Start the server; it inherits the life lock. The caller knows that nobody is alive."""
        if self._processes():
            raise DatabaseError(
                _("{folder} 上有一个不是由本程序启动的数据库，请先把它关闭。").format(
                    folder=self.layout.data
                )
            )
        (self.layout.data / "postmaster.pid").unlink(missing_ok=True)
        for left in self.layout.socket.glob(".s.PGSQL.*"):
            left.unlink()
        self._start_log.unlink(missing_ok=True)
        write_configuration(self.layout, self.account, durable=self.durable)
        try:
            self._pg_ctl("start", "-W", "-l", str(self._start_log), keep=(life,))
        except subprocess.CalledProcessError as failure:
            raise DatabaseError(_("数据库没有启动：\n{log}").format(log=failure.output)) from None

    def _hurry_orphans(self, patience: Patience) -> None:
        """Children outlive a killed server while a statement runs; end them after a while."""
        if patience.waited < ORPHANS_MAY_LAST or self._postmaster() in self._processes():
            return
        for pid in self._processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)

    def _postmaster(self) -> int:
        """The number in postmaster.pid; 0 when there is none."""
        try:
            return int((self.layout.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return 0

    def _processes(self) -> set[int]:
        """Processes that work in the data folder (every process of a server does)."""
        found = set()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (process / "cwd").readlink() == self.layout.data:
                    found.add(int(process.name))
        return found

    def _pg_ctl(self, verb: str, *options: str, keep: tuple[int, ...] = ()) -> None:
        pg_ctl, data = self._program("pg_ctl"), self.layout.data
        self.account.run(pg_ctl, verb, "-D", data, *options, keep=keep)

    def _program(self, name: str) -> Path:
        return binaries.programs_for(self.account, self.programs) / name

    @property
    def _start_log(self) -> Path:
        return self.layout.data / "start.log"

    def _log(self, lines: int = 10) -> str:
        """The end of the newest log, then what the server said before it had one."""
        found = list((self.layout.data / "log").glob("server-*.log"))
        newest = sorted(found, key=lambda path: path.stat().st_mtime)[-1:]
        said: list[str] = []
        for log in (*newest, self._start_log):
            if log.exists():
                said += log.read_text(errors="replace").splitlines()[-lines:]
        return "\n".join(said)
