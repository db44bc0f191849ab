"""Importing residents from CSV and XLSX against bare COPY of the same rows into the same indexes."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from django.db import connection, transaction

from config.postgres import Site
from yiwang.residents.models import Resident
from yiwang.residents.sheets import load_residents

from .city import found_city, write_residents
from .place import Figure

TABLES = (
    "residents_household",
    "residents_dwelling",
    "residents_resident",
    "residents_sourcerecord",
)

COMPARED = 20_000
SEXES = {"男": "male", "女": "female"}


def measure(site: Site, *, rows: int) -> list[Figure]:
    """Validated, deduplicated, journaled import of `rows` people; each kind into an empty register."""
    found_city()
    figures = []
    with TemporaryDirectory() as folder:
        for kind in ("csv", "xlsx"):
            path = _file(Path(folder), kind, rows)
            with transaction.atomic():
                started = time.monotonic()
                load_residents(path)
                ours = time.monotonic() - started
                count = Resident.objects.count()
                peer = _bare_copy()
                transaction.set_rollback(True)
            figures.append(
                Figure(
                    f"导入居民（{kind.upper()}，{count:,} 行）",
                    f"{count / ours:,.0f} 行/秒",
                    f"同样的行 COPY {count / peer:,.0f} 行/秒",
                    f"{peer / ours:.2f}",
                    "含校验、查重、加密、分词、家庭、住址、来源记录",
                )
            )
        figures.append(_against_import_export(_file(Path(folder), "csv", min(rows, COMPARED))))
    return figures


def _against_import_export(path: Path) -> Figure:
    """The same rows through django-import-export in bulk: plain columns of people, nothing else."""
    with transaction.atomic():
        started = time.monotonic()
        load_residents(path)
        ours = time.monotonic() - started
        count = Resident.objects.count()
        transaction.set_rollback(True)
    with transaction.atomic():
        started = time.monotonic()
        _import_export(path, count)
        peer = time.monotonic() - started
        transaction.set_rollback(True)
    return Figure(
        f"导入居民（CSV，{count:,} 行）",
        f"{count / ours:,.0f} 行/秒",
        f"django-import-export 批量方式 {count / peer:,.0f} 行/秒",
        f"{peer / ours:.1f}×",
        "对照只写姓名、性别、出生日期和社区，不校验身份证号、不查重、不加密",
    )


def _import_export(path: Path, rows: int) -> None:
    from import_export import resources
    from tablib import Dataset

    class People(resources.ModelResource):  # type: ignore[misc]
        class Meta:
            model = Resident
            fields = ("name", "sex", "born_on", "division")
            import_id_fields = ()
            force_init_instance = True
            use_bulk = True
            batch_size = 1000
            skip_diff = True

        def before_save_instance(self, instance: Resident, row: object, **kwargs: object) -> None:
            # A constraint of ours: the year stands beside the day.
            instance.birth_year = instance.born_on.year if instance.born_on else None

        def after_import(self, *told: object, **more: object) -> None:
            """The restricted role may not set sequences anew, and need not."""

    data = Dataset(headers=["name", "sex", "born_on", "division"])
    for row in pl.read_csv(path, infer_schema=False).iter_rows(named=True):
        data.append((row["姓名"], SEXES[row["性别"]], row["出生日期"], row["区划代码"]))
    found = People().import_data(data, raise_errors=True)
    if found.totals["new"] < rows:
        raise RuntimeError("the peer has not taken the rows")


def _file(folder: Path, kind: str, rows: int) -> Path:
    frames = [
        pl.read_csv(path, infer_schema=False) for path in write_residents(rows, seed=len(kind))
    ]
    frame, path = pl.concat(frames), folder / f"residents.{kind}"
    if kind == "csv":
        frame.write_csv(path)
    else:
        frame.write_excel(path)
    return path


def _bare_copy() -> float:
    """Every row the import made, copied again into equal tables with equal indexes."""
    spent = 0.0
    with connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT") as out:
                rows = b"".join(bytes(block) for block in out)
            cursor.execute(f"CREATE TEMP TABLE bare (LIKE {table} INCLUDING ALL)")
            started = time.monotonic()
            with cursor.copy("COPY bare FROM STDIN") as into:
                into.write(rows)
            spent += time.monotonic() - started
            cursor.execute("DROP TABLE bare")
    return spent
