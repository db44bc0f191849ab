"""`yiwang check`: is this installation sound? One line for each thing looked at."""

import click

from config.language import _

from .frame import Problem, running_database, teach
from .probes import DATABASE_PROBES, FILE_PROBES, Level, cannot_log_in, look

SIGNS = {Level.GOOD: "✓", Level.WARNING: "!", Level.BAD: "✗"}


@click.command(
    help=teach(
        _("""检查安装：设置、密钥、数据库版本和权限、表结构、工作日历、磁盘。"""),
        _("""每行一项：✓ 完好，! 请留意，✗ 有问题。有 ✗ 时退出码为 1。"""),
    )
)
def check() -> None:
    """Looks and changes nothing."""
    worst = Level.GOOD
    with running_database() as running:
        shut = cannot_log_in(running.site)
        probes = [*FILE_PROBES, shut] if shut else [*FILE_PROBES, *DATABASE_PROBES]
        for finding in look(probes, running.site):
            click.echo(f"{SIGNS[finding.level]} {finding.text}")
            worst = max(worst, finding.level)
    if worst == Level.BAD:
        raise Problem(_("检查发现问题，见上面标 ✗ 的各行。"))
