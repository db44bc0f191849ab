"""Figures of a place on a day, the places below it, the age pyramid, and the lists behind."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.divisions.rules import range_of
from yiwang.residents.models import Resident
from yiwang.statistics import actions
from yiwang.statistics.forms import ScopeForm
from yiwang.statistics.reads.counting import people_in_cell
from yiwang.statistics.reads.figures import (
    Figures,
    earlier,
    figures_of,
    kept_days,
    least_shown,
    shown,
    tables_of,
)
from yiwang.statistics.rules import DEFINITION_OF, DEFINITIONS, HOUSEHOLDS, band_of, change
from yiwang.statistics.sheets import figures_workbook
from yiwang.statistics.views.drawing import drawn

DAYS_OFFERED = 40


def home_of(request: StaffRequest) -> int:
    """Where a reader begins: the own place, inside the city."""
    top = Division.objects.in_city().order_by("pk").values_list("pk", flat=True)[:1]
    return max(request.actor.division_id, *(top or [0]))


def _asked(request: StaffRequest) -> tuple[ScopeForm, Figures]:
    form = ScopeForm(request.GET, actor=request.actor, home=home_of(request))
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=form.said_place)
    return form, figures_of(place, form.said_day)


@require_GET
@allowed("statistics.view")
def overview(request: StaffRequest) -> HttpResponse:
    """The figures of a place, each with its meaning, the change since, and the list behind."""
    form, found = _asked(request)
    least = least_shown(request.actor)
    context: dict[str, Any] = {
        "form": form,
        "found": found,
        "cards": _cards(found, form, least),
        "rows": tables_of(found, least),
        "definitions": DEFINITIONS,
        "pyramid": drawn(found.rungs(least)),
        "least": least,
        "days": kept_days()[:DAYS_OFFERED],
        "query": urlencode(form.query()),
        "may": {
            "list": request.actor.has("residents.view"),
            "freeze": not found.live
            and not found.frozen
            and request.actor.may("statistics.freeze", found.place),
        },
    }
    return render(request, "statistics/overview.html", context)


def _cards(found: Figures, form: ScopeForm, least: int) -> list[dict[str, Any]]:
    before = earlier(found.place, found.on)
    cards = []
    for one in DEFINITIONS:
        value = shown(found, one.code, least)
        cards.append(
            {
                "definition": one,
                "value": value,
                "since": {
                    name: change(value, shown(kept, one.code, least))
                    for name, kept in before.items()
                },
                "url": _list_url(form, one.code) if one.of_people else _homes_url(found, one.code),
            }
        )
    return cards


def _list_url(form: ScopeForm, code: str) -> str:
    return f"{reverse('statistics:people')}?{urlencode({**form.query(), 'cell': code})}"


def _homes_url(found: Figures, code: str) -> str:
    """The households of today; those of an earlier day are known as a number only."""
    if code != HOUSEHOLDS or found.on != timezone.localdate():
        return ""
    return f"{reverse('residents:households')}?place={found.place.pk}&state=lived"


@require_GET
@allowed("residents.view")
def people(request: StaffRequest) -> HttpResponse:
    """The people behind a figure, masked; those who live outside the reader's area by now are
    counted, not shown."""
    form = ScopeForm(request.GET, actor=request.actor, home=home_of(request))
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=form.said_place)
    code = _cell(request)
    day = figures_of(place, form.said_day).on
    behind = people_in_cell(code, range_of(place.pk), day)
    mine = Resident.objects.visible_to(request.actor).filter(pk__in=behind.values("pk"))
    rows = mine.select_related("division", "dwelling").order_by("name_pinyin", "pk")
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "on": day,
        "title": _words(code),
        "page": page,
        "elsewhere": behind.count() - page.paginator.count,
        "back": f"{reverse('statistics:overview')}?{urlencode(form.query())}",
    }
    return render(request, "statistics/people.html", context)


def _cell(request: StaffRequest) -> str:
    """The figure or band of the address; everybody when it says nothing of use."""
    code = request.GET.get("cell", "")
    known = code in DEFINITION_OF and DEFINITION_OF[code].of_people
    return code if known or band_of(code) else "people"


def _words(code: str) -> str:
    if code in DEFINITION_OF:
        return str(DEFINITION_OF[code].label)
    sex, edge = band_of(code) or ("", None)
    name = {"female": _("女"), "male": _("男")}.get(sex, _("性别不详"))
    if edge is None:
        return _("%(sex)s，年龄不详") % {"sex": name}
    return _("%(sex)s，%(edge)s 岁起的年龄段") % {"sex": name, "edge": edge}


@require_GET
@allowed("statistics.view")
def export(request: StaffRequest) -> HttpResponse:
    """The table of the page as a workbook, hidden numbers hidden; on record (EXP-02)."""
    form, found = _asked(request)
    least = least_shown(request.actor)
    content = figures_workbook(found, tables_of(found, least), least, request.actor.name)
    record_line("statistics.view", found.place, request.actor, {"export": form.query()})
    response = HttpResponse(content, content_type=XLSX)
    name = f"statistics-{found.place.pk}-{found.on:%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@allowed("statistics.freeze")
def freeze(request: StaffRequest) -> HttpResponse:
    """The figures of a day become those that are quoted for good."""
    form = ScopeForm(request.POST, actor=request.actor, home=home_of(request))
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=form.said_place)
    try:
        actions.freeze_day(place, on=form.said_day, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(day)s 的统计已冻结。") % {"day": form.said_day})
    return redirect(f"{reverse('statistics:overview')}?{urlencode(form.query())}")
