"""`yiwang db`: the embedded server by hand, for development and repair."""

import os

import click
from psycopg.conninfo import make_conninfo

from config.language import _
from config.postgres import Cluster, prepare
from config.postgres.binaries import programs_for
from config.postgres.sites import ROLES

from .frame import Problem, data_dir, is_embedded, teach


@click.group(
    help=teach(
        _("""内置数据库的开关，供开发和检修使用。"""),
        _(
            """例：
  yiwang db start              启动并保持运行
  yiwang db url --role owner   打印连接字符串
  yiwang db psql               打开 psql
  yiwang db stop               正常关闭"""
        ),
    )
)
def db() -> None:
    """Only where the database is embedded."""
    if not is_embedded():
        raise Problem(_("已设置 DATABASE_URL，没有内置数据库可以操作。"))


@db.command(help=_("启动，并在最后一个使用者离开后保持运行。"))
def start() -> None:
    """Start, prepare and keep."""
    cluster = Cluster(data_dir())
    launched = cluster.start()
    cluster.keep(True)
    prepare(cluster)
    click.echo(_("数据库已启动。") if launched else _("数据库已在运行。"))


@db.command(help=_("正常关闭，所有连接随之断开。"))
def stop() -> None:
    """A fast shutdown: nothing acknowledged is lost."""
    cluster = Cluster(data_dir())
    cluster.keep(False)
    cluster.stop()
    click.echo(_("数据库已关闭。"))


_role = click.option(
    "--role",
    type=click.Choice(ROLES),
    default="app",
    help=_("以哪个角色连接：owner 建表，app 应用，reader 只读。"),
)


@db.command(help=_("打印连接字符串（内含密码，不要放进日志）。"))
@_role
def url(role: str) -> None:
    """For tools that take a libpq connection string."""
    click.echo(Cluster(data_dir()).url(next(name for name in ROLES if name == role)))


@db.command(
    help=_("打开 psql；其余参数原样交给它，例如 yiwang db psql -- -c 'SELECT 1'。"),
    context_settings={"ignore_unknown_options": True},
)
@_role
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(role: str, arguments: tuple[str, ...]) -> None:
    """Replaces this process by psql. The password goes by the environment, where `ps` is blind."""
    cluster = Cluster(data_dir())
    program = programs_for(cluster.account, cluster.programs) / "psql"
    login = dict(cluster.site().parameters(next(name for name in ROLES if name == role)))
    environment = {**os.environ, "PGPASSWORD": str(login.pop("password"))}
    command = [str(program), make_conninfo(**login), *arguments]
    os.execve(program, command, environment)  # noqa: S606
