"""The law as data: parameters with their history, and the working calendar on the wall."""

import calendar as months
import json
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.core import actions, sheets
from yiwang.core.errors import Refused
from yiwang.core.forms import CalendarDayForm, FileForm, ParameterForm
from yiwang.core.models import CalendarDay, Parameter
from yiwang.core.reads import calendar, parameter
from yiwang.core.rules.calendar import DayKind
from yiwang.core.rules.chinese import clean_text

from .doors import StaffRequest, allowed, download


@allowed("core.view")
def parameters(request: StaffRequest) -> HttpResponse:
    """Every number of the law, standards and the plan, searched and filtered by group."""
    asked = request.GET
    rows = Parameter.objects.visible_to(request.actor)
    typed = clean_text(asked.get("q", ""))[:60]
    if typed:
        rows = rows.filter(
            Q(rule_id__icontains=typed) | Q(name__icontains=typed)
            | Q(name_en__icontains=typed) | Q(source__icontains=typed)
        )  # fmt: skip
    if asked.get("law"):
        rows = rows.filter(source=asked["law"])
    if asked.get("group"):
        rows = rows.filter(rule_id__startswith=asked["group"][:20])
    if asked.get("format") == "csv":
        return download(_("参数"), sheets.write_parameters(rows))
    if asked.get("all") != "1":
        rows = rows.in_force(timezone.localdate())
    every = Parameter.objects.visible_to(request.actor)
    chips = [{"key": k, "label": asked[k]} for k in ("q", "law", "group") if asked.get(k)]
    context = {
        "page": Paginator(rows, int(parameter("core.page_rows"))).get_page(asked.get("page")),
        "laws": every.order_by("source").values_list("source", flat=True).distinct(),
        "filters": chips,
        "may_change": request.actor.has("core.parameters"),
    }
    return render(request, "core/parameters.html", context)


@allowed("core.view", post="core.parameters")
def parameter_detail(request: StaffRequest, rule_id: str) -> HttpResponse:
    """One rule: its values over time and place, and a new value from a day on."""
    rows = list(Parameter.objects.visible_to(request.actor).filter(rule_id=rule_id))
    if not rows:
        raise Http404
    today = timezone.localdate()
    current = next((row for row in rows if _in_force(row, today)), rows[0])
    may_change = request.actor.may("core.parameters", current)
    form = ParameterForm(request.POST or None, initial=_initial(current))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_parameter(current, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("新数值已登记，过去的数值保留不变。"))
            return redirect("core:parameter", rule_id=rule_id)
    context = {"rows": rows, "current": current, "form": form, "may_change": may_change}
    context["today"] = today
    return render(request, "core/parameter.html", context, status=422 if form.errors else 200)


def _in_force(row: Parameter, day: date) -> bool:
    return row.effective_from <= day and (row.effective_to is None or day <= row.effective_to)


def _initial(row: Parameter) -> dict[str, Any]:
    return {
        "value": json.dumps(row.value, ensure_ascii=False),
        "jurisdiction": row.jurisdiction,
        "source": row.source,
        "confidence": row.confidence,
        "effective_from": timezone.localdate() + timedelta(days=1),
    }


@allowed("core.view")
def calendar_page(request: StaffRequest) -> HttpResponse:
    """A year like a wall calendar: holidays, make-up days, what is still provisional."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and len(asked) == 4 else timezone.localdate().year
    if request.GET.get("format") == "csv":
        rows = CalendarDay.objects.visible_to(request.actor)
        return download(_("工作日历"), sheets.write_calendar(rows))
    return _year(request, year)


def _year(request: StaffRequest, year: int, status: int = 200, **more: Any) -> HttpResponse:
    known = calendar()
    inside = known.first.year <= year <= known.last.year
    days = CalendarDay.objects.visible_to(request.actor).filter(date__year=year)
    context = {
        "year": year,
        "inside": inside,
        "known": known,
        "months": _months(year, {day.date: day for day in days}) if inside else [],
        "days": days,
        "provisional": any(day.provisional for day in days),
        "may_change": request.actor.has("core.calendar"),
        "form": CalendarDayForm(),
        "file_form": FileForm(),
        "today": timezone.localdate(),
        **more,
    }
    return render(request, "core/calendar.html", context, status=status)


def _months(year: int, kept: dict[date, CalendarDay]) -> list[dict[str, Any]]:
    weeks = months.Calendar(firstweekday=0)
    return [
        {
            "first": date(year, month, 1),
            "weeks": [
                [_cell(day, kept) if day.month == month else None for day in week]
                for week in weeks.monthdatescalendar(year, month)
            ],
        }
        for month in range(1, 13)
    ]


def _cell(day: date, kept: dict[date, CalendarDay]) -> dict[str, Any]:
    row = kept.get(day)
    plain = DayKind.WORKDAY if day.weekday() < 5 else DayKind.WEEKEND
    return {"date": day, "row": row, "kind": row.kind if row else plain.value}


@allowed("core.calendar")
@require_POST
def calendar_set(request: StaffRequest) -> HttpResponse:
    """Change the kind of one day."""
    form = CalendarDayForm(request.POST)
    if form.is_valid():
        facts = dict(form.cleaned_data)
        day = CalendarDay(date=facts.pop("date"))
        try:
            actions.set_calendar_day(day, **facts, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("日历已更新。"))
            return redirect(f"{request.path.replace('day/', '')}?year={day.date.year}")
    return _year(request, timezone.localdate().year, 422, form=form)


@allowed("core.calendar")
@require_POST
def calendar_upload(request: StaffRequest) -> HttpResponse:
    """Take over a CSV file of holidays and make-up days."""
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            rows = sheets.read_calendar(form.cleaned_data["file"].read())
            actions.load_calendar_days(CalendarDay(), rows=rows, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已装入 %(count)s 天。") % {"count": len(rows)})
            return redirect("core:calendar")
    return _year(request, timezone.localdate().year, 422, file_form=form)
