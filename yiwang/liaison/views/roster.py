"""The duty roster of a unit by week, and what is done to a shift (HOT-08)."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.core.doors import carried_out
from yiwang.liaison import actions
from yiwang.liaison.forms.roster import AbsenceForm, DutyForm, FillForm, SwapForm
from yiwang.liaison.models import Duty, Swap
from yiwang.liaison.reads.roster import calendar_file, on_duty_now, roster

from .furniture import done

WEEK, FEED = 7, 60
"""Days on a page, and days ahead in the calendar file."""


def _unit(request: StaffRequest, pk: int) -> Unit:
    units = Unit.objects.open().select_related("division")
    area = request.actor.see
    return get_object_or_404(units.filter(division_id__range=(area.lo, area.hi)), pk=pk)


def _home(unit: Unit) -> HttpResponseRedirect:
    return redirect("liaison:roster-unit", unit.pk)


@require_GET
@allowed("liaison.view")
def own(request: StaffRequest) -> HttpResponse:
    """To the roster of the own unit."""
    return redirect("liaison:roster-unit", request.actor.unit_id or 0)


@require_GET
@allowed("liaison.view")
def week(request: StaffRequest, pk: int) -> HttpResponse:
    """Seven days of a unit's roster with its gaps, who is on duty now, and swaps that wait."""
    return _page(request, _unit(request, pk))


def _page(request: StaffRequest, unit: Unit, **forms: Any) -> HttpResponse:
    today, now = timezone.localdate(), timezone.now()
    try:
        first = parse_date(request.GET.get("from", "")) or today
    except ValueError:
        first = today
    days = roster(unit, first, WEEK)
    swaps = Swap.objects.visible_to(request.actor).waiting().filter(duty__unit=unit)
    context = {
        "unit": unit, "days": days, "first": first, "now": now, "today": today,
        "before": first - timedelta(days=WEEK), "after": first + timedelta(days=WEEK),
        "on_duty": on_duty_now(unit, now), "gaps": sum(bool(day.gaps) for day in days),
        "swaps": list(swaps.select_related("duty__post__user", "other__post__user")),
        "may": request.actor.may("liaison.roster", unit),
        "user_id": request.actor.user_id, "may_swap": request.actor.may("liaison.swap", unit),
        "duty_form": DutyForm(unit=unit), "fill_form": FillForm(unit=unit),
        "sent": next(iter(forms), ""), **forms,
    }  # fmt: skip
    return render(request, "liaison/roster.html", context, status=422 if forms else 200)


@require_POST
@allowed("liaison.roster")
def add(request: StaffRequest, pk: int) -> HttpResponse:
    """One shift."""
    unit = _unit(request, pk)
    request.actor.must("liaison.roster", unit)
    form = DutyForm(request.POST, unit=unit)

    def act() -> None:
        actions.set_duty(unit, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("班次已排。")):
        return _home(unit)
    return _page(request, unit, duty_form=form)


@require_POST
@allowed("liaison.roster")
def fill(request: StaffRequest, pk: int) -> HttpResponse:
    """People in turn over the gaps of some days."""
    unit = _unit(request, pk)
    request.actor.must("liaison.roster", unit)
    form = FillForm(request.POST, unit=unit)

    def act() -> None:
        said = form.cleaned_data | {"posts": list(form.cleaned_data["posts"])}
        actions.fill_roster(unit, **said, by=request.actor)

    if carried_out(request, form, act, _("值班表已排好。")):
        return _home(unit)
    return _page(request, unit, fill_form=form)


def _duty(request: StaffRequest, pk: int) -> Duty:
    rows = Duty.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("unit", "post__user", "deputy__user"), pk=pk)


@require_http_methods(["GET", "POST"])
@allowed("liaison.view", post="liaison.roster")
def duty(request: StaffRequest, pk: int) -> HttpResponse:
    """One shift; the deputy stands in for somebody absent here."""
    found, form = _duty(request, pk), AbsenceForm(request.POST or None)

    def act() -> None:
        actions.stand_in(found, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("已由替班人值班。")):
        return redirect("liaison:duty", found.pk)
    return _one(request, found, absence_form=form)


def _one(request: StaffRequest, found: Duty, **forms: Any) -> HttpResponse:
    actor, coming = request.actor, found.starts_at > timezone.now()
    context = {
        "duty": found, "coming": coming, "absence_form": AbsenceForm(),
        "swap_form": SwapForm(duty=found), "may": actor.may("liaison.roster", found),
        "may_swap": coming and found.post.user_id == actor.user_id and actor.has("liaison.swap"),
        **forms,
    }  # fmt: skip
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "liaison/duty.html", context, status=status)


@require_POST
@allowed("liaison.roster")
def remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a shift away."""
    found = _duty(request, pk)
    unit = found.unit
    done(request, lambda: actions.remove_duty(found, by=request.actor), _("班次已取消。"))
    return _home(unit)


@require_POST
@allowed("liaison.swap")
def swap(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer the own shift for another."""
    found = _duty(request, pk)
    request.actor.must("liaison.swap", found)
    form = SwapForm(request.POST, duty=found)

    def act() -> None:
        actions.propose_swap(found, other=form.cleaned_data["other"], by=request.actor)

    if carried_out(request, form, act, _("换班已提出，等对方答复。")):
        return _home(found.unit)
    return _one(request, found, swap_form=form)


@require_POST
@allowed("liaison.swap")
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Agree or not."""
    rows = Swap.objects.visible_to(request.actor)
    found = get_object_or_404(rows.select_related("duty__unit", "other__post"), pk=pk)
    agreed = request.POST.get("agreed") == "yes"
    told = _("已换班。") if agreed else _("已回绝。")
    done(request, lambda: actions.answer_swap(found, agreed=agreed, by=request.actor), told)
    return _home(found.duty.unit)


@require_GET
@allowed("liaison.view")
def feed(request: StaffRequest, pk: int) -> HttpResponse:
    """The shifts to come as iCalendar."""
    unit, now = _unit(request, pk), timezone.now()
    rows = Duty.objects.visible_to(request.actor).between(now, now + timedelta(days=FEED))
    shifts = rows.filter(unit=unit).select_related("post__user")
    answer = HttpResponse(calendar_file(unit, shifts), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="roster-{unit.pk}.ics"'
    return answer
