"""Organisations from a workbook: checked, taken over, taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.errors import Refused
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.organizations import actions
from yiwang.organizations.forms import FileForm
from yiwang.organizations.models import Batch
from yiwang.organizations.sheets import ReadRows, read_organizations, template

from .door import tapped


@require_http_methods(["GET", "POST"])
@allowed("organizations.import")
def load(request: StaffRequest) -> HttpResponse:
    """One workbook: `check` only looks; rows with faults stop it unless the rest is to go in."""
    form = FileForm(request.POST or None, request.FILES or None)
    place = Division.objects.get(pk=request.actor.division_id)
    found: ReadRows | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = read_organizations(file.read(), place)
            if _goes_in(request, form, found):
                return _taken(request, place, found, file.name)
        except Refused as refusal:
            refusal.blame(form)
    batches = Batch.objects.visible_to(request.actor).select_related("division")
    context: dict[str, Any] = {
        "form": form, "found": found, "place": place, "batches": batches.order_by("-pk")[:20],
    }  # fmt: skip
    wrong = bool(form.errors) or (found is not None and bool(found.faults))
    return render(request, "organizations/import.html", context, status=422 if wrong else 200)


def _goes_in(request: StaffRequest, form: FileForm, found: ReadRows) -> bool:
    if "check" in request.POST:
        return False
    return not found.faults or (form.cleaned_data["partly"] and bool(found.rows))


def _taken(request: StaffRequest, place: Division, found: ReadRows, name: str) -> HttpResponse:
    made = actions.import_organizations(
        place, rows=found.rows, file_name=name, failed=found.failed, by=request.actor
    )
    said = _("新登记 %(made)s 家，补充已在册的 %(changed)s 家，未导入 %(failed)s 行。")
    messages.success(request, said % {
        "made": made.made, "changed": made.changed, "failed": made.failed,
    })  # fmt: skip
    return redirect("organizations:import")


@require_GET
@allowed("organizations.import")
def blank(request: StaffRequest) -> HttpResponse:
    """The workbook to fill in."""
    response = HttpResponse(template(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="organizations-template.xlsx"'
    return response


@require_POST
@allowed("organizations.import")
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """As if the workbook had not come."""
    batch = get_object_or_404(Batch.objects.visible_to(request.actor), pk=pk)
    return tapped(
        request, lambda: actions.undo_import(batch, by=request.actor),
        _("已撤销这次导入。"), "organizations:import",
    )  # fmt: skip
