"""Lists: who has which grade until when, who is due; who is to be assessed."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.assessments import actions
from yiwang.assessments.forms import AssessmentFilter
from yiwang.assessments.models import PersonAssessment
from yiwang.assessments.models.assessment import PersonAssessmentQuerySet
from yiwang.assessments.reads import grade_counts, grade_of, scale_in_force
from yiwang.assessments.rules.states import State
from yiwang.assessments.sheets import assessments_workbook
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.residents.models import Resident
from yiwang.residents.reads import find_residents

SORTS = {"until": "valid_until", "on": "assessed_on", "name": "resident__name_pinyin"}
FORM = "ability"
FOUND = 20


@require_GET
@allowed("assessments.view")
def assessments(request: StaffRequest) -> HttpResponse:
    """Every assessment of the reader's area, newest first."""
    form = _filter(request)
    page = Paginator(filtered(request, form), int(parameter("core.page_rows")))
    day, own = timezone.localdate(), request.actor.division_id
    mine = PersonAssessment.objects.visible_to(request.actor)
    scale = scale_in_force(FORM, day)
    context = {
        "form": form,
        "filters": form.applied(),
        "page": page.get_page(request.GET.get("page")),
        "query": request.GET.urlencode(),
        "grades": grade_counts(request.actor, own or 0, day, scale) if scale else [],
        "due": mine.due(day).count(),
        "waiting": mine.filter(state=State.SUBMITTED).count(),
        "objected": mine.objected().count(),
        "may_assess": request.actor.has("assessments.assess"),
    }
    return render(request, "assessments/list.html", context)


@require_GET
@allowed("assessments.view")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, masked, as a workbook; journaled with the number of rows."""
    form = _filter(request)
    rows = list(filtered(request, form)[: int(parameter("tags.list_rows"))])
    place = Division.objects.get(pk=request.actor.division_id)
    record_line("assessments.export", place, request.actor, {"rows": len(rows)})
    words = "；".join(one["label"] for one in form.applied() if one["key"] != "q")
    response = HttpResponse(assessments_workbook(rows, words), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="assessments.xlsx"'
    return response


@require_http_methods(["GET", "POST"])
@allowed("assessments.assess")
def new(request: StaffRequest) -> HttpResponse:
    """Find who is to be assessed; begin, or go on with what was begun."""
    text = request.GET.get("q", "").strip()
    if request.method == "POST":
        return _begin(request)
    people = find_residents(text, request.actor, limit=FOUND) if text else []
    day = timezone.localdate()
    rows = [
        (one, grade_of(one, day), one.assessments.visible_to(request.actor).unsettled().first())
        for one in people
        if request.actor.enter.holds(one.division_id)
    ]
    return render(request, "assessments/new.html", {"text": text, "rows": rows})


def _begin(request: StaffRequest) -> HttpResponse:
    asked = request.POST.get("resident", "")
    people = Resident.objects.visible_to(request.actor).live()
    person = get_object_or_404(people, pk=int(asked) if asked.isdecimal() else 0)
    try:
        made = actions.begin_assessment(
            person, reason=request.POST.get("reason", ""), by=request.actor
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:of-resident", pk=person.pk)
    return redirect("assessments:score", pk=made.pk)


@require_GET
@allowed("assessments.view")
def of_resident(request: StaffRequest, pk: int) -> HttpResponse:
    """All assessments of one person; with htmx only the card for her page."""
    people = Resident.objects.visible_to(request.actor).not_withdrawn()
    person = get_object_or_404(people.select_related("division"), pk=pk)
    rows = PersonAssessment.objects.visible_to(request.actor).filter(resident=person)
    day = timezone.localdate()
    context = {
        "person": person,
        "rows": rows.select_related("scale").order_by("-pk"),
        "current": grade_of(person, day),
        "open": rows.unsettled().first(),
        "may_assess": request.actor.may("assessments.assess", person) and person.is_live,
    }
    page = "parts/card" if request.htmx else "person"
    return render(request, f"assessments/{page}.html", context)


def _filter(request: StaffRequest) -> AssessmentFilter:
    below = Division.objects.filter(parent_id=request.actor.division_id).current().served()
    places = [("", _("全部")), *((str(one.pk), one.label) for one in below)]
    return AssessmentFilter(request.GET, places, scale_in_force(FORM, timezone.localdate()))


def filtered(request: StaffRequest, form: AssessmentFilter) -> PersonAssessmentQuerySet:
    """The rows a filter leaves, in the order asked for."""
    rows = PersonAssessment.objects.visible_to(request.actor)
    rows = rows.select_related("resident", "division", "scale")
    if form.said("place"):
        rows = rows.under(int(form.said("place")))
    rows = _shown(rows, form.said("show"), request)
    if form.said("grade"):
        rows = rows.filter(grade=form.said("grade"))
    if form.said("q"):
        people = find_residents(form.said("q"), request.actor)
        rows = rows.filter(resident__in=[one.pk for one in people])
    asked = request.GET.get("sort", "")
    column = SORTS.get(asked.removeprefix("-"))
    if column is None:
        return rows.order_by("-pk")
    falling = asked.startswith("-")
    order = F(column).desc(nulls_last=True) if falling else F(column).asc(nulls_last=True)
    return rows.order_by(order, "-pk")


def _shown(
    rows: PersonAssessmentQuerySet, show: str, request: StaffRequest
) -> PersonAssessmentQuerySet:
    day = timezone.localdate()
    if show == "due":
        return rows.due(day)
    if show == "soon":
        soon = day + timedelta(days=int(parameter("assessments.warning_days")))
        return rows.newest().in_force(day).filter(valid_until__lte=soon)
    if show == "objected":
        return rows.objected()
    if show == "mine":
        return rows.filter(state=State.SUBMITTED).exclude(first_user_id=request.actor.user_id)
    return rows.filter(state=show) if show else rows
