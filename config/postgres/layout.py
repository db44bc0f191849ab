"""The folders of the embedded server and the configuration written into them."""

import contextlib
import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from config.language import _

from .binaries import SYSTEM_HOME, Account
from .errors import DatabaseError

SUN_PATH_LIMIT = 107  # bytes of a Unix socket's path, unix(7)
_SOCKET_NAME = "/.s.PGSQL.5432.lock"
_MEGABYTE = 1024 * 1024
_SHM = Path("/", "dev", "shm")
_SMALL_SHM = 512 * _MEGABYTE


@dataclass(frozen=True)
class Layout:
    """`home` (DATA_DIR/pg<major>) is ours: the data, the socket and the locks are in it."""

    home: Path

    @property
    def data(self) -> Path:
        """PGDATA."""
        return self.home / "data"

    @property
    def start_lock(self) -> Path:
        """Held by whoever is starting or stopping the server."""
        return self.home / "start.lock"

    @property
    def life_lock(self) -> Path:
        """Held by the server's own processes, so free means that none of them is left."""
        return self.home / "life.lock"

    @property
    def users_lock(self) -> Path:
        """Shared by the processes that use the server; the last one stops it."""
        return self.home / "users.lock"

    @property
    def keep_mark(self) -> Path:
        """Exists while an operator wants the server to stay when its last user leaves."""
        return self.home / "keep"

    @property
    def socket(self) -> Path:
        """The folder of the Unix socket; a hashed one when the data folder's path is too long."""
        near = self.home / "socket"
        if len(os.fsencode(near)) + len(_SOCKET_NAME) <= SUN_PATH_LIMIT:
            return near
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path("/", "tmp", f"yiwang-{digest}")


def settle(data_dir: Path, major: int, account: Account) -> Layout:
    """The layout under DATA_DIR, made when new.

    When root started us and the server's account cannot enter DATA_DIR (it lies under /root),
    the home moves to /var/lib/yiwang and DATA_DIR keeps a link to it: folders that are not
    ours keep their modes. Raises DatabaseError when another major version's data is there.
    """
    fresh_mode = 0o711 if os.geteuid() == 0 else 0o700
    data_dir.mkdir(mode=fresh_mode, parents=True, exist_ok=True)
    home = data_dir / f"pg{major}"
    if not home.exists():
        _refuse_other_major(data_dir, major)
        _make_home(home, fresh_mode, account)
    layout = Layout(home.resolve())
    _own_folder(layout.socket, account)
    if not account.reaches(layout.socket):
        raise DatabaseError(
            _(
                "系统用户 {user} 进不了数据目录 {folder}。请把 DATA_DIR 设在该用户能进入的地方，例如 /var/lib/yiwang。"
            ).format(user=account.name, folder=layout.home)
        )
    return layout


def _refuse_other_major(data_dir: Path, major: int) -> None:
    others = [path.name for path in data_dir.glob("pg[0-9]*") if (path / "data").exists()]
    if others:
        raise DatabaseError(
            _(
                "{folder} 里是另一个大版本的数据（{found}），现在的程序是 {major} 版。"
                "请用原来的版本运行 yiwang backup，再在新的 DATA_DIR 里运行 yiwang restore。"
            ).format(folder=data_dir, found="，".join(sorted(others)), major=major)
        )


def _make_home(home: Path, mode: int, account: Account) -> None:
    """Each step is one call of the kernel, because two first starts may meet here."""
    if account.reaches(home.parent):
        home.mkdir(mode=mode, exist_ok=True)
        return
    SYSTEM_HOME.mkdir(mode=0o711, parents=True, exist_ok=True)
    moved = SYSTEM_HOME / f"{home.name}-{secrets.token_hex(4)}"
    moved.mkdir(mode=mode)
    try:
        home.symlink_to(moved)
    except FileExistsError:  # the other start was quicker
        moved.rmdir()


def _own_folder(folder: Path, account: Account) -> None:
    """Make a 0700 folder of the server's account; refuse one that somebody else put there."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    # Ours when we or the server's account made it; another start may be between two steps.
    if folder.is_symlink() or folder.lstat().st_uid not in {os.geteuid(), account.uid}:
        raise DatabaseError(
            _("{folder} 不属于系统用户 {user}，请检查后删除它再启动。").format(
                folder=folder, user=account.name
            )
        )
    account.own(folder)
    folder.chmod(0o700)


def write_configuration(layout: Layout, account: Account, *, durable: bool) -> None:
    """Write the files that are wholly ours, at every start, so an upgrade reaches old data."""
    files = {
        "yiwang.conf": _settings(layout, durable=durable),
        "pg_hba.conf": "local all postgres peer map=admin\nlocal all all scram-sha-256\n",
        "pg_ident.conf": f'admin "{account.name}" postgres\nadmin root postgres\n',
    }
    for name, text in files.items():
        path = layout.data / name
        path.write_text(text)
        path.chmod(0o600)
        account.own(path)


def _settings(layout: Layout, *, durable: bool) -> str:
    on = "on" if durable else "off"
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(layout.socket),
        "max_connections": 100,
        "shared_buffers": f"{_shared_buffers() if durable else 128}MB",
        "effective_cache_size": f"{_memory() // 2}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "dynamic_shared_memory_type": _shared_memory_type(),
        "jit": "off",
        "random_page_cost": 1.1,
        "fsync": on,
        "synchronous_commit": on,
        "full_page_writes": on,
        "wal_compression": "on" if durable else "off",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "idle_in_transaction_session_timeout": "10min",
        "timezone": "Asia/Shanghai",
        "log_timezone": "Asia/Shanghai",
        "logging_collector": "on",
        "log_filename": "server-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": 0,
        # Statements and key values hold personal data: they never reach the log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_min_duration_statement": -1,
        "log_parameter_max_length": 0,
        "log_parameter_max_length_on_error": 0,
    }
    return "".join(f"{name} = '{value}'\n" for name, value in settings.items())


def _memory() -> int:
    """Megabytes of memory of this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEGABYTE


def _shared_buffers() -> int:
    return max(64, min(512, _memory() // 8))


def _shared_memory_type() -> str:
    """Containers give /dev/shm 64 MB, too little for parallel queries: use files there."""
    try:
        return "mmap" if shutil.disk_usage(_SHM).total < _SMALL_SHM else "posix"
    except OSError:
        return "mmap"
