"""A file someone uploads, read into a table of text: XLSX, XLS and CSV in the encodings in use."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from yiwang.core.rules.wording import Said
from yiwang.core.rules.wording import said as _

from . import workbook
from .columns import column_of

ROW: Final = "row"
_HEADER_ROWS: Final = 15
_OTHER_TYPES: Final = (
    (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"%PDF", "PDF"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"BM", "BMP"), (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "GZIP"), (b"MZ", "EXE"), (b"<!DOCTYPE", "HTML"), (b"<html", "HTML"),
)  # fmt: skip


class Unreadable(ValueError):
    """A file that cannot be read as a whole: what is wrong, and how to put it right."""

    def __init__(self, code: str, message: str, cure: str) -> None:
        self.code, self.message, self.cure = code, message, cure
        super().__init__(f"{message}{cure}")

    @property
    def told(self) -> Said:
        """Both sentences as one, to be kept and read back in the reader's language."""
        return Said("%(problem)s%(cure)s", {"problem": self.message, "cure": self.cure})


@dataclass(frozen=True)
class Table:
    """Rows of text under our names of columns; `row` is the number the spreadsheet shows.

    `spoilt` names cells that hold no usable value: (row, column, why).
    """

    frame: pl.DataFrame
    titles: Mapping[str, str]
    ignored: list[str]
    spoilt: list[tuple[int, str, str]] = field(default_factory=list)


Reader = Callable[[str], str | None]
"""What a title means: our name of the column, None for a column that is not read."""


def read_table(data: bytes, column: Reader = column_of, *, need_name: bool = True) -> Table:
    """The table of a file, whatever its name says; told by its first bytes.

    `column` reads the titles, by default as a resident workbook. Raises Unreadable.
    """
    if not data.strip():
        raise Unreadable("empty", _("文件是空的。"), _("请下载模板，填写后再上传。"))
    if data.startswith((workbook.ZIP, workbook.OLE)):
        return _from_workbook(data, column, need_name)
    for mark, kind in _OTHER_TYPES:
        if data.startswith(mark):
            raise _wrong_type(kind)
    return _from_text(data, column, need_name)


def _wrong_type(kind: str) -> Unreadable:
    return Unreadable(
        "wrong_type",
        _("这不是表格文件，内容是 %(kind)s。") % {"kind": kind},
        _("请上传 XLSX 或 CSV 文件；改文件名不能改变文件类型。"),
    )


# ---------- workbooks ----------


def _from_workbook(data: bytes, column: Reader, need_name: bool) -> Table:
    try:
        book = workbook.open_book(data)
    except workbook.NotAWorkbook as fault:
        raise _NOT_A_BOOK[fault.code]() from fault
    for at in range(len(book.names)):
        rows = book.rows(at)
        header = _header_row(rows, column)
        if header is not None:
            titles = [str(value or "") for value in rows.row(header)]
            chosen = _mapping(titles, column, need_name)
            return _table_of_sheet(book.cells(at), rows, header, titles, chosen)
    raise _no_header()


def _protected() -> Unreadable:
    return Unreadable(
        "password",
        _("文件设了打开密码。"),
        _("请在表格软件里取消密码，另存后再上传。"),
    )


def _not_a_book() -> Unreadable:
    return Unreadable(
        "damaged",
        _("文件打不开，可能已损坏，或者不是表格。"),
        _("请用表格软件打开，另存为 XLSX 后再上传。"),
    )


_NOT_A_BOOK: Final[dict[str, Callable[[], Unreadable]]] = {
    "password": _protected,
    "damaged": _not_a_book,
    "other": lambda: _wrong_type("ZIP"),
}


def _table_of_sheet(
    cells: workbook.Cells,
    rows: pl.DataFrame,
    header: int,
    titles: list[str],
    chosen: tuple[dict[str, int], list[str]],
) -> Table:
    first = cells.first_row + header + 1
    mapping, ignored = chosen
    body = rows.slice(header + 1)
    frame = _named(body, mapping, first)
    spoilt = [
        (row, column, why)
        for row, index, why in cells.spoilt
        if row >= first
        for column, position in mapping.items()
        if position == index
    ]
    return Table(frame, {code: titles[pos] for code, pos in mapping.items()}, ignored, spoilt)


# ---------- text ----------


def _from_text(data: bytes, column: Reader, need_name: bool) -> Table:
    text = _decode(data)
    first_line = text.split("\n", 1)[0]
    separator = max(",\t;", key=first_line.count)
    try:
        rows = pl.read_csv(
            io.BytesIO(text.encode()),
            has_header=False,
            separator=separator,
            infer_schema=False,
            truncate_ragged_lines=True,
        )
    except (pl.exceptions.PolarsError, ValueError) as fault:
        raise _not_a_book() from fault
    header = _header_row(rows, column)
    if header is None:
        raise _no_header()
    titles = [str(value or "") for value in rows.row(header)]
    mapping, ignored = _mapping(titles, column, need_name)
    frame = _named(rows.slice(header + 1), mapping, header + 2)
    return Table(frame, {code: titles[pos] for code, pos in mapping.items()}, ignored)


def _decode(data: bytes) -> str:
    """UTF-8 with or without mark, UTF-16 with mark, else GB 18030 (which holds GBK and GB 2312)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise _wrong_type(_("无法识别的文字编码"))


# ---------- headers ----------


def _header_row(rows: pl.DataFrame, column: Reader) -> int | None:
    """The row that names the columns: the one of the first ones where most titles are known."""
    best, most = None, 0
    for at, row in enumerate(rows.head(_HEADER_ROWS).iter_rows()):
        known = sum(1 for value in row if value and column(str(value)[:60]))
        if known > most:
            best, most = at, known
    return best


def _no_header() -> Unreadable:
    return Unreadable(
        "no_header",
        _("找不到标题行：前 %(rows)s 行里没有认识的列名。") % {"rows": _HEADER_ROWS},
        _("标题行里至少要有“姓名”一列，建议用下载的模板。"),
    )


def _mapping(
    titles: list[str], column: Reader, need_name: bool
) -> tuple[dict[str, int], list[str]]:
    """Our column → its position; and the titles nobody reads. Raises Unreadable."""
    mapping: dict[str, int] = {}
    ignored: list[str] = []
    for at, title in enumerate(titles):
        code = column(title)
        if code is None:
            ignored += [title.strip()[:40]] if title.strip() else []
        elif code in mapping:
            raise Unreadable(
                "duplicate_column",
                _("“%(first)s”和“%(second)s”两列是同一项内容。")
                % {"first": titles[mapping[code]], "second": title},
                _("请只留一列，再上传。"),
            )
        else:
            mapping[code] = at
    if need_name and "name" not in mapping:
        raise Unreadable(
            "missing_column",
            _("缺少“姓名”列。"),
            _("请加上这一列，或者用下载的模板填写。"),
        )
    return mapping, ignored


def _named(body: pl.DataFrame, mapping: Mapping[str, int], first: int) -> pl.DataFrame:
    """Our columns as text with the row number; rows without any text are left out."""
    numbered = body.with_row_index(ROW, offset=first)
    position = [name for name in numbered.columns if name != ROW]
    chosen = numbered.select(
        pl.col(ROW).cast(pl.Int64),
        *(
            pl.col(position[at]).cast(pl.String).fill_null("").alias(code)
            for code, at in mapping.items()
        ),
    )
    return chosen.filter(pl.any_horizontal(pl.col(*mapping).str.strip_chars() != ""))
