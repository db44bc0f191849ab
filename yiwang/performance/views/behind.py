"""The list behind a figure: exactly as many lines as the figure counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.core.acts import record_line
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.divisions.rules import Depth, depth_of, range_of
from yiwang.matters.models import Matter
from yiwang.performance.forms import ScopeForm
from yiwang.performance.reads.facts import Scope
from yiwang.performance.reads.figures import behind
from yiwang.performance.reads.tables import category_labels, channel_labels
from yiwang.performance.rules import FIGURE_OF, Figure
from yiwang.performance.sheets import behind_workbook

from .overview import home_of


@dataclass(frozen=True)
class Row:
    """One fact: the matter, when it happened, at which unit."""

    matter: Matter
    at: datetime
    unit: str


@dataclass(frozen=True)
class Wanted:
    """Which figure of which scope, and the words that say so."""

    form: ScopeForm
    place: Division
    figure: Figure
    scope: Scope
    words: list[str]

    def query(self) -> dict[str, Any]:
        more = {"category": self.scope.category, "channel": self.scope.channel}
        said = {**self.form.query(), "figure": self.figure.code}
        if self.scope.unit is not None:
            said["unit"] = self.scope.unit
        return said | {key: value for key, value in more.items() if value}


def _wanted(request: StaffRequest) -> Wanted:
    actor = request.actor
    form = ScopeForm(request.GET, actor=actor, home=home_of(request))
    places = Division.objects.visible_to(actor).within(actor.see)
    place = get_object_or_404(places, pk=form.place_key)
    figure = FIGURE_OF.get(request.GET.get("figure", ""), FIGURE_OF["accepted"])
    category, channel = request.GET.get("category", ""), request.GET.get("channel", "")
    categories = category_labels(form.period.last)
    category = category if category in categories else ""
    channel = channel if channel in channel_labels() else ""
    asked = request.GET.get("unit", "")
    unit = int(asked) if asked.isdecimal() and len(asked) < 18 else None
    named = Unit.objects.filter(pk=unit or 0).first()
    words = [
        place.label, f"{form.period.first:%Y-%m-%d} – {form.period.last:%Y-%m-%d}",
        named.label if named else "", _("无受理单位") if unit == 0 else "",
        categories.get(category, ""), channel_labels().get(channel, ""),
    ]  # fmt: skip
    near = depth_of(place.pk) >= Depth.TOWNSHIP
    scope = Scope.of(
        range_of(place.pk), actor, unit=unit, category=category, channel=channel, near=near
    )
    return Wanted(form, place, figure, scope, [word for word in words if word])


def _rows(request: StaffRequest, one: Wanted, start: int, limit: int) -> tuple[int, list[Row]]:
    """A page of the list; matters are read once more as the actor may see them."""
    figure = one.figure
    count, found = behind(
        one.scope, figure.source, figure.holds, one.form.period, start=start, limit=limit
    )
    seen = Matter.objects.visible_to(request.actor).select_related("item", "division", "resident")
    matters = {
        matter.pk: matter for matter in seen.filter(pk__in={matter for matter, *_more in found})
    }
    units = {unit.pk: unit.label for unit in Unit.objects.filter(pk__in={one[2] for one in found})}
    rows = [
        Row(matters[matter], timezone.localtime(at), units.get(unit or 0, ""))
        for matter, at, unit in found
        if matter in matters
    ]
    return count, rows


@require_GET
@allowed("matters.view")
def matters(request: StaffRequest) -> HttpResponse:
    """The matters of a figure, newest first, masked."""
    one = _wanted(request)
    size = int(parameter("core.page_rows"))
    asked = request.GET.get("page", "")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 8 else 1
    count, rows = _rows(request, one, (number - 1) * size, size)
    if not rows and count:
        number, (count, rows) = 1, _rows(request, one, 0, size)
    page = Paginator(range(count), size).get_page(number)
    context = {
        "wanted": one,
        "rows": rows,
        "count": count,
        "page": page,
        "may_export": request.actor.has("matters.export"),
        "query": urlencode(one.query()),
        "back": f"{reverse('performance:overview')}?{urlencode(one.form.query())}",
    }
    return render(request, "performance/matters.html", context)


@require_GET
@allowed("matters.export")
def export(request: StaffRequest) -> HttpResponse:
    """The same list as a workbook; on record."""
    one = _wanted(request)
    _count, rows = _rows(request, one, 0, int(parameter("core.export_rows")))
    cells = [
        (
            row.matter.display_number, row.matter.item.label, row.matter.resident.masked_name,
            row.matter.division.label, f"{row.at:%Y-%m-%d %H:%M}", row.unit,
            row.matter.get_channel_display(), row.matter.get_state_display(),
        )
        for row in rows
    ]  # fmt: skip
    record_line(
        "matters.export", one.place, request.actor, {"rows": len(rows), "filters": one.query()}
    )
    about = "，".join(one.words)
    response = HttpResponse(behind_workbook(str(one.figure.label), about, cells), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{one.figure.code}.xlsx"'
    return response
