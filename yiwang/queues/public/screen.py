"""The calling screen, and the page of one number. Numbers only, nothing of persons."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yiwang.accounts.http import PublicRequest
from yiwang.accounts.models import Unit
from yiwang.core.reads import parameter
from yiwang.queues.models import Ticket
from yiwang.queues.reads import board_of, day_of, standing_of


def hall_of(unit: int) -> Unit:
    """The unit of an address; closed units have no hall."""
    return get_object_or_404(Unit.objects.public().select_related("division"), pk=unit)


@login_not_required
@require_safe
def screen(request: PublicRequest, unit: int) -> HttpResponse:
    """Who is called where, who is next, how long a newcomer waits."""
    hall = hall_of(unit)
    day = day_of(hall)
    context = {
        "hall": hall,
        "day": day,
        "board": board_of(day) if day and day.is_open else None,
        "now": timezone.localtime(),
        "seconds": int(parameter("queues.refresh_seconds", division=hall.division_id)),
    }
    template = "queues/parts/board.html" if request.htmx else "queues/screen.html"
    return render(request, template, context)


@login_not_required
@require_safe
def ticket(request: PublicRequest, unit: int, number: str) -> HttpResponse:
    """The number as it is printed: time, people before, expected wait."""
    return ticket_page(request, hall_of(unit), number)


def ticket_page(
    request: PublicRequest, hall: Unit, number: str, next_url: str = ""
) -> HttpResponse:
    """One number of today; `next_url` is where the touch screen goes on with the next person."""
    day = day_of(hall)
    rows = Ticket.objects.public().filter(day=day, number=number[:8].upper())
    found = rows.select_related("line", "window", "day").first() if day else None
    if found is None:
        raise Http404
    context = {
        "hall": hall,
        "ticket": found,
        "standing": standing_of(found),
        "now": timezone.localtime(),
        "seconds": int(parameter("queues.refresh_seconds", division=hall.division_id)),
        "next_url": next_url,
        "staff": not next_url and bool(request.actor and request.actor.has("queues.take")),
    }
    template = "queues/parts/standing.html" if request.htmx else "queues/ticket.html"
    return render(request, template, context)
