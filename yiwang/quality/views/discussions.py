"""Case discussions of the own unit and of the area (QUA-12)."""

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.core.doors import carried_out
from yiwang.core.reads import parameter
from yiwang.matters.models import Matter
from yiwang.quality.actions import record_discussion
from yiwang.quality.forms.discussion import DiscussionFilter, DiscussionForm
from yiwang.quality.models import Discussion
from yiwang.quality.reads.discussions import learned
from yiwang.quality.sheets import discussions_workbook

from .furniture import about, as_file, most, page_of, sorted_by

SORTS = ("-held_on", "held_on", "unit", "-unit")


def _listed(request: StaffRequest, form: DiscussionFilter) -> QuerySet[Discussion]:
    rows = form.narrowed(Discussion.objects.visible_to(request.actor))
    rows = rows.select_related("unit", "matter__item", "promise").annotate(n=Count("posts"))
    return sorted_by(request, rows, SORTS)


@require_http_methods(["GET", "POST"])
@allowed("quality.view", post="quality.discuss")
def discussions(request: StaffRequest) -> HttpResponse:
    """What was learned, the newest first; a new discussion of the own unit."""
    actor, days = request.actor, int(parameter("qua.promise_days"))
    unit = Unit.objects.visible_to(actor).filter(pk=actor.unit_id or 0).first()
    may = unit is not None and actor.may("quality.discuss", unit)
    form = DiscussionForm(request.POST or None, unit=unit) if unit and may else None

    def act() -> None:
        assert unit is not None and form is not None  # noqa: S101, PT018 - asked for above
        record_discussion(unit, talk=form.talk(), by=actor)

    if form is not None and carried_out(request, form, act, _("讨论已登记。")):
        return redirect("quality:discussions")
    wanted = DiscussionFilter(request.GET)
    context = {
        "form": wanted, "filters": wanted.applied(), "entry": form,
        "page": page_of(request, _listed(request, wanted)), "days": days,
        "learned": learned(actor, days), "query": request.GET.urlencode(),
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "quality/discussions.html", context, status=status)


@require_GET
@allowed("quality.view")
def discussion(request: StaffRequest, pk: int) -> HttpResponse:
    """One discussion with its case, for whoever may read that."""
    rows = Discussion.objects.visible_to(request.actor).select_related(
        "unit", "matter__item", "promise"
    )
    found = get_object_or_404(rows, pk=pk)
    context = {
        "one": found, "posts": found.posts.select_related("user", "unit").order_by("pk"),
        "sees": Matter.objects.visible_to(request.actor).filter(pk=found.matter_id).exists(),
    }  # fmt: skip
    return render(request, "quality/discussion.html", context)


@require_GET
@allowed("quality.export")
def export(request: StaffRequest) -> HttpResponse:
    """Discussions as filtered, as a workbook."""
    rows = list(_listed(request, DiscussionFilter(request.GET))[: most()])
    content = discussions_workbook(rows, about(request))
    return as_file(request, content, "discussions", len(rows))
