"""Figures of supervision and the steps behind them as XLSX, exactly as the page filters them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.core.workbook import workbook
from yiwang.matters.models import Step

from .reads.queues import title_of
from .reads.supervision import TONES, Line


def figures_workbook(lines: Sequence[Line], total: Line, title: str, about: str) -> bytes:
    """One row a unit, the sum last."""
    heads = [_("单位"), _("区划"), *(str(tone.label) for tone in TONES), _("按时率（%）")]
    rows = [_figures_row(line) for line in (*lines, total)]
    return workbook(title, about, heads, rows)


def _figures_row(line: Line) -> list[Any]:
    counts = [line.counts[tone.key] for tone in TONES]
    share = line.on_time
    return [line.label, line.place, *counts, "" if share is None else round(share, 1)]


def steps_workbook(steps: Iterable[Step], title: str, about: str) -> bytes:
    """One row a step; names of residents masked."""
    heads = [
        _("编号"), _("事项"), _("居民"), _("环节"), _("承办单位"), _("经办人"), _("期限"),
        _("完成时间"), _("状态"),
    ]  # fmt: skip
    rows = [
        [
            step.matter.display_number, title_of(step.matter), step.matter.resident.masked_name,
            step.label, step.unit.label, str(step.handler.user) if step.handler else "",
            _moment(step.due_at), _moment(step.done_at), str(step.get_state_display()),
        ]
        for step in steps
    ]  # fmt: skip
    return workbook(title, about, heads, rows)


def _moment(value: datetime | None) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""
