"""A list as a file that programs and people read: CSV or XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence

from yiwang.core.workbook import FORMULA, workbook


def written(
    kind: str, title: str, about: str, heads: Sequence[str], rows: Iterable[Sequence[str]]
) -> bytes:
    """The rows under their heads; CSV in UTF-8 with a mark that spreadsheets know it by.

    Text that a spreadsheet would take for a formula stays text.
    """
    if kind == "xlsx":
        return workbook(title, about, heads, rows)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    for row in rows:
        writer.writerow([f"'{text}" if text.startswith(FORMULA) else text for text in row])
    return out.getvalue().encode("utf-8-sig")
