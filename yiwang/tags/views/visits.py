"""Visit lists: masked on the screen, in full on the paper that is taken along."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.residents.models import LifeState
from yiwang.residents.reads import with_limits
from yiwang.tags import actions
from yiwang.tags.forms import ReasonForm, VisitForm
from yiwang.tags.models import VisitList
from yiwang.tags.reads import home_of, listed

_STANDING: Final = Q(stops__visited_on__isnull=False) | Q(stops__resident__state=LifeState.LIVE)
_WHO: Final = ("resident__dwelling", "resident__household__dwelling")


def _visible(request: StaffRequest, pk: int) -> VisitList:
    rows = VisitList.objects.visible_to(request.actor).select_related("kind", "division")
    return get_object_or_404(rows, pk=pk)


@require_GET
@allowed("tags.view")
def lists(request: StaffRequest) -> HttpResponse:
    """Every visit list of the reader's area, newest first, with what is still to do."""
    rows = (
        VisitList.objects.visible_to(request.actor)
        .select_related("kind", "division")
        .annotate(
            people=Count("stops", filter=_STANDING),
            done=Count("stops", filter=Q(stops__visited_on__isnull=False)),
        )
        .order_by("-pk")
    )
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    return render(request, "tags/visit_lists.html", {"page": page})


@require_GET
@allowed("tags.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """The list masked; each visit is ticked off here."""
    found = _visible(request, pk)
    stops = found.stops.standing().select_related(*_WHO, "resident__division")
    page = Paginator(stops, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    with_limits(stop.resident for stop in page)
    context = {
        "visits": found,
        "page": page,
        "rows": [(stop, listed(stop.resident)) for stop in page],
        "left": found.stops.count() - page.paginator.count,
        "done": found.stops.filter(visited_on__isnull=False).count(),
        "may_visit": request.actor.may("tags.visit", found),
        "may_print": request.actor.may("tags.reveal", found),
    }
    return render(request, "tags/visit_list.html", context)


@require_POST
@allowed("tags.visit")
def visited(request: StaffRequest, pk: int) -> HttpResponse:
    """One visit was made."""
    found = _visible(request, pk)
    form = VisitForm(request.POST)
    if form.is_valid():
        try:
            actions.record_visit(found, **form.cleaned_data, by=request.actor)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已登记走访。"))
    else:
        messages.error(request, _("走访情况最多 300 个字。"))
    return redirect(f"{found.get_absolute_url()}?page={request.GET.get('page', '1')}")


@require_http_methods(["GET", "POST"])
@allowed("tags.reveal")
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """Say why, then the list with full names and addresses, laid out for A4."""
    found = _visible(request, pk)
    form = ReasonForm(request.POST or None)
    context: dict[str, Any] = {"visits": found, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_visit_list(found, reason=form.cleaned_data["reason"], by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            stops = list(found.stops.standing().select_related(*_WHO))
            with_limits(stop.resident for stop in stops)
            context["stops"] = [(stop, home_of(stop.resident)) for stop in stops]
    return render(request, "tags/paper.html", context, status=422 if form.errors else 200)
