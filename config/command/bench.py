"""`yiwang bench`: the measurements with their peers and limits."""

from importlib import import_module
from importlib.util import find_spec

import click

from config.language import _

from .frame import Problem, running_database, set_up_django, teach


@click.command(
    help=teach(
        _("""测量速度，打印与对照的比值，写入 bench/RESULTS.md。"""),
        _(
            """例：
  yiwang bench             全部项目
  yiwang bench --help      项目列表（参数原样交给 bench）"""
        ),
    ),
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def bench(arguments: tuple[str, ...]) -> None:
    """The benchmarks come with the source, not with an installed package."""
    if find_spec("bench") is None:
        raise Problem(_("这里没有 bench 目录，请在源码目录里运行。"))
    if {"-h", "--help"}.intersection(arguments):
        set_up_django()  # nothing is measured: no database is made
        import_module("bench.__main__").main(["--help"])
    with running_database():
        code = import_module("bench.__main__").main(list(arguments))
    if code:
        raise SystemExit(code)
