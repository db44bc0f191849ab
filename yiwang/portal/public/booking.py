"""Appointments without an account: by a matter's number, or by the appointment's own (SVC-20)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.matters.models import Matter
from yiwang.portal.actions import proved_appointment
from yiwang.portal.forms import AppointmentForm
from yiwang.queues.actions import book_appointment, cancel_appointment, move_appointment
from yiwang.queues.actions.booking import Wish
from yiwang.queues.models import Appointment
from yiwang.queues.reads.booking import by_number, choosing, plan_of, plans_near, taken_time
from yiwang.queues.reads.files import ICS, ics_of
from yiwang.queues.rules.hall import Claim
from yiwang.queues.rules.slots import Booking, Door

from .frame import page
from .tracking import for_holder

KEY: Final = "booked"
BY: Final = Actor.public("queues.book", label="预约人")


def for_booker(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of one appointment, for whoever proved to hold its number a short while ago."""

    @wraps(view)
    def guarded(request: HttpRequest, number: str) -> HttpResponse:
        kept: dict[str, float] = request.session.get(KEY, {})
        found = by_number(number) if kept.get(number, 0) > time.time() else None
        if found is None:
            return redirect("portal:book")
        return view(request, found)

    return login_not_required(guarded)


def _open(request: HttpRequest, found: Appointment) -> HttpResponse:
    """Let this visitor see one appointment for a while, and go there."""
    until = time.time() + 60 * int(parameter("portal.tracking_minutes"))
    request.session[KEY] = {found.number: until}
    return redirect("portal:appointment", number=found.number)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Ask for the number of the appointment and the last digits of the telephone."""
    if request.method != "POST":
        return page(request, "book", form=AppointmentForm())
    form = AppointmentForm(request.POST)
    if form.is_valid():
        try:
            return _open(request, proved_appointment(**form.cleaned_data))
        except Refused as refusal:
            refusal.blame(form)
    return page(request, "book", status=422, form=form)


@require_safe
@for_booker
def appointment(request: HttpRequest, found: Appointment) -> HttpResponse:
    """When and where; to move, to cancel, for the calendar."""
    return _page(request, found)


def _page(request: HttpRequest, found: Appointment, fault: str = "") -> HttpResponse:
    plan, choice = plan_of(found.unit), None
    if plan and plan.is_open and found.state == Booking.BOOKED:
        on = request.GET.get("on") or timezone.localdate(found.starts_at).isoformat()
        choice = choosing(plan, found.letter, on, timezone.now())
    status = 422 if fault else 200
    return page(request, "appointment", status=status, one=found, choice=choice, fault=fault)


@require_POST
@for_booker
def move(request: HttpRequest, found: Appointment) -> HttpResponse:
    """Another time under the same number."""
    try:
        starts_at = taken_time(request.POST.get("starts_at", ""))
        move_appointment(found, starts_at=starts_at, by=BY)
    except Refused as refusal:
        return _page(request, by_number(found.number) or found, str(refusal))
    messages.success(request, _("已改期。"))
    return redirect("portal:appointment", number=found.number)


@require_POST
@for_booker
def cancel(request: HttpRequest, found: Appointment) -> HttpResponse:
    """Give the time back."""
    try:
        cancel_appointment(found, by=BY)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("预约已取消。"))
    return redirect("portal:appointment", number=found.number)


@require_safe
@for_booker
def calendar(request: HttpRequest, found: Appointment) -> HttpResponse:
    """For the calendar of a telephone."""
    answer = HttpResponse(ics_of(found), content_type=ICS)
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.ics"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder
def book_for_matter(request: HttpRequest, matter: Matter) -> HttpResponse:
    """Book a time for one's matter, at a hall of the own community or above."""
    plans = plans_near(matter.resident.division_id)
    plan = next((one for one in plans if str(one.unit_id) == request.GET.get("unit")), None)
    plan = plan or next(iter(plans), None)
    if plan is None:
        raise Http404(_("附近的大厅现在不开放预约。"))
    letter, on = request.GET.get("letter", ""), request.GET.get("on", "")
    choice, fault = choosing(plan, letter, on, timezone.now()), ""
    if request.method == "POST":
        try:
            starts_at, claim = (
                taken_time(request.POST.get("starts_at", "")),
                request.POST.get("claim", ""),
            )
            wish = Wish(choice.letter, starts_at, Door.NUMBER, claim, matter.number)
            return _open(
                request, book_appointment(plan, resident=matter.resident, wish=wish, by=BY)
            )
        except Refused as refusal:
            fault = str(refusal)
    return page(
        request, "book_matter", "track", status=422 if fault else 200, matter=matter, plans=plans,
        plan=plan, choice=choice, claims=Claim.choices, fault=fault, base=f"unit={plan.unit_id}",
    )  # fmt: skip
