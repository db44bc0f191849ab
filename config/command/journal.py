"""`yiwang journal`: seal the journal, and prove that nothing in it was changed."""

import click

from config.language import _

from .frame import Problem, running_database, teach


@click.group(
    help=teach(
        _("""操作日志的封存与校验。"""),
        _(
            """例：
  yiwang journal seal      封存新的日志行（网站运行时会自动进行）
  yiwang journal verify    从第一行起校验，指出第一处被改动的行"""
        ),
    )
)
def journal() -> None:
    """Seals form a chain; the key of the chain is in keys.json."""


@journal.command(help=_("封存已经提交的日志行。"))
def seal() -> None:
    """What the background job does every few minutes."""
    with running_database():
        from yiwang.core.jobs import seal_journal

        count = seal_journal()
    click.echo(_("已封存 {count} 行。").format(count=count))


@journal.command(help=_("校验全部封存；发现改动时退出码为 1。"))
def verify() -> None:
    """Reads every sealed line once."""
    with running_database():
        from yiwang.core.reads import verify_journal

        report = verify_journal()
    if not report.sound:
        raise Problem(
            _("日志第 {line} 行有问题：{problem}").format(
                line=report.broken_line, problem=report.problem
            )
        )
    click.echo(
        _("日志完好：{lines} 行，{seals} 次封存，另有 {unsealed} 行未封存。").format(
            lines=report.lines, seals=report.seals, unsealed=report.unsealed
        )
    )
    click.echo(_("最后一次封存：{head}").format(head=report.head))
