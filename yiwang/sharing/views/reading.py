"""The holder reads: one person, or everybody as a file."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from yiwang.accounts.http import StaffRequest, allowed
from yiwang.core.acts import circumstances
from yiwang.core.errors import Refused
from yiwang.residents.models import all_fields
from yiwang.sharing import actions
from yiwang.sharing.forms import FileForm, QueryForm
from yiwang.sharing.reads import agreement_for, file_for
from yiwang.sharing.sheets import attachment

from .agreements import page_of


@require_POST
@allowed("sharing.read")
def query(request: StaffRequest, pk: int) -> HttpResponse:
    """Whom the text means, inside the agreement; sent, so that nothing stands in an address."""
    found = agreement_for(request.actor, pk)
    form = QueryForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, status=422, query_form=form)
    try:
        with circumstances(idempotency_key=""):  # asking again is another read
            answer = actions.query_person(found, text=form.cleaned_data["text"], by=request.actor)
    except Refused as refusal:
        refusal.blame(form)
        return page_of(request, found, status=422, query_form=form)
    labels = [all_fields()[code].label for code in found.fields if code in all_fields()]
    return page_of(
        request, found, query_form=QueryForm(), asked=True, labels=labels,
        given=[(one.resident, list(one.shown.values())) for one in answer.rows],
    )  # fmt: skip


@require_POST
@allowed("sharing.read")
def files(request: StaffRequest, pk: int) -> HttpResponse:
    """A file now; with a number of days, one every so many days."""
    found = agreement_for(request.actor, pk)
    form = FileForm(request.POST)
    if not form.is_valid():
        return page_of(request, found, status=422, file_form=form)
    said = form.cleaned_data
    try:
        if said["days"] is None:
            actions.order_file(found, kind=said["kind"], by=request.actor)
        else:
            actions.schedule_files(found, kind=said["kind"], days=said["days"], by=request.actor)
    except Refused as refusal:
        refusal.blame(form)
        return page_of(request, found, status=422, file_form=form)
    messages.success(request, _("已安排，生成后可以下载。"))
    return redirect(found)


@require_GET
@allowed("sharing.read")
def download(request: StaffRequest, pk: int) -> HttpResponse:
    """A file that is ready; journaled."""
    found = file_for(request.actor, pk)
    try:
        actions.open_file(found, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(found.agreement)
    return attachment(found)
