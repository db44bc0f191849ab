"""The table of figures as a workbook, as the page shows it (EXP-02)."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.workbook import workbook

from .reads.figures import Figures, TableRow, shown
from .rules import DEFINITIONS


def figures_workbook(found: Figures, rows: Sequence[TableRow], least: int, author: str) -> bytes:
    """One row a place below, the whole place last; a hidden number is written as `<n`."""
    heads = [_("区划"), *(str(one.label) for one in DEFINITIONS)]
    lines = [
        [row.place.label, *(_cell(row.values[one.code], least) for one in DEFINITIONS)]
        for row in rows
    ]
    whole = [_cell(shown(found, one.code, least), least) for one in DEFINITIONS]
    about = _("%(place)s，统计日期 %(on)s，%(who)s 导出于 %(now)s") % {
        "place": found.place.label,
        "on": found.on,
        "who": author,
        "now": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
    }
    return workbook(_("人口与家庭统计"), about, heads, [*lines, [found.place.label, *whole]])


def _cell(value: int | None, least: int) -> int | str:
    if value is not None:
        return value
    return f"<{least}" if least else ""
