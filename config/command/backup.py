"""`yiwang backup` and `yiwang restore`: database and files in one archive, proved by a drill."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config.language import _
from config.postgres import prepare

from .frame import Problem, Running, data_dir, progress, running_database, teach
from .migrate import bring_up_to_date

if TYPE_CHECKING:
    from config.archive import Manifest


def keys_file() -> Path:
    """Where the keys are; config.keys says the same."""
    return Path(os.environ.get("YIWANG_KEYS", data_dir() / "keys.json"))


@click.command(
    help=teach(
        _(
            """把数据库和附件备份到一个文件（.tar.gz），网站不必停。

加密字段的密钥不在备份里，请另行妥善保存 keys.json；或用 --with-keys 一并装入，
这时备份本身要像密钥一样保管。"""
        ),
        _(
            """例：
  yiwang backup /backup/$(date +%F).tar.gz --verify
  yiwang backup full.tar.gz --with-keys"""
        ),
    )
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--verify", is_flag=True, help=_("随后在临时数据库中恢复一遍，逐表比对。"))
@click.option("--with-keys", is_flag=True, help=_("把 keys.json 一并装入。"))
def backup(file: Path, verify: bool, with_keys: bool) -> None:
    """Raises Problem when the drill finds a difference."""
    with running_database() as running:
        from config.archive import ArchiveError, rehearse, write_archive

        keys = keys_file() if with_keys else None
        with progress(_("备份")) as report:
            manifest = write_archive(file, running.site, keys_file=keys, progress=report)
        try:
            if verify:
                with progress(_("恢复演练")) as report:
                    rehearse(file, report)
        except ArchiveError as failure:
            raise Problem(str(failure)) from None
    size = file.stat().st_size / 1e6
    click.echo(
        _("已备份到 {file}：{tables} 张表，{rows} 行，{files} 个附件，{size:.1f} MB。").format(
            file=file,
            tables=len(manifest.tables),
            rows=manifest.rows,
            files=len(manifest.files),
            size=size,
        )
    )
    if verify:
        click.echo(_("恢复演练通过：每张表与备份一致，日志完好。"))


@click.command(
    help=teach(
        _(
            """从备份恢复。先校验整个文件，再动数据库；中途失败则一切照旧。

数据库里已有表时拒绝，除非用 --force 以备份取代全部现有数据。请先停止网站。"""
        ),
        _(
            """例：
  yiwang restore /backup/2026-11-23.tar.gz
  DATA_DIR=/srv/new yiwang restore full.tar.gz"""
        ),
    )
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help=_("取代现有数据。"))
def restore(file: Path, force: bool) -> None:
    """The keys, if the archive has them, must be in place before the settings are loaded."""
    from config.archive import ArchiveError, examine, install_keys

    try:
        manifest = examine(file)
        install_keys(file, keys_file())
        with running_database() as running:
            _restore(file, manifest, running, force=force)
    except ArchiveError as failure:
        raise Problem(str(failure)) from None
    click.echo(
        _("已恢复 {made_at} 的备份：{rows} 行，{files} 个附件。").format(
            made_at=manifest.made_at, rows=manifest.rows, files=len(manifest.files)
        )
    )


def _restore(file: Path, manifest: "Manifest", running: Running, *, force: bool) -> None:
    from config.archive import refuse_other_keys, restore_archive, restored_files, set_aside

    refuse_other_keys(manifest)
    where = running.cluster or running.site
    prepare(where)
    with set_aside(running.site, force=force), restored_files(file, manifest):
        with progress(_("恢复")) as report:
            restore_archive(file, manifest, where, running.site, report)
        bring_up_to_date(running)
