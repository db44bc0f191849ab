"""My documents: what is on file, what it was used for, and whether it may be used again (SVC-06)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.core.acts import record_line
from yiwang.core.doors import file_answer
from yiwang.core.errors import Refused
from yiwang.core.models import Scan
from yiwang.personal import actions
from yiwang.personal.http import OwnRequest, own_page, page
from yiwang.residents.models import Document
from yiwang.residents.reads import documents_of


@require_safe
@own_page
def documents(request: OwnRequest) -> HttpResponse:
    """Every document with its validity, the matters it was used for, and the person's consent."""
    today = timezone.localdate()
    rows = [(one, one.is_expired(today)) for one in documents_of(request.visit.person)]
    return page(request, "documents", "data", rows=rows)


@require_POST
@own_page
def consent(request: OwnRequest, pk: int) -> HttpResponse:
    """Agree, or take it back."""
    visit, agreed = request.visit, request.POST.get("agreed") == "yes"
    held = get_object_or_404(Document.objects.for_holder(visit.person), pk=pk)
    try:
        actions.agree_to_document(held, agreed=agreed, by=visit.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        done = (
            _("已记下您的同意，以后办事不用再交。")
            if agreed
            else _("同意已经撤回，以后办事不再使用这一份。")
        )
        messages.success(request, done)
    return redirect("my:documents")


@require_safe
@own_page
def document_file(request: OwnRequest, pk: int) -> HttpResponseBase:
    """The document itself, always as a download."""
    visit = request.visit
    held = get_object_or_404(Document.objects.for_holder(visit.person), pk=pk)
    if not held.file and held.scan != Scan.INFECTED:
        raise Http404
    facts = {"document": held.pk, "resident": visit.person.pk}
    record_line("personal.own", visit.person, visit.actor, facts)
    return file_answer(held, held.name)
