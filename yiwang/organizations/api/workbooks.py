"""Workbooks in and out."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, File, Query, Schema
from ninja.files import UploadedFile

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import record_line
from yiwang.core.reads import parameter
from yiwang.core.workbook import XLSX
from yiwang.divisions.models import Division
from yiwang.organizations import actions
from yiwang.organizations.models import Batch
from yiwang.organizations.reads import organizations
from yiwang.organizations.sheets import organizations_workbook, read_organizations, template

from .register import OrganizationAsk
from .routing import place_of, router


class OrganizationBatchOut(Schema):
    """One import."""

    id: int
    division: int = Field(alias="division_id")
    file_name: str
    made: int
    changed: int
    failed: int
    state: str
    created_at: datetime
    undone_at: datetime | None


class OrganizationFaultOut(Schema):
    """One wrong cell with its cure."""

    row: int
    column: str
    value: str
    problem: str


class OrganizationImportOut(Schema):
    """What a workbook holds; `batch` once it was taken over."""

    right: int
    known: int
    faults: list[OrganizationFaultOut]
    batch: OrganizationBatchOut | None = None


@router.post("/import", response=OrganizationImportOut, summary="导入 Import a workbook")
@allowed("organizations.import")
def import_workbook(
    request: StaffRequest, division: int, file: File[UploadedFile], check: bool = False,
    partly: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """`check` only looks; with `partly` the right rows go in although others are wrong."""
    place = place_of(request, division)
    request.actor.must("organizations.import", place)
    found = read_organizations(file.read(), place)
    batch = None
    if not check and found.rows and (partly or not found.faults):
        batch = actions.import_organizations(
            place, rows=found.rows, file_name=file.name or "", failed=found.failed,
            by=request.actor,
        )  # fmt: skip
    return {
        "right": len(found.rows), "known": found.known, "faults": found.faults, "batch": batch,
    }  # fmt: skip


@router.get("/import/template", summary="导入模板 Template of the workbook")
@allowed("organizations.import")
def import_template(request: StaffRequest) -> HttpResponse:
    return HttpResponse(template(), content_type=XLSX)


@router.get("/imports", response=list[OrganizationBatchOut], summary="导入批次 Imports")
@allowed("organizations.import")
def organization_imports(request: StaffRequest) -> list[Batch]:
    return list(Batch.objects.visible_to(request.actor).order_by("-pk")[:100])


@router.post("/imports/{pk}/undo", response=OrganizationBatchOut, summary="撤销导入 Undo an import")
@allowed("organizations.import")
def undo_organization_import(request: StaffRequest, pk: int) -> Batch:
    rows = Batch.objects.visible_to(request.actor)
    return actions.undo_import(get_object_or_404(rows, pk=pk), by=request.actor)


@router.get("/export", summary="导出 Export as a workbook")
@allowed("organizations.export")
def export_organizations(request: StaffRequest, asked: Query[OrganizationAsk]) -> HttpResponse:
    """Masked like the list."""
    said = {name: str(value or "") for name, value in asked.dict().items()}
    rows = list(organizations(request.actor, said)[: int(parameter("organizations.list_rows"))])
    place = Division.objects.get(pk=request.actor.division_id)
    record_line("organizations.export", place, request.actor, {"rows": len(rows)})
    return HttpResponse(organizations_workbook(rows, place.label), content_type=XLSX)
