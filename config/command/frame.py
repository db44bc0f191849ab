"""What all commands share: exit codes, the running database, progress bars."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

import click
import psycopg

from config.catalogues import compile_all
from config.language import _, language
from config.postgres import Cluster, DatabaseError, Site, schema_name, site

ROOT = Path(__file__).resolve().parent.parent.parent
Report = Callable[[int, int | None], None]
LINE_EVERY = 5.0  # seconds


class Exit(IntEnum):
    """What the shell learns; documented in `yiwang --help` and docs/operate.md."""

    OK = 0
    PROBLEM = 1
    USAGE = 2
    DATABASE = 3
    REFUSED = 4


class Problem(click.ClickException):
    """The command found something wrong: exit code 1 and one sentence."""

    exit_code = Exit.PROBLEM

    def show(self, file: Any = None) -> None:
        """Only the sentence, without click's English `Error:`."""
        click.echo(self.message, err=True)


def teach(summary: str, *blocks: str) -> str:
    """A command's help: what it does, then blocks whose lines stay as they are written."""
    return "\n\n".join([summary, *(f"\b\n{block}" for block in blocks)])


class Commands(click.Group):
    """Turns what may go wrong in any command into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a traceback is for programming errors alone."""
        from django.db import OperationalError, ProgrammingError

        from yiwang.core.errors import Refused

        try:
            return super().invoke(ctx)
        except Refused as refusal:
            click.echo(str(refusal), err=True)
            ctx.exit(Exit.REFUSED)
        except DatabaseError as failure:
            click.echo(str(failure), err=True)
            ctx.exit(Exit.DATABASE)
        except (OperationalError, psycopg.OperationalError) as failure:
            click.echo(_("连不上数据库：{reason}").format(reason=str(failure).strip()), err=True)
            ctx.exit(Exit.DATABASE)
        except (ProgrammingError, psycopg.errors.UndefinedTable) as failure:
            if not _lacks_tables(failure):
                raise
            click.echo(_("数据库里还没有表，请先运行 yiwang migrate。"), err=True)
            ctx.exit(Exit.DATABASE)


def _lacks_tables(failure: BaseException) -> bool:
    return isinstance(failure.__cause__ or failure, psycopg.errors.UndefinedTable)


def data_dir() -> Path:
    """DATA_DIR, by default `var` beside the programs; the settings say the same."""
    return Path(os.environ.get("DATA_DIR", ROOT / "var")).absolute()


def is_embedded() -> bool:
    """Whether the database is our own and not one behind DATABASE_URL."""
    return "DATABASE_URL" not in os.environ


@dataclass(frozen=True)
class Running:
    """The database while a command uses it. `keep`: descriptors for children to inherit."""

    site: Site
    cluster: Cluster | None
    keep: tuple[int, ...] = ()


@contextlib.contextmanager
def running_database() -> Iterator[Running]:
    """The database answers and Django is set up; the embedded server stops after the last user.

    Raises DatabaseError. SIGTERM ends the command as Ctrl-C does, so that it, too, lets go of
    the server.
    """
    schema_name()  # a wrong CITY is said before anything is made
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    if not is_embedded():
        found = site(data_dir())
        _reach(found)
        set_up_django()
        yield Running(found, None)
        return
    cluster = Cluster(data_dir())
    with cluster.shared() as user:
        set_up_django()
        yield Running(cluster.site(), cluster, (user,))


def _reach(found: Site) -> None:
    try:
        with psycopg.connect(found.url("app"), connect_timeout=10) as it:
            version = it.info.server_version
    except psycopg.OperationalError as failure:
        reason = str(failure).strip()
        raise DatabaseError(
            _("连不上 DATABASE_URL 所指的数据库：{reason}").format(reason=reason)
        ) from None
    if version < 150000:
        raise DatabaseError(
            _("数据库是 PostgreSQL {version}，需要 15 或以上。").format(version=version // 10000)
        )


def set_up_django() -> None:
    """Load the settings; they read the passwords that the start has written."""
    import django
    from django.utils import translation

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    translation.activate(language())


def refresh_messages() -> None:
    """Compile the translations; where the programs are read-only, say so and go on."""
    try:
        compile_all()
    except OSError as failure:
        click.echo(_("译文没有编译：{reason}").format(reason=failure), err=True)


@contextlib.contextmanager
def progress(title: str) -> Iterator[Report]:
    """A bar on a terminal, a line every few seconds in a log.

    Give the callback what is done and, once known, the total.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(file=sys.stderr)
    if not console.is_terminal:
        yield _lines(title)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as bars:
        task = bars.add_task(title, total=None)

        def report(done: int, total: int | None = None) -> None:
            bars.update(task, completed=done, total=total)

        yield report


def _lines(title: str) -> Report:
    said = time.monotonic()

    def report(done: int, total: int | None = None) -> None:
        nonlocal said
        if done == total or time.monotonic() - said >= LINE_EVERY:
            said = time.monotonic()
            click.echo(f"{title} {done}/{total or '?'}", err=True)

    return report
