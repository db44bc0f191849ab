"""Circulars: compiled from the records, edited, published to the units, printed."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.doors import carried_out
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.matters.rules import Stage
from yiwang.supervision import actions
from yiwang.supervision.forms import CircularForm, CompileForm
from yiwang.supervision.models import Circular
from yiwang.supervision.sheets import circular_workbook


@require_http_methods(["GET", "POST"])
@allowed("supervision.view", post="supervision.publish")
def circulars(request: StaffRequest) -> HttpResponse:
    """Published circulars the reader's units got, drafts of the own place; a new one here."""
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    month = {"first": last.replace(day=1), "last": last}
    form = CompileForm(request.POST or None, initial=month)
    made: list[Circular] = []

    def act() -> None:
        place = Division.objects.get(pk=request.actor.division_id)
        made.append(actions.compile_circular(place, **form.cleaned_data, by=request.actor))

    if carried_out(request, form, act, _("通报已编制，请核对后印发。")):
        return redirect(made[0])
    rows = Circular.objects.visible_to(request.actor).select_related("division")
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "may_publish": request.actor.has("supervision.publish"),
    }
    status = 422 if form.errors else 200
    return render(request, "supervision/circulars.html", context, status=status)


@require_http_methods(["GET", "POST"])
@allowed("supervision.view", post="supervision.publish")
def circular(request: StaffRequest, pk: int) -> HttpResponse:
    """The circular as it is printed on A4; a draft is edited below it."""
    found = _visible(request, pk)
    initial = {"title": found.title, "text": found.text}
    form = CircularForm(request.POST or None, initial=initial)

    def act() -> None:
        actions.edit_circular(found, **form.cleaned_data, by=request.actor)

    if carried_out(request, form, act, _("已保存。")):
        return redirect(found)
    may = request.actor.may("supervision.publish", found)
    context = {
        "circular": found,
        "form": form,
        "stages": list(Stage),
        "lines": [
            (line, [line["stages"][stage.value] for stage in Stage]) for line in found.figures
        ],
        "may_edit": may and found.published_at is None,
    }
    status = 422 if form.errors else 200
    return render(request, "supervision/circular.html", context, status=status)


@require_GET
@allowed("supervision.view")
def export(request: StaffRequest, pk: int) -> HttpResponse:
    """The figures as a workbook; on record."""
    found = _visible(request, pk)
    record_line("matters.export", found, request.actor, {"rows": len(found.figures)})
    response = HttpResponse(circular_workbook(found), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="circular-{found.pk}.xlsx"'
    return response


@require_POST
@allowed("supervision.publish")
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    """To all units of the place."""
    found = _visible(request, pk)
    done = _done(
        request,
        lambda: actions.publish_circular(found, by=request.actor),
        _("通报已印发，辖区各单位都能看到。"),
    )
    return redirect(found) if done else redirect("supervision:circulars")


@require_POST
@allowed("supervision.publish")
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """A draft that is not wanted."""
    found = _visible(request, pk)
    _done(request, lambda: actions.discard_circular(found, by=request.actor), _("草稿已删除。"))
    return redirect("supervision:circulars")


def _done(request: StaffRequest, act: Callable[[], object], said: str) -> bool:
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, said)
    return True


def _visible(request: StaffRequest, pk: int) -> Circular:
    rows = Circular.objects.visible_to(request.actor).select_related("division")
    return get_object_or_404(rows, pk=pk)
