"""The tables of figures as a workbook, one sheet a dimension, as the page shows them (EXP-02)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.workbook import Sheet, workbook, workbook_of
from yiwang.divisions.models import Division

from .reads.tables import SHARES, Line
from .rules import FIGURES, Period


def performance_workbook(
    place: Division, period: Period, whole: Line, tables: Iterable[tuple[str, Sequence[Line]]],
    least: int, author: str,
) -> bytes:  # fmt: skip
    """The whole place first on every sheet; a hidden number is written as `<n`."""
    about = _("%(place)s，%(first)s 至 %(last)s，%(who)s 导出于 %(now)s") % {
        "place": place.label, "first": period.first, "last": period.last, "who": author,
        "now": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
    }  # fmt: skip
    heads = [_("项目"), *_heads()]
    return workbook_of(
        Sheet(
            _("办件统计：%(title)s") % {"title": title}, about, heads,
            [_row(one, least) for one in (whole, *rows)], title,
        )
        for title, rows in tables
    )  # fmt: skip


def _heads() -> list[str]:
    found = [str(one.label) for one in FIGURES]
    return found + [_("%(figure)s（%%）") % {"figure": _label(code)} for code in SHARES]


def _label(code: str) -> str:
    return next(str(one.label) for one in FIGURES if one.code == code)


def _row(line: Line, least: int) -> list[Any]:
    values: list[Any] = [line.values[one.code] for one in FIGURES]
    shown = [f"<{least}" if value is None else value for value in values]
    return [line.label, *shown, *(line.share(code) for code in SHARES)]


def behind_workbook(title: str, about: str, rows: Iterable[Sequence[Any]]) -> bytes:
    """The list behind a figure, masked as on the page."""
    heads = [_("编号"), _("事项"), _("居民"), _("区划"), _("时间"), _("单位"), _("来源"), _("状态")]
    return workbook(title, about, heads, rows)
