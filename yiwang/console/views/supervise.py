"""Supervision of time limits for leaders, inspectors and civil affairs (SVC-23)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.console.forms import SuperviseForm
from yiwang.console.reads.queues import title_of
from yiwang.console.reads.supervision import (
    TONE_OF,
    TONES,
    Line,
    Scope,
    conditions,
    figures,
    listed,
    total_of,
)
from yiwang.console.rules.words import Chip, deadline_chip
from yiwang.console.sheets import figures_workbook, steps_workbook
from yiwang.core.acts import record_line
from yiwang.core.reads import calendar, parameter
from yiwang.divisions.models import Division
from yiwang.matters.models import Step
from yiwang.matters.rules import StepState

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Asked:
    """What the address asks for, read once for page, list and file."""

    form: SuperviseForm
    scope: Scope
    columns: dict[str, Q]
    now: datetime

    @classmethod
    def of(cls, request: StaffRequest) -> "Asked":
        form, now = SuperviseForm(request.GET, actor=request.actor), timezone.now()
        scope = form.scope()
        since, until = _morning(scope.first), _morning(scope.last + timedelta(days=1))
        return cls(form, scope, conditions(scope, now, since, until), now)

    def lines(self, request: StaffRequest) -> list[Line]:
        return figures(self.scope, request.actor, self.columns)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@require_GET
@allowed("matters.supervise")
def overview(request: StaffRequest) -> HttpResponse:
    """Green, amber and red of every unit below, and the share on time."""
    asked = Asked.of(request)
    lines = asked.lines(request)
    total = total_of(lines, _("合计"))
    rows = [_row(line, asked.form) for line in (*lines, total)]
    context = {
        "form": asked.form,
        "scope": asked.scope,
        "place": Division.objects.visible_to(request.actor).get(pk=asked.scope.division),
        "tones": TONES,
        "rows": rows[:-1],
        "total": rows[-1],
        "target": parameter("matters.on_time_percent"),
        "query": urlencode(asked.form.query()),
    }
    return render(request, "console/supervise.html", context)


def _row(line: Line, form: SuperviseForm) -> dict[str, Any]:
    """A line with the address of the list behind each of its numbers."""
    here = form.query()
    cells = [
        {
            "tone": tone,
            "count": line.counts[tone.key],
            "url": _list_url({**here, "show": tone.key, "group": line.key or ""}),
        }
        for tone in TONES
    ]
    share = line.on_time
    return {"line": line, "cells": cells, "share": share, "share_words": _share_words(share)}


def _share_words(share: float | None) -> str:
    return "—" if share is None else f"{share:.1f}%"


def _list_url(query: dict[str, Any]) -> str:
    return f"{reverse('console:supervise-list')}?{urlencode(query)}"


@require_GET
@allowed("matters.supervise")
def listing(request: StaffRequest) -> HttpResponse:
    """The steps behind one number, with who handles them."""
    asked = Asked.of(request)
    show, group = _shown(request)
    steps = listed(asked.scope, request.actor, asked.columns.get(show), group)
    page = Paginator(steps, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "tone": TONE_OF[show],
        "scope": asked.scope,
        "page": page,
        "rows": [(step, title_of(step.matter), _due(step, asked.now)) for step in page],
        "back": f"{reverse('console:supervise')}?{urlencode(asked.form.query())}",
        "query": request.GET.urlencode(),
    }
    return render(request, "console/supervise_list.html", context)


def _shown(request: StaffRequest) -> tuple[str, int | None]:
    """Which number of which line; the overdue ones when the address says nothing of use."""
    show, group = request.GET.get("show", ""), request.GET.get("group", "")
    key = int(group) if group.isdecimal() and len(group) < 16 else None
    return (show if show in TONE_OF else "red"), key


def _due(step: Step, now: datetime) -> Chip:
    if step.state == StepState.DONE:
        late = bool(step.done_at and step.due_at and step.done_at > step.due_at)
        return (
            Chip(_("逾期完成"), "danger", "alert-circle")
            if late
            else Chip(_("按时完成"), "ok", "check")
        )
    if step.due_at is None or step.amber_at is None:
        return Chip(str(step.get_state_display()))
    return deadline_chip(step.matter.state, step.due_at, step.amber_at, now, calendar())


@require_GET
@allowed("matters.supervise")
def export(request: StaffRequest) -> HttpResponse:
    """The table of the page, or the list behind a number, as a workbook; on record (EXP-10)."""
    asked = Asked.of(request)
    place = Division.objects.visible_to(request.actor).get(pk=asked.scope.division)
    about = _about(place, asked.scope, request)
    if "show" in request.GET:
        show, group = _shown(request)
        steps = listed(asked.scope, request.actor, asked.columns.get(show), group)
        title = _("时限督办 %(tone)s") % {"tone": TONE_OF[show].label}
        content = steps_workbook(steps[: int(parameter("core.export_rows"))], title, about)
    else:
        lines = asked.lines(request)
        title = _("时限督办")
        content = figures_workbook(lines, total_of(lines, _("合计")), title, about)
    record_line("matters.export", place, request.actor, {"list": title, **asked.form.query()})
    response = HttpResponse(content, content_type=XLSX)
    name = f"supervise-{asked.scope.division}-{timezone.localdate():%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _about(place: Division, scope: Scope, request: StaffRequest) -> str:
    return _("%(place)s，完成时间 %(first)s 至 %(last)s，%(who)s 导出于 %(now)s") % {
        "place": place.label,
        "first": scope.first,
        "last": scope.last,
        "who": request.actor.name,
        "now": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
    }
