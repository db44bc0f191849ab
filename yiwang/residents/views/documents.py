"""Documents in a person's file: listed, put there, taken off, looked at with a reason (SVC-06)."""

from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.doors import file_answer
from yiwang.core.errors import Refused
from yiwang.core.reads import parameter
from yiwang.residents import actions
from yiwang.residents.forms import DocumentForm, EndDocumentForm, RevealForm
from yiwang.residents.models import Document, Resident
from yiwang.residents.reads import documents_of

from .door import visible_resident

STATES: Final = ("", "usable", "expired", "ended")


@require_GET
@allowed("residents.view")
def documents(request: StaffRequest, pk: int) -> HttpResponse:
    """What is on file and what it was used for; the pictures themselves ask for a reason."""
    person, today = visible_resident(request, pk), timezone.localdate()
    shown = request.GET.get("state", "")
    rows = [(one, _state_of(one)) for one in documents_of(person)]
    context = {
        "person": person,
        "rows": [(one, state) for one, state in rows if shown in ("", state)],
        "all": len(rows),
        "shown": shown,
        "may": _may(request, person),
        "today": today,
    }
    return render(request, "residents/documents.html", context)


def _state_of(one: Document) -> str:
    today = timezone.localdate()
    if one.ended_on:
        return "ended"
    if one.is_expired(today):
        return "expired"
    return "usable" if one.is_usable(today) else "kept"


def _may(request: StaffRequest, person: Resident) -> dict[str, bool]:
    return {one: request.actor.may(f"residents.{one}", person) for one in ("document", "reveal")}


@require_http_methods(["GET", "POST"])
@allowed("residents.document")
def document_new(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a document on file; one of the same kind that is there is replaced (`?kind=`)."""
    person = visible_resident(request, pk)
    initial = {"kind": request.GET.get("kind", "")}
    form = DocumentForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        upload = said.pop("file")
        try:
            actions.file_document(
                person, filing=actions.Filing(**said), uploads=[upload], by=request.actor
            )
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已存入档案。"))
            return redirect("residents:documents", person.pk)
    context = {
        "person": person,
        "form": form,
        "key": uuid4().hex,
        "most": int(parameter("matters.attachment_megabytes")),
    }
    return render(
        request, "residents/document_new.html", context, status=422 if form.errors else 200
    )


def _found(request: StaffRequest, pk: int) -> Document:
    rows = Document.objects.visible_to(request.actor).select_related("resident__division")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "POST"])
@allowed("residents.document")
def document_end(request: StaffRequest, pk: int) -> HttpResponse:
    """Say why, and the document is off the file."""
    held = _found(request, pk)
    form = EndDocumentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_document(held, reason=form.cleaned_data["reason"], by=request.actor)
        except Refused as refusal:
            refusal.blame(form)
        else:
            messages.success(request, _("已移出档案。"))
            return redirect("residents:documents", held.resident_id)
    return _reason_page(request, held, form, ends=True)


@require_http_methods(["GET", "POST"])
@allowed("residents.reveal")
def document_open(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Say why, then the document as a download; the person reads who looked."""
    held = _found(request, pk)
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_document(
                held.resident, document=held.pk, reason=form.cleaned_data["reason"],
                by=request.actor,
            )  # fmt: skip
        except Refused as refusal:
            refusal.blame(form)
        else:
            return file_answer(held, held.name)
    return _reason_page(request, held, form, ends=False)


def _reason_page(request: StaffRequest, held: Document, form: Any, *, ends: bool) -> HttpResponse:
    context = {"held": held, "person": held.resident, "form": form, "ends": ends}
    return render(
        request, "residents/document_reason.html", context, status=422 if form.errors else 200
    )


@require_POST
@allowed("residents.document")
def document_consent(request: StaffRequest, pk: int) -> HttpResponse:
    """The person says at the counter whether the document may be used again."""
    held = _found(request, pk)
    agreed = request.POST.get("agreed") == "yes"
    try:
        actions.set_document_consent(
            held, agreed=agreed, how=Document.How.COUNTER, by=request.actor
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已记录居民同意。") if agreed else _("已记录撤回同意。"))
    return redirect("residents:documents", held.resident_id)
