"""Matters done once more by the next level: the list, one of them, its second result (HOT-07)."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from yiwang.accounts.http import StaffRequest
from yiwang.core.doors import carried_out
from yiwang.core.reads import parameter
from yiwang.matters.actions import finish_reopening
from yiwang.matters.forms.rating import OwedFilter, RedoForm
from yiwang.matters.models import Matter, Reopening
from yiwang.matters.reads.rating import last_call
from yiwang.matters.sheets import reopenings_workbook

from .deadlines import deadline_chip
from .door import staff
from .ratings import about, as_file

SORTS = ("due_at", "-due_at", "opened_at", "-opened_at")


def _listed(request: StaffRequest, form: OwedFilter) -> QuerySet[Reopening]:
    rows = form.owed(Reopening.objects.visible_to(request.actor))
    sort = request.GET.get("sort", "")
    rows = rows.order_by(sort if sort in SORTS else "due_at", "pk")
    return rows.select_related("matter__item", "matter__resident", "unit", "first_result")


@require_GET
@staff("matters.view")
def reopened(request: StaffRequest) -> HttpResponse:
    """Reopened matters of the area and of the own unit, the nearest deadline first."""
    form, now = OwedFilter(request.GET), timezone.now()
    page = Paginator(_listed(request, form), int(parameter("core.page_rows")))
    shown = page.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "filters": form.applied(),
        "page": shown,
        "rows": [(one, deadline_chip(_running(one), one.due_at, now)) for one in shown],
        "query": request.GET.urlencode(),
    }
    return render(request, "matters/reopened.html", context)


def _running(one: Reopening) -> Matter:
    """A matter whose clock is the reopening's: the matter itself has ended before."""
    return Matter(state="working", amber_at=one.due_at, due_at=one.due_at)


@require_GET
@staff("matters.export")
def export(request: StaffRequest) -> HttpResponse:
    """The list as filtered, as a workbook; on record."""
    rows = list(_listed(request, OwedFilter(request.GET))[: int(parameter("core.export_rows"))])
    return as_file(request, reopenings_workbook(rows, about(request)), "reopened", len(rows))


@require_http_methods(["GET", "POST"])
@staff("matters.view", post="matters.answer_follow_up")
def reopening(request: StaffRequest, pk: int) -> HttpResponse:
    """One of them with the first result; the unit of the next level writes the second."""
    rows = Reopening.objects.visible_to(request.actor)
    rows = rows.select_related("matter__item", "matter__resident", "unit", "first_result__unit")
    found = get_object_or_404(rows, pk=pk)
    form = RedoForm(request.POST or None)

    def act() -> None:
        finish_reopening(found, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("重办已办结，居民会收到通知。")):
        return redirect(found)
    now, actor = timezone.now(), request.actor
    ours = found.unit_id == actor.unit_id
    context = {
        "reopening": found,
        "matter": found.matter,
        "form": form,
        "chip": deadline_chip(_running(found), found.due_at, now),
        "called": last_call(found.matter, found.opened_at),
        "told": found.told.select_related("place"),
        "may_finish": ours and not found.done_at and actor.has("matters.answer_follow_up"),
        "may_call": actor.may("matters.call_back", found.matter),
    }
    return render(request, "matters/reopening.html", context, status=422 if form.errors else 200)
