"""`yiwang messages`: compile the translations, or list what they lack."""

import click

from config.catalogues import clashes, compile_all, lacks
from config.language import _

from .frame import Problem, set_up_django, teach


@click.command(
    help=teach(
        _("""编译各应用的译文（locale/*/LC_MESSAGES/*.po），不需要安装 gettext。"""),
        _(
            """例：
  yiwang messages           编译有改动的译文
  yiwang messages --check   列出没有英文译文或两处译法不同的句子，有则退出码为 1"""
        ),
    )
)
@click.option("--check", "checking", is_flag=True, help=_("只检查，不编译。"))
def messages(checking: bool) -> None:
    """Compiled catalogues are not committed; make and migrate compile them."""
    if not checking:
        click.echo(_("已编译 {count} 个译文文件。").format(count=compile_all()))
        return
    set_up_django()
    missing = [*lacks(), *clashes()]
    for lack in missing:
        click.echo(f"{lack.file}:{lack.line}: {lack.reason}: {lack.text!r}")
    if missing:
        raise Problem(_("{count} 句没有英文译文，或两处译法不同。").format(count=len(missing)))
    click.echo(_("译文完整。"))
