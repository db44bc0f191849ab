"""Reading a list of divisions: encoding, columns, and every faulty row with its cure."""

import gzip
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl
from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.core.rules.wording import listed

COLUMNS: Final = {
    "code": ("code", "代码", "区划代码", "统计用区划代码"),
    "name": ("name", "名称", "区划名称"),
    "type": ("type", "类型", "性质"),
}
LENGTHS: Final = (2, 4, 6, 9, 12)
MAX_NAME: Final = 60
# More faults than anyone corrects by hand; the total is told beside them.
MAX_ERRORS: Final = 200


@dataclass(frozen=True)
class RowError:
    """One fault: where it is, what stands there, what is wrong and how to cure it."""

    row: int
    column: str
    value: str
    problem: str
    cure: str

    def __str__(self) -> str:
        return _("第 %(row)s 行“%(column)s”为“%(value)s”：%(problem)s。%(cure)s") % {
            "row": self.row, "column": self.column, "value": self.value[:40],
            "problem": self.problem, "cure": self.cure,
        }  # fmt: skip


class FaultyFile(Refused):
    """The file cannot be taken as it is; nothing of it was written."""

    def __init__(self, message: str, errors: list[RowError] | None = None, total: int = 0) -> None:
        super().__init__("faulty_file", message)
        self.errors = errors or []
        self.total = total or len(self.errors)


@dataclass(frozen=True)
class Listing:
    """A sound list: columns row, code (12 digits), name, said (the list's own word for the kind)."""

    frame: pl.DataFrame
    source: str
    # Rows that repeat a place under a longer code, left out.
    repeated: int = 0


@dataclass
class _Faults:
    found: list[RowError] = field(default_factory=list)
    total: int = 0

    def add(self, rows: pl.DataFrame, column: str, problem: str, cure: str) -> None:
        self.total += rows.height
        room = max(0, MAX_ERRORS - len(self.found))
        for row in rows.head(room).iter_rows(named=True):
            value = str(row[column] or "")
            self.found.append(RowError(row["row"], column, value, problem, cure))


def read_listing(path: Path | str) -> Listing:
    """A CSV of divisions (code, name and perhaps type), plain or gzipped, UTF-8 or GBK.

    Raises FaultyFile with the row errors; nothing is written.
    """
    path = Path(path)
    frame = _with_columns(_read(path))
    frame = frame.with_row_index("row", offset=2).select(
        pl.col("row").cast(pl.Int64),
        pl.col("code").fill_null("").str.strip_chars(),
        pl.col("name").fill_null("").str.strip_chars(),
        pl.col("said").fill_null("").str.strip_chars(),
    )
    frame = frame.filter((pl.col("code") != "") | (pl.col("name") != ""))
    if frame.is_empty():
        raise FaultyFile(_("文件里没有数据行。请确认第一行是表头，下面是区划。"))
    _check_cells(frame)
    full = frame.with_columns(pl.col("code").str.pad_end(12, "0"))
    return Listing(_checked_rows(full), path.name, full.height - full["code"].n_unique())


def read_text(path: Path) -> str:
    """The text of a file, gzipped or not, in UTF-8 (with or without mark) or GBK.

    Raises FaultyFile when the file is missing, empty or in another encoding.
    """
    try:
        raw = path.read_bytes()
        if raw[:2] == b"\x1f\x8b":
            raw = gzip.decompress(raw)
    except (OSError, EOFError) as problem:
        raise FaultyFile(_("打不开文件 %(name)s。") % {"name": path.name}) from problem
    return decoded(raw, path.name)


def decoded(raw: bytes, name: str) -> str:
    """The text of bytes in UTF-8 (with or without mark) or GBK. Raises FaultyFile."""
    if not raw.strip():
        raise FaultyFile(_("文件 %(name)s 是空的。") % {"name": name})
    if b"\0" in raw:
        raise FaultyFile(_("看不懂文件的编码。请另存为 UTF-8 或 GBK 编码的 CSV 文件。"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FaultyFile(_("看不懂文件的编码。请另存为 UTF-8 或 GBK 编码的 CSV 文件。"))


def _read(path: Path) -> pl.DataFrame:
    text = read_text(path)
    try:
        return pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
    except (pl.exceptions.PolarsError, ValueError) as problem:
        raise FaultyFile(
            _("文件不是逗号分隔的表格，或某一行的列数与表头不同。请用模板另存为 CSV 文件。")
        ) from problem


def _with_columns(frame: pl.DataFrame) -> pl.DataFrame:
    heads = {head.strip().lower(): head for head in frame.columns}
    chosen: dict[str, str] = {}
    for column, names in COLUMNS.items():
        found = next((heads[name] for name in names if name in heads), None)
        if found is not None:
            chosen[column] = found
    missing = [names[1] for column, names in COLUMNS.items() if column not in chosen][:2]
    if "code" not in chosen or "name" not in chosen:
        raise FaultyFile(
            _("缺少列：%(columns)s。表头需要有“代码”和“名称”。") % {"columns": listed(missing)}
        )
    said = pl.col(chosen["type"]) if "type" in chosen else pl.lit("")
    return frame.select(code=pl.col(chosen["code"]), name=pl.col(chosen["name"]), said=said)


def _check_cells(frame: pl.DataFrame) -> None:
    faults = _Faults()
    code, name = pl.col("code"), pl.col("name")
    shaped = code.str.contains(r"^[1-9]\d*$") & code.str.len_chars().is_in(LENGTHS)
    faults.add(
        frame.filter(~shaped), "code", _("不是 2、4、6、9 或 12 位数字"),
        _("请按统计用区划代码填写，单元格设为文本格式。"),
    )  # fmt: skip
    faults.add(frame.filter(name == ""), "name", _("没有名称"), _("请填写名称。"))
    faults.add(
        frame.filter(name.str.len_chars() > MAX_NAME), "name",
        _("名称超过 %(limit)s 个字") % {"limit": MAX_NAME}, _("请填写规范全称。"),
    )  # fmt: skip
    _raise(faults)


def _checked_rows(full: pl.DataFrame) -> pl.DataFrame:
    """One row a place; a code said twice with two names is a fault, so is a missing parent."""
    faults = _Faults()
    named = pl.col("name").n_unique().over("code")
    faults.add(full.filter(named > 1), "code", _("同一代码出现两个名称"), _("请只保留正确的一行。"))
    _raise(faults)
    return full.unique("code", keep="first", maintain_order=True)


def _raise(faults: _Faults) -> None:
    if faults.total:
        raise FaultyFile(
            _("文件有 %(total)s 处错误，没有写入任何内容。") % {"total": faults.total},
            faults.found,
            faults.total,
        )
