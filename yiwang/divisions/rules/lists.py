"""Lists of places that belong to one change: a workbook or CSV file as rows of text, or as pasted."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl
from django.utils.translation import gettext as _

from yiwang.core.rules.chinese import clean_text, fullwidth_to_halfwidth

from .reading import FaultyFile, RowError, decoded

ZIP: Final = b"PK\x03\x04"
MOST_ROWS: Final = 5000
MOST_BYTES: Final = 5 * 2**20
Columns = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Row:
    """One line: the number people see beside it, and its cells by our names of columns."""

    at: int
    cells: dict[str, str]

    def fault(self, column: str, problem: str, cure: str) -> RowError:
        """What is wrong in one cell of this row."""
        return RowError(self.at, column, self.cells.get(column, ""), problem, cure)


def read_rows(data: bytes, columns: Columns, required: Sequence[str]) -> list[Row]:
    """The rows of an uploaded list (XLSX, or CSV in UTF-8 or GBK) under its heading line.

    `columns` gives the headings each column may have. Raises FaultyFile with what is wrong and
    its cure; nothing is written.
    """
    if len(data) > MOST_BYTES:
        raise FaultyFile(_("文件超过 5 MB，不像是一份名单。请只留要办的那些行再上传。"))
    frame = _from_book(data) if data.startswith(ZIP) else _from_text(decoded(data, ""))
    return _under_heads(frame, columns, required)


def pasted(text: str, columns: Columns, required: Sequence[str]) -> list[Row]:
    """The same rows pasted into a page: with a heading line, or in the order of `columns`."""
    frame = _from_text(text)
    first = [_plain(cell) for cell in frame.row(0)] if frame.height else []
    heads = {head for names in columns.values() for head in names}
    if heads & set(first):
        return _under_heads(frame, columns, required)
    rows = frame.rows()
    return _rows(rows, {name: at for at, name in enumerate(columns)}, 1)


def as_text(rows: Sequence[Row], columns: Columns) -> str:
    """Rows as text that `pasted` reads again, so that a page can show and send them once more."""
    out = io.StringIO()
    heads = {name: names[0] for name, names in columns.items()}
    frame = pl.DataFrame(
        [{heads[name]: row.cells.get(name, "") for name in columns} for row in rows]
    )
    frame.write_csv(out)
    return out.getvalue()


def _from_book(data: bytes) -> pl.DataFrame:
    try:
        return pl.read_excel(
            io.BytesIO(data), engine="calamine", has_header=False, infer_schema_length=0,
            drop_empty_rows=False,
        )  # fmt: skip
    except Exception as problem:  # the reader's errors have no common ancestor
        raise FaultyFile(
            _("文件打不开，可能已损坏或设了密码。请用表格软件另存为 XLSX 后再上传。")
        ) from problem


def _from_text(text: str) -> pl.DataFrame:
    if not text.strip():
        raise FaultyFile(_("名单是空的。请第一行写表头，下面每行写一个区划。"))
    separator = max(",\t，", key=text.split("\n", 1)[0].count)
    plain = text.replace("，", ",") if separator == "，" else text
    try:
        return pl.read_csv(
            io.BytesIO(plain.encode()), has_header=False, infer_schema=False,
            separator="," if separator == "，" else separator, truncate_ragged_lines=True,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, ValueError) as problem:
        raise FaultyFile(_("这不是表格文件。请上传 XLSX 或 CSV 文件。")) from problem


def _plain(cell: object) -> str:
    return fullwidth_to_halfwidth(clean_text(str(cell or "")))


def _under_heads(frame: pl.DataFrame, columns: Columns, required: Sequence[str]) -> list[Row]:
    rows = frame.rows()
    first = [_plain(cell).lower() for cell in rows[0]] if rows else []
    places = {
        name: next((at for at, head in enumerate(first) if head in names), -1)
        for name, names in columns.items()
    }
    missing = [columns[name][0] for name in required if places[name] < 0]
    if missing:
        heads = "、".join(names[0] for names in columns.values())
        raise FaultyFile(
            _("第一行缺少列：%(missing)s。表头可用：%(heads)s。")
            % {"missing": "、".join(missing), "heads": heads}
        )
    return _rows(rows[1:], {name: at for name, at in places.items() if at >= 0}, 2)


def _rows(rows: Sequence[tuple[object, ...]], places: Mapping[str, int], first: int) -> list[Row]:
    found = []
    for at, cells in enumerate(rows, first):
        named = {name: _plain(cells[place]) for name, place in places.items() if place < len(cells)}
        if any(named.values()):
            found.append(Row(at, named))
    if not found:
        raise FaultyFile(_("名单里没有数据行。请确认第一行是表头，下面是区划。"))
    if len(found) > MOST_ROWS:
        raise FaultyFile(_("名单超过 %(most)s 行，请分几次办理。") % {"most": MOST_ROWS})
    return found
