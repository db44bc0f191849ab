"""Any list of divisions as a workbook: title, unit, date, and columns wide enough to read."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

WIDEST = 48


def workbook(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], *, unit: str, on: date
) -> bytes:
    """An XLSX of one sheet. Text stays text: nothing is read as a formula."""
    data = [[_cell(value) for value in row] for row in rows]
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(out, options)
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#E6EEFB", "border": 1})
    sheet.write_string(0, 0, title, bold)
    about = _("单位：%(unit)s　日期：%(day)s　共 %(n)s 行") % {
        "unit": unit, "day": on, "n": len(data),
    }  # fmt: skip
    sheet.write_string(1, 0, about)
    sheet.write_row(2, 0, heads, head)
    for at, row in enumerate(data, start=3):
        sheet.write_row(at, 0, row)
    for column, name in enumerate(heads):
        texts = [name, *(str(row[column]) for row in data[:500])]
        sheet.set_column(column, column, min(WIDEST, max(_width(text) for text in texts) + 2))
    sheet.freeze_panes(3, 0)
    sheet.autofilter(2, 0, max(3, 2 + len(data)), len(heads) - 1)
    book.close()
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    return value if isinstance(value, int | float) else str(value)


def _width(text: str) -> int:
    """Chinese characters are twice as wide."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
