"""Help: short cuts, how to accept, whom to call."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.console.reads.aid import keepers_for

UNITS_MOST = 6


@require_GET
@allowed("accounts.self")
def help_page(request: StaffRequest) -> HttpResponse:
    """One page a newcomer can read in five minutes."""
    actor = request.actor
    units = Unit.objects.visible_to(actor).open().filter(division_id=actor.division_id)
    context = {
        "helpers": keepers_for(actor),
        "units": units.exclude(phone="")[:UNITS_MOST],
    }
    return render(request, "console/help.html", context)
