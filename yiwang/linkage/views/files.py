"""Departments' files: sent, their columns confirmed, matched, kept, answered with a receipt."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.accounts.models import Unit
from yiwang.core.acts import record_line
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.linkage import actions
from yiwang.linkage.forms import ColumnsForm, FileForm
from yiwang.linkage.models import DepartmentFile, FileRow
from yiwang.linkage.sheets import receipt_workbook


def visible_file(request: StaffRequest, pk: int) -> DepartmentFile:
    rows = DepartmentFile.objects.visible_to(request.actor).select_related("division", "unit")
    return get_object_or_404(rows, pk=pk)


@require_GET
@allowed("linkage.files")
def files(request: StaffRequest) -> HttpResponse:
    """Every file of the area, or of one's own unit; newest first."""
    rows = DepartmentFile.objects.visible_to(request.actor).select_related("division", "unit")
    page = Paginator(rows.order_by("-pk"), int(parameter("core.page_rows"))).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "may_send": request.actor.has("linkage.send")}
    return render(request, "linkage/files.html", context)


@require_http_methods(["GET", "POST"])
@allowed("linkage.send")
def upload(request: StaffRequest) -> HttpResponse:
    """Take a list in; nothing of it is in the register yet."""
    actor = request.actor
    form = FileForm(request.POST or None, request.FILES or None, units=_units(request))
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        place = Division.objects.get(pk=actor.division_id)
        try:
            found = actions.open_file(
                place, unit=form.cleaned_data["unit"], file_name=sent.name,
                content=sent.read(), by=actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            return redirect("linkage:columns", found.pk)
    context = {
        "form": form,
        "key": uuid4().hex,
        "rows": parameter("residents.import_rows"),
        "megabytes": parameter("residents.import_megabytes"),
    }
    return render(request, "linkage/file_new.html", context, status=422 if form.errors else 200)


def _units(request: StaffRequest) -> Any:
    """One's own unit; who works for an area may send for any unit of it."""
    actor = request.actor
    if actor.by_unit:
        return Unit.objects.filter(pk=actor.unit_id or 0)
    area = (actor.see.lo, actor.see.hi)
    at_place = Unit.objects.filter(division_id=actor.division_id, closed_on__isnull=True)
    return at_place.filter(division_id__range=area).order_by("name")


@require_http_methods(["GET", "POST"])
@allowed("linkage.send")
def columns(request: StaffRequest, pk: int) -> HttpResponse:
    """What the columns mean: guessed or remembered, and confirmed by whoever sends."""
    found = visible_file(request, pk)
    if found.state != DepartmentFile.State.COLUMNS:
        return redirect(found)
    ordered = {title: found.columns[title] for title in found.titles}
    form = ColumnsForm(request.POST if request.method == "POST" else None, ordered)
    if request.method == "POST" and form.is_valid():
        try:
            actions.choose_columns(found, columns=form.columns(), by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            return redirect(found)
    context = {"file": found, "form": form, "key": uuid4().hex}
    return render(request, "linkage/columns.html", context, status=422 if form.errors else 200)


@require_GET
@allowed("linkage.files")
def file(request: StaffRequest, pk: int) -> HttpResponse:
    """What became of every row. Polled while busy."""
    found = visible_file(request, pk)
    if found.state == DepartmentFile.State.COLUMNS and request.actor.has("linkage.send"):
        return redirect("linkage:columns", found.pk)
    shown = request.GET.get("state", "")
    rows = found.rows.select_related("division", "task").order_by("row")
    rows = rows.filter(state=shown) if shown in FileRow.State.values else rows
    page = Paginator(rows, int(parameter("core.page_rows"))).get_page(request.GET.get("page"))
    context = {
        "file": found,
        "page": page,
        "shown": shown,
        "states": FileRow.State.choices,
        "may_send": request.actor.may("linkage.send", found),
        "key": uuid4().hex,
    }
    template = "linkage/parts/file.html" if request.htmx else "linkage/file.html"
    return render(request, template, context)


@require_POST
@allowed("linkage.send")
def keep(request: StaffRequest, pk: int) -> HttpResponse:
    """Write what the matched rows say."""
    found = visible_file(request, pk)
    try:
        actions.queue_keeping(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


@require_POST
@allowed("linkage.send")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the whole file back."""
    found = visible_file(request, pk)
    try:
        actions.undo_file(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("正在撤销这份数据，完成前可以先去做别的事。"))
    return redirect(found)


@require_GET
@allowed("linkage.files")
def receipt(request: StaffRequest, pk: int) -> HttpResponse:
    """The rows as they were sent, with the outcome of each; the journal keeps who took it."""
    found = visible_file(request, pk)
    data = receipt_workbook(found)
    record_line("linkage.export", found, request.actor, {"rows": found.rows_total})
    response = HttpResponse(data, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="receipt-{found.pk}.xlsx"'
    return response
