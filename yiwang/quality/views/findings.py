"""Findings: what is to be put right, by whom, until when, with which proof (QUA-07)."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import carried_out, file_answer
from yiwang.quality.actions import correct_finding, recheck_finding
from yiwang.quality.forms.entry import CorrectForm, RecheckForm
from yiwang.quality.forms.filters import FindingFilter
from yiwang.quality.models import Finding
from yiwang.quality.rules.states import FindingState
from yiwang.quality.sheets import findings_workbook

from .furniture import about, as_file, most, page_of, sorted_by

SORTS = ("due_at", "-due_at", "issued_at", "-issued_at", "unit", "-unit")


def _listed(request: StaffRequest, form: FindingFilter) -> QuerySet[Finding]:
    rows = form.narrowed(Finding.objects.visible_to(request.actor))
    rows = rows.select_related("unit", "provider", "told_place")
    return sorted_by(request, rows, SORTS)


@require_GET
@allowed("quality.view")
def findings(request: StaffRequest) -> HttpResponse:
    """Findings of the area and of the own unit, the nearest limit first."""
    form = FindingFilter(request.GET)
    context = {
        "form": form,
        "filters": form.applied(),
        "page": page_of(request, _listed(request, form)),
        "now": timezone.now(),
        "query": request.GET.urlencode(),
    }
    return render(request, "quality/findings.html", context)


@require_GET
@allowed("quality.export")
def export(request: StaffRequest) -> HttpResponse:
    """Findings as filtered, as a workbook."""
    rows = list(_listed(request, FindingFilter(request.GET))[: most()])
    return as_file(request, findings_workbook(rows, about(request)), "findings", len(rows))


def _visible(request: StaffRequest, pk: int) -> Finding:
    rows = Finding.objects.visible_to(request.actor)
    rows = rows.select_related("unit", "provider", "source", "told_place", "told_post__user")
    return get_object_or_404(rows.select_related("promise"), pk=pk)


@require_http_methods(["GET", "POST"])
@allowed("quality.view", post="quality.correct")
def finding(request: StaffRequest, pk: int) -> HttpResponse:
    """One finding; the unit that answers for it says what was done."""
    found = _visible(request, pk)
    form = CorrectForm(request.POST or None, request.FILES or None)

    def act() -> None:
        correct_finding(found, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("整改已提交，等待复查。")):
        return redirect(found)
    return _page(request, found, form, RecheckForm())


@require_POST
@allowed("quality.check")
def recheck(request: StaffRequest, pk: int) -> HttpResponse:
    """Right now, or once more."""
    found = _visible(request, pk)
    form = RecheckForm(request.POST)

    def act() -> None:
        recheck_finding(found, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("复查结果已记下。")):
        return redirect(found)
    return _page(request, found, CorrectForm(), form)


def _page(
    request: StaffRequest, found: Finding, form: CorrectForm, again: RecheckForm
) -> HttpResponse:
    actor = request.actor
    issued, corrected = FindingState.ISSUED, FindingState.CORRECTED
    ours = found.unit_id == actor.unit_id
    context = {
        "finding": found,
        "form": form,
        "again": again,
        "late": found.state == issued and found.due_at < timezone.now(),
        "may_correct": found.state == issued and actor.may("quality.correct", found),
        "may_recheck": found.state == corrected and not ours and actor.may("quality.check", found),
        "sees_check": ours or actor.see.holds(found.division_id),
    }
    status = 422 if form.errors or again.errors else 200
    return render(request, "quality/finding.html", context, status=status)


@require_GET
@allowed("quality.view")
def proof(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The proof, always as a download and under its real type."""
    found = _visible(request, pk)
    if not found.digest:
        raise Http404(_("还没有整改证明。"))
    return file_answer(found, found.file_name.rpartition(".")[0])
