"""Appointments at the desk: listed, made in person or by telephone, moved, cancelled, checked in."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.queues import actions
from yiwang.queues.actions.booking import Plan, Wish
from yiwang.queues.forms import AppointmentsForm, BookForm, CancelForm, PlanForm
from yiwang.queues.models import Appointment, BookingPlan
from yiwang.queues.reads.booking import choosing, plan_of
from yiwang.queues.reads.files import ICS, ics_of
from yiwang.queues.sheets import appointments_workbook
from yiwang.residents.reads import find_residents

from .days import PEOPLE_SHOWN, chosen_resident
from .door import done


def _listed(request: StaffRequest, form: AppointmentsForm) -> QuerySet[Appointment]:
    rows = Appointment.objects.visible_to(request.actor).select_related(
        "unit", "resident", "ticket"
    )
    words = form.said("q")
    if words:
        rows = rows.filter(
            Q(number__istartswith=words.replace(" ", "")) | Q(unit__name__icontains=words)
        )
    if form.said("on"):
        rows = rows.filter(starts_at__date=form.said("on"))
    if form.said("state"):
        rows = rows.filter(state=form.said("state"))
    return rows


@require_GET
@allowed("queues.view")
def index(request: StaffRequest) -> HttpResponse:
    """The appointments of the halls of the area; without a filter, from today on."""
    form = AppointmentsForm(request.GET)
    rows = _listed(request, form)
    asked = {name: form.said(name) for name in ("q", "on", "state") if form.said(name)}
    if not asked:
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        rows = rows.filter(starts_at__gte=midnight)
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    plans = BookingPlan.objects.visible_to(request.actor).filter(is_open=True)
    context = {
        "form": form,
        "page": page,
        "filters": [
            {"key": name, "label": f"{form[name].label} {value}"} for name, value in asked.items()
        ],
        "may": {name: request.actor.has(f"queues.{name}") for name in ("book", "open", "export")},
        "any_plan": plans.exists(),
    }
    return render(request, "queues/appointments.html", context)


@require_GET
@allowed("queues.export")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered; names masked; goes on record."""
    now, actor = timezone.now(), request.actor
    rows = list(
        _listed(request, AppointmentsForm(request.GET))[: int(parameter("core.export_rows"))]
    )
    record_line("queues.export", actor, actor, {"rows": len(rows), "what": "appointments"})
    content = appointments_workbook(actor.unit_name or actor.name, now, rows)
    response = HttpResponse(content, content_type=XLSX)
    name = f"appointments-{timezone.localdate(now):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plans(request: StaffRequest) -> list[BookingPlan]:
    rows = BookingPlan.objects.visible_to(request.actor).filter(is_open=True)
    return list(rows.select_related("unit").order_by("-division_id", "pk"))


@require_http_methods(["GET", "POST"])
@allowed("queues.book")
def new(request: StaffRequest) -> HttpResponse:
    """First the person, then hall, line and day, then one of the free times."""
    plans = _plans(request)
    asked = request.GET
    person = chosen_resident(request, asked.get("resident", ""))
    plan = next((one for one in plans if str(one.unit_id) == asked.get("unit")), None)
    plan = plan or next(iter(plans), None)
    if plan is None or person is None:
        return render(request, "queues/appointment_new.html", _people(request, plans))
    choice = choosing(plan, asked.get("letter", ""), asked.get("on", ""), timezone.now())
    form = BookForm(request.POST or None, choice.slots, new=True)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        wish = Wish(choice.letter, said["starts_at"], said["door"], said["claim"])
        try:
            made = actions.book_appointment(plan, resident=person, wish=wish, by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已预约，已通知居民。"))
            return redirect(made)
    context = {
        **_people(request, plans), "person": person, "plan": plan, "choice": choice, "form": form,
        "key": uuid4().hex, "base": f"resident={person.pk}&unit={plan.unit_id}",
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "queues/appointment_new.html", context, status=status)


def _people(request: StaffRequest, plans: list[BookingPlan]) -> dict[str, Any]:
    text = request.GET.get("q", "").strip()[:60]
    may = request.actor.has("residents.search")
    found = (
        find_residents(text, request.actor, everywhere=True, limit=PEOPLE_SHOWN)
        if text and may
        else []
    )
    today = timezone.localdate()
    return {"plans": plans, "q": text, "people": [(one, one.age(today)) for one in found]}


def _visible(request: StaffRequest, number: str) -> Appointment:
    rows = Appointment.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("unit", "resident", "ticket__day"), number=number)


@require_GET
@allowed("queues.view")
def appointment(request: StaffRequest, number: str) -> HttpResponse:
    """One appointment: to print, to move, to cancel, to check in."""
    return _page(request, _visible(request, number))


def _page(
    request: StaffRequest, found: Appointment, form: Any = None, status: int = 200
) -> HttpResponse:
    plan = plan_of(found.unit)
    choice = None
    if plan and found.state == "booked":
        on = request.GET.get("on") or timezone.localdate(found.starts_at).isoformat()
        choice = choosing(plan, found.letter, on, timezone.now())
    slots = choice.slots if choice else []
    context = {
        "one": found,
        "choice": choice,
        "form": form or BookForm(None, slots),
        "cancel": CancelForm(),
        "today": timezone.localdate(found.starts_at) == timezone.localdate(),
        "may": {name: request.actor.has(f"queues.{name}") for name in ("book", "take")},
        "key": uuid4().hex,
    }
    return render(request, "queues/appointment.html", context, status=status)


@require_POST
@allowed("queues.book")
def move(request: StaffRequest, number: str) -> HttpResponse:
    """Another time under the same number."""
    found = _visible(request, number)
    plan = plan_of(found.unit)
    on = request.POST.get("starts_at", "")[:10]
    slots = choosing(plan, found.letter, on, timezone.now()).slots if plan else []
    form = BookForm(request.POST, slots)
    if form.is_valid():
        try:
            actions.move_appointment(
                found, starts_at=form.cleaned_data["starts_at"], by=request.actor
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已改期，已通知居民。"))
            return redirect(found)
    return _page(request, _visible(request, number), form, 422)


@require_POST
@allowed("queues.book")
def cancel(request: StaffRequest, number: str) -> HttpResponse:
    """Give the time back."""
    found = _visible(request, number)

    def work() -> str:
        reason = request.POST.get("reason", "")
        actions.cancel_appointment(found, reason=reason, by=request.actor)
        return _("预约已取消，已通知居民。")

    return done(request, work, "queues:appointment", found.number)


@require_POST
@allowed("queues.take")
def arrive(request: StaffRequest, number: str) -> HttpResponse:
    """The person is here: her queue number opens for printing."""
    found = _visible(request, number)
    try:
        return redirect(actions.check_in(found, by=request.actor))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found)


@require_GET
@allowed("queues.view")
def calendar(request: StaffRequest, number: str) -> HttpResponse:
    """For the calendar of a telephone."""
    return ics_answer(_visible(request, number))


def ics_answer(found: Appointment) -> HttpResponse:
    answer = HttpResponse(ics_of(found), content_type=ICS)
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.ics"'
    return answer


@require_GET
@allowed("queues.open")
def plans(request: StaffRequest) -> HttpResponse:
    """The halls of the own place and what they let people book."""
    units = Unit.objects.open().filter(division_id=request.actor.division_id)
    found = units.select_related("division", "booking_plan")
    rows = [(one, getattr(one, "booking_plan", None)) for one in found]
    return render(request, "queues/plans.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@allowed("queues.open")
def plan(request: StaffRequest, unit: int) -> HttpResponse:
    """Say what a hall lets people book."""
    found = get_object_or_404(Unit.objects.visible_to(request.actor).open(), pk=unit)
    kept = plan_of(found)
    form = PlanForm(request.POST or None, kept)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_booking(found, plan=Plan(**form.cleaned_data), by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("预约安排已保存。"))
            return redirect("queues:plans")
    context = {"unit": found, "plan": kept, "form": form, "key": uuid4().hex}
    return render(request, "queues/plan.html", context, status=422 if form.errors else 200)
