"""What staff pages of the hall share: whose records, and how an answer is given."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from yiwang.accounts.http import StaffRequest
from yiwang.core.errors import Refused
from yiwang.queues.models import HallDay, Ticket, Window


def visible_day(request: StaffRequest, pk: int) -> HallDay:
    days = HallDay.objects.visible_to(request.actor).select_related("unit", "division")
    return get_object_or_404(days, pk=pk)


def visible_window(request: StaffRequest, pk: int) -> Window:
    windows = Window.objects.visible_to(request.actor)
    return get_object_or_404(windows.select_related("day__unit", "post__user"), pk=pk)


def visible_ticket(request: StaffRequest, pk: int) -> Ticket:
    tickets = Ticket.objects.visible_to(request.actor)
    return get_object_or_404(tickets.select_related("day", "line", "window"), pk=pk)


def done(request: StaffRequest, work: Callable[[], str], to: str, *args: object) -> HttpResponse:
    """Do something, say what was done or why not, and go to the page that shows it."""
    try:
        messages.success(request, work())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(to, *args)
