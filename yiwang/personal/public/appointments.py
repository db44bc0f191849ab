"""My appointments at the windows: book, move, cancel, into the calendar (SVC-20)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.accounts.actor import Actor
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.personal.http import OwnRequest, page, page_of
from yiwang.personal.models import Scope
from yiwang.queues.actions import book_appointment, cancel_appointment, move_appointment
from yiwang.queues.actions.booking import Wish
from yiwang.queues.models import Appointment
from yiwang.queues.reads.booking import choosing, plan_of, plans_near, taken_time
from yiwang.queues.reads.files import ICS, ics_of
from yiwang.queues.rules.hall import Claim
from yiwang.queues.rules.slots import Booking, Door


def _by(request: OwnRequest) -> Actor:
    """The person herself, or who acts for her, as the journal names them."""
    return Actor.public("queues.book", label=request.visit.actor.label)


@require_safe
@page_of(Scope.BOOK)
def appointments(request: OwnRequest) -> HttpResponse:
    """What I booked, what is ahead first."""
    person = request.visit.person
    rows = Appointment.objects.for_holder(person).select_related("unit", "resident", "ticket")
    found = Paginator(rows.order_by("-starts_at"), int(parameter("core.page_rows")))
    return page(
        request, "appointments", "data", page=found.get_page(request.GET.get("page")),
        bookable=bool(plans_near(person.division_id)),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@page_of(Scope.BOOK)
def book(request: OwnRequest) -> HttpResponse:
    """Hall, line, day and time."""
    person = request.visit.person
    plans = plans_near(person.division_id)
    plan = next((one for one in plans if str(one.unit_id) == request.GET.get("unit")), None)
    plan = plan or next(iter(plans), None)
    if plan is None:
        return page(request, "book", "data", plan=None)
    letter, on = request.GET.get("letter", ""), request.GET.get("on", "")
    choice, fault = choosing(plan, letter, on, timezone.now()), ""
    if request.method == "POST":
        try:
            starts_at, claim = (
                taken_time(request.POST.get("starts_at", "")),
                request.POST.get("claim", ""),
            )
            wish = Wish(choice.letter, starts_at, Door.ACCOUNT, claim)
            made = book_appointment(plan, resident=person, wish=wish, by=_by(request))
        except Refused as refusal:
            fault = str(refusal)
        else:
            messages.success(request, _("约好了。"))
            return redirect("my:appointment", made.number)
    return page(
        request, "book", "data", status=422 if fault else 200, plans=plans, plan=plan,
        choice=choice, claims=Claim.choices, fault=fault, base=f"unit={plan.unit_id}",
    )  # fmt: skip


def _mine(request: OwnRequest, number: str) -> Appointment:
    rows = Appointment.objects.for_holder(request.visit.person)
    return get_object_or_404(rows.select_related("unit", "resident", "ticket"), number=number)


@require_safe
@page_of(Scope.BOOK)
def appointment(request: OwnRequest, number: str) -> HttpResponse:
    """One appointment, to move or to cancel."""
    return _page(request, _mine(request, number))


def _page(request: OwnRequest, found: Appointment, fault: str = "") -> HttpResponse:
    plan, choice = plan_of(found.unit), None
    if plan and plan.is_open and found.state == Booking.BOOKED:
        on = request.GET.get("on") or timezone.localdate(found.starts_at).isoformat()
        choice = choosing(plan, found.letter, on, timezone.now())
    status = 422 if fault else 200
    return page(
        request, "appointment", "data", status=status, one=found, choice=choice, fault=fault
    )


@require_POST
@page_of(Scope.BOOK)
def move(request: OwnRequest, number: str) -> HttpResponse:
    """Another time under the same number."""
    found = _mine(request, number)
    try:
        starts_at = taken_time(request.POST.get("starts_at", ""))
        move_appointment(found, starts_at=starts_at, by=_by(request))
    except Refused as refusal:
        return _page(request, _mine(request, number), str(refusal))
    messages.success(request, _("已改期。"))
    return redirect("my:appointment", number)


@require_POST
@page_of(Scope.BOOK)
def cancel(request: OwnRequest, number: str) -> HttpResponse:
    """Give the time back."""
    try:
        cancel_appointment(_mine(request, number), by=_by(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("预约已取消。"))
    return redirect("my:appointment", number)


@require_safe
@page_of(Scope.BOOK)
def calendar(request: OwnRequest, number: str) -> HttpResponse:
    """For the calendar of a telephone."""
    answer = HttpResponse(ics_of(_mine(request, number)), content_type=ICS)
    answer["Content-Disposition"] = f'attachment; filename="{number}.ics"'
    return answer
