"""The network log: written today, read by the levels above, missing ones listed (HOT-10)."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.liaison import actions
from yiwang.liaison.forms.filters import GapFilter, LogFilter
from yiwang.liaison.forms.logs import CorrectionForm, LogForm
from yiwang.liaison.models import DayLog
from yiwang.liaison.reads.logs import days_missing, figures_of, missing, named
from yiwang.liaison.sheets import logs_workbook, missing_workbook

from .furniture import as_file, home_of, listed, page_of, shown, sorted_by


def _rows(request: StaffRequest, form: LogFilter) -> QuerySet[Any]:
    filed = DayLog.objects.visible_to(request.actor).filed()
    rows = form.narrowed(filed).select_related("division__parent")
    return sorted_by(request, rows, ("-on", "on", "division", "-division"))


@require_GET
@allowed("liaison.view")
def logs(request: StaffRequest) -> HttpResponse:
    """Filed logs of the area."""
    form = LogFilter(request.GET)
    return listed(request, "logs", _rows(request, form), form)


@require_GET
@allowed("liaison.view")
def export(request: StaffRequest) -> HttpResponse:
    """The same as a workbook; on record."""
    return as_file(request, _rows(request, LogFilter(request.GET)), logs_workbook, "logs")


def _missing(request: StaffRequest, form: GapFilter) -> QuerySet[Any]:
    rows = form.narrowed(missing(request.actor, timezone.localdate())).select_related("parent")
    return sorted_by(request, rows, ("last_on", "-last_on", "key", "-key"))


@require_GET
@allowed("liaison.view")
def gaps(request: StaffRequest) -> HttpResponse:
    """Places whose log of the last working day is not there, and for how long."""
    form, today = GapFilter(request.GET), timezone.localdate()
    answer = page_of(request, _missing(request, form))
    for one in answer.object_list:
        one.days_missing = days_missing(one.last_on, today)
    return shown(request, "log_gaps", answer, form)


@require_GET
@allowed("liaison.view")
def gaps_export(request: StaffRequest) -> HttpResponse:
    """The same as a workbook; on record."""
    rows = _missing(request, GapFilter(request.GET))
    return as_file(request, rows, missing_workbook, "missing-logs")


def _day(request: StaffRequest) -> date:
    try:
        return parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


@require_http_methods(["GET", "POST"])
@allowed("liaison.log")
def write(request: StaffRequest) -> HttpResponse:
    """The log of a day, today unless ?on= says otherwise; what is typed is kept as a draft."""
    place, on = home_of(request), _day(request)
    filed = DayLog.objects.visible_to(request.actor).filed().filter(division=place, on=on).first()
    if filed is not None:
        return redirect(filed)
    draft = DayLog.objects.visible_to(request.actor).draft(place.pk, on)
    form = LogForm(request.POST or None, initial=draft.entries if draft else None)
    made: list[DayLog] = []

    def act() -> None:
        made.append(actions.file_log(place, on=on, entries=form.entries(), by=request.actor))

    if carried_out(request, form, act, _("日志已提交。")):
        return redirect(made[0])
    context = {
        "form": form, "on": on, "place": place, "draft": draft,
        "figures": named(figures_of(place.pk, on)),
        "save_url": f"{reverse('liaison:log-save')}?on={on.isoformat()}",
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "liaison/log_write.html", context, status=status)


@require_POST
@allowed("liaison.log")
def save(request: StaffRequest) -> HttpResponse:
    """Keep what is typed; the page calls this by itself."""
    form = LogForm(request.POST)
    form.is_valid()
    try:
        actions.save_log(
            home_of(request), on=_day(request), entries=form.entries(), by=request.actor
        )
    except Refused as refusal:
        return HttpResponse(str(refusal), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@allowed("liaison.view", post="liaison.log")
def log(request: StaffRequest, pk: int) -> HttpResponse:
    """One filed log with its corrections; its own place corrects it here."""
    rows = DayLog.objects.visible_to(request.actor).filed()
    found = get_object_or_404(rows.select_related("division"), pk=pk)
    form = CorrectionForm(request.POST or None, initial=found.entries)

    def act() -> None:
        said = form.cleaned_data["reason"]
        actions.correct_log(found, entries=form.entries(), reason=said, by=request.actor)

    if carried_out(request, form, act, _("已更正，原来的内容留在下面。")):
        return redirect(found)
    own = found.division_id == request.actor.division_id
    context = {
        "log": found, "form": form, "figures": named(found.figures),
        "corrections": list(found.corrections.all()),
        "may_correct": own and request.actor.has("liaison.log"),
    }  # fmt: skip
    return render(request, "liaison/log.html", context, status=422 if form.errors else 200)
