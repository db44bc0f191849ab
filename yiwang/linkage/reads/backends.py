"""What Splink computes on: DuckDB inside this process, or Spark for a whole province."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Final

from django.conf import settings

from yiwang.core.errors import Refused
from yiwang.core.rules.wording import said as _

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Backend:
    """Splink's database, and how the columns of what it found are fetched."""

    api: Any
    fetch: Callable[[Any, list[str]], Rows]


@contextmanager
def duckdb_backend(records: int) -> Iterator[Backend]:
    """All in memory; nothing goes to disk."""
    from splink import DuckDBAPI

    api: Any = DuckDBAPI(":memory:")
    try:
        api.duckdb_con.execute("SET temp_directory = ''")  # rather fail than write names to a disk
        yield Backend(
            api, lambda found, names: found.as_duckdbpyrelation().select(*names).fetchall()
        )
    finally:
        api.duckdb_con.close()


@contextmanager
def spark_backend(records: int) -> Iterator[Backend]:
    """A session on `settings.SPARK_MASTER` (a cluster, or the cores of this machine).

    What Spark spills goes encrypted, under a key of this run, into a folder that ends with it.
    Raises Refused: spark_missing (pyspark or Java is not installed).
    """
    try:
        from pyspark.sql import SparkSession
    except ModuleNotFoundError:
        _not_there("pyspark")
    if shutil.which("java") is None:
        _not_there("Java")
    from splink import SparkAPI
    from splink.backends.spark import similarity_jar_location

    with TemporaryDirectory(prefix="yiwang-link-") as folder:
        builder = SparkSession.builder.appName("yiwang link").master(settings.SPARK_MASTER)
        for name, value in {
            **_SETTINGS,
            "spark.local.dir": folder,
            "spark.sql.warehouse.dir": folder,
            "spark.jars": similarity_jar_location(),
            "spark.driver.memory": settings.SPARK_MEMORY,
            "spark.sql.shuffle.partitions": str(max(_FEWEST_PARTS, records // _IN_A_PART)),
            **(_AT_HOME if settings.SPARK_MASTER.startswith("local") else {}),
        }.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        try:
            session.sparkContext.setLogLevel("OFF")
            # Persisting keeps intermediate tables in memory, spilling to the encrypted folder.
            api = SparkAPI(spark_session=session, break_lineage_method="persist")  # type: ignore[no-untyped-call]
            for name, java in _FUNCTIONS.items():
                session.udf.registerJavaFunction(name, f"uk.gov.moj.dash.linkage.{java}", "double")
            yield Backend(api, _fetched)
        finally:
            session.stop()


def _fetched(found: Any, names: list[str]) -> Rows:
    return [tuple(row) for row in found.as_spark_dataframe().select(*names).collect()]


def _not_there(what: str) -> None:
    raise Refused(
        "spark_missing",
        _(
            "没有安装 %(what)s，不能用 Spark 比对：请按运维手册安装 requirements/province.txt 和 Java 17，"
            "或改用 DuckDB。"
        )
        % {"what": what},
    )


_SETTINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "spark.ui.showConsoleProgress": "false",
        "spark.ui.enabled": "false",  # its pages would show statements with names
        "spark.io.encryption.enabled": "true",
        "spark.network.crypto.enabled": "true",
        "spark.authenticate": "true",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.codegen.hugeMethodLimit": "65535",
        "spark.sql.session.timeZone": "UTC",
    }
)
# On this machine alone, nobody else may reach it.
_AT_HOME: Final[Mapping[str, str]] = MappingProxyType(
    {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
)
_FEWEST_PARTS: Final = 4
_IN_A_PART: Final = 50_000
"""Records: enough to keep a core busy, few enough for its memory."""
# The model speaks DuckDB's words; these are the two that Spark has not.
_FUNCTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "jaro_winkler_similarity": "JaroWinklerSimilarity",
        "damerau_levenshtein": "LevDamerauDistance",
    }
)
BACKENDS: Final[Mapping[str, Callable[[int], AbstractContextManager[Backend]]]] = MappingProxyType(
    {"duckdb": duckdb_backend, "spark": spark_backend}
)
"""By the name of the engine."""
