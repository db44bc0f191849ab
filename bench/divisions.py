"""Loading the national list of divisions: seconds, memory, and bare COPY of the same rows."""

import csv
import gzip
import io
import resource
import time

from django.db import connection

from config.demonstration.city import DIVISIONS
from config.postgres import Site
from yiwang.core.sheets import load_parameters
from yiwang.divisions.models import Division, DivisionCode
from yiwang.divisions.sheets import load_divisions

from .city import CORE
from .place import Figure


def measure(site: Site) -> list[Figure]:
    """The whole way (parse, pinyin, kinds, parents, codes, indexes, one act) against COPY alone."""
    load_parameters(CORE / "parameters.csv")
    started = time.monotonic()
    loaded = load_divisions(DIVISIONS / "china_divisions.csv.gz")
    ours = time.monotonic() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    peer = _bare_copy()
    return [
        Figure(
            f"装入全国区划（{loaded.rows:,} 行）",
            f"{ours:.1f} 秒，峰值内存 {memory} MB",
            f"同样的行 COPY 进同样的索引 {peer:.1f} 秒",
            f"{peer / ours:.2f}",
            f"含拼音、性质、上级、代码；{Division.objects.count():,} 个区划，"
            f"{DivisionCode.objects.count():,} 个代码",
        )
    ]


def _bare_copy() -> float:
    """The same finished rows into an equal table with equal indexes, nothing derived."""
    with connection.cursor() as cursor:
        rows = io.StringIO()
        with cursor.copy("COPY divisions_division TO STDOUT (FORMAT csv)") as out:
            for block in out:
                rows.write(bytes(block).decode())
        cursor.execute(
            "CREATE TEMP TABLE bare (LIKE divisions_division INCLUDING ALL) ON COMMIT PRESERVE ROWS"
        )
        started = time.monotonic()
        with cursor.copy("COPY bare FROM STDIN (FORMAT csv)") as into:
            into.write(rows.getvalue())
        return time.monotonic() - started


def rows_of_file() -> int:
    """How many rows the national file has, header aside."""
    with gzip.open(DIVISIONS / "china_divisions.csv.gz", "rt", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file)) - 1
