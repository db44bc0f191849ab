"""The journal as a page: searched, paged by key, exported, and verified at the press of a button."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.core.acts import record_line
from yiwang.core.models import JournalLine
from yiwang.core.reads import model_name, parameter, seal_state, verify_journal
from yiwang.core.rules.chinese import clean_text
from yiwang.core.rules.rights import EVENTS, RIGHTS, channel_name, name_of
from yiwang.core.sheets import write_journal

from .doors import StaffRequest, allowed, download


@dataclass(frozen=True)
class KeysetPage:
    """Lines newest first, with the cursors the pager asks for."""

    lines: list[JournalLine]
    previous_cursor: str
    next_cursor: str
    total: int | None = None


def _filtered(request: StaffRequest) -> QuerySet[JournalLine]:
    asked = request.GET
    lines = JournalLine.objects.visible_to(request.actor)
    who = clean_text(asked.get("who", ""))[:60]
    if who:
        lines = lines.filter(by__contains=who)
    if asked.get("act") in RIGHTS or asked.get("act") in EVENTS:
        lines = lines.filter(act=asked["act"])
    if asked.get("model"):
        lines = lines.filter(subject_model=asked["model"][:60])
    if asked.get("number"):
        lines = lines.filter(subject_id=asked["number"].strip()[:40])
    if asked.get("division", "").isdigit():
        key = int(asked["division"])
        lines = lines.filter(division_key=key)
    return _between(lines, asked.get("from", ""), asked.get("to", ""))


def _between(lines: QuerySet[JournalLine], first: str, last: str) -> QuerySet[JournalLine]:
    start, end = _day(first), _day(last)
    if start:
        lines = lines.filter(at__gte=start)
    if end:
        lines = lines.filter(at__lt=end + timedelta(days=1))
    return lines


def _day(text: str) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _page(request: StaffRequest, lines: QuerySet[JournalLine]) -> KeysetPage:
    size = int(parameter("core.page_rows"))
    before, after = request.GET.get("before", ""), request.GET.get("after", "")
    if before.isdigit():
        rows = list(lines.filter(pk__gt=int(before)).order_by("pk")[: size + 1])
        more, rows = len(rows) > size, rows[:size][::-1]
        return KeysetPage(rows, str(rows[0].pk) if more and rows else "", _last(rows))
    if after.isdigit():
        lines = lines.filter(pk__lt=int(after))
    rows = list(lines.order_by("-pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    back = str(rows[0].pk) if after.isdigit() and rows else ""
    return KeysetPage(rows, back, _last(rows) if more else "")


def _last(rows: list[JournalLine]) -> str:
    return str(rows[-1].pk) if rows else ""


def _row(line: JournalLine) -> tuple[JournalLine, str, str, list[tuple[str, Any]], str]:
    """A line with its words; the facts as pairs, since one of them may be called `items`."""
    act, model = name_of(line.act), model_name(line.subject_model)
    return line, act, model, list(line.facts.items()), channel_name(line.channel)


@allowed("core.journal")
def journal(request: StaffRequest) -> HttpResponse:
    """Who did what, on what, when, from where and why."""
    return _show(request)


def _show(request: StaffRequest, **more: Any) -> HttpResponse:
    page = _page(request, _filtered(request))
    asked = request.GET
    labels = {
        "who": asked.get("who", ""), "act": name_of(asked.get("act", "")),
        "model": model_name(asked.get("model", "")), "number": asked.get("number", ""),
        "division": asked.get("division", ""), "from": asked.get("from", ""),
        "to": asked.get("to", ""),
    }  # fmt: skip
    context = {
        "page": page,
        "rows": [_row(line) for line in page.lines],
        "acts": [(code, str(name)) for code, name in sorted({**RIGHTS, **EVENTS}.items())],
        "filters": [
            {"key": key, "label": label} for key, label in labels.items() if asked.get(key)
        ],
        "seals": seal_state(),
        **more,
    }
    return render(request, "core/journal.html", context)


@allowed("core.journal")
def journal_export(request: StaffRequest) -> HttpResponse:
    """The lines as filtered, as CSV; the export is journaled itself."""
    limit = int(parameter("core.export_rows"))
    rows = list(_filtered(request).order_by("-pk")[:limit])
    record_line("core.export", request.actor, request.actor, {"rows": len(rows)})
    return download(_("日志"), write_journal(rows))


@allowed("core.journal")
@require_POST
def journal_verify(request: StaffRequest) -> HttpResponse:
    """Walk the whole chain of seals now and say what was found."""
    report = verify_journal()
    facts = {"sound": report.sound, "lines": report.lines, "broken": report.broken_line}
    record_line("core.verify", request.actor, request.actor, facts)
    return _show(request, report=report)
