"""How good the data of a place are, and the disputes somebody has to decide (EXP-51, INF-02)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from procrastinate.contrib.django import app

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.divisions.models import Division, Level
from yiwang.divisions.rules import KeyRange, range_of
from yiwang.residents.forms import DecideForm
from yiwang.residents.models import Resident
from yiwang.residents.reads import Arrival, Known, dossiers, quality_of
from yiwang.residents.reads.paging import people_page


@dataclass(frozen=True)
class Dispute:
    """One field of one person that sources tell differently: the newest word of each side."""

    person: Resident
    known: Known
    sides: list[Arrival]


@require_GET
@allowed("residents.view")
def quality(request: StaffRequest) -> HttpResponse:
    """What is missing, contradictory and outdated in a place, and the disputes side by side."""
    place = _place(request)
    inside = Division.objects.filter(parent=place).current().served()
    context: dict[str, Any] = {
        "place": place,
        "inside": inside if place.level < Level.COMMUNITY else [],
        "recompute": request.actor.may("residents.recompute", place),
    }
    if place.level >= Level.TOWNSHIP:
        area = range_of(place.pk)
        page = people_page(_disputed(request, area), request.GET)
        context |= {
            "found": quality_of(area, timezone.localdate()),
            "page": page,
            "disputes": _disputes(page.rows),
            "form": DecideForm(),
            "decide": request.actor.may("residents.decide", place),
        }
    return render(request, "residents/quality.html", context)


def _place(request: StaffRequest) -> Division:
    asked = request.GET.get("place", "")
    key = int(asked) if asked.isdecimal() and len(asked) <= 12 else 0
    places = Division.objects.within(request.actor.see)
    own = Division.objects.get(pk=request.actor.division_id)
    return places.filter(pk=key).first() or own


def _disputed(request: StaffRequest, area: KeyRange) -> Any:
    people = Resident.objects.visible_to(request.actor).in_dispute()
    inside = people.filter(division_id__range=(area.lo, area.hi))
    return inside.select_related("division", "dwelling")


def _disputes(people: list[Resident]) -> list[Dispute]:
    found = []
    for person, dossier in zip(
        people, dossiers(people, timezone.localdate()).values(), strict=True
    ):
        for code in person.disputed:
            sides = [
                one for one in dossier.arrivals(code) if one.told[0].rival or one.told[0].stands
            ]
            if code in dossier.known:
                found.append(Dispute(person, dossier.known[code], _newest_of_each(sides)))
    return found


def _newest_of_each(arrivals: list[Arrival]) -> list[Arrival]:
    newest: dict[str, Arrival] = {}
    for one in arrivals:
        newest.setdefault(one.record.source_key, one)
    return list(newest.values())


@require_POST
@allowed("residents.recompute")
def recompute(request: StaffRequest) -> HttpResponse:
    """Have the register made anew in the background."""
    actor = request.actor
    task = app.configure_task("residents.recompute", lock="residents.recompute")
    task.defer(division=actor.division_id, post=actor.post_id)
    messages.success(request, _("已开始按来源记录重算，完成后写入操作日志。"))
    return redirect("residents:quality")
