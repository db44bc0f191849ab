"""A list as an XLSX workbook, ready to print: title, what it is about, heads, rows (EXP-02)."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST: Final = 48
FIRST_ROW: Final = 4
# Text that a spreadsheet would take for a formula stays text.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """One sheet: what it is, what it is about (also in the footer of every page), heads, rows."""

    title: str
    about: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Any]]
    name: str = ""


def workbook(
    title: str, about: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str = ""
) -> bytes:
    """One sheet; columns as wide as what stands in them, numbers as numbers, heads on every page."""
    return workbook_of([Sheet(title, about, heads, rows, sheet)])


def workbook_of(sheets: Iterable[Sheet]) -> bytes:
    """Several sheets, each as `workbook` makes it."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True, "font_size": 14})
        head = book.add_format({"bold": True, "bg_color": "#E4ECF8", "border": 1})
        for one in sheets:
            _fill(book.add_worksheet((one.name or one.title)[:31]), one, bold, head)
    return target.getvalue()


def _fill(page: Any, sheet: Sheet, bold: Any, head: Any) -> None:
    lines = [list(row) for row in sheet.rows]
    page.write_string(0, 0, sheet.title, bold)
    page.write_string(1, 0, sheet.about)
    for place, text in enumerate(sheet.heads):
        page.write_string(FIRST_ROW - 1, place, text, head)
        page.set_column(place, place, _width([text, *(row[place] for row in lines)]))
    for down, row in enumerate(lines, FIRST_ROW):
        for place, value in enumerate(row):
            _write(page, down, place, value)
    page.freeze_panes(FIRST_ROW, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(FIRST_ROW - 1)
    # A footer holds 255 characters and reads & as a command.
    page.set_footer("&C" + sheet.about[:120].replace("&", "&&"))


def _write(page: Any, down: int, place: int, value: Any) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(down, place, value)
    else:
        text = "" if value is None else str(value)
        page.write_string(down, place, f"'{text}" if text.startswith(FORMULA) else text)


def _width(values: Iterable[Any]) -> int:
    longest = max(sum(2 if ord(sign) > 255 else 1 for sign in str(value)) for value in values)
    return min(WIDEST, longest + 2)
