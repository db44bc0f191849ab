"""`yiwang migrate`: bring database, privileges, catalogues and reference data up to date."""

import click

from config.language import _
from config.postgres import DatabaseError, Site, acting_as_owner, prepare, protect

from .frame import Problem, Running, refresh_messages, running_database, teach
from .load import load_reference_data


@click.command(
    help=teach(
        _(
            """建立或更新数据库：角色、模式、扩展、表、权限，再装入参数、日历和事项目录。

可重复运行；升级程序后先运行它再启动网站。内置数据库的三个角色由本命令建立。
使用外部数据库时，DATABASE_OWNER_URL 的账号建表，DATABASE_URL 的账号只读写。"""
        ),
        _(
            """例：
  yiwang migrate
  DATABASE_URL=postgresql://app:…@db/yiwang \\
  DATABASE_OWNER_URL=postgresql://owner:…@db/yiwang yiwang migrate"""
        ),
    )
)
def migrate() -> None:
    """Also run by `yiwang demo`."""
    with running_database() as running:
        closed = bring_up_to_date(running)
        load_reference_data(running.site)
    click.echo(_("数据库已是最新。{count} 张表只能增加、不能改删。").format(count=len(closed)))
    if not running.site.divided:
        click.echo(_explain_single_role(running.site), err=True)


def bring_up_to_date(running: Running) -> list[str]:
    """Roles, schema, tables and privileges; gives the append-only tables."""
    from django.core.management import call_command
    from django.db import connections

    refresh_messages()
    prepare(running.cluster or running.site)
    _refuse_foreign_tables(running.site)
    _refuse_unreleased_tables(running.site)
    with acting_as_owner(running.site):
        call_command("migrate", verbosity=0, interactive=False)
        return protect(connections["default"], running.site)


_FOREIGN = """
    SELECT tableowner, count(*) FROM pg_tables
    WHERE schemaname = %s AND NOT pg_has_role(tableowner, 'USAGE') GROUP BY 1
"""


def _refuse_foreign_tables(site: Site) -> None:
    """Tables made by another log-in cannot be migrated; say how to hand them over."""
    import psycopg

    with psycopg.connect(site.url("owner")) as it:
        found = it.execute(_FOREIGN, [site.schema]).fetchall()
    if not found:
        return
    owner = site.role_name("owner")
    handover = "\n".join(f"REASSIGN OWNED BY {name} TO {owner};" for name, _count in found)
    raise DatabaseError(
        _("表属于别的账号，{owner} 不能更新它们。请由数据库管理员在该库中运行：\n{sql}").format(
            owner=owner, sql=handover
        )
    )


def _refuse_unreleased_tables(site: Site) -> None:
    """Tables made before the first release have another history and cannot be brought along."""
    import psycopg

    with psycopg.connect(site.url("owner")) as it:
        if it.execute("SELECT to_regclass('django_migrations')").fetchone() == (None,):
            return
        old = "SELECT 1 FROM django_migrations WHERE app = 'core' AND name = '0001_initial'"
        if it.execute(old).fetchone():
            raise Problem(
                _(
                    "数据库是第一版发布前的程序建立的，不能更新。"
                    "请换一个空的数据目录（DATA_DIR）或数据库，重新运行。"
                )
            )


def _explain_single_role(site: Site) -> str:
    return _(
        "提醒：应用账号 {app} 自己拥有这些表，数据库无法禁止它改删日志。"
        "请另建账号并分别设置：\n"
        "  CREATE ROLE yiwang_app LOGIN PASSWORD '…';\n"
        "  DATABASE_OWNER_URL=（现在的 DATABASE_URL）\n"
        "  DATABASE_URL=postgresql://yiwang_app:…@主机/{database}\n"
        "然后再运行 yiwang migrate。"
    ).format(app=site.role_name("app"), database=site.database)
