"""`yiwang demo`: a demonstration city to walk through."""

import json
from importlib import import_module
from importlib.util import find_spec
from threading import Thread
from typing import Any

import click

from config.language import _

from .frame import Problem, progress, running_database, teach
from .load import load_reference_data
from .migrate import bring_up_to_date
from .serve import listening, run_site
from .supervisor import Address

SIZES = ("small", "county", "city")


@click.command(
    help=teach(
        _("""建立演示城市并启动网站：真实区划，虚构居民和事项。已建立的直接启动。

网站先答复，居民和事项随后边用边建；中途停止的，下次启动重新建立。"""),
        _(
            """例：
  yiwang demo                     网站答复后打印地址和各角色的登录名
  yiwang demo --size small        少量居民，几秒钟建好
  yiwang demo --logins            只打印登录名（JSON），不启动网站
  PORT=9000 DATA_DIR=/tmp/demo yiwang demo"""
        ),
    )
)
@listening
@click.option("--size", type=click.Choice(SIZES), default="county", show_default=True)
@click.option("--logins", "only_logins", is_flag=True, help=_("以 JSON 打印登录名后退出。"))
def demo(host: str, port: int, workers: int | None, size: str, only_logins: bool) -> None:
    """The data are made by config.demonstration."""
    with running_database() as running:
        if find_spec("config.demonstration") is None:
            raise Problem(_("这一版程序没有演示数据。"))
        demonstration: Any = import_module("config.demonstration")
        if only_logins:
            click.echo(json.dumps(demonstration.logins(), ensure_ascii=False, indent=1))
            return
        address = Address(host, port)
        address.await_free()  # said before the work of minutes, not after it
        bring_up_to_date(running)
        load_reference_data(running.site)
        with progress(_("演示城市的区划和人员")) as report:
            building = demonstration.begin(size=size, progress=report)

        def ready() -> None:
            _welcome(address, demonstration.logins())
            if building is not None:
                Thread(target=_fill, args=(building,), daemon=True).start()

        run_site(running, address, workers, ready)


def _fill(building: Any) -> None:
    """Residents and matters come while the site is open; broken off, the next start begins anew."""
    from django.db import Error, connection

    try:
        with progress(_("演示居民和事项")) as report:
            building.fill(report)
        click.echo(_("演示数据已全部建立。"))
    except Error:
        # The database has been told to stop, or something is wrong with it that the site says too.
        click.echo(_("演示数据没有建完，下次启动时重新建立。"), err=True)
    finally:
        connection.close()


def _welcome(address: Address, logins: list[dict[str, str]]) -> None:
    """The address on a line of its own, then who may log in."""
    from rich.console import Console
    from rich.table import Table

    click.echo(_("演示城市已就绪，请用浏览器打开："))
    click.echo(address.url)
    if not logins:
        return
    table = Table()
    headings = {
        "username": _("登录名"),
        "password": _("口令"),
        "name": _("姓名"),
        "role": _("角色"),
        "unit": _("单位"),
    }
    for heading in headings.values():
        table.add_column(heading, overflow="fold")
    for login in logins:
        table.add_row(*(login[key] for key in headings))
    Console().print(table)
