"""What `yiwang check` looks at: each probe is one question with its answers."""

import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from pathlib import Path

from config.language import _
from config.postgres import EXTENSIONS, Site, append_only_tables

GIGABYTE = 1024**3
DISK_LOW = 5 * GIGABYTE
KEY_DIGITS = 64  # 32 bytes in hexadecimal


class Level(IntEnum):
    """How bad a finding is."""

    GOOD = 0
    WARNING = 1
    BAD = 2


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    level: Level
    text: str


Probe = Callable[[Site], Iterator[Finding]]


def look(probes: Iterable[Probe], site: Site) -> Iterator[Finding]:
    """Ask every probe; one that fails is itself a finding and stops no other."""
    from django.db import DatabaseError

    for probe in probes:
        try:
            yield from probe(site)
        except (DatabaseError, ImportError, LookupError, OSError) as failure:
            reason = str(failure).strip()
            yield Finding(Level.BAD, _("无法检查：{reason}").format(reason=reason))


def cannot_log_in(site: Site) -> Probe | None:
    """A probe that says why, when the application's role does not get in; asked once and directly,
    because the pool of connections would try for many seconds in every probe that follows."""
    import psycopg

    try:
        psycopg.connect(site.url("app"), connect_timeout=5).close()
    except psycopg.OperationalError as failure:
        reason = str(failure).strip().splitlines()[-1]
        text = _("应用账号登录不了数据库，还没有建库的请先运行 yiwang migrate：{reason}").format(
            reason=reason
        )
        return lambda _site: iter([Finding(Level.BAD, text)])
    return None


def _judge(sound: bool, good: str, bad: str, level: Level = Level.BAD) -> Finding:
    return Finding(Level.GOOD, good) if sound else Finding(level, bad)


def settings_hold(_site: Site) -> Iterator[Finding]:
    """Django's own checks, and the settings that must not stand in production."""
    from django.conf import settings
    from django.core import checks

    errors = [item for item in checks.run_checks() if item.level >= checks.ERROR]
    yield _judge(not errors, _("设置有效"), "; ".join(str(item.msg) for item in errors))
    yield _judge(not settings.DEBUG, _("调试已关闭"), _("调试开着：请去掉 YIWANG_DEBUG"))
    cookies = _("没有 HTTPS：正式使用请经 TLS 访问并设 SECURE_COOKIES=1")
    yield _judge(settings.SECURE_COOKIES, _("Cookie 只经 HTTPS 发送"), cookies, Level.WARNING)
    root = _("以 root 身份运行：请改用普通系统用户")
    yield _judge(os.geteuid() != 0, _("以普通用户运行"), root, Level.WARNING)


def keys_are_safe(_site: Site) -> Iterator[Finding]:
    """All keys are there, and only their owner reads them."""
    from django.conf import settings

    short = [name for name, value in settings.KEYS.items() if len(str(value)) != KEY_DIGITS]
    yield _judge(not short, _("密钥齐全"), _("密钥不完整：{names}").format(names=", ".join(short)))
    folder = Path(settings.DATA_DIR)
    files = [Path(os.environ.get("YIWANG_KEYS", folder / "keys.json")), folder / "secrets.json"]
    for file in files:
        if file.exists():
            mode = stat.S_IMODE(file.stat().st_mode)
            open_to_others = _("{file} 的权限是 {mode:o}，应为 600").format(file=file, mode=mode)
            yield _judge(not mode & 0o077, _("{file} 权限正确").format(file=file), open_to_others)


def disk_has_room(_site: Site) -> Iterator[Finding]:
    """At least five gigabytes where the data are."""
    from django.conf import settings

    free = shutil.disk_usage(settings.DATA_DIR).free
    text = _("磁盘剩余 {free:.1f} GB").format(free=free / GIGABYTE)
    yield _judge(free >= DISK_LOW, text, text)


def server_is_fit(_site: Site) -> Iterator[Finding]:
    """Version, encoding, durability, and a locale in which Chinese can be searched."""
    version = int(_ask("SHOW server_version_num"))
    text = f"PostgreSQL {version // 10000}.{version % 10000}"
    yield _judge(version >= 150000, text, _("{text}，需要 15 或以上").format(text=text))
    yield _judge(_ask("SHOW server_encoding") == "UTF8", "UTF8", _("数据库编码不是 UTF8"))
    missing = [name for name in EXTENSIONS if not _ask(_HAS_EXTENSION, name)]
    without = _("缺少扩展：{names}").format(names=", ".join(missing))
    yield _judge(not missing, _("扩展齐全"), without)
    if "pg_trgm" not in missing:
        blind = _("LC_CTYPE 为 C，汉字搜索失效：请用 C.UTF-8 重建数据库")
        yield _judge(bool(_ask("SELECT show_trgm('南通市')")), _("汉字搜索有效"), blind)
    durable = _ask("SHOW fsync") == "on" and _ask("SHOW synchronous_commit") != "off"
    lossy = _("fsync 或 synchronous_commit 已关闭，断电会丢失已受理的事项")
    yield _judge(durable, _("提交即落盘"), lossy)


def roles_are_bound(site: Site) -> Iterator[Finding]:
    """The application owns nothing and cannot change what is append-only."""
    from django.db import connection

    mighty = _("应用账号 {app} 是超级用户").format(app=site.role_name("app"))
    yield _judge(not _ask(_IS_SUPERUSER), _("应用账号不是超级用户"), mighty)
    owner = _("应用账号拥有表，日志不受保护：请设 DATABASE_OWNER_URL（见 yiwang migrate）")
    yield _judge(not _ask(_OWNS_TABLES), _("应用账号不拥有表"), owner)
    there = set(connection.introspection.table_names())
    loose = [
        table
        for table in append_only_tables()
        if table in there and _ask(_MAY_CHANGE, connection.ops.quote_name(table))
    ]
    changeable = _("这些表应只增不改，请运行 yiwang migrate：{tables}").format(
        tables=", ".join(loose)
    )
    yield _judge(not loose, _("日志等表只增不改"), changeable)


def tables_are_current(_site: Site) -> Iterator[Finding]:
    """No migration waits."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    behind = _("有 {count} 项表结构更新未做，请运行 yiwang migrate").format(count=len(waiting))
    yield _judge(not waiting, _("表结构是最新的"), behind)


def calendar_reaches(_site: Site) -> Iterator[Finding]:
    """The working calendar is known for a year to come, and not only provisionally."""
    from django.utils import timezone

    from yiwang.core.reads import calendar

    known = calendar()
    today = timezone.localdate()
    text = _("工作日历到 {day:%Y-%m-%d}").format(day=known.ends_on)
    cure = text + _("，不足一年：请装入下一年安排（yiwang load calendar）")
    yield _judge(known.ends_on >= today + timedelta(days=365), text, cure, Level.WARNING)
    if known.ends_on >= today and known.provisional(known.ends_on):
        yield Finding(Level.WARNING, _("{year} 年放假安排是暂定的").format(year=known.ends_on.year))


def _ask(question: str, *values: str) -> str:
    """The one value a question has, as the application's role sees it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(question, values or None)
        row = cursor.fetchone()
    return row[0] if row else ""


_HAS_EXTENSION = "SELECT true FROM pg_extension WHERE extname = %s"
_IS_SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
_OWNS_TABLES = """
    SELECT count(*) FROM pg_tables
    WHERE schemaname = current_schema AND tableowner = current_user
"""
_MAY_CHANGE = "SELECT has_table_privilege(%s, 'UPDATE, DELETE, TRUNCATE')"


def files_are_scanned(_site: Site) -> Iterator[Finding]:
    """Whether uploads are looked at for viruses, and whether the scanner answers."""
    from yiwang.core.scanner import ScannerDown, scanner

    try:
        found = scanner()
        if found is None:
            text = _("上传的文件不查毒：请装 ClamAV 并设 FILE_SCANNER=clamav")
            yield Finding(Level.WARNING, text)
        else:
            about = _("上传的文件由 {scanner} 查毒").format(scanner=found.about())
            yield Finding(Level.GOOD, about)
    except (ScannerDown, ImportError) as silence:
        text = _("查毒程序没有回答，新文件都不能打开：{reason}").format(reason=silence)
        yield Finding(Level.BAD, text)


def documents_have_a_font(_site: Site) -> Iterator[Finding]:
    """A Chinese font for official documents as PDF."""
    from yiwang.core.official import chinese_font

    found = chinese_font()
    text = _("没有中文字体，PDF 文书里的字会缺：请装 fonts-noto-cjk")
    good = _("文书字体：{name}").format(name=found)
    yield _judge(bool(found), good, text, Level.WARNING)


FILE_PROBES: tuple[Probe, ...] = (
    settings_hold,
    keys_are_safe,
    disk_has_room,
    files_are_scanned,
    documents_have_a_font,
)
DATABASE_PROBES: tuple[Probe, ...] = (
    server_is_fit,
    roles_are_bound,
    tables_are_current,
    calendar_reaches,
)
