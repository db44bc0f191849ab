"""The list of residents: filtered, searched, exported; masked throughout."""

from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from yiwang.accounts.actor import Actor
from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division, Level
from yiwang.divisions.rules import range_of
from yiwang.residents.forms import FilterForm
from yiwang.residents.models import Group, Resident
from yiwang.residents.reads import MISSING, find_residents, with_limits
from yiwang.residents.reads.paging import people_page
from yiwang.residents.rules.ages import years_before
from yiwang.residents.sheets import residents_workbook

_FILTERS: Final = ("place", "age", "standing", "fresh", "lacks", "home", "group")


@require_GET
@allowed("residents.view")
def people(request: StaffRequest) -> HttpResponse:
    """The register of the reader's area, by pinyin; with `q` the people a text means."""
    form = filter_form(request)
    context: dict[str, Any] = {
        "form": form,
        "filters": _applied(form),
        "q": form.said("q"),
        "may": _rights(request.actor),
        "tab": "people",
    }
    if form.said("q"):
        context |= _search(request, form.said("q"))
    else:
        page = people_page(filtered(request, form), request.GET)
        context |= {"page": page, "rows": with_limits(page.rows)}
    template = "residents/parts/rows.html" if request.htmx else "residents/list.html"
    return render(request, template, context)


@require_GET
@allowed("residents.export")
def export(request: StaffRequest) -> HttpResponse:
    """The filtered list as a workbook, masked; the journal keeps who took how many rows."""
    form = filter_form(request)
    if form.said("q"):
        rows = find_residents(form.said("q"), request.actor, limit=1000)
    else:
        limit = int(parameter("residents.import_rows"))
        rows = list(filtered(request, form).order_by("name_pinyin", "pk")[:limit])
    place = Division.objects.get(pk=request.actor.division_id)
    facts = {"rows": len(rows), "filters": {one["key"]: one["label"] for one in _applied(form)}}
    record_line("residents.export", place, request.actor, facts)
    title = _("%(place)s居民名单") % {"place": place.name}
    response = HttpResponse(
        residents_workbook(rows, title=title, by=request.actor.label), content_type=XLSX
    )
    name = f"residents-{timezone.localdate():%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _rights(actor: Actor) -> dict[str, bool]:
    acts = ("add", "change", "confirm", "import", "reveal", "export")
    return {act: actor.has(f"residents.{act}") for act in acts}


def _search(request: StaffRequest, text: str) -> dict[str, Any]:
    """People of the reader's area first, then those elsewhere that may be searched."""
    actor = request.actor
    limit = int(parameter("core.page_rows_max"))
    found = find_residents(text, actor, limit=limit)
    known = {person.pk for person in found}
    everywhere = find_residents(text, actor, everywhere=True, limit=limit)
    elsewhere = [person for person in everywhere if person.pk not in known]
    return {
        "rows": with_limits(found),
        "elsewhere": with_limits(elsewhere),
        "full": len(found) >= limit,
    }


def filter_form(request: StaffRequest) -> FilterForm:
    asked = request.GET.get("place", "")
    top = request.actor.see.lo
    here = int(asked) if asked.isdecimal() and request.actor.see.holds(int(asked)) else top
    rows = Division.objects.filter(parent_id=here).current().served()
    choices = [("", _("全部")), *((str(one.pk), one.label) for one in rows)]
    if here != top:
        found = Division.objects.filter(pk=here).first()
        choices.insert(1, (str(here), found.label if found else str(here)))
    return FilterForm(request.GET, choices, _group_choices(request, here))


def _group_choices(request: StaffRequest, place: int) -> list[tuple[str, str]]:
    """The groups of a community; above one there would be too many."""
    rows = Group.objects.visible_to(request.actor).current().filter(division_id=place)
    indented = [(str(one.pk), f"{'　' * one.depth}{one.name}") for one in rows.order_by("path")]
    return [("", _("全部")), *indented]


def filtered(request: StaffRequest, form: FilterForm) -> QuerySet[Resident]:
    rows = (
        Resident.objects.visible_to(request.actor)
        .live()
        .select_related("division", "dwelling", "household")
    )
    if form.said("place"):
        area = range_of(int(form.said("place")))
        rows = rows.filter(division_id__gte=area.lo, division_id__lte=area.hi)
    if form.said("standing"):
        rows = rows.filter(standing=form.said("standing"))
    if form.said("lacks"):
        rows = rows.filter(MISSING[form.said("lacks")])
    if form.said("home"):
        rows = rows.filter(household__isnull=form.said("home") == "without")
    if form.said("group"):
        group = Group.objects.visible_to(request.actor).get(pk=form.said("group"))
        rows = rows.filter(dwelling__group__path__startswith=group.path)
    today = timezone.localdate()
    return rows.filter(_of_age(form.said("age"), today), _of_freshness(form.said("fresh"), today))


def _of_age(band: str, today: date) -> Q:
    if not band:
        return Q()
    adult, elder, senior = (
        int(parameter(f"residents.{name}_age")) for name in ("adult", "elder", "senior")
    )
    least, below = {
        "minor": (None, adult),
        "adult": (adult, elder),
        "elder": (elder, None),
        "senior": (senior, None),
    }[band]
    condition = Q(birth_year__isnull=False)
    if least is not None:
        condition &= _born_by(years_before(today, least))
    if below is not None:
        condition &= ~_born_by(years_before(today, below))
    return condition


def _born_by(day: date) -> Q:
    exact = Q(born_on__isnull=False, born_on__lte=day)
    return exact | Q(born_on__isnull=True, birth_year__lte=day.year)


def _of_freshness(kind: str, today: date) -> Q:
    soon = today + timedelta(days=int(parameter("residents.fresh_warning_days")))
    return {
        "due": Q(fresh_until__lt=today),
        "soon": Q(fresh_until__gte=today, fresh_until__lte=soon),
        "fresh": Q(fresh_until__gt=soon),
    }.get(kind, Q())


def _applied(form: FilterForm) -> list[dict[str, str]]:
    """The filters in use, as chips that take themselves away."""
    return [
        {
            "key": name,
            "label": _("%(label)s：%(words)s")
            % {"label": form.fields[name].label, "words": form.words(name)},
        }
        for name in _FILTERS
        if form.said(name)
    ]


def community_of(text: str) -> Division | None:
    """The community someone names by full name or code; None when there is none or several."""
    rows = Division.objects.in_city().filter(level=Level.COMMUNITY).current().served()
    if text.isdecimal():
        return rows.filter(pk=int(text[:12])).first()
    found = list(rows.filter(name=text)[:2])
    return found[0] if len(found) == 1 else None
