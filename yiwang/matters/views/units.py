"""Units of the city to choose from, as the reader types."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest
from yiwang.accounts.models import Unit
from yiwang.core.rules.chinese import clean_text
from yiwang.divisions.rules import Depth, ancestor, range_of

from .door import staff

UNITS_SHOWN = 20
NAMES = frozenset({"unit", "authority", "agent"})


@require_GET
@staff("matters.view")
def search(request: StaffRequest) -> HttpResponse:
    """Radio buttons under the name the form gives the field; nothing before words are typed."""
    name = request.GET.get("name", "unit")
    words = clean_text(request.GET.get(f"{name}_q", ""))
    city = range_of(ancestor(request.actor.division_id, Depth.CITY))
    rows = Unit.objects.offices().within(city).select_related("division")
    units = rows.named(words).order_by("division_id", "pk")[:UNITS_SHOWN] if words else []
    context = {"units": units, "name": name if name in NAMES else "unit", "asked": words}
    return render(request, "matters/parts/unit_choices.html", context)
