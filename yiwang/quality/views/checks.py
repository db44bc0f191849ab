"""Samples and checks: draw, hand out, plan, look, write down (QUA-06)."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import carried_out
from yiwang.core.reads import parameter
from yiwang.divisions.models import Division
from yiwang.quality.actions import draw_sample, plan_check, record_check
from yiwang.quality.forms.entry import DrawForm, PlanForm, SeenForm
from yiwang.quality.forms.filters import CheckFilter
from yiwang.quality.models import Check, Sample
from yiwang.quality.reads.sampling import is_reproduced
from yiwang.quality.rules.points import Verdict
from yiwang.quality.sheets import checks_workbook

from .furniture import about, as_file, most, page_of, sorted_by

SORTS = ("-pk", "done_at", "-done_at", "score", "-score", "unit", "-unit")


@require_http_methods(["GET", "POST"])
@allowed("quality.view", post="quality.sample")
def samples(request: StaffRequest) -> HttpResponse:
    """What was drawn so far, and a new draw."""
    actor = request.actor
    form = DrawForm(request.POST or None, actor=actor)
    made: list[Sample] = []

    def act() -> None:
        place = Division.objects.get(pk=actor.division_id)
        made.append(draw_sample(place, **form.cleaned_data, by=actor))

    if carried_out(request, form, act, _("已抽取并分派。")):
        return redirect(made[0])
    rows = Sample.objects.visible_to(actor).select_related("division")
    made_so_far = Count("checks", filter=Q(checks__done_at__isnull=False))
    rows = rows.annotate(made=made_so_far).order_by("-pk")
    context = {
        "form": form,
        "page": page_of(request, rows),
        "rate": int(parameter("qua.sample.rate", division=actor.division_id)),
        "may_draw": actor.has("quality.sample"),
    }
    return render(request, "quality/samples.html", context, status=422 if form.errors else 200)


@require_GET
@allowed("quality.view")
def sample(request: StaffRequest, pk: int) -> HttpResponse:
    """One draw: its seed, whether it can be repeated, and what was found."""
    found = get_object_or_404(
        Sample.objects.visible_to(request.actor).select_related("division"), pk=pk
    )
    rows = _with_names(Check.objects.visible_to(request.actor).filter(sample=found))
    context = {
        "sample": found,
        "page": page_of(request, rows.order_by("done_at", "pk")),
        "reproduced": is_reproduced(found),
    }
    return render(request, "quality/sample.html", context)


def _with_names(rows: QuerySet[Check]) -> QuerySet[Check]:
    rows = rows.select_related("matter__item", "unit", "post__user", "provider")
    return rows.annotate(wrong=Count("findings"))


def _listed(request: StaffRequest, form: CheckFilter) -> QuerySet[Check]:
    rows = form.narrowed(Check.objects.visible_to(request.actor), request.actor.post_id)
    return sorted_by(request, _with_names(rows), SORTS)


@require_GET
@allowed("quality.view")
def checks(request: StaffRequest) -> HttpResponse:
    """Checks of the area, newest first."""
    form = CheckFilter(request.GET)
    context = {
        "form": form,
        "filters": form.applied(),
        "page": page_of(request, _listed(request, form)),
        "query": request.GET.urlencode(),
    }
    return render(request, "quality/checks.html", context)


@require_GET
@allowed("quality.export")
def export(request: StaffRequest) -> HttpResponse:
    """Checks as filtered, as a workbook."""
    rows = list(_listed(request, CheckFilter(request.GET))[: most()])
    return as_file(request, checks_workbook(rows, about(request)), "checks", len(rows))


@require_http_methods(["GET", "POST"])
@allowed("quality.check")
def plan(request: StaffRequest) -> HttpResponse:
    """Plan a visit."""
    form = PlanForm(request.POST or None, actor=request.actor)
    made: list[Check] = []

    def act() -> None:
        place = Division.objects.get(pk=request.actor.division_id)
        made.append(plan_check(place, plan=form.plan(), by=request.actor))

    if carried_out(request, form, act, _("检查已安排。")):
        return redirect(made[0])
    return render(request, "quality/plan.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allowed("quality.view", post="quality.check")
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """One check: the points with their pass levels, or what was found."""
    rows = Check.objects.visible_to(request.actor)
    found = get_object_or_404(
        rows.select_related("matter__item", "unit", "provider", "standard__item", "post__user"),
        pk=pk,
    )
    form = SeenForm(request.POST or None, check=found)

    def act() -> None:
        record_check(found, seen=form.seen(), by=request.actor)

    if carried_out(request, form, act, _("检查结果已记下；不合格的已发出整改。")):
        return redirect(found)
    may = not found.done_at and found.unit_id != request.actor.unit_id
    context = {
        "check": found,
        "form": form,
        "results": _results(found),
        "findings": found.findings.all(),
        "may_check": may and request.actor.may("quality.check", found),
    }
    return render(request, "quality/check.html", context, status=422 if form.errors else 200)


def _results(check: Check) -> list[tuple[Any, str, str]]:
    """Each point with its verdict in words."""
    points = check.standard.points if check.standard and check.done_at else []
    verdicts = {one.value: one for one in Verdict}
    said = [(one, verdicts[check.results.get(one.code, Verdict.NONE)]) for one in points]
    return [(point, str(one.label), one.value) for point, one in said]
