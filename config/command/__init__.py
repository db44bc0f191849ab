"""The `yiwang` command line."""

import click

from config.language import _

from .backup import backup, restore
from .bench import bench
from .check import check
from .db import db
from .demo import demo
from .frame import Commands, teach
from .journal import journal
from .link import link
from .load import load
from .messages import messages
from .migrate import migrate
from .recompute import recompute
from .serve import serve

HELP = teach(
    _("""一网：统筹城乡社区建设综合信息平台。"""),
    _(
        """第一次使用：
  yiwang demo                       演示城市，浏览器打开 http://127.0.0.1:8000"""
    ),
    _(
        """正式安装：
  yiwang migrate                    建立数据库
  yiwang load divisions FILE.csv    装入本市区划
  yiwang serve                      启动网站
  yiwang check                      检查安装是否完好"""
    ),
    _(
        """环境变量：
  DATA_DIR      数据目录（默认 ./var）：内置数据库、附件、密钥
  PORT, HOST    网站地址（默认 127.0.0.1:8000）
  WORKERS       网站进程数（默认与处理器数相同，最多 4）
  DATABASE_URL  使用外部 PostgreSQL（15 及以上）；另有
                DATABASE_OWNER_URL 和 DATABASE_READER_URL
  CITY          本市区划代码六位数字（默认 320600）
  YIWANG_LANG   命令行语言：zh 或 en"""
    ),
    _(
        """退出码：
  0  完成        1  发现问题      2  用法不对
  3  数据库连不上或起不来         4  被规则拒绝"""
    ),
)


@click.group(cls=Commands, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="yiwang", message="%(prog)s %(version)s")
def main() -> None:
    """Every command is in a module named after its noun."""


for _command in (
    serve,
    migrate,
    load,
    link,
    check,
    backup,
    restore,
    journal,
    recompute,
    messages,
    demo,
    bench,
    db,
):
    main.add_command(_command)
