"""Documents of a person's file: the same acts as the pages (SVC-06)."""

from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from ninja import File, Form, Schema, Status
from ninja.files import UploadedFile

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import file_answer
from yiwang.residents import actions
from yiwang.residents.models import Document
from yiwang.residents.reads import documents_of

from .routing import router, visible_resident


class FileUseOut(Schema):
    """One matter a document was used for."""

    reference: str
    label: str
    used_on: date


class FileDocumentOut(Schema):
    """One document on file, or one that was."""

    id: int
    kind: str
    name: str
    issuer: str
    valid_from: date | None
    valid_to: date | None
    filed_on: date
    label: str
    agreed: bool
    ended_on: date | None
    ended_why: str
    uses: list[FileUseOut]

    @staticmethod
    def resolve_uses(one: Document) -> list[Any]:
        return list(one.uses.all())


class FilingIn(Schema):
    """What is said of a document; `agreed_how`: counter or paper, empty without consent."""

    kind: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    agreed_how: str = ""


class FileConsentIn(Schema):
    """Whether the person lets the document be used again, as said at the counter."""

    agreed: bool


class FileReasonIn(Schema):
    """Why."""

    reason: str


def _found(request: StaffRequest, pk: int) -> Document:
    rows = Document.objects.visible_to(request.actor).select_related("resident__division")
    return get_object_or_404(rows, pk=pk)


@router.get("/{pk}/documents", response=list[FileDocumentOut], summary="档案材料 Documents")
@allowed("residents.view")
def documents(request: StaffRequest, pk: int) -> Any:
    """What is on file, then what has ended, newest first."""
    return documents_of(visible_resident(request, pk))


@router.post("/{pk}/documents", response={201: FileDocumentOut}, summary="存入材料 File a document")
@allowed("residents.document")
def file_document(
    request: StaffRequest, pk: int, body: Form[FilingIn], file: File[UploadedFile | None] = None
) -> Status[Document]:
    """One of the same kind that is there is replaced."""
    made = actions.file_document(
        visible_resident(request, pk), filing=actions.Filing(**body.dict()), uploads=[file] if file else [],
        by=request.actor,
    )  # fmt: skip
    return Status(201, made)


@router.post("/documents/{pk}/end", response=FileDocumentOut, summary="移出材料 Take off the file")
@allowed("residents.document")
def end_document(request: StaffRequest, pk: int, body: FileReasonIn) -> Document:
    return actions.end_document(_found(request, pk), reason=body.reason, by=request.actor)


@router.post("/documents/{pk}/consent", response=FileDocumentOut, summary="同意使用 Consent")
@allowed("residents.document")
def document_consent(request: StaffRequest, pk: int, body: FileConsentIn) -> Document:
    return actions.set_document_consent(
        _found(request, pk), agreed=body.agreed, how=Document.How.COUNTER, by=request.actor
    )


@router.post("/documents/{pk}/open", response=bytes, summary="查看材料 Look at the file")
@allowed("residents.reveal")
def open_document(request: StaffRequest, pk: int, body: FileReasonIn) -> HttpResponseBase:
    """The file itself; the person reads who looked and why."""
    held = _found(request, pk)
    actions.open_document(held.resident, document=held.pk, reason=body.reason, by=request.actor)
    return file_answer(held, held.name)
