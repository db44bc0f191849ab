"""`yiwang serve`: the site and its background work, until told to stop."""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from config.language import _
from config.postgres import close_connections

from .frame import Problem, Running, data_dir, refresh_messages, running_database, teach
from .supervisor import Address, Child, supervise

MOST_WORKERS = 4  # each keeps up to 16 connections; the server has 100
MOST_THREADS = 8


def listening(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say where the site listens and with how many processes."""
    for option in (
        click.option("--workers", envvar="WORKERS", type=click.IntRange(1, 16), help=_("进程数。")),
        click.option(
            "--port", envvar="PORT", default=8000, show_default=True, type=click.IntRange(1, 65535)
        ),
        click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True),
    ):
        command = option(command)
    return command


@click.command(
    help=teach(
        _("""启动网站和后台任务；内置数据库随之启动。Ctrl-C 或 SIGTERM 正常停止。"""),
        _(
            """例：
  yiwang serve
  PORT=9000 DATA_DIR=/srv/yiwang yiwang serve
  HOST=0.0.0.0 ALLOWED_HOSTS=yiwang.example.gov.cn yiwang serve"""
        ),
    )
)
@listening
def serve(host: str, port: int, workers: int | None) -> None:
    """The site answers only when its tables are those of the programs."""
    address = Address(host, port)
    with running_database() as running:
        refuse_unfit()
        run_site(running, address, workers, lambda: click.echo(address.url))


def refuse_unfit() -> None:
    """Raises Problem while code or tables are unfit, because pages would fail one by one."""
    from django.core import checks
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    # Loads the code of every page, so that a broken one stops here and not at its visitor.
    faults = [str(item.msg) for item in checks.run_checks() if item.level >= checks.ERROR]
    if faults:
        raise Problem("\n".join(faults))

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Problem(_("数据库还没有更新到这一版程序，请先运行 yiwang migrate。"))


def run_site(
    running: Running, address: Address, workers: int | None, ready: Callable[[], None]
) -> None:
    """Serve until told to stop; `ready` is called when the site answers."""
    # First of all: another site on this address still serves the static files of before.
    address.await_free()
    refresh_messages()
    collect_static()
    close_connections()
    os.environ["DATA_DIR"] = str(data_dir())
    supervise([_web(address, workers), _jobs()], address, running.keep, ready)


def _web(address: Address, workers: int | None) -> Child:
    processors = os.cpu_count() or 1
    count = workers or min(processors, MOST_WORKERS)
    threads = os.environ.get("THREADS", str(min(2 * processors + 1, MOST_THREADS)))
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", address.host, "--port", str(address.port)),
        *("--workers", str(count), "--blocking-threads", threads),
        *("--backpressure", "256", "--workers-kill-timeout", "20", "--respawn-failed-workers"),
        *("--no-ws", "--log-level", "warning", "config.wsgi:application"),
    ]
    return Child(_("网站"), command, essential=True)


def _jobs() -> Child:
    # The checks were just made; made again, they would load the code of every page.
    django = [sys.executable, "-m", "django", "procrastinate", "--skip-checks"]
    return Child(_("后台任务"), [*django, "worker", "--concurrency", "2"])


def collect_static() -> None:
    """Gather the static files into DATA_DIR when they have changed since the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    if settings.DEBUG or settings.TESTING:
        return
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            digest.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())
