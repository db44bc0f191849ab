"""Imports: template, upload, preview, loading and undoing."""

from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.residents import actions
from yiwang.residents.forms import ImportForm
from yiwang.residents.models import ImportBatch, Resident
from yiwang.residents.sheets import failed_rows_workbook, later, preview, template_workbook

FIRST_ERRORS: Final = 200
"""How many faults the page lists; the workbook has them all."""
AT_ONCE: Final = 1024 * 1024
"""Bytes of a workbook that is checked while the reader waits, about 10,000 rows."""


ROWS_AT_ONCE: Final = 20_000
"""Rows that are loaded while the reader waits, a few seconds."""


def _visible(request: StaffRequest, pk: int) -> ImportBatch:
    batches = ImportBatch.objects.visible_to(request.actor).people()
    return get_object_or_404(batches.select_related("division"), pk=pk)


@require_GET
@allowed("residents.import")
def batches(request: StaffRequest) -> HttpResponse:
    """Every import of the reader's area, newest first."""
    rows = ImportBatch.objects.visible_to(request.actor).people().select_related("division")
    page = Paginator(rows.order_by("-pk"), int(parameter("core.page_rows"))).get_page(
        request.GET.get("page")
    )
    return render(request, "residents/batches.html", {"page": page})


@require_http_methods(["GET", "POST"])
@allowed("residents.import")
def upload(request: StaffRequest) -> HttpResponse:
    """Step one and two: take the template, send the workbook back."""
    actor = request.actor
    form = ImportForm(
        request.POST or None, request.FILES or None, area=actor.enter, own=actor.division_id
    )
    if request.method == "POST" and form.is_valid():
        file, place = form.cleaned_data["file"], form.cleaned_data["place"]
        try:
            work = preview if file.size <= AT_ONCE else later
            return redirect(work(file, place, actor))
        except Refused as refusal:
            refusal.blame(form)
    context = {
        "form": form,
        "key": uuid4().hex,
        "rows": parameter("residents.import_rows"),
        "megabytes": parameter("residents.import_megabytes"),
    }
    return render(request, "residents/import.html", context, status=422 if form.errors else 200)


@require_GET
@allowed("residents.import")
def template(request: StaffRequest) -> HttpResponse:
    """The workbook to fill in, for the place asked for or the reader's own."""
    asked = request.GET.get("place", "")
    key = request.actor.division_id
    if asked.isdecimal() and request.actor.see.holds(int(asked)):
        key = int(asked)
    place = get_object_or_404(Division.objects.visible_to(request.actor), pk=key)
    return _workbook(template_workbook(place), f"residents-template-{place.pk}.xlsx")


@require_GET
@allowed("residents.import")
def batch(request: StaffRequest, pk: int) -> HttpResponse:
    """What was read and what is wrong; load it, or see what became of it. Polled while busy."""
    found = _visible(request, pk)
    errors = found.errors
    actor = request.actor
    context: dict[str, Any] = {
        "batch": found,
        "errors": errors[:FIRST_ERRORS],
        "more": max(len(errors) - FIRST_ERRORS, 0),
        "total": len(errors),
        "key": uuid4().hex,
        "may_load": actor.may("residents.import", found),
        "may_undo": actor.may("residents.undo_import", found),
        "may_view": actor.has("residents.view"),
        "people": Resident.objects.visible_to(actor).live().filter(batch=found)[:10]
        if found.state == ImportBatch.State.LOADED and actor.has("residents.view")
        else [],
    }
    template = "residents/parts/batch.html" if request.htmx else "residents/batch.html"
    return render(request, template, context)


@require_POST
@allowed("residents.import")
def load(request: StaffRequest, pk: int) -> HttpResponse:
    """Enter the sound rows."""
    found = _visible(request, pk)
    try:
        if found.rows > ROWS_AT_ONCE:
            return redirect(actions.queue_import(found, by=request.actor))
        done = actions.import_residents(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已导入 %(count)s 人。") % {"count": done.ok})
    return redirect(found)


@require_POST
@allowed("residents.undo_import")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the whole import back."""
    found = _visible(request, pk)
    try:
        actions.undo_import(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤销这次导入。"))
    return redirect(found)


@require_GET
@allowed("residents.import")
def errors(request: StaffRequest, pk: int) -> HttpResponse:
    """Only the failed rows, to be corrected and uploaded again."""
    found = _visible(request, pk)
    if not found.failed:
        raise Http404
    return _workbook(failed_rows_workbook(found), f"residents-errors-{found.pk}.xlsx")


def _workbook(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
