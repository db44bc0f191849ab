"""People by tag: filtered, exported, handed over as a list for visits."""

from typing import Any

from django.contrib import messages
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.residents.models import Resident
from yiwang.residents.reads import with_limits
from yiwang.residents.reads.paging import people_page
from yiwang.tags import actions
from yiwang.tags.forms import PeopleFilter, VisitListForm
from yiwang.tags.models import Tag, TagKind
from yiwang.tags.reads import last_visits, listed, people_with_tag
from yiwang.tags.sheets import people_workbook

from .door import place_asked, places_below, visible_kind, workbook


@require_GET
@allowed("tags.view")
def people(request: StaffRequest, pk: int) -> HttpResponse:
    """Who has this tag, by pinyin; looking at a sensitive list is journaled."""
    kind = visible_kind(request, pk)
    form = _filter(request, kind)
    found = people_with_tag(kind, request.actor, timezone.localdate(), form.asked())
    page = people_page(found, request.GET)
    _journal_if_sensitive(request, kind, len(page.rows), form)
    context = {
        "kind": kind,
        "form": form,
        "filters": form.applied(),
        "page": page,
        "rows": _rows(page.rows, kind, request),
        "query": request.GET.urlencode(),
        "visit": VisitListForm(),
        "may": {act: request.actor.has(f"tags.{act}") for act in ("export", "visit", "kinds")},
        "may_see_people": request.actor.has("residents.view"),
    }
    return render(request, "tags/people.html", context)


@require_GET
@allowed("tags.export")
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """The list as filtered, masked, as a workbook; journaled with the number of rows."""
    kind = visible_kind(request, pk)
    form = _filter(request, kind)
    found = people_with_tag(kind, request.actor, timezone.localdate(), form.asked())
    rows = list(found.order_by("name_pinyin", "pk")[: int(parameter("tags.list_rows"))])
    facts = {"kind": kind.code, "rows": len(rows), "filters": _words(form)}
    record_line("tags.export", _own(request), request.actor, facts)
    data = people_workbook(_rows(rows, kind, request), kind, form.applied())
    return workbook(data, f"tag-{kind.code}.xlsx")


@require_POST
@allowed("tags.visit")
def visit(request: StaffRequest) -> HttpResponse:
    """The list as filtered becomes a visit list, in the order of the houses."""
    asked = request.GET.get("kind", "")
    kind = visible_kind(request, int(asked) if asked.isdecimal() and len(asked) < 19 else 0)
    form = _filter(request, kind)
    said = VisitListForm(request.POST)
    if not said.is_valid():
        messages.error(request, _("请核对走访单的名称和期限。"))
        return redirect(f"{kind.get_absolute_url()}?{request.GET.urlencode()}")
    found = people_with_tag(kind, request.actor, timezone.localdate(), form.asked())
    door = Coalesce("dwelling__address", "household__dwelling__address")
    rows = list(
        found.order_by("division_id", door, "name_pinyin", "pk")[
            : int(parameter("tags.list_rows")) + 1
        ]
    )
    place = get_object_or_404(Division, pk=place_asked(request))
    try:
        made = actions.make_visit_list(
            place, kind=kind, residents=rows, title=said.cleaned_data["title"],
            due_on=said.cleaned_data["due_on"], by=request.actor,
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{kind.get_absolute_url()}?{request.GET.urlencode()}")
    messages.success(request, _("走访单已生成，共 %(count)s 人。") % {"count": made.stops.count()})
    return redirect(made)


def _filter(request: StaffRequest, kind: TagKind) -> PeopleFilter:
    return PeopleFilter(request.GET, kind=kind, places=places_below(request))


def _rows(people: list[Resident], kind: TagKind, request: StaffRequest) -> list[dict[str, Any]]:
    """Each person with her tag and the last visit; few statements however many people."""
    tags = {
        tag.resident_id: tag
        for tag in Tag.objects.visible_to(request.actor)
        .live()
        .filter(kind=kind, resident__in=[one.pk for one in people])
    }
    visits = last_visits(people)
    rows = []
    for one in with_limits(people):
        tag = tags.get(one.pk)
        if tag is not None:
            tag.kind = kind
            rows.append({"person": listed(one), "tag": tag, "visited_on": visits.get(one.pk)})
    return rows


def _journal_if_sensitive(
    request: StaffRequest, kind: TagKind, rows: int, form: PeopleFilter
) -> None:
    if kind.sensitive:
        facts = {"kind": kind.code, "rows": rows, "filters": _words(form)}
        record_line("tags.read_list", _own(request), request.actor, facts)


def _words(form: PeopleFilter) -> dict[str, str]:
    return {one["key"]: one["label"] for one in form.applied() if one["key"] != "house"}


def _own(request: StaffRequest) -> Division:
    return Division.objects.get(pk=request.actor.division_id)
