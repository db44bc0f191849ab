"""A small table from outside, as an XLSX or CSV file: its rows as text, and what is wrong with them."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

from yiwang.core.errors import Refused
from yiwang.core.rules.chinese import clean_text
from yiwang.residents.rules import workbook


@dataclass(frozen=True)
class RowFault:
    """One cell that cannot be taken: row of the sheet, column, value, what is wrong and the cure."""

    row: int
    column: str
    value: str
    problem: str


class RowFaults(Exception):
    """Rows of a workbook that are wrong; nothing was taken."""

    def __init__(self, faults: list[RowFault]) -> None:
        super().__init__(len(faults))
        self.faults = faults


def read_table(
    data: bytes, columns: Sequence[str], *, needed: str, most: int
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row that is not empty: its number in the sheet and its cells by the columns asked for.

    Raises Refused: unreadable, columns (there is none called `needed`), too_many.
    """
    frame = _frame(data, columns)
    if needed not in frame.columns:
        sentence = _("缺少“%(name)s”列，请用下载的模板填写。") % {"name": needed}
        raise Refused("columns", sentence, {"file": sentence})
    if frame.height > most:
        sentence = _("最多 %(most)s 行。") % {"most": most}
        raise Refused("too_many", sentence, {"file": sentence})
    for number, cells in enumerate(frame.iter_rows(named=True), start=2):
        said = {name: clean_text(str(cells.get(name) or "")) for name in columns}
        if any(said.values()):
            yield number, said


def _frame(data: bytes, columns: Sequence[str]) -> pl.DataFrame:
    try:
        if data.startswith((workbook.ZIP, workbook.OLE)):
            cells = workbook.open_book(data).rows(0)
            titles = [str(value or "").strip() for value in cells.row(0)]
            named = [one if one in columns else f"_{at}" for at, one in enumerate(titles)]
            return cells.slice(1).rename(dict(zip(cells.columns, named, strict=True)))
        return pl.read_csv(io.BytesIO(_utf8(data)), infer_schema=False)
    except (workbook.NotAWorkbook, pl.exceptions.PolarsError, ValueError, IndexError) as fault:
        sentence = _("文件打不开，请用下载的模板填写，存为 XLSX 或 CSV。")
        raise Refused("unreadable", sentence, {"file": sentence}) from fault


def _utf8(data: bytes) -> bytes:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    raise ValueError(data[:1])
