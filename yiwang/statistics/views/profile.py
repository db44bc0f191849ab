"""Profiles of communities: what was declared, what the register counts, what is used (DIV-04)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division, Level
from yiwang.statistics import actions
from yiwang.statistics.forms import ProfileForm
from yiwang.statistics.models import Indicator, ProfileValue
from yiwang.statistics.reads.profile import profile_of, profiles_of, required_area


@require_GET
@allowed("statistics.view")
def profiles(request: StaffRequest) -> HttpResponse:
    """The communities of the reader's area with their declared denominators; old ones first."""
    area = request.actor.see
    places = (
        Division.objects.visible_to(request.actor)
        .in_city().within(area).current().served()
        .filter(level=Level.COMMUNITY).order_by("pk")
    )  # fmt: skip
    if text := request.GET.get("q", "").strip()[:40]:
        places = places.filter(name__contains=text)
    page = Paginator(places, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    today, months = timezone.localdate(), int(parameter("statistics.profile_months"))
    declared = profiles_of(page, today)
    rows = [
        {
            "place": place,
            "values": [declared[place.pk].get(one) for one in Indicator],
            "state": _state(list(declared[place.pk].values()), today, months),
        }
        for place in page
    ]
    context = {"page": page, "rows": rows, "indicators": list(Indicator), "q": text}
    return render(request, "statistics/profiles.html", context)


def _state(values: list[ProfileValue], today: Any, months: int) -> str:
    if not values:
        return "none"
    return "old" if any(value.is_old(today, months) for value in values) else "fresh"


@require_http_methods(["GET", "POST"])
@allowed("statistics.view", post="statistics.declare")
def profile(request: StaffRequest, key: int) -> HttpResponse:
    """One community: all denominators with their history, and the form that declares new ones."""
    communities = Division.objects.visible_to(request.actor).in_city()
    place = get_object_or_404(communities.filter(level=Level.COMMUNITY), pk=key)
    form = ProfileForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare_profile(
                place,
                values=form.said(),
                as_of=form.cleaned_data["as_of"],
                source=form.cleaned_data["source"],
                by=request.actor,
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已保存%(place)s的基本情况。") % {"place": place.label})
            return redirect("statistics:profile", place.pk)
    lines = profile_of(place)
    history = ProfileValue.objects.visible_to(request.actor).filter(division=place)
    context = {
        "place": place,
        "lines": lines,
        "area": required_area(lines),
        "per_100": parameter("statistics.area_per_100_households"),
        "history": Paginator(history, int(parameter("core.page_rows"))).get_page(
            request.GET.get("page")
        ),
        "form": form,
        "may": request.actor.may("statistics.declare", place),
    }
    return render(request, "statistics/profile.html", context, status=422 if form.errors else 200)
