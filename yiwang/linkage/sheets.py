"""The receipt to the sender, and rows that come by the API instead of a file."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.workbook import Sheet, workbook_of
from yiwang.linkage.models import DepartmentFile, FileRow
from yiwang.linkage.reads.columns import table_of
from yiwang.residents.rules.reading import ROW

_LONGEST_CELL: Final = 32000


def receipt_workbook(file: DepartmentFile) -> bytes:
    """Two sheets: the counts to print and file, and every row as it was sent with its outcome.

    Nothing of the register is told but whether a row was matched and whether something differs.
    """
    return workbook_of([_counts_sheet(file), _rows_sheet(file)])


def counts_of(file: DepartmentFile) -> list[tuple[str, int]]:
    """The figures of a file in the order of the receipt."""
    return [
        (_("报送行数"), file.rows_total),
        (_("已匹配"), file.matched),
        (_("待核对"), file.doubtful),
        (_("未匹配，已转社区核查"), file.unmatched),
        (_("有错误，未处理"), file.damaged),
        (_("与一网不一致，待裁定"), file.conflicts),
        (_("已写入一网"), file.kept),
    ]


def rows_as_file(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows of an API call as a CSV, so that they go the same way as a file."""
    told = list(rows)
    titles = list(dict.fromkeys(title for row in told for title in row))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(titles)
    writer.writerows(["" if row.get(t) is None else row[t] for t in titles] for row in told)
    return out.getvalue().encode()


def _counts_sheet(file: DepartmentFile) -> Sheet:
    lines: list[tuple[str, str | int]] = [
        (_("文件"), file.file_name),
        (_("报送单位"), file.unit.name),
        (_("区划"), file.division.name),
        (_("状态"), str(file.get_state_display())),
        (_("回执日期"), timezone.localdate().isoformat()),
        *counts_of(file),
    ]
    heads = [_("项目"), _("内容")]
    return Sheet(_("部门数据回执"), file.file_name, heads, lines, _("回执"))


def _rows_sheet(file: DepartmentFile) -> Sheet:
    table = table_of(file.content, file.columns)
    columns = [name for name in table.frame.columns if name != ROW]
    heads = [_("行"), *(table.titles[code] for code in columns), _("结果"), _("说明")]
    outcomes = {row.row: row for row in file.rows.select_related("division", "task")}
    rows = []
    for line in table.frame.iter_rows(named=True):
        found = outcomes.get(line[ROW])
        outcome = [found.get_state_display(), _explained(found)] if found else ["", ""]
        rows.append([line[ROW], *(line[code][:_LONGEST_CELL] for code in columns), *outcome])
    return Sheet(_("逐行结果"), file.file_name, heads, rows)


def _explained(row: FileRow) -> str:
    if row.state == FileRow.State.DAMAGED:
        return "".join(_("%(column)s：%(problem)s%(cure)s") % one for one in row.problems)[
            :_LONGEST_CELL
        ]
    if row.state == FileRow.State.UNMATCHED:
        task = getattr(row, "task", None)
        return f"{row.division.name} {task.get_answer_display()}" if task else ""
    return _("与一网不一致，待裁定") if row.undecided else ""
