"""The figures of a place over a period, held against the period before, each with its list."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.performance.forms import ScopeForm
from yiwang.performance.reads import Tally, kept_until, least_shown, tally
from yiwang.performance.reads.tables import (
    SHARES,
    Line,
    category_labels,
    channel_labels,
    lines,
    place_labels,
    unit_labels,
    whole_line,
)
from yiwang.performance.rules import FIGURE_OF, FIGURES, Figure
from yiwang.performance.sheets import performance_workbook

from .drawing import drawn

CARDS = ("accepted", "open", "answered", "on_time", "prompt", "escalated", "satisfied", "steps_on_time")  # fmt: skip
# Which tables there are, by dimension: title, icon, columns, and the argument of a list's address.
TABLES = (
    ("unit", _("各单位"), "building", ("accepted", "open", "answered", "on_time", "late", "steps", "steps_on_time", "escalated", "satisfied")),
    ("place", _("各区划"), "map-pin", ("accepted", "open", "answered", "on_time", "late", "prompt", "escalated", "satisfied")),
    ("category", _("服务类别"), "list-check", ("accepted", "open", "answered", "on_time", "satisfied")),
    ("channel", _("来源渠道"), "world", ("accepted", "answered", "on_time")),
)  # fmt: skip


def home_of(request: StaffRequest) -> int:
    """Where a reader begins: the own place, inside the city."""
    top = Division.objects.in_city().order_by("pk").values_list("pk", flat=True)[:1]
    return max(request.actor.division_id, *(top or [0]))


@dataclass(frozen=True)
class Cell:
    """A number or a share with the list behind it."""

    figure: Figure
    value: int | None
    percent: float | None
    is_share: bool
    url: str


@dataclass(frozen=True)
class Card:
    cell: Cell
    since: float | None


@dataclass(frozen=True)
class Table:
    key: str
    title: Any
    icon: str
    columns: list[Figure]
    rows: list[tuple[Line, str, list[Cell]]]


@dataclass(frozen=True)
class Asked:
    """What the address asks for, counted, with the same of the period before."""

    form: ScopeForm
    place: Division
    now: Tally
    before: Tally
    least: int

    def tables(self) -> list[tuple[str, list[Line]]]:
        labels = {
            "unit": unit_labels(self.now.by("unit")),
            "place": place_labels(self.now.by("place")),
            "category": category_labels(self.form.period.last),
            "channel": channel_labels(),
        }
        own = str(self.place.pk)
        return [
            (key, lines({k: v for k, v in self.now.by(key).items() if k != own}, labels[key], self.least))
            for key, *_rest in TABLES
        ]  # fmt: skip


def asked(request: StaffRequest) -> Asked:
    """Read the address; the workbook takes exactly what the page shows."""
    form = ScopeForm(request.GET, actor=request.actor, home=home_of(request))
    place = get_object_or_404(
        Division.objects.visible_to(request.actor).within(request.actor.see), pk=form.place_key
    )
    now, earlier = (
        tally(place.pk, period, request.actor, form.unit_key)
        for period in (form.period, form.previous)
    )
    return Asked(form, place, now, earlier, least_shown(request.actor))


@require_GET
@allowed("performance.view")
def overview(request: StaffRequest) -> HttpResponse:
    """Cards, a chart, and a table each by unit, place, category and channel."""
    one = asked(request)
    may_list = request.actor.has("matters.view")
    query = one.form.query()
    context = {
        "form": one.form,
        "place": one.place,
        "period": one.form.period,
        "previous": one.form.previous,
        "cards": _cards(one, query if may_list else None),
        "chart": drawn(one.now.by("day"), one.form.period) if not one.least else None,
        "tables": _tables(one, query if may_list else None),
        "figures": FIGURES,
        "least": one.least,
        "kept": kept_until(),
        "query": urlencode(query),
        "own_unit": request.actor.unit_name if request.actor.by_unit else "",
    }
    return render(request, "performance/overview.html", context)


def _cell(line: Line, code: str, query: dict[str, Any] | None) -> Cell:
    url = ""
    if query is not None and line.values[code]:
        url = f"{reverse('performance:matters')}?{urlencode({**query, 'figure': code})}"
    shown = code in SHARES
    return Cell(FIGURE_OF[code], line.values[code], line.share(code) if shown else None, shown, url)


def _cards(one: Asked, query: dict[str, Any] | None) -> list[Card]:
    now = whole_line(one.now.whole, one.place.label, one.least)
    before = whole_line(one.before.whole, one.place.label, one.least)
    found = []
    for code in CARDS:
        pair = (
            (now.share(code), before.share(code)) if code in SHARES
            else (now.values[code], before.values[code])
        )  # fmt: skip
        since = None if None in pair else round(pair[0] - pair[1], 1)  # type: ignore[operator]
        found.append(Card(_cell(now, code, query), since))
    return found


def _tables(one: Asked, query: dict[str, Any] | None) -> list[Table]:
    found = []
    rows_of = dict(one.tables())
    for key, title, icon, columns in TABLES:
        rows = []
        for line in rows_of[key]:
            narrowed = None if query is None else _narrowed(query, key, line.key)
            deeper = f"?{urlencode({**one.form.query(), key: line.key})}" if key == "place" else ""
            rows.append((line, deeper, [_cell(line, code, narrowed) for code in columns]))
        if rows and not (key == "unit" and one.form.unit_key):
            found.append(Table(key, title, icon, [FIGURE_OF[code] for code in columns], rows))
    return found


def _narrowed(query: dict[str, Any], key: str, value: str) -> dict[str, Any]:
    """The address of the list behind one line; matters of no unit are asked for by 0."""
    return {**query, key: value or "0"}


@require_GET
@allowed("performance.view")
def export(request: StaffRequest) -> HttpResponse:
    """All tables of the page as a workbook; on record."""
    one = asked(request)
    titles = {key: str(title) for key, title, *_rest in TABLES}
    whole = whole_line(one.now.whole, one.place.label, one.least)
    sheets = [(titles[key], rows) for key, rows in one.tables()]
    content = performance_workbook(
        one.place, one.form.period, whole, sheets, one.least, request.actor.name
    )
    record_line("performance.view", one.place, request.actor, {"export": one.form.query()})
    response = HttpResponse(content, content_type=XLSX)
    name = f"performance-{one.place.pk}-{one.form.period.first:%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
